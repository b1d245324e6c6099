"""Hearing PostgreSQL's notices, on a connection of its own that heals itself."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

import asyncpg

from pagefree.infra.db import Channel

RECONNECT_S = 1.0
CHECK_S = 5.0  # how often an idle connection is proven alive


class Listener:
    """Turns notices into asyncio events, one a channel.

    Every event is also set after a reconnect: whatever was missed meanwhile is looked
    for. Callers poll besides, so a notice only ever makes things sooner.
    """

    def __init__(self, database_url: str, channels: Iterable[Channel]) -> None:
        self._database_url = database_url
        self._heard = {channel: asyncio.Event() for channel in channels}

    async def wait(self, channel: Channel, timeout_s: float) -> None:
        """Return when `channel` was notified since the last call, or after `timeout_s`."""
        event = self._heard[channel]
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), timeout_s)
        event.clear()

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self._listen()
            except (
                OSError,
                TimeoutError,
                asyncpg.PostgresError,
                asyncpg.InterfaceError,
            ):
                await asyncio.sleep(RECONNECT_S)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._database_url, timeout=5)
        try:
            for channel, event in self._heard.items():
                await connection.add_listener(
                    channel.value, lambda *_, event=event: event.set()
                )
            for event in self._heard.values():
                event.set()
            while True:
                await asyncio.sleep(CHECK_S)
                await connection.fetchval("SELECT 1", timeout=CHECK_S)
        finally:
            connection.terminate()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Listener"]:
        """Listen for as long as the block runs."""
        task = asyncio.create_task(self.run())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
