"""The programs of an installation, each of which may be killed and started again."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import psutil

from bench.processes import Child

MIB = 1024 * 1024
Start = Callable[[], AbstractAsyncContextManager[Child]]


class Part:
    """A program that runs, or is about to run again."""

    def __init__(self, start: Start, child: Child, stack: AsyncExitStack) -> None:
        self.child = child
        self._start = start
        self._stack = stack

    async def restart(self) -> None:
        """Kill it without a word, and start it as whoever looks after the machine does."""
        await self.child.kill()
        self.child = await self._stack.enter_async_context(self._start())

    @property
    def memory_mib(self) -> float:
        """What it has in memory."""
        resident: int = psutil.Process(self.child.process.pid).memory_info().rss
        return resident / MIB

    @property
    def open_files(self) -> int:
        """Files and connections."""
        opened: int = psutil.Process(self.child.process.pid).num_fds()
        return opened


@asynccontextmanager
async def part(start: Start) -> AsyncIterator[Part]:
    """One that runs for as long as the block does."""
    async with AsyncExitStack() as stack:
        yield Part(start, await stack.enter_async_context(start()), stack)
