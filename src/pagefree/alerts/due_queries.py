"""Statements on alerts that something is due for: told after all, or over by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import delete, func, select

from pagefree.core.alerts import AlertEvent
from pagefree.core.rules import Suppression
from pagefree.infra.db import Connection, Tx
from pagefree.tables.alerts import alerts, recent_firings

# ingest was quicker to open the same group, or locked it the other way round
RACES = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError)

# Whoever else holds one of them changes it now, and is seen at the next look.
CLAIM = """
SELECT a.id, a.integration_id, a.service_id, a.incident_id, a.dedup_key, a.status,
    a.event::text AS event, a.auto_resolve, a.opened_at, a.last_at,
    i.kind, i.name, i.service_id AS home_id
FROM alerts AS a
LEFT JOIN integrations AS i ON i.id = a.integration_id
WHERE a.id = ANY (ARRAY(
    SELECT id FROM alerts WHERE due_at <= $1
    ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
))
ORDER BY a.due_at, a.id
"""

TELL = """
UPDATE alerts AS a
SET incident_id = new.incident_id, service_id = new.service_id,
    routed_by = new.routed_by, due_at = new.due_at, auto_resolve = new.auto_resolve,
    suppression = NULL, suppressed_by = NULL, suppressed_by_id = NULL, event = NULL
FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::interval[]
) AS new (id, incident_id, service_id, routed_by, due_at, auto_resolve)
WHERE a.id = new.id
"""

SUPPRESS = """
UPDATE alerts AS a
SET suppression = new.suppression, suppressed_by = new.suppressed_by,
    suppressed_by_id = new.suppressed_by_id, event = new.event::jsonb,
    due_at = new.due_at
FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::timestamptz[]
) AS new (id, suppression, suppressed_by, suppressed_by_id, event, due_at)
WHERE a.id = new.id
"""

RESOLVE = """
UPDATE alerts SET status = 'resolved', resolved_at = $1, due_at = NULL
WHERE id = ANY ($2::uuid[])
"""

POSTPONE = """
UPDATE alerts AS a SET due_at = new.due_at
FROM unnest($1::uuid[], $2::timestamptz[]) AS new (id, due_at)
WHERE a.id = new.id
"""

FIRINGS = """
SELECT asked.place, f.fired_at
FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY
    AS asked (integration_id, dedup_key, place)
