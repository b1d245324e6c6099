"""What is read of incidents when a postmortem of them is begun."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from pagefree.core.postmortem_timelines import WORDS, Happened
from pagefree.infra.db import Tx, driver

MOST_EVENTS = 2000
MOST_PEOPLE = 100

FACTS = """
SELECT i.id, i.number, i.title, i.team_id, s.name AS service, i.opened_at,
    coalesce(
        (
            SELECT min(e.at) FROM events AS e
            WHERE e.incident_id = i.id AND e.kind = 'incident.acknowledged'
        ),
        i.acknowledged_at
    ) AS acknowledged_at,
    i.resolved_at, counted.alerts, counted.occurrences
FROM incidents AS i
JOIN services AS s ON s.id = i.service_id
CROSS JOIN LATERAL (
    SELECT count(*) AS alerts, coalesce(sum(occurrences), 0)::bigint AS occurrences
    FROM alerts WHERE alerts.incident_id = i.id
) AS counted
WHERE i.id = ANY ($1::uuid[])
ORDER BY i.id
"""

EVENTS = """
SELECT e.id, e.at, e.kind, e.actor_name, i.number, e.data::text AS data
FROM events AS e JOIN incidents AS i ON i.id = e.incident_id
WHERE e.incident_id = ANY ($1::uuid[]) AND e.kind = ANY ($2::text[])
ORDER BY e.at, e.id
LIMIT $3
"""

PEOPLE = """
SELECT DISTINCT actor_name FROM events
WHERE incident_id = ANY ($1::uuid[]) AND actor_kind = 'user'
    AND kind NOT LIKE 'postmortem.%'
ORDER BY actor_name
LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """One incident, in the numbers that count."""

    id: UUID
    number: int
    title: str
    team_id: UUID
    service: str
    opened_at: datetime
    acknowledged_at: datetime | None  # for the first time
    resolved_at: datetime | None
    alerts: int
    occurrences: int


async def list_facts(tx: Tx, incident_ids: Sequence[UUID]) -> list[Facts]:
    """The oldest first; those that are unknown are left out."""
    rows = await (await driver(tx)).fetch(FACTS, list(incident_ids))
    return [Facts(*row) for row in rows]


async def list_events(tx: Tx, incident_ids: Sequence[UUID]) -> list[Happened]:
    """What a timeline may tell of them, oldest first."""
    asked = list(incident_ids), list(WORDS), MOST_EVENTS
    return [
        Happened(
            row["id"],
            row["at"],
            row["kind"],
            row["actor_name"],
            row["number"],
            msgspec.json.decode(row["data"], type=dict[str, object]),
        )
        for row in await (await driver(tx)).fetch(EVENTS, *asked)
    ]


async def list_people(tx: Tx, incident_ids: Sequence[UUID]) -> list[str]:
    """The names of the people who have done something about them."""
    rows = await (await driver(tx)).fetch(PEOPLE, list(incident_ids), MOST_PEOPLE)
    return [row["actor_name"] for row in rows]
