"""A TCP proxy that does to a connection what networks and hosts do, when it is told."""

import asyncio
import random
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

AT_ONCE = 64 * 1024  # bytes
LINGER_NOT = struct.pack("ii", 1, 0)  # closing then breaks the connection (RST)


class Way(Enum):
    """Seen from whoever connects."""

    THERE = auto()
    BACK = auto()


BOTH = frozenset(Way)


@dataclass(slots=True)
class Weather:
    """How it is now; it may change at any moment, for connections that are open, too."""

    latency_s: float = 0.0  # of each piece, in each direction
    bytes_per_s: float | None = None
    lost: frozenset[Way] = frozenset()  # nothing arrives, nobody is told
    refuses: bool = False  # new connections are reset
    breaks: float = 0.0  # the share of pieces after which their connection is reset


@dataclass(frozen=True, slots=True)
class Target:
    """Where it leads: a port of this machine, or a Unix socket."""

    port: int = 0
    path: Path | None = None

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.path is not None:
            return await asyncio.open_unix_connection(self.path)
        return await asyncio.open_connection("127.0.0.1", self.port)


@dataclass(slots=True)
class Proxy:
    """Passes on what comes, as the weather lets it."""

    target: Target
    port: int = 0
    weather: Weather = field(default_factory=Weather)
    accepted: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(33))
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def change(self, weather: Weather) -> None:
        """From now on it is like this."""
        self.weather = weather
        self._changed.set()
        self._changed = asyncio.Event()

    def reset_all(self) -> None:
        """Break every connection without a goodbye, to both sides."""
        for writer in list(self._writers):
            _break_off(writer)

    def end_all(self, way: Way) -> None:
        """Close every connection in one direction: the other one stays open."""
        for writer in list(self._writers):
            if _way_of(writer, self.port) is way and writer.can_write_eof():
                with suppress(OSError):
                    writer.write_eof()

    @property
    def open(self) -> int:
        """How many connections there are now."""
        return len(self._writers) // 2

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.accepted += 1
        if self.weather.refuses:
            _break_off(writer)
            return
        try:
            far_reader, far_writer = await self.target.connect()
        except OSError:
            _break_off(writer)
            return
        both = {writer, far_writer}
        self._writers |= both
        try:
            await asyncio.gather(
                self._pass_on(reader, far_writer, Way.THERE),
                self._pass_on(far_reader, writer, Way.BACK),
            )
        except OSError:
            for one in both:
                _break_off(one)
        finally:
            self._writers -= both
            for one in both:
                one.close()

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way
    ) -> None:
        while piece := await reader.read(AT_ONCE):
            await self._travel(len(piece), way)
            writer.write(piece)
            await writer.drain()
            if self.chance.random() < self.weather.breaks:
                raise ConnectionResetError
        if writer.can_write_eof():
            with suppress(OSError):
                writer.write_eof()

    async def _travel(self, size: int, way: Way) -> None:
        while way in self.weather.lost:  # kept, as TCP would send it again
            await self._changed.wait()
        weather = self.weather
        pace = weather.bytes_per_s
        await asyncio.sleep(weather.latency_s + (size / pace if pace else 0))


def _way_of(writer: asyncio.StreamWriter, port: int) -> Way:
    ours = writer.get_extra_info("sockname")
    leads_back = isinstance(ours, tuple) and ours[1] == port
    return Way.BACK if leads_back else Way.THERE


def _break_off(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    if connection is not None and connection.family != socket.AF_UNIX:
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    writer.transport.abort()


@asynccontextmanager
async def proxy_to(target: Target, host: str = "127.0.0.1") -> AsyncIterator[Proxy]:
    """One that listens on a free port."""
    proxy = Proxy(target)
    server = await asyncio.start_server(proxy.serve, host, 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.change(Weather())
        proxy.reset_all()
