"""What is forgotten row by row: never of what is open, never what something is due for."""

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.partitions import first_id
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Connection, transaction
from pagefree.retention import keeping
from pagefree.retention.queries import Kept

INCIDENT = """
INSERT INTO incidents (id, service_id, team_id, title, status, severity, urgency,
    alert_count, open_alert_count, last_seq, opened_at)
VALUES ($1, $1, $1, 't', $2, 'critical', 'high', 1, 0, 1, $3)
"""
NOTIFICATION = """
INSERT INTO notifications (id, incident_id, user_id, channel, kind, cause, priority, status,
    created_at, send_at, due_at)
VALUES ($1, $2, $1, 'sms', 'page', 'step 1', 0, 'accepted', $3, $3, $4)
"""
ATTEMPT = """
INSERT INTO attempts (id, notification_id, number, outcome, started_at, finished_at)
VALUES ($1, $1, 1, 'accepted', $2, $2)
"""
EPISODE = "INSERT INTO ended_episodes VALUES ($1, $2, $3, $3)"
MONTH = timedelta(days=30)


async def test_notifications_go_with_their_attempts_but_none_of_what_is_open(
    fresh_engine: AsyncEngine, fresh_database: str
) -> None:
    now = system_clock()
    old = now - 3 * MONTH
    connection = await asyncpg.connect(fresh_database)
    over = await _incident(connection, 0, "resolved", old)
    still = await _incident(connection, 1, "acknowledged", old)
    gone = await _notification(connection, 2, over, old)
    kept = [
        await _notification(connection, 3, still, old),
        await _notification(connection, 4, over, old, due_at=now),
        await _notification(connection, 5, over, now),
    ]

    await keeping.forget_rows(fresh_engine, now)
    assert len(await _ids(connection)) == 4  # nobody has said that they may go

    async with transaction(fresh_engine) as tx:
        await keeping.keep_for(tx, Kept(30, notification_days=60), now)
    await keeping.forget_rows(fresh_engine, now)

    left = await _ids(connection)
    assert gone not in left
    assert sorted(left) == sorted(kept)
    assert await connection.fetchval("SELECT count(*) FROM attempts") == 3
    assert await connection.fetchval("SELECT count(*) FROM incidents") == 2
    await connection.close()


async def test_ends_of_episodes_go_after_a_month(
    fresh_engine: AsyncEngine, fresh_database: str
) -> None:
    now = system_clock()
    connection = await asyncpg.connect(fresh_database)
    await connection.execute(EPISODE, UUID(int=1), "old", now - 2 * MONTH)
    await connection.execute(EPISODE, UUID(int=1), "new", now)

    await keeping.forget_rows(fresh_engine, now)

    left = await connection.fetch("SELECT dedup_key FROM ended_episodes")
    assert [key for (key,) in left] == ["new"]
    await connection.close()


async def _incident(
    connection: Connection, number: int, status: str, at: datetime
) -> UUID:
    made = UUID(int=first_id(at).int + number)
    await connection.execute(INCIDENT, made, status, at)
    return made


async def _notification(
    connection: Connection,
    number: int,
    incident_id: UUID,
    at: datetime,
    *,
    due_at: datetime | None = None,
) -> UUID:
    made = UUID(int=first_id(at).int + number)
    await connection.execute(NOTIFICATION, made, incident_id, at, due_at)
    await connection.execute(ATTEMPT, made, at)
    return made


async def _ids(connection: Connection) -> list[UUID]:
    return [row[0] for row in await connection.fetch("SELECT id FROM notifications")]
