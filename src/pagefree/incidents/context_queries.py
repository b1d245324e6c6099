"""Statements that find what may explain an incident; each looks at a bounded number of rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.infra.db import Tx, driver

MOST = 10

CHANGES = """
SELECT c.id, c.service_id, s.name AS service, c.summary, c.source, c.links::text AS links, c.at
FROM unnest($1::uuid[]) AS asked (service_id)
CROSS JOIN LATERAL (
    SELECT * FROM changes
    WHERE changes.service_id = asked.service_id AND changes.at <= $2 AND changes.at > $3
    ORDER BY changes.id DESC
    LIMIT $4
) AS c
JOIN services AS s ON s.id = c.service_id
ORDER BY c.at DESC, c.id DESC
LIMIT $4
"""

OPEN_ON = """
SELECT i.id, i.number, i.title, i.status, i.opened_at, i.severity,
    i.service_id, s.name AS service
FROM incidents AS i JOIN services AS s ON s.id = i.service_id
WHERE i.status <> 'resolved' AND i.service_id = ANY ($1::uuid[]) AND i.id <> $2
ORDER BY i.id DESC
LIMIT $3
"""

LINKS = """
SELECT DISTINCT link ->> 'href' AS href, link ->> 'text' AS text
FROM (
    SELECT links FROM alerts WHERE incident_id = $1 ORDER BY id DESC LIMIT 100
) AS alert
CROSS JOIN LATERAL jsonb_array_elements(alert.links) AS link
ORDER BY text, href
LIMIT $2
"""

TIER = "SELECT tier FROM services WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was changed shortly before."""

    id: UUID
    service_id: UUID
    service: str
    summary: str
    source: str
    at: datetime
    links: Sequence[tuple[str, str]]  # address and text


@dataclass(frozen=True, slots=True)
class Related:
    """An open incident of a service above or below."""

    id: UUID
    number: int
    title: str
    status: str
    opened_at: datetime
    severity: str
    service_id: UUID
    service: str


async def get_tier(tx: Tx, service_id: UUID) -> int | None:
    """How much the service matters, 1 most; none: nobody has said."""
    tier: int | None = await (await driver(tx)).fetchval(TIER, service_id)
    return tier


async def list_changes(
    tx: Tx, service_ids: Sequence[UUID], after: datetime, until: datetime
) -> list[Change]:
    """What was changed on these services after an instant and until another, newest first."""
    connection = await driver(tx)
    rows = await connection.fetch(CHANGES, list(service_ids), until, after, MOST)
    return [
        Change(
            row["id"],
            row["service_id"],
            row["service"],
            row["summary"],
            row["source"],
            row["at"],
            [(link["href"], link.get("text", "")) for link in json.loads(row["links"])],
        )
        for row in rows
    ]


async def list_open_on(
    tx: Tx, service_ids: Sequence[UUID], except_for: UUID
) -> list[Related]:
    """Open incidents of these services, newest first."""
    if not service_ids:
        return []
    connection = await driver(tx)
    rows = await connection.fetch(OPEN_ON, list(service_ids), except_for, MOST)
    return [Related(*row) for row in rows]


async def list_links(tx: Tx, incident_id: UUID, limit: int) -> list[tuple[str, str]]:
    """Address and text of what the alerts of an incident point at, runbooks included."""
    rows = await (await driver(tx)).fetch(LINKS, incident_id, limit)
    return [(row["href"], row["text"] or "") for row in rows]
