"""Every statement on how long things are kept, and on what is forgotten row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from pagefree.infra.db import Connection, Tx
from pagefree.tables.retention import retention_settings as settings

RAW_REQUEST_DAYS = 30
MOST_FORGOTTEN = 5_000  # in one transaction

FORGET_NOTIFICATIONS = """
WITH gone AS (
    DELETE FROM notifications WHERE id = ANY(ARRAY(
        SELECT n.id FROM notifications AS n LEFT JOIN incidents AS i ON i.id = n.incident_id
        WHERE n.id < $1 AND n.due_at IS NULL AND n.withdraw_due_at IS NULL
            AND (i.id IS NULL OR i.status = 'resolved')
        ORDER BY n.id LIMIT $2
    ))
    RETURNING id
), tried AS (
    DELETE FROM attempts USING gone WHERE attempts.notification_id = gone.id
)
SELECT count(*) FROM gone
"""
FORGET_EPISODES = """
DELETE FROM ended_episodes WHERE (integration_id, dedup_key) IN (
    SELECT integration_id, dedup_key FROM ended_episodes WHERE ended_at < $1 LIMIT $2
)
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """For how many days; none: for ever."""

    raw_request_days: int | None = RAW_REQUEST_DAYS
    notification_days: int | None = None


async def get(tx: Tx) -> Kept:
    """What admins have set, or what is so by itself."""
    columns = [settings.c[name] for name in Kept.__slots__]
    row = (await tx.execute(select(*columns))).one_or_none()
    return Kept(*row) if row else Kept()


async def save(tx: Tx, values: Mapping[str, object], now: datetime) -> None:
    """Keep things for so long from now on."""
    await tx.execute(insert(settings).values(id=1).on_conflict_do_nothing())
    await tx.execute(update(settings).values(**values, updated_at=now))


async def forget_notifications(connection: Connection, border: UUID) -> int:
    """Delete some notifications with ids before `border`, and their attempts; how many.

    None of an open incident, and none that something is still to be done about.
    """
    gone: int = await connection.fetchval(FORGET_NOTIFICATIONS, border, MOST_FORGOTTEN)
    return gone


async def forget_episodes(connection: Connection, before: datetime) -> int:
    """Delete some ends of episodes that no late message will ask for; how many."""
    status = await connection.execute(FORGET_EPISODES, before, MOST_FORGOTTEN)
    return int(status.rpartition(" ")[2])
