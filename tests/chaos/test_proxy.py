"""The proxy does what it is told: late, slow, never, not any more, and one way only."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.chaos.proxy import BOTH, Proxy, Target, Way, Weather, proxy_to

SOON_S = 5
NEVER_S = 0.2


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.read(65_536):
        writer.write(line)
        await writer.drain()
    writer.write(b"bye")
    writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    """It leads to somebody who repeats everything, and says bye at the end."""
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with proxy_to(Target(server.sockets[0].getsockname()[1])) as proxy:
        yield proxy
    server.close()


class Caller:
    """A connection through it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, text: bytes, within_s: float = SOON_S) -> bytes:
        self.writer.write(text)
        async with asyncio.timeout(within_s):
            return await self.reader.readexactly(len(text))


@pytest.fixture
async def caller(proxy: Proxy) -> AsyncIterator[Caller]:
    caller = Caller(*await asyncio.open_connection("127.0.0.1", proxy.port))
    assert await caller.ask(b"hello") == b"hello"
    yield caller
    caller.writer.transport.abort()


async def test_what_is_slow_arrives_late(proxy: Proxy, caller: Caller) -> None:
    proxy.change(Weather(latency_s=0.1))
    began = time.monotonic()

    assert await caller.ask(b"x") == b"x"

    assert time.monotonic() - began >= 0.2


async def test_what_is_much_takes_its_time(proxy: Proxy, caller: Caller) -> None:
    proxy.change(Weather(bytes_per_s=100_000))
    began = time.monotonic()

    assert await caller.ask(b"x" * 20_000) == b"x" * 20_000

    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize("way", Way, ids=lambda way: way.name)
async def test_what_is_lost_one_way_arrives_when_the_way_is_open_again(
    proxy: Proxy, caller: Caller, way: Way
) -> None:
    proxy.change(Weather(lost=frozenset({way})))
    with pytest.raises(TimeoutError):
        await caller.ask(b"x", NEVER_S)

    proxy.change(Weather())

    assert await caller.ask(b"y") == b"x"


async def test_a_black_hole_says_nothing(proxy: Proxy, caller: Caller) -> None:
    proxy.change(Weather(lost=BOTH))

    with pytest.raises(TimeoutError):
        await caller.ask(b"x", NEVER_S)
    assert proxy.open == 1


async def test_a_connection_is_reset_and_the_next_one_works(
    proxy: Proxy, caller: Caller
) -> None:
    proxy.reset_all()
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await caller.ask(b"x")

    again = Caller(*await asyncio.open_connection("127.0.0.1", proxy.port))

    assert await again.ask(b"y") == b"y"


async def test_new_connections_are_refused_while_old_ones_live(
    proxy: Proxy, caller: Caller
) -> None:
    proxy.change(Weather(refuses=True))
    assert await caller.ask(b"x") == b"x"

    refused = Caller(*await asyncio.open_connection("127.0.0.1", proxy.port))

    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await refused.ask(b"y")


async def test_one_direction_can_end_while_the_other_one_goes_on(
    proxy: Proxy, caller: Caller
) -> None:
    proxy.end_all(Way.THERE)

    async with asyncio.timeout(SOON_S):
        assert await caller.reader.read(3) == b"bye"
