"""Statements on many incidents at once, on a plain connection: a constant number a batch."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from pagefree.core import canary
from pagefree.core.alerts import Severity
from pagefree.core.errors import Unavailable
from pagefree.core.incidents import Life, Status
from pagefree.core.routing import Urgency
from pagefree.infra.arrays import arrays, new_rows
from pagefree.infra.db import Channel, Connection, Tx, driver
from pagefree.infra.ids import first_id_of
from pagefree.infra.writes import Write

# id, service, team, title, severity, priority, urgency, group key, alerts
NewIncident = tuple[UUID, UUID, UUID, str, str, str | None, str, str | None, int]

# A group key that is already open raises. What the canary opens takes no number away.
BACKWARDS = "-(extract(epoch FROM $1::timestamptz) * 1000000)::bigint"
INSERT = f"""
INSERT INTO incidents (
    number, id, service_id, team_id, title, status, severity, priority, urgency, group_key,
    alert_count, open_alert_count, last_seq, opened_at
)
SELECT CASE team_id WHEN '{canary.TEAM_ID}' THEN {BACKWARDS}
        ELSE nextval('incident_number') END,
    id, service_id, team_id, title, 'triggered', severity, priority, urgency,
    group_key, alerts, alerts, 1, $1
FROM {
    new_rows(
        2,
        id="uuid",
        service_id="uuid",
        team_id="uuid",
        title="text",
        severity="text",
        priority="text",
        urgency="text",
        group_key="text",
        alerts="int",
    )
}
"""  # noqa: S608 - nothing of it comes from outside

# The order of the locks is the order of the ids: whoever else locks several waits, and
# nobody waits in a circle. LATERAL with OFFSET cannot be turned round into a scan of all
# open incidents, and `resolved_at` keeps the planner off their other index: it takes both
# for cheap after a quiet night, whatever a storm has opened since.
OPEN_BY_GROUP = """
SELECT id, group_key, service_id, status, opened_at
FROM incidents
WHERE resolved_at IS NULL AND id = ANY (ARRAY(
    SELECT found.id
    FROM unnest($1::uuid[], $2::text[]) AS asked (service_id, group_key)
    CROSS JOIN LATERAL (
        SELECT i.id
        FROM incidents AS i
        WHERE i.service_id = asked.service_id
            AND i.group_key = asked.group_key COLLATE "C"
            AND i.resolved_at IS NULL
        OFFSET 0
    ) AS found
))
ORDER BY id
FOR UPDATE
"""

# Ids tell the time, so `since` keeps the scan of a service's incidents short.
NEWEST_OPEN = """
SELECT id, service_id
FROM incidents
WHERE resolved_at IS NULL AND id = ANY (ARRAY(
    SELECT found.id
    FROM unnest($1::uuid[]) AS asked (service_id)
    CROSS JOIN LATERAL (
        SELECT i.id
        FROM incidents AS i
        WHERE i.service_id = asked.service_id AND i.id > $2 AND i.resolved_at IS NULL
        ORDER BY i.id DESC
        LIMIT 1
    ) AS found
))
ORDER BY id
FOR UPDATE
"""

LOCK = """
SELECT id, number, service_id, team_id, title, severity, priority, urgency, status,
    acknowledged_at, acknowledged_by_id, resolved_at, resolved_by_id, snoozed_until, merged_into_id
FROM incidents WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE
"""

ATTACH = """
UPDATE incidents AS i
SET alert_count = i.alert_count + more.opened,
    open_alert_count = greatest(0, i.open_alert_count + more.opened - more.resolved),
    last_seq = i.last_seq + (more.opened > 0)::int
FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[])
    AS more (id, opened, resolved, place)
WHERE i.id = more.id
RETURNING more.place, i.team_id, i.last_seq, i.open_alert_count, i.status
"""

RAISE = """
UPDATE incidents AS i
SET severity = new.severity, priority = new.priority, urgency = new.urgency,
    last_seq = i.last_seq + 1
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
    AS new (id, severity, priority, urgency)
