"""Group commit of pings: one lane a process stores all that waits in one transaction.

Besides, the lane says up to when every ping that reached it is on disk: before that,
nobody's silence is believed.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from pagefree.alerts.lane import Remedy, remedy_of
from pagefree.core.errors import Unavailable
from pagefree.heartbeats import batch_queries as queries
from pagefree.heartbeats.pings import Arrived, Heard, store
from pagefree.infra.clock import Clock
from pagefree.infra.db import Connection, OwnConnection
from pagefree.infra.failpoints import failpoint

MOST_ROWS = 500  # in one batch
MOST_WAITING = 5_000
MOST_TRIES = 5
PATIENCE_S = 3.0  # then senders had better come again
BEAT_S = 0.5  # how often an idle lane says that it hears
GAP = timedelta(seconds=3)  # without a word: pings may have been turned away

Connect = Callable[[], Awaitable[Connection]]

log = structlog.get_logger()


@dataclass(slots=True)
class _Waiting:
    arrived: Arrived
    stored: "asyncio.Future[Heard]"


class PingLane:
    """Stores pings in batches; whoever submits one waits for the commit."""

    def __init__(self, name: str, connect: Connect, clock: Clock) -> None:
        self._name = name
        self._clock = clock
        self._connection = OwnConnection(connect)
        self._waiting: deque[_Waiting] = deque()
        self._wake = asyncio.Event()
        self._broke_off = False  # a ping may have been turned away since the last beat

    async def submit(self, arrived: Arrived) -> Heard:
        """What became of a ping, once it is on disk. Raises Unavailable: it may not be.

        It counts from now: whatever time it says it came at is replaced.
        """
        if len(self._waiting) >= MOST_WAITING:
            self._broke_off = True
            raise Unavailable("too many pings are waiting to be stored")
        ping = replace(arrived.ping, at=self._clock())
        stored = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(replace(arrived, ping=ping), stored))
        self._wake.set()
        heard: Heard = await stored
        return heard

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Store what is submitted for as long as the block runs."""
        task = asyncio.create_task(self._run(), name="heartbeats.lane")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            for waiting in self._waiting:
                waiting.stored.cancel()
            self._connection.drop()

    async def _run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(BEAT_S):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            await self._flush()
            while self._waiting:
                await self._flush()

    async def _flush(self) -> None:
        now = self._clock()
        count = min(MOST_ROWS, len(self._waiting))
        batch = [self._waiting.popleft() for _ in range(count)]
        until = min(now, self._waiting[0].arrived.ping.at) if self._waiting else now
        try:
            stored = await self._store([waiting.arrived for waiting in batch], until)
        except asyncio.CancelledError:
            for waiting in batch:
                waiting.stored.cancel()
            raise
        for waiting, one in zip(batch, stored, strict=True):
            _settle(waiting, one)

    async def _store(
        self, pings: Sequence[Arrived], until: datetime
    ) -> list[Heard | Exception]:
        """Commit `pings`; what the database refuses is found by halving."""
        began, error = time.perf_counter(), Unavailable("cannot store now")
        for _ in range(MOST_TRIES):
            try:
                return [*await self._commit(pings, until)]
            except Exception as e:  # noqa: BLE001 - every kind has its remedy
                found = e
            needed = remedy_of(found)
            if needed is Remedy.HALVE and pings:
                return await self._halve(pings, until, found)
            if needed is Remedy.RECONNECT:
                self._connection.drop()
            if needed is Remedy.GIVE_UP or time.perf_counter() - began > PATIENCE_S:
                break
        self._connection.drop()
        self._broke_off = self._broke_off or bool(pings)
        if pings:
            log.warning("heartbeats.unavailable", pings=len(pings))
        return [error] * len(pings)

    async def _halve(
        self, pings: Sequence[Arrived], until: datetime, error: Exception
    ) -> list[Heard | Exception]:
        if len(pings) == 1:
            log.error("heartbeats.poisoned", exc_info=error)
            return [error]
        middle = len(pings) // 2
        first = await self._store(pings[:middle], pings[middle].ping.at)
        return [*first, *await self._store(pings[middle:], until)]

    async def _commit(self, pings: Sequence[Arrived], until: datetime) -> list[Heard]:
        connection = await self._connection.get()
        now = self._clock()
        async with connection.transaction():
            if not pings:  # what is lost in a crash is said again in a moment
                await connection.execute("SET LOCAL synchronous_commit = off")
            heard = await store(connection, pings, now) if pings else []
            before = now if self._broke_off else now - GAP
            await queries.note_hearing(connection, self._name, until, before, now)
            if pings:
                failpoint("pings.before_commit")
        if pings:
            failpoint("pings.after_commit")
        self._broke_off = False
        return heard


def _settle(waiting: _Waiting, stored: Heard | Exception) -> None:
    if waiting.stored.done():  # the sender has hung up
        return
    if isinstance(stored, Heard):
        waiting.stored.set_result(stored)
    else:
        waiting.stored.set_exception(stored)
