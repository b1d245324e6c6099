"""Group commit: one lane a process stores all that waits in one transaction."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto

import asyncpg
import structlog

from pagefree.alerts import metrics
from pagefree.alerts.batch import take_in
from pagefree.alerts.requests import Request, Taken, unreadable
from pagefree.alerts.rulebook import NO_RULES, Rulebook
from pagefree.core.alerts import Outcome
from pagefree.core.errors import Unavailable
from pagefree.infra.beginning import Beginning
from pagefree.infra.clock import Clock
from pagefree.infra.db import Connection, OwnConnection
from pagefree.infra.failpoints import failpoint

MOST_ROWS = 500  # in one batch: more is slower (measured)
MOST_BATCH_BYTES = 512 * 1024
MOST_TRIES = 5
REPLAN_S = 5.0
PATIENCE_S = 3.0  # then senders had better come again
RACES = frozenset({"uq_alerts_open_dedup_key", "uq_incidents_open_group_key"})
SENT_BEFORE = "pk_inbound_requests"  # and what the partition is called

Connect = Callable[[], Awaitable[Connection]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may wait, and how long for, before senders are asked to come again."""

    requests: int = 5_000
    size: int = 64 * 1024 * 1024  # bytes
    body_s: float = 10.0  # until the end of a body


class Remedy(Enum):
    """What to do about a failed transaction."""

    AGAIN = auto()  # lost a race: the next try sees what the winner did
    RECONNECT = auto()
    DONE = auto()  # an earlier try was committed after all
    GIVE_UP = auto()  # the database cannot take anything now
    HALVE = auto()  # one of the rows is refused


@dataclass(slots=True)
class _Waiting:
    request: Request
    stored: "asyncio.Future[Taken]"


