"""Statements on weekly digests: for whom, when, and what happened in the week."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.infra.db import Connection

# Whoever responds for a team, or looks after all of it; `moved`: their clocks have changed.
UNPLANNED = """
SELECT u.id, u.time_zone FROM users AS u LEFT JOIN digests AS d ON d.user_id = u.id
WHERE u.deactivated_at IS NULL AND NOT u.service_account
    AND (d.user_id IS NULL OR d.time_zone <> u.time_zone)
    AND (u.platform_admin OR EXISTS (
        SELECT FROM memberships AS m
        WHERE m.user_id = u.id AND m.role IN ('team_admin', 'responder')
    ))
ORDER BY u.id LIMIT $1
"""
PLAN = """
INSERT INTO digests (user_id, time_zone, due_at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[])
ON CONFLICT (user_id) DO UPDATE
SET time_zone = excluded.time_zone, due_at = excluded.due_at, tries = 0
"""
# Leased: whoever dies while sending sends it again once the lease has ended.
TAKE = """
WITH due AS (
    SELECT user_id, due_at FROM digests WHERE due_at <= $1
    ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE digests AS d SET due_at = $3, tries = d.tries + 1
    FROM due WHERE d.user_id = due.user_id
    RETURNING d.user_id, due.due_at AS was_due_at, d.tries, d.time_zone
)
SELECT t.user_id, t.was_due_at, t.tries, t.time_zone, u.email, u.name, u.platform_admin,
    coalesce(p.language, 'en') AS language,
    u.deactivated_at IS NULL AND coalesce(p.weekly_digest, true)
    AND (u.platform_admin OR EXISTS (
        SELECT FROM memberships AS m
        WHERE m.user_id = u.id AND m.role IN ('team_admin', 'responder')
    )) AND NOT EXISTS (
        SELECT FROM contact_methods AS m
        WHERE m.user_id = u.id AND m.channel = 'email' AND m.disabled_at IS NOT NULL
            AND lower(m.address ->> 'email') = u.email
    ) AS wanted
FROM taken AS t JOIN users AS u ON u.id = t.user_id
LEFT JOIN notification_preferences AS p ON p.user_id = t.user_id
"""
MOVE = """
UPDATE digests AS d
SET due_at = moved.due_at, tries = CASE WHEN moved.again THEN d.tries ELSE 0 END,
    sent_at = CASE WHEN moved.sent THEN $5 ELSE d.sent_at END
FROM unnest($1::uuid[], $2::timestamptz[], $3::bool[], $4::bool[])
    AS moved (user_id, due_at, again, sent)
WHERE d.user_id = moved.user_id
"""
# The web app's own list reaches nobody who is not looking.
PAGES = """
SELECT user_id, incident_id, min(send_at) AS at FROM notifications
WHERE user_id = ANY ($1::uuid[]) AND id >= $2 AND incident_id IS NOT NULL
    AND channel <> 'in_app'
    AND status IN ('sending', 'accepted', 'delivered', 'unknown')
GROUP BY user_id, incident_id ORDER BY user_id, at
"""
# Of what they were told of: the events of an incident are found by it, and not by time.
ACKNOWLEDGED = """
SELECT e.actor_id, count(DISTINCT e.incident_id) AS n
FROM (
    SELECT DISTINCT incident_id FROM notifications
    WHERE user_id = ANY ($1::uuid[]) AND id >= $2 AND incident_id IS NOT NULL
) AS told JOIN events AS e ON e.incident_id = told.incident_id
WHERE e.actor_kind = 'user' AND e.actor_id = ANY ($1::uuid[])
    AND e.kind IN ('incident.acknowledged', 'incident.acknowledged_too')
GROUP BY e.actor_id
"""
ADMINISTERED = """
SELECT m.user_id, t.id, t.name FROM memberships AS m JOIN teams AS t ON t.id = m.team_id
WHERE m.user_id = ANY ($1::uuid[]) AND m.role = 'team_admin' ORDER BY t.name, t.id
"""
REFUSE = """
INSERT INTO notification_preferences (user_id, weekly_digest)
SELECT id, false FROM users WHERE id = $1
ON CONFLICT (user_id) DO UPDATE SET weekly_digest = false
RETURNING user_id
"""


@dataclass(frozen=True, slots=True)
class Unplanned:
    """Somebody whose next digest is to be set, by the clocks of this zone."""

    user_id: UUID
    time_zone: str


@dataclass(frozen=True, slots=True)
class Due:
    """A digest that somebody is to get now."""

    user_id: UUID
    was_due_at: datetime
    tries: int  # with this one
    time_zone: str
    email: str
    name: str
    platform_admin: bool
    language: str
    wanted: bool  # they respond, want it, and there is a mailbox that takes it


@dataclass(frozen=True, slots=True)
class Moved:
    """When a person's next digest is due."""

    user_id: UUID
    due_at: datetime
    again: bool = False  # the same one is tried again
    sent: bool = False


@dataclass(frozen=True, slots=True)
class Administered:
    """A team and one of its admins."""

    user_id: UUID
    team_id: UUID
    name: str


async def list_unplanned(connection: Connection, limit: int) -> list[Unplanned]:
    """People who have no digest yet, or have moved to another time zone."""
    return [Unplanned(*row) for row in await connection.fetch(UNPLANNED, limit)]


async def plan(
    connection: Connection, planned: Sequence[tuple[Unplanned, datetime]]
) -> None:
    """Set when these get their next digest."""
    await connection.execute(
        PLAN,
        [one.user_id for one, _ in planned],
        [one.time_zone for one, _ in planned],
        [due_at for _, due_at in planned],
    )


async def take(
    connection: Connection, limit: int, lease_ends: datetime, now: datetime
) -> list[Due]:
    """Lease those that are due; what another worker has taken is skipped."""
    return [Due(**row) for row in await connection.fetch(TAKE, now, limit, lease_ends)]


async def move(connection: Connection, moved: Sequence[Moved], now: datetime) -> None:
    """Set when these are due again."""
    await connection.execute(
        MOVE,
        [one.user_id for one in moved],
        [one.due_at for one in moved],
        [one.again for one in moved],
        [one.sent for one in moved],
        now,
    )


async def list_pages(
    connection: Connection, user_ids: Collection[UUID], since: UUID
) -> dict[UUID, tuple[datetime, ...]]:
    """When each of these people was told of each incident; `since`: the first id of the week."""
    found: dict[UUID, tuple[datetime, ...]] = {}
    for row in await connection.fetch(PAGES, list(user_ids), since):
        found[row["user_id"]] = (*found.get(row["user_id"], ()), row["at"])
    return found


async def count_acknowledged(
    connection: Connection, user_ids: Collection[UUID], since: UUID
) -> dict[UUID, int]:
    """How many incidents each has acknowledged; `since`: as above."""
    rows = await connection.fetch(ACKNOWLEDGED, list(user_ids), since)
    return {row["actor_id"]: row["n"] for row in rows}


async def list_administered(
    connection: Connection, user_ids: Collection[UUID]
) -> list[Administered]:
    """The teams that these people are admins of."""
    rows = await connection.fetch(ADMINISTERED, list(user_ids))
    return [Administered(*row) for row in rows]


async def refuse(connection: Connection, user_id: UUID) -> bool:
    """This person wants no digest any more; false: there is no such person."""
    return await connection.fetchval(REFUSE, user_id) is not None
