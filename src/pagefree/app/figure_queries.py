"""What operators must be alarmed by, asked of the database in a few cheap statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from pagefree.infra.db import Tx
from pagefree.infra.ids import first_id_of
from pagefree.tables.alerts import alerts
from pagefree.tables.notifications import attempts, notifications

# the oldest event that each has not read; ids are handed out in order of time
UNREAD = text("""
SELECT l.name, (
    SELECT e.at FROM events AS e WHERE e.id > l.seq ORDER BY e.id LIMIT 1
) AS since
FROM event_listeners AS l
""")
SERVER = text("""
SELECT clock_timestamp() AS clock, age(datfrozenxid) AS xid_age,
    (SELECT extract(epoch FROM max(replay_lag)) FROM pg_stat_replication) AS lag_s
FROM pg_database WHERE datname = current_database()
""")


@dataclass(frozen=True, slots=True)
class Server:
    """How PostgreSQL is."""

    clock: datetime
    xid_age: int
    replication_lag_s: float  # of the replica that is furthest behind; 0 without any


@dataclass(frozen=True, slots=True)
class Attempts:
    """How many calls to one provider ended in one way."""

    channel: str
    provider: str
    outcome: str
    count: int
    possible_duplicates: int


async def list_attempts(tx: Tx, since: datetime) -> list[Attempts]:
    """Those that began since then."""
    duplicates = func.count().filter(attempts.c.possible_duplicate)
    by = (notifications.c.channel, attempts.c.provider, attempts.c.outcome)
    query = (
        select(*by, func.count(), duplicates)
        .join(notifications, notifications.c.id == attempts.c.notification_id)
        .where(attempts.c.id >= first_id_of(since))
        .group_by(*by)
    )
    return [Attempts(*row) for row in await tx.execute(query)]


async def unconfirmed_since(tx: Tx) -> datetime | None:
    """When the oldest message was made whose receipt is still waited for."""
    query = select(func.min(notifications.c.created_at)).where(
        notifications.c.receipt_due_at.is_not(None)
    )
    found: datetime | None = await tx.scalar(query)
    return found


async def held_alerts_overdue(tx: Tx, now: datetime) -> timedelta:
    """How late the alert is that was to be looked at again first."""
    due_at = await tx.scalar(select(func.min(alerts.c.due_at)))
    return max(now - due_at, timedelta()) if due_at else timedelta()


async def unread_since(tx: Tx) -> Mapping[str, datetime | None]:
    """When the oldest event happened that each listener has not read; none: it has all."""
    return {row.name: row.since for row in await tx.execute(UNREAD)}


async def server(tx: Tx) -> Server:
    """How PostgreSQL is."""
    row = (await tx.execute(SERVER)).one()
    return Server(row.clock, row.xid_age, float(row.lag_s or 0))
