"""What an operator sees beside the figures: processes, what waits, and the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, text

from pagefree.infra.db import Tx
from pagefree.infra.ids import first_id_of
from pagefree.tables.accounts import process_beats
from pagefree.tables.alerts import inbound_requests
from pagefree.tables.escalation import escalations
from pagefree.tables.notifications import notifications

MOST_COUNTED = 1000
SIZE = text("SELECT pg_database_size(current_database())")
VERSION = text("SELECT current_setting('server_version')")
REPLICAS = text("SELECT count(*) FROM pg_stat_replication")


@dataclass(frozen=True, slots=True)
class Process:
    """One process that was heard of in the last day and has not said good-bye."""

    name: str  # kind:host:pid
    kind: str
    version: str
    started_at: datetime
    beat_at: datetime

    @property
    def host(self) -> str:
        """The machine it runs on."""
        return self.name.removeprefix(f"{self.kind}:").rpartition(":")[0]


@dataclass(frozen=True, slots=True)
class Size:
    """What PostgreSQL is, how large, and how many follow it."""

    version: str
    bytes: int
    replicas: int


async def list_processes(tx: Tx) -> list[Process]:
    """All of them, those first that were heard of last."""
    c = process_beats.c
    query = select(c.name, c.kind, c.version, c.started_at, c.beat_at)
    rows = await tx.execute(query.order_by(c.beat_at.desc(), c.name))
    return [Process(*row) for row in rows]


async def count_due(tx: Tx, now: datetime) -> Mapping[str, int]:
    """How many escalations and notifications are due, up to MOST_COUNTED of each."""
    found = {}
    for table in (escalations, notifications):
        due = select(table.c.due_at).where(table.c.due_at <= now).limit(MOST_COUNTED)
        query = select(func.count()).select_from(due.subquery())
        found[table.name] = await tx.scalar(query) or 0
    return found


async def count_unreadable(tx: Tx, since: datetime) -> int:
    """How many requests since then could not be read and still wait for somebody."""
    unread = (
        select(inbound_requests.c.id)
        .where(
            # as a value: else the index of those that cannot be read is not used
            inbound_requests.c.outcome == literal("quarantined", literal_execute=True),
            inbound_requests.c.id >= first_id_of(since),
        )
        .limit(MOST_COUNTED)
    )
    return await tx.scalar(select(func.count()).select_from(unread.subquery())) or 0


async def size(tx: Tx) -> Size:
    """What the database takes."""
    return Size(
        await tx.scalar(VERSION) or "",
        await tx.scalar(SIZE) or 0,
        await tx.scalar(REPLICAS) or 0,
    )
