"""The installation of `host.py` as a test holds it: start, arm, wait for its end."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pagefree.infra.arming import KILLED
from pagefree.infra.clock import system_clock
from tests.programs import NO_LIMITS

PATIENCE_S = 240  # a machine that does nothing else needs two
LEASES_OVER = timedelta(hours=1)  # longer than any lease


@dataclass(slots=True)
class Mortal:
    """One installation; after each death the next one lives when all leases are over."""

    process: asyncio.subprocess.Process
    ahead: timedelta = timedelta(0)
    pid: int = 0
    said: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        """What its clock shows."""
        return system_clock() + self.ahead

    async def start(self, order: str = "") -> None:
        """Have it live again; returns when it answers, or when it has ended already."""
        self.ahead += LEASES_OVER
        await self._say(f"{self.ahead.total_seconds()} {order}")
        self.pid = int((await self._hear(r"pid (\d+)"))[1])
        await self._hear(r"ready|ended" if order else "ready")

    async def arm(self, order: str) -> None:
        """Have the one that lives do this when it gets there."""
        await self._say(order)
        await self._hear("armed")

    async def ended(self) -> bool:
        """Wait for its end; whether that was the one that it was told."""
        if any(line.startswith("ended") for line in self.said):
            return f"ended {KILLED}" in self.said
        return (await self._hear(r"ended (-?\d+)"))[1] == str(KILLED)

    async def kill(self) -> None:
        """End it from outside, if it lives."""
        if not any(line.startswith("ended") for line in self.said):
            os.kill(self.pid, signal.SIGKILL)
            await self._hear(r"ended")

    async def _say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.said.clear()
        self.process.stdin.write(f"{line}\n".encode())
        await self.process.stdin.drain()

    async def _hear(self, pattern: str) -> re.Match[str]:
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            while True:
                line = (await self.process.stdout.readline()).decode().strip()
                assert line or self.process.returncode is None, self.said
                self.said.append(line)
                if found := re.fullmatch(f"(?:{pattern}).*", line):
                    return found


@asynccontextmanager
async def mortal(variables: Mapping[str, str], folder: Path) -> AsyncIterator[Mortal]:
    """One that can be started; it is killed at the end."""
    pipe = asyncio.subprocess.PIPE
    ours = {k: v for k, v in os.environ.items() if not k.startswith("PAGEFREE_")}
    with (folder / "host.txt").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.chaos.host"),
            stdin=pipe,
            stdout=pipe,
            stderr=log,
            env={**ours, **NO_LIMITS, **variables},
        )
        made = Mortal(process)
        try:
            yield made
        finally:
            for pid in {process.pid, made.pid} - {0}:
                _end(pid)
            await process.wait()


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
