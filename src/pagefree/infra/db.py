"""The database: one engine, transactions at the edge, and waking whoever listens."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from functools import partial
from typing import Protocol, TypeAlias, cast

import asyncpg
from sqlalchemy import event, exc, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from pagefree.infra.connecting import REFUSALS, connect

Tx = AsyncConnection  # inside a transaction, which its opener commits
# the same without SQLAlchemy: for statements on batches
Connection: TypeAlias = asyncpg.Connection

UNREACHABLE: tuple[type[Exception], ...] = (
    ConnectionError,
    FileNotFoundError,  # the server's Unix socket
    TimeoutError,
    exc.TimeoutError,  # no connection of the pool became free
    *REFUSALS,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
)
# the server only reads: another one is the primary by now, or it was told so for a while
READ_ONLY = "25006"
# SQLSTATE classes of a server that cannot answer now: not connected, hung up on us while
# idle, a deadlock or another lost race, out of resources, lock not available, cancelled or
# shutting down. The same statement may work in a moment.
BUSY_STATES = ("08", READ_ONLY, "25P03", "40", "53", "55P03", "57")


def is_down(error: Exception) -> bool:
    """Whether the database could not be reached or did not answer in time."""
    if isinstance(error, UNREACHABLE):
        return True
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return True
    return sql_state(error).startswith(BUSY_STATES)


def sql_state(error: Exception) -> str:
    """The SQLSTATE of what PostgreSQL refused, asked through SQLAlchemy or not; else ""."""
    refused = error.orig if isinstance(error, exc.DBAPIError) else error
    return str(getattr(refused, "sqlstate", None) or "")


SESSION_SETTINGS = {
    "application_name": "pagefree",  # else what changes rows is told as by psql
    "TimeZone": "UTC",
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
}


class Channel(StrEnum):
    """What can be listened to. A lost notice costs at most one poll interval."""

    # apart, so that a page sets nothing going but what brings it on its way
    DUE = "pagefree_due"  # escalations are due now
    MESSAGES = "pagefree_messages"  # notifications are due now
    HEARTBEATS = "pagefree_heartbeats"  # one has changed, or says that it failed
    EVENTS = "pagefree_events"  # the timeline has grown
    STEPS = "pagefree_steps"  # steps of workflows are due now
    RUNS = "pagefree_runs"  # runs of runbooks are due now
    CONFIG = "pagefree_config"  # integrations, keys or services have changed
    SESSIONS = "pagefree_sessions"  # a session has ended before its time
    STATUS_DUE = "pagefree_status_due"  # a status page is to be rendered anew
    STATUS = "pagefree_status"  # a status page has been rendered
    SUBSCRIBERS = "pagefree_subscribers"  # those who follow a page are told something
    PARTNERS = "pagefree_partners"  # a partner waits for a mail
    LINKS = "pagefree_links"  # somebody waits for a link to sign in with


CONNECT_S = 5


def create_engine(database_url: str, *, pool_size: int = 10) -> AsyncEngine:
    """An engine for `postgresql://…`; closed connections are replaced, all after 30 minutes."""
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=partial(
            connect, database_url, SESSION_SETTINGS, timeout_s=CONNECT_S
        ),
        pool_size=pool_size,
        max_overflow=0,
        pool_recycle=1800,
        pool_use_lifo=True,  # the one used last has its statements prepared
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(_: object, pooled: ConnectionPoolEntry, *__: object) -> None:
    """Have the pool connect anew where the server has hung up: to ask it costs a round trip."""
    connection = pooled.driver_connection
    if connection is not None and connection.is_closed():
        raise exc.DisconnectionError


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[Tx]:
    """One transaction: committed at the end, rolled back if anything raises."""
    async with engine.begin() as tx:
        try:
            yield tx
        except Exception as e:
            if sql_state(e) == READ_ONLY:
                await _connect_anew(engine, tx)
            raise


async def _connect_anew(engine: AsyncEngine, tx: Tx) -> None:
    """Let go of every connection: they lead to a server that is the primary no more."""
    await tx.invalidate()
    await engine.dispose()


@asynccontextmanager
async def snapshot(engine: AsyncEngine) -> AsyncIterator[Tx]:
    """A transaction that only reads, all of it as it was at its beginning."""
    async with engine.connect() as connection:
        tx = await connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        async with tx.begin():
            yield tx


async def notify(tx: Tx, channel: Channel) -> None:
    """Wake the listeners of `channel` once this transaction commits.

    PostgreSQL folds equal notices of one transaction, so calling this twice is free.
    """
    await tx.execute(text("SELECT pg_notify(:channel, '')"), {"channel": channel.value})


async def driver(tx: Tx) -> asyncpg.Connection:
    """The plain connection under `tx`, inside the same transaction: for statements on batches."""
    raw = await tx.get_raw_connection()
    connection = raw.driver_connection
    if connection is None:
        raise RuntimeError("the connection has been closed")
    if not tx.in_transaction():
        _ = await tx.begin()  # else SQLAlchemy would find nothing to commit
    if not connection.is_in_transaction():
        # SQLAlchemy begins with its first statement; to give it one costs a round trip
        adapted = cast("_Adapted", raw.dbapi_connection)
        await adapted._start_transaction()  # noqa: SLF001 - there is no public way
    return connection


class _Adapted(Protocol):
    """SQLAlchemy's connection of asyncpg."""

    async def _start_transaction(self) -> None: ...


class OwnConnection:
    """A connection that one task keeps to itself, made when it is needed."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._connect = connect
        self._connection: Connection | None = None

    async def get(self) -> Connection:
        """One that is open. Raises ConnectionError."""
        if self._connection is None or self._connection.is_closed():
            try:
                self._connection = await self._connect()
            except Exception as e:
                raise ConnectionError(f"no connection: {e}") from e
        return self._connection

    def drop(self) -> None:
        """Break it off; the next one may lead to another server."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
