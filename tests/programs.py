"""Starting, stopping and killing the real program, and waiting for what it does."""

import asyncio
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.forking import HOST, Forked

T = TypeVar("T")

BIN = Path(sys.executable).parent
PAGEFREE = str(BIN / "pagefree")
POLL_S = 0.02
START_S = 180  # it takes two seconds on a machine that does nothing else
STOP_S = 90
ANSWER_S = 60  # an HTTP client would give up after five seconds
PORTS = range(20_000, 32_000)
# a test does in seconds what people do in hours
NO_LIMITS = {
    "PAGEFREE_LIMIT_INGEST_KEY": "1000000/minute",
    "PAGEFREE_LIMIT_INGEST_ADDRESS": "1000000/minute",
    "PAGEFREE_LIMIT_API_USER": "1000000/minute",
    "PAGEFREE_LIMIT_PUBLIC_ADDRESS": "1000000/minute",
    # what looks after PageFree has tests of its own, and would be in the way of counting
    "PAGEFREE_CANARY": "false",
    "PAGEFREE_LAST_RESORT": "false",
}

_given: set[int] = set()


async def eventually(look: Callable[[], Awaitable[T | None]], within_s: float) -> T:
    """The first true thing that `look` returns; fails if there is none in time."""
    deadline = time.monotonic() + within_s
    while True:
        found = await look()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {within_s} s"
        await asyncio.sleep(POLL_S)


def free_port() -> int:
    """A port for a server that is started later, and may be started again.

    It is not one of those that the kernel hands out: a connection of anybody would take
    it meanwhile. Each is given once to a process, and hardly ever to two.
    """
    while True:
        port = random.choice(PORTS)
        with socket.socket() as sock, suppress(OSError):
            sock.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port


@dataclass(slots=True)
class Program:
    """A command in a folder of its own; it can be started again after its end."""

    command: tuple[str | Path, ...]
    folder: Path
    name: str
    variables: dict[str, str] = field(default_factory=dict)
    cwd: Path | None = None  # where it is started, if not in its folder
    process: subprocess.Popen[bytes] | Forked | None = None

    @property
    def output(self) -> Path:
        return self.folder / f"{self.name}.txt"

    @property
    def printed(self) -> str:
        return self.output.read_text(errors="replace")

    def start(self) -> None:
        """Start it; what it prints is added to what it printed before."""
        inherited = {k: v for k, v in os.environ.items() if not _is_ours(k)}
        with self.output.open("ab") as out:
            env = {**inherited, "COLUMNS": "200", **NO_LIMITS, **self.variables}
            cwd = self.cwd or self.folder
            program, *arguments = map(str, self.command)
            if program == PAGEFREE:
                self.process = HOST.start(arguments, cwd, env, out)
                return
            self.process = subprocess.Popen(
                self.command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    async def wait_for(self, pattern: str) -> re.Match[str]:
        """What it has printed that fits, as soon as it has."""

        async def look() -> re.Match[str] | None:
            found = re.search(pattern, self.printed)
            assert found or self.runs, self.printed
            return found

        return await eventually(look, START_S)

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def forget_output(self) -> None:
        """Keep what it printed apart, so that only the next start is waited for."""
        with self.output.with_suffix(".old.txt").open("a") as old:
            old.write(self.printed)
        self.output.write_text("")

    def kill(self) -> None:
        """End it at once, without a chance to tidy up."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end, and wait until it has."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


def _is_ours(variable: str) -> bool:
    return variable.startswith("PAGEFREE_")
