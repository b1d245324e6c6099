"""Hearing PostgreSQL's notices, on a connection of its own that heals itself."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from weakref import WeakKeyDictionary

import asyncpg
import structlog

from pagefree.infra.connecting import connect
from pagefree.infra.db import CONNECT_S, UNREACHABLE, Channel

log = structlog.get_logger()

RECONNECT_S = 1.0
CHECK_S = 5.0  # how often an idle connection is proven alive
READS_ONLY = "SHOW transaction_read_only"  # who only reads notifies nobody

# Each waiting task has an event of its own: one that was busy when the notice came still
# finds it, whoever else has heard it meanwhile.
Ears = WeakKeyDictionary[asyncio.Task[object], asyncio.Event]


class Listener:
    """Turns notices into wake-ups.

    Everybody is also woken after a reconnect: whatever was missed meanwhile is looked
    for. Callers poll besides, so a notice only ever makes things sooner.
    """

    def __init__(self, database_url: str, channels: Iterable[Channel]) -> None:
        self._database_url = database_url
        self._ears = {channel: Ears() for channel in channels}
        self._subscribed: dict[Channel, list[asyncio.Event]] = defaultdict(list)

    def subscribe(self, channel: Channel) -> asyncio.Event:
        """An event of the caller's own, set by every notice: clear it, look, then wait."""
        event = asyncio.Event()
        self._subscribed[channel].append(event)
        return event

    async def wait(self, channel: Channel, timeout_s: float) -> None:
        """Return when `channel` was notified since this task's last call, or after `timeout_s`."""
        event = self._ears[channel].setdefault(_this_task(), asyncio.Event())
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), timeout_s)
        event.clear()

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self._listen()
            except (*UNREACHABLE, OSError, asyncpg.PostgresError) as e:
                log.warning("listen.lost", error=repr(e))
                await asyncio.sleep(RECONNECT_S)

    async def _listen(self) -> None:
        connection = await connect(self._database_url, timeout_s=CONNECT_S)
        try:
            for channel in self._ears:
                await connection.add_listener(
                    channel.value, lambda *_, channel=channel: self._wake(channel)
                )
            for channel in self._ears:
                self._wake(channel)
            while True:
                await asyncio.sleep(CHECK_S)
                if await connection.fetchval(READS_ONLY, timeout=CHECK_S) == "on":
                    raise ConnectionError("the server only reads")
        finally:
            connection.terminate()

    def _wake(self, channel: Channel) -> None:
        for event in (*self._ears[channel].values(), *self._subscribed[channel]):
            event.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Listener"]:
        """Listen for as long as the block runs."""
        task = asyncio.create_task(self.run())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def wait_for(event: asyncio.Event, timeout_s: float) -> None:
    """Return when `event` is set, or after `timeout_s`."""
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            await event.wait()


def _this_task() -> asyncio.Task[object]:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("only a task can wait")
    return task