class Lane:
    """Stores requests in batches; whoever submits waits for the commit.

    Nothing is timed: an idle lane stores at once, a busy one takes all that came
    meanwhile. The connection is the lane's own.
    """

    def __init__(
        self,
        connect: Connect,
        clock: Clock,
        limits: Limits | None = None,
        rulebook: Callable[[], Rulebook] = lambda: NO_RULES,
    ) -> None:
        self._clock = clock
        self._rulebook = rulebook  # as of now
        self._limits = limits or Limits()
        self._connection = OwnConnection(connect)
        self._waiting: deque[_Waiting] = deque()
        self._size = 0  # bytes that wait
        self._wake = asyncio.Event()
        self._planned_at = 0.0
        self._all_new = False  # what the last batch brought

    async def submit(self, request: Request) -> Taken:
        """Return once `request` is on disk. Raises Unavailable: then it may not be."""
        if (
            len(self._waiting) >= self._limits.requests
            or self._size + len(request.body) > self._limits.size
        ):
            raise Unavailable("too much is waiting to be stored")
        stored = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(request, stored))
        self._size += len(request.body)
        self._wake.set()
        taken: Taken = await stored
        return taken

    async def run(self) -> None:
        """Store what is submitted until cancelled."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._waiting:
                    await self._outlive(self._take())
        finally:
            for waiting in self._waiting:
                waiting.stored.cancel()
            self._connection.drop()

    def _take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        rows = size = 0
        while self._waiting:
            request = self._waiting[0].request
            rows += max(1, len(request.events))
            size += len(request.body)
            if batch and (rows > MOST_ROWS or size > MOST_BATCH_BYTES):
                break
            batch.append(self._waiting.popleft())
            self._size -= len(request.body)
        metrics.WAITING.set(len(self._waiting))
        return batch

    async def _outlive(self, batch: list[_Waiting]) -> None:
        """Store a batch, whatever happens: nobody else would store the next one."""
        try:
            await self._flush(batch)
        except Exception:
            self._connection.drop()
            for waiting in batch:
                _settle(waiting, Unavailable("cannot store now"))
            with suppress(Exception):
                log.exception("ingest.lane_failed", requests=len(batch))

    async def _flush(self, batch: list[_Waiting]) -> None:
        try:
            stored = await self._store([waiting.request for waiting in batch])
        except asyncio.CancelledError:
            for waiting in batch:
                waiting.stored.cancel()
            raise
        for waiting, one in zip(batch, stored, strict=True):
            _settle(waiting, one)
        if isinstance(stored[-1], Unavailable):
            # those that came meanwhile would wait for the same answer
            for waiting in self._waiting:
                _settle(waiting, stored[-1])
            self._waiting.clear()
            self._size = 0

    async def _store(self, requests: Sequence[Request]) -> list[Taken | Exception]:
        """Commit `requests`; what the database refuses is found by halving, and quarantined."""
        error: Exception | None = None
        began = time.perf_counter()
        for tried in range(MOST_TRIES):
            try:
                return [*await self._commit(requests)]
            except Exception as e:  # noqa: BLE001 - every kind has its remedy
                error, remedy = e, remedy_of(e)
            if remedy is Remedy.DONE and tried:
                return [Taken(request.id, ()) for request in requests]
            if remedy is Remedy.HALVE:
                return await self._halve(requests, error)
            if remedy is Remedy.RECONNECT:
                self._connection.drop()
            if remedy is Remedy.GIVE_UP or time.perf_counter() - began > PATIENCE_S:
                break
        self._connection.drop()  # the next may lead to a server that can
        log.warning("ingest.unavailable", error=repr(error), requests=len(requests))
        return [Unavailable("cannot store now")] * len(requests)

    async def _halve(
        self, requests: Sequence[Request], error: Exception
    ) -> list[Taken | Exception]:
        if len(requests) > 1:
            middle = len(requests) // 2
            return [
                *await self._store(requests[:middle]),
                *await self._store(requests[middle:]),
            ]
        log.error("ingest.poisoned", request_id=str(requests[0].id), exc_info=error)
        if requests[0].error is not None:  # even its quarantined form is refused
            return [error]
        return await self._store([unreadable(requests[0], _reason(error))])

    async def _commit(self, requests: Sequence[Request]) -> list[Taken]:
        connection = await self._connection.get()
        began = time.perf_counter()
        if began - self._planned_at > REPLAN_S:
            # a plan made while the tables were small would be kept for hours
            await connection.execute("DISCARD PLANS")
            self._planned_at = began
        async with Beginning(connection) as beginning:
            if not self._all_new:
                await beginning.begin()
            taken = await take_in(
                connection, requests, self._clock(), self._rulebook(), beginning
            )
            failpoint("ingest.before_commit")
        failpoint("ingest.after_commit")
        metrics.COMMIT_SECONDS.observe(time.perf_counter() - began)
        self._all_new = all(
            outcome is Outcome.OPENED for one in taken for outcome in one.outcomes
        )
        _count(requests, taken)
        return taken


def _settle(waiting: _Waiting, stored: Taken | Exception) -> None:
    if waiting.stored.done():  # the sender has hung up
        return
    if isinstance(stored, Taken):
        waiting.stored.set_result(stored)
    else:
        waiting.stored.set_exception(stored)


def _count(requests: Sequence[Request], taken: Sequence[Taken]) -> None:
    metrics.BATCH_SIZE.observe(len(requests))
    outcomes = Counter[Outcome]()
    for one in taken:
        outcomes.update(one.outcomes)
    for outcome, times in outcomes.items():
        metrics.EVENTS.labels(outcome.value).inc(times)
    quarantined = sum(request.error is not None for request in requests)
    if quarantined:
        metrics.QUARANTINED.inc(quarantined)


def _reason(error: Exception) -> str:
    return f"PageFree could not store this: {type(error).__name__}"


# serialization failure, deadlock, lock not available
_AGAIN = frozenset({"40001", "40P01", "55P03"})
# connection, shut down or restarting, statements of an older schema, and a server that
# only reads: another one is the primary by now
_RECONNECT = ("08", "57P", "0A000", "26000", "25006")
# data, integrity, program limits: only these speak of the rows
_OF_THE_ROWS = ("22", "23", "54")


def remedy_of(error: Exception) -> Remedy:
    """What to do about a transaction that failed with `error`."""
    if isinstance(error, asyncpg.UniqueViolationError):
        if (error.constraint_name or "").startswith(SENT_BEFORE):
            return Remedy.DONE
        if error.constraint_name in RACES:
            return Remedy.AGAIN
    if isinstance(error, asyncpg.PostgresError):
        return _remedy_of_state(error.sqlstate or "")
    if isinstance(error, ValueError):  # asyncpg refused to send it
        return Remedy.HALVE
    if isinstance(error, OSError | TimeoutError | asyncpg.InterfaceError):
        return Remedy.RECONNECT
    if isinstance(error, MemoryError):  # no fault of the rows: senders come again
        return Remedy.GIVE_UP
    return Remedy.HALVE


def _remedy_of_state(state: str) -> Remedy:
    if state in _AGAIN:
        return Remedy.AGAIN
    if state.startswith(_RECONNECT):
        return Remedy.RECONNECT
    return Remedy.HALVE if state.startswith(_OF_THE_ROWS) else Remedy.GIVE_UP
