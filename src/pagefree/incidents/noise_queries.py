"""Statements on pages that people could have done without."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.infra.db import Tx, driver
from pagefree.infra.ids import new_id
from pagefree.services.queries import Ref

MOST_CONDITIONS = 20  # of one incident

CONDITIONS = """
SELECT DISTINCT ON (integration_id, dedup_key) integration_id, dedup_key, title
FROM (
    SELECT id, integration_id, dedup_key, title FROM alerts
    WHERE incident_id = $1 ORDER BY id LIMIT 200
) AS alert
ORDER BY integration_id, dedup_key, id LIMIT $2
"""
INSERT = """
INSERT INTO noise_reports
    (id, incident_id, user_id, team_id, service_id, integration_id, dedup_key, title, created_at)
SELECT c.id, $1, $2, $3, $4, c.integration_id, c.dedup_key, c.title, $5
FROM unnest($6::uuid[], $7::uuid[], $8::text[], $9::text[])
    AS c (id, integration_id, dedup_key, title)
ON CONFLICT DO NOTHING RETURNING id
"""
DELETE = """
DELETE FROM noise_reports WHERE incident_id = $1 AND user_id = $2 RETURNING id
"""
SAID = """
SELECT u.id, u.name FROM noise_reports AS r JOIN users AS u ON u.id = r.user_id
WHERE r.incident_id = $1 GROUP BY u.id, u.name ORDER BY min(r.created_at), u.name
"""
# The oldest report stands for all of its condition.
PROPOSALS = """
SELECT p.*, s.name AS service, t.name AS team, i.name AS integration
FROM (
    SELECT (array_agg(r.id ORDER BY r.id))[1] AS id,
        (array_agg(r.team_id ORDER BY r.id DESC))[1] AS team_id,
        (array_agg(r.service_id ORDER BY r.id DESC))[1] AS service_id,
        r.integration_id, r.dedup_key, (array_agg(r.title ORDER BY r.id DESC))[1] AS title,
        count(DISTINCT r.incident_id) AS incidents, count(DISTINCT r.user_id) AS people,
        max(r.created_at) AS last_at
    FROM noise_reports AS r
    WHERE r.settled_at IS NULL AND ($1::uuid IS NULL OR (r.integration_id, r.dedup_key) IN (
        SELECT mine.integration_id, mine.dedup_key FROM noise_reports AS mine
        WHERE mine.incident_id = $1
    ))
    GROUP BY r.integration_id, r.dedup_key
) AS p
JOIN services AS s ON s.id = p.service_id
JOIN teams AS t ON t.id = p.team_id
LEFT JOIN integrations AS i ON i.id = p.integration_id
WHERE p.incidents >= $2 AND ($3::uuid IS NULL OR p.id = $3)
ORDER BY p.incidents DESC, p.id LIMIT $4
"""
SETTLE = """
UPDATE noise_reports SET settled_at = $3, settled_as = $4
WHERE integration_id = $1 AND dedup_key = $2 AND settled_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a tool reported, as it is recognised the next time."""

    integration_id: UUID
    dedup_key: str
    title: str


@dataclass(frozen=True, slots=True)
class Noisy:
    """A condition that people have called noise, over and over."""

    id: UUID
    team: Ref
    service: Ref
    integration_id: UUID
    integration: str | None  # none: it is gone
    dedup_key: str
    title: str
    incidents: int
    people: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Whose an incident is."""

    incident_id: UUID
    team_id: UUID
    service_id: UUID


async def list_conditions(tx: Tx, incident_id: UUID) -> list[Condition]:
    """What was reported in an incident, each condition once."""
    rows = await (await driver(tx)).fetch(CONDITIONS, incident_id, MOST_CONDITIONS)
    return [Condition(*row) for row in rows]


async def insert(
    tx: Tx, place: Place, conditions: list[Condition], user_id: UUID, now: datetime
) -> bool:
    """Keep that somebody calls it noise; returns whether they had not before."""
    added = await (await driver(tx)).fetch(
        INSERT,
        place.incident_id,
        user_id,
        place.team_id,
        place.service_id,
        now,
        [new_id() for _ in conditions],
        [one.integration_id for one in conditions],
        [one.dedup_key for one in conditions],
        [one.title for one in conditions],
    )
    return bool(added)


async def delete(tx: Tx, incident_id: UUID, user_id: UUID) -> bool:
    """Forget that somebody called it noise; returns whether they had."""
    return bool(await (await driver(tx)).fetch(DELETE, incident_id, user_id))


async def list_sayers(tx: Tx, incident_id: UUID) -> list[Ref]:
    """Who has called an incident noise, in the order in which they did."""
    rows = await (await driver(tx)).fetch(SAID, incident_id)
    return [Ref(row["id"], row["name"]) for row in rows]


async def list_noisy(
    tx: Tx,
    enough: int,
    limit: int,
    *,
    incident_id: UUID | None = None,
    noisy_id: UUID | None = None,
) -> list[Noisy]:
    """Conditions of `enough` noisy incidents that nobody has settled, the worst first."""
    rows = await (await driver(tx)).fetch(
        PROPOSALS, incident_id, enough, noisy_id, limit
    )
    return [
        Noisy(
            row["id"],
            Ref(row["team_id"], row["team"]),
            Ref(row["service_id"], row["service"]),
            row["integration_id"],
            row["integration"],
            row["dedup_key"],
            row["title"],
            row["incidents"],
            row["people"],
            row["last_at"],
        )
        for row in rows
    ]


async def settle(tx: Tx, noisy: Noisy, settled_as: str, now: datetime) -> None:
    """What was said so far counts no longer."""
    await (await driver(tx)).execute(
        SETTLE, noisy.integration_id, noisy.dedup_key, now, settled_as
    )
