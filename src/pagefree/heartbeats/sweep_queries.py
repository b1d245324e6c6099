"""Statements on heartbeats that something is due for, and on what silence is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
from sqlalchemy import func, select

from pagefree.core.heartbeats import AT_ONCE, Hearing
from pagefree.heartbeats.batch_queries import COLUMNS, Kept, kept
from pagefree.infra.db import Connection, Tx
from pagefree.tables.heartbeats import heartbeats, listening, ping_lanes

ALIVE = timedelta(seconds=10)  # a process that is silent for longer takes no pings

_DUE = f"""
SELECT {COLUMNS}, h.name, h.slug, h.tags, h.severity, h.integration_id,
    i.kind, i.name AS integration, i.disabled_at, s.id AS service_id, s.team_id
FROM heartbeats AS h
JOIN integrations AS i ON i.id = h.integration_id
JOIN services AS s ON s.id = i.service_id
WHERE h.id = ANY ({{which}})
ORDER BY h.id
"""  # noqa: S608 - nothing of it comes from outside

# Whoever else holds one of them has a ping for it, or looks at it just now.
CLAIM = _DUE.format(
    which="""ARRAY(
    SELECT id FROM heartbeats WHERE due_at <= $1
    ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
)"""
)
HOLD = _DUE.format(which="$1::uuid[]") + "FOR UPDATE OF h"

FAILURES = """
SELECT DISTINCT ON (heartbeat_id) heartbeat_id, exit_status, body
FROM heartbeat_pings
WHERE heartbeat_id = ANY ($1::uuid[]) AND kind = 'fail'
ORDER BY heartbeat_id, number DESC
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A locked heartbeat that something is due for, with what an alert says of it."""

    kept: Kept
    name: str
    slug: str
    tags: Sequence[str]
    severity: str
    integration_id: UUID
    kind: str
    integration: str
    disabled: bool  # the integration: nobody wants its alerts
    service_id: UUID
    team_id: UUID


@dataclass(frozen=True, slots=True)
class Failure:
    """What the last ping that told of a failure said."""

    exit_status: int | None
    body: bytes


async def claim(connection: Connection, until: datetime, limit: int) -> list[Due]:
    """Lock up to `limit` heartbeats due at `until`, in the order of their ids.

    Rows held by another process are skipped; the lock lasts until the transaction ends.
    """
    return [_due(row) for row in await connection.fetch(CLAIM, until, limit)]


async def hold(connection: Connection, ids: Sequence[UUID]) -> list[Due]:
    """Lock these heartbeats, due or not, until the transaction ends."""
    return [_due(row) for row in await connection.fetch(HOLD, ids)]


def _due(row: asyncpg.Record) -> Due:
    return Due(
        kept=kept(row),
        name=row["name"],
        slug=row["slug"],
        tags=row["tags"],
        severity=row["severity"],
        integration_id=row["integration_id"],
        kind=row["kind"],
        integration=row["integration"],
        disabled=row["disabled_at"] is not None,
        service_id=row["service_id"],
        team_id=row["team_id"],
    )


async def list_failures(
    connection: Connection, ids: Sequence[UUID]
) -> dict[UUID, Failure]:
    """What these heartbeats said when they failed last."""
    if not ids:
        return {}
    rows = await connection.fetch(FAILURES, ids)
    return {
        row["heartbeat_id"]: Failure(row["exit_status"], row["body"]) for row in rows
    }


async def hearing(tx: Tx, now: datetime) -> Hearing:
    """What silence is worth at `now`; nothing while no process takes pings."""
    heard = select(func.min(ping_lanes.c.heard_until)).where(
        ping_lanes.c.seen_at > now - ALIVE
    )
    until: datetime | None = await tx.scalar(heard)
    since: datetime | None = await tx.scalar(select(listening.c.since))
    if until is None or since is None:
        return Hearing(AT_ONCE)
    return Hearing(min(now, until), since)


async def next_due_at(tx: Tx) -> datetime | None:
    """When the next heartbeat is due."""
    due: datetime | None = await tx.scalar(select(func.min(heartbeats.c.due_at)))
    return due


async def delete_lanes_before(tx: Tx, at: datetime) -> None:
    """Forget processes that were seen last before `at`."""
    await tx.execute(ping_lanes.delete().where(ping_lanes.c.seen_at < at))