WHERE i.id = new.id
RETURNING i.id, i.last_seq
"""

# A re-opened incident whose group is open again elsewhere stays out of the group.
SAVE = """
UPDATE incidents AS i
SET status = new.status, acknowledged_at = new.acknowledged_at,
    acknowledged_by_id = new.acknowledged_by_id, resolved_at = new.resolved_at,
    resolved_by_id = new.resolved_by_id, snoozed_until = new.snoozed_until,
    merged_into_id = new.merged_into_id, last_seq = i.last_seq + 1,
    group_key = CASE
        WHEN i.group_key IS NULL OR i.status <> 'resolved' OR new.status = 'resolved'
            THEN i.group_key
        WHEN EXISTS (
            SELECT FROM incidents AS other
            WHERE other.service_id = i.service_id AND other.group_key = i.group_key
                AND other.resolved_at IS NULL
        ) THEN NULL
        ELSE i.group_key END
FROM unnest(
    $1::uuid[], $2::text[], $3::timestamptz[], $4::uuid[], $5::timestamptz[],
    $6::uuid[], $7::timestamptz[], $8::uuid[]
) AS new (
    id, status, acknowledged_at, acknowledged_by_id, resolved_at, resolved_by_id,
    snoozed_until, merged_into_id
)
WHERE i.id = new.id
RETURNING i.id, i.last_seq
"""

# Alerts before incidents, in the order of their keys: as ingest locks them.
LOCK_ALERTS = """
SELECT id FROM alerts WHERE incident_id = ANY ($1::uuid[]) AND status = 'open'
ORDER BY integration_id, dedup_key FOR UPDATE
"""

OPEN_ALERTS = """
SELECT id FROM alerts WHERE incident_id = ANY ($1::uuid[]) AND status = 'open'
"""

CLOSE_ALERTS = """
WITH closed AS (
    UPDATE alerts SET status = 'resolved', resolved_at = $2
    WHERE incident_id = ANY ($1::uuid[]) AND status = 'open'
    RETURNING incident_id
)
UPDATE incidents SET open_alert_count = 0
WHERE id IN (SELECT incident_id FROM closed)
"""

CALLED = """
SELECT incident_id FROM incident_responders
WHERE user_id = $1 AND incident_id = ANY ($2::uuid[])
UNION
SELECT incident_id FROM notifications
WHERE user_id = $1 AND incident_id = ANY ($2::uuid[])
"""


MOST_TRIES = 10
# What a change can meet that ingest is just making: the same group opened, locks crossed.
RACES = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError)


class _JoinedError(Exception):
    """An alert has joined between locking the alerts and locking the incidents."""


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An open incident that alerts of its group join."""

    id: UUID
    group_key: str
    service_id: UUID
    status: Status
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Locked:
    """An incident that nobody else can change until this transaction ends."""

    id: UUID
    number: int
    service_id: UUID
    team_id: UUID
    title: str
    severity: Severity
    priority: str | None
    urgency: Urgency
    life: Life


@dataclass(frozen=True, slots=True)
class Attached:
    """An incident after alerts joined it or ended."""

    place: int  # of the attachment in the batch
    team_id: UUID
    last_seq: int
    open_alert_count: int
    status: Status


def insertion(rows: Sequence[NewIncident], now: datetime) -> Write:
    """Open incidents, and wake whoever pages."""
    return Write(INSERT, [now, *arrays(rows)], Channel.DUE)


async def lock_open_by_group(
    connection: Connection, keys: Sequence[tuple[UUID, str]]
) -> list[OpenIncident]:
    """The open incidents of these (service id, group key), locked in the order of their ids."""
    if not keys:
        return []
    rows = await connection.fetch(OPEN_BY_GROUP, *zip(*keys, strict=True))
    return [
        OpenIncident(
            row["id"],
            row["group_key"],
            row["service_id"],
            Status(row["status"]),
            row["opened_at"],
        )
        for row in rows
    ]


async def lock_newest_open(
    connection: Connection, service_ids: Collection[UUID], since: datetime
) -> dict[UUID, UUID]:
    """The newest open incident since then of each service, locked in the order of ids."""
    rows = await connection.fetch(NEWEST_OPEN, list(service_ids), first_id_of(since))
    return {row["service_id"]: row["id"] for row in rows}


