"""Child processes: free ports, waiting until they are ready, the CPU they used, their end."""

import asyncio
import os
import random
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 20.0
POLL_S = 0.05
PORTS = range(12_000, 20_000)


@dataclass(frozen=True, slots=True)
class Child:
    """A process that we have started; `port`: where it serves, if it does."""

    process: asyncio.subprocess.Process
    port: int

    def cpu_s(self) -> float:
        """CPU seconds it has used so far."""
        return cpu_s(self.process.pid)

    async def kill(self) -> None:
        """Without a word."""
        self.process.kill()
        await self.process.wait()


def cpu_s(pid: int) -> float:
    """CPU seconds that a process, its children and those that have ended have used."""
    used = 0.0
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        times = process.cpu_times()
        used = times.user + times.system + times.children_user + times.children_system
        used += sum(cpu_s(child.pid) for child in process.children())
    return used


def free_port() -> int:
    """A port that nobody listens on now, and that the kernel gives to no connection."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as sock, suppress(OSError):
            sock.bind(("127.0.0.1", port))
            return port


@asynccontextmanager
async def serving(module: str, port: int) -> AsyncIterator[Child]:
    """Run a Python module that serves on `port` for as long as the block runs."""
    command = (sys.executable, "-m", module)
    async with started(command, {"BENCH_PORT": str(port)}, port) as (child, _):
        async with asyncio.timeout(START_TIMEOUT_S):
            await _answers(child)
        yield child


@asynccontextmanager
async def running(
    command: Sequence[str], variables: Mapping[str, str], port: int, ready: str
) -> AsyncIterator[Child]:
    """Run a program for as long as the block runs, which begins when it prints `ready`."""
    async with started(command, variables, port) as (child, output):
        async with asyncio.timeout(START_TIMEOUT_S):
            while ready not in output.read_text(errors="replace"):
                _check_runs(child, output)
                await asyncio.sleep(POLL_S)
        yield child


@asynccontextmanager
async def started(
    command: Sequence[str], variables: Mapping[str, str], port: int
) -> AsyncIterator[tuple[Child, Path]]:
    """A program and the file it prints to; asked to end after the block, then made to."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PAGEFREE_")}
    with tempfile.NamedTemporaryFile(prefix="pagefree-bench-") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            env={**inherited, **variables},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            yield Child(process, port), Path(output.name)
        finally:
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), STOP_TIMEOUT_S)
    except TimeoutError:
        process.kill()
        await process.wait()


async def _answers(child: Child) -> None:
    while child.process.returncode is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", child.port)
        except OSError:
            await asyncio.sleep(POLL_S)
        else:
            writer.close()
            return
    raise RuntimeError(f"the server ended with {child.process.returncode}")


def _check_runs(child: Child, output: Path) -> None:
    if child.process.returncode is not None:
        raise RuntimeError(f"it ended early:\n{output.read_text(errors='replace')}")


async def output_of(*command: str, environment: Mapping[str, str] | None = None) -> str:
    """What a program printed. Raises RuntimeError if it failed."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **(environment or {})},
    )
    output, _ = await process.communicate()
    text = output.decode(errors="replace")
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{text}")
    return text