CROSS JOIN LATERAL (
    SELECT fired_at FROM recent_firings AS r
    WHERE r.integration_id = asked.integration_id
        AND r.dedup_key = asked.dedup_key COLLATE "C"
    FOR UPDATE
) AS f
"""

# one row at a time as arrays of arrays cannot be ragged
KEEP_FIRINGS = """
INSERT INTO recent_firings (integration_id, dedup_key, fired_at, last_at)
SELECT integration_id, dedup_key, fired_at::timestamptz[], $1
FROM unnest($2::uuid[], $3::text[], $4::text[]) AS new (integration_id, dedup_key, fired_at)
ON CONFLICT (integration_id, dedup_key) DO UPDATE
SET fired_at = excluded.fired_at, last_at = excluded.last_at
"""


@dataclass(frozen=True, slots=True)
class DueAlert:
    """An alert to look at again, held until the transaction ends."""

    id: UUID
    integration_id: UUID
    service_id: UUID
    incident_id: UUID | None
    dedup_key: str
    is_open: bool
    event: AlertEvent | None  # as it came in, of a suppressed one
    auto_resolve: timedelta | None
    opened_at: datetime
    last_at: datetime
    kind: str  # of its integration; empty: that is gone
    integration: str
    home_id: UUID | None  # the service of the integration


@dataclass(frozen=True, slots=True)
class Told:
    """An alert that has an incident now."""

    id: UUID
    incident_id: UUID
    service_id: UUID
    routed_by: str
    due_at: datetime | None
    auto_resolve: timedelta | None


@dataclass(frozen=True, slots=True)
class Suppressed:
    """An alert that nobody is told of yet."""

    id: UUID
    by: Suppression
    event: AlertEvent  # as it came in
    due_at: datetime | None


Key = tuple[UUID, str]  # integration, dedup key

_encode = msgspec.json.Encoder().encode


def encoded(event: AlertEvent) -> str:
    """An event as JSON."""
    return _encode(event).decode()


async def claim(connection: Connection, limit: int, now: datetime) -> list[DueAlert]:
    """Up to `limit` alerts that are due at `now`, locked until the transaction ends."""
    return [_due(row) for row in await connection.fetch(CLAIM, now, limit)]


def _due(row: Any) -> DueAlert:  # noqa: ANN401 - asyncpg has no types
    event = row["event"]
    return DueAlert(
        id=row["id"],
        integration_id=row["integration_id"],
        service_id=row["service_id"],
        incident_id=row["incident_id"],
        dedup_key=row["dedup_key"],
        is_open=row["status"] == "open",
        event=msgspec.json.decode(event, type=AlertEvent) if event else None,
        auto_resolve=row["auto_resolve"],
        opened_at=row["opened_at"],
        last_at=row["last_at"],
        kind=row["kind"] or "",
        integration=row["name"] or "",
        home_id=row["home_id"],
    )


async def tell(connection: Connection, alerts: Sequence[Told]) -> None:
    """Give locked alerts their incidents; nothing suppresses them any more."""
    if alerts:
        await connection.execute(
            TELL,
            [a.id for a in alerts],
            [a.incident_id for a in alerts],
            [a.service_id for a in alerts],
            [a.routed_by for a in alerts],
            [a.due_at for a in alerts],
            [a.auto_resolve for a in alerts],
        )


async def suppress(connection: Connection, alerts: Sequence[Suppressed]) -> None:
    """Keep why nobody is told of these locked alerts, and when to look again."""
    if alerts:
        await connection.execute(
            SUPPRESS,
            [a.id for a in alerts],
            [a.by.reason.value for a in alerts],
            [a.by.says for a in alerts],
            [a.by.by_id for a in alerts],
            [encoded(a.event) for a in alerts],
            [a.due_at for a in alerts],
        )


async def resolve(connection: Connection, ids: Sequence[UUID], now: datetime) -> None:
    """End these locked alerts."""
    if ids:
        await connection.execute(RESOLVE, now, list(ids))


async def postpone(
    connection: Connection, dues: Sequence[tuple[UUID, datetime | None]]
) -> None:
    """Look at these locked alerts at another time, or never again."""
    if dues:
        await connection.execute(POSTPONE, *zip(*dues, strict=True))


async def next_due_at(tx: Tx) -> datetime | None:
    """When the next alert is due."""
    found: datetime | None = await tx.scalar(select(func.min(alerts.c.due_at)))
    return found


async def list_firings(
    connection: Connection, keys: Sequence[Key]
) -> dict[int, tuple[datetime, ...]]:
    """When these sorted keys fired lately, by place in them, oldest first; locked."""
    if not keys:
        return {}
    rows = await connection.fetch(FIRINGS, *zip(*keys, strict=True))
    return {place - 1: tuple(fired_at) for place, fired_at in rows}


async def keep_firings(
    connection: Connection,
    rows: Sequence[tuple[UUID, str, Sequence[datetime]]],
    now: datetime,
) -> None:
    """Remember when keys fired lately."""
    if rows:
        await connection.execute(
            KEEP_FIRINGS,
            now,
            [integration_id for integration_id, _, _ in rows],
            [key for _, key, _ in rows],
            [_literal(fired_at) for _, _, fired_at in rows],
        )


def _literal(instants: Sequence[datetime]) -> str:
    return "{" + ",".join(f'"{at.isoformat()}"' for at in instants) + "}"


async def delete_firings_before(tx: Tx, before: datetime) -> None:
    """Forget what fired last before then."""
    await tx.execute(delete(recent_firings).where(recent_firings.c.last_at < before))