async def lock(connection: Connection, incident_ids: Collection[UUID]) -> list[Locked]:
    """Those of the incidents that exist, locked in the order of their ids."""
    rows = await connection.fetch(LOCK, list(incident_ids))
    return [
        Locked(
            row["id"],
            row["number"],
            row["service_id"],
            row["team_id"],
            row["title"],
            Severity(row["severity"]),
            row["priority"],
            Urgency(row["urgency"]),
            Life(
                Status(row["status"]),
                row["acknowledged_at"],
                row["acknowledged_by_id"],
                row["resolved_at"],
                row["resolved_by_id"],
                row["snoozed_until"],
                row["merged_into_id"],
            ),
        )
        for row in rows
    ]


async def attach(
    connection: Connection, rows: Sequence[tuple[UUID, int, int, int]]
) -> list[Attached]:
    """Count (incident id, opened, resolved, place); the incidents are locked before."""
    found = await connection.fetch(ATTACH, *zip(*rows, strict=True))
    return [
        Attached(
            row["place"],
            row["team_id"],
            row["last_seq"],
            row["open_alert_count"],
            Status(row["status"]),
        )
        for row in found
    ]


async def update_raised(
    connection: Connection, rows: Sequence[tuple[UUID, str, str, str]]
) -> dict[UUID, int]:
    """Store (locked incident, severity, priority, urgency); the number of the next entry."""
    found = await connection.fetch(RAISE, *zip(*rows, strict=True))
    return {row["id"]: row["last_seq"] for row in found}


async def save_lives(
    connection: Connection, lives: Sequence[tuple[UUID, Life]]
) -> dict[UUID, int]:
    """Store the lives of locked incidents; the number of the next timeline entry of each."""
    rows = await connection.fetch(
        SAVE,
        [incident_id for incident_id, _ in lives],
        [life.status.value for _, life in lives],
        [life.acknowledged_at for _, life in lives],
        [life.acknowledged_by_id for _, life in lives],
        [life.resolved_at for _, life in lives],
        [life.resolved_by_id for _, life in lives],
        [life.snoozed_until for _, life in lives],
        [life.merged_into_id for _, life in lives],
    )
    return {row["id"]: row["last_seq"] for row in rows}


async def lock_patiently(
    tx: Tx, incident_ids: Collection[UUID], *, with_alerts: bool = False
) -> list[Locked]:
    """The same as `lock` for people, before anything is written: waits and tries again.

    `with_alerts`: nobody else can change the open alerts either, and no other can join.
    Ingest locks alerts before their incidents, so they are locked first here too; one
    that has joined meanwhile means starting over. Raises Unavailable.
    """
    for _ in range(MOST_TRIES):
        try:
            async with tx.begin_nested():  # leaving it by an error lets go of the locks
                connection = await driver(tx)
                return await _lock_all(
                    connection, incident_ids, with_alerts=with_alerts
                )
        except (_JoinedError, asyncpg.DeadlockDetectedError):
            continue
        except asyncpg.LockNotAvailableError:
            break
    raise Unavailable("too much is happening to the incident: try again in a moment")


async def _lock_all(
    connection: Connection, incident_ids: Collection[UUID], *, with_alerts: bool
) -> list[Locked]:
    ids = list(incident_ids)
    if not with_alerts:
        return await lock(connection, ids)
    alerts = {row["id"] for row in await connection.fetch(LOCK_ALERTS, ids)}
    locked = await lock(connection, ids)
    now = {row["id"] for row in await connection.fetch(OPEN_ALERTS, ids)}
    if now - alerts:
        raise _JoinedError
    return locked


async def close_alerts(
    connection: Connection, incident_ids: Collection[UUID], now: datetime
) -> None:
    """Resolve the open alerts of these incidents, which are over."""
    await connection.execute(CLOSE_ALERTS, list(incident_ids), now)


async def list_called(
    connection: Connection, user_id: UUID, incident_ids: Collection[UUID]
) -> set[UUID]:
    """Those of the incidents for which this person was paged or asked for help."""
    rows = await connection.fetch(CALLED, user_id, list(incident_ids))
    return {row["incident_id"] for row in rows}
