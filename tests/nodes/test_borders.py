"""What is cut off gets nowhere, in the directions that were said, and comes back."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import pytest

from tests.chaos.proxy import Target, Way
from tests.nodes.borders import Border, Place, cables, may_lay_cables, proxies
from tests.programs import eventually

PATIENCE_S = 60
QUIET_S = 1.0  # in which what is not cut off would have come long ago
TALK = """
import socket, sys
talk = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for word in sys.stdin:
    talk.sendall(word.encode())
    print(talk.recv(100).decode(), end="", flush=True)
"""

Borders = Callable[[Mapping[str, Target]], AbstractAsyncContextManager[Border]]


@dataclass(slots=True)
class Echo:
    """Says what it is told, and remembers it."""

    heard: list[bytes] = field(default_factory=list)

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while word := await reader.readline():
            self.heard.append(word)
            writer.write(word)
            await writer.drain()
        writer.close()


@dataclass(slots=True)
class Guest:
    """A program behind a border that talks to somebody on this side."""

    process: asyncio.subprocess.Process

    def say(self, word: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(word)

    async def hears(self) -> bytes:
        assert self.process.stdout
        async with asyncio.timeout(PATIENCE_S):
            return await self.process.stdout.readline()


@asynccontextmanager
async def guest(border: Border, place: Place) -> AsyncIterator[Guest]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(*border.behind, sys.executable, "-Ic", TALK, place.host, str(place.port)),
        stdin=pipe,
        stdout=pipe,
    )
    try:
        yield Guest(process)
    finally:
        process.kill()
        await process.wait()


@pytest.fixture(params=["proxies", "cables"])
def borders(request: pytest.FixtureRequest) -> Borders:
    """How to make one."""
    if request.param == "cables":
        if not may_lay_cables():
            pytest.skip("this machine lets nobody make networks")
        return cables
    return proxies


@pytest.mark.parametrize("way", list(Way))
async def test_what_is_cut_off_in_one_direction_arrives_when_it_is_healed(
    borders: Borders, way: Way
) -> None:
    echo = Echo()
    server = await asyncio.start_server(echo.serve, "127.0.0.1", 0)
    target = Target(server.sockets[0].getsockname()[1])

    async def arrived() -> bool:
        return b"two\n" in echo.heard

    async with (
        borders({"echo": target}) as border,
        guest(border, border.places["echo"]) as one,
    ):
        one.say(b"one\n")
        assert await one.hears() == b"one\n"
        border.cut("echo", frozenset({way}))
        one.say(b"two\n")
        hearing = asyncio.create_task(one.hears())
        if way is Way.BACK:
            await eventually(arrived, PATIENCE_S)
        await asyncio.sleep(QUIET_S)
        assert await arrived() is (way is Way.BACK)
        assert not hearing.done()
        border.heal("echo")
        assert await hearing == b"two\n"
    server.close()
