"""A web server on this machine that stands for the outside world, and does as it is told."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

SLOW_S = 0.05  # long for a machine that talks to itself
LINGER_NOT = struct.pack("ii", 1, 0)  # closing then breaks the connection (RST)
PORTAL = (
    b"<html><body>Welcome to our guest network. <a href=/>Sign in</a></body></html>"
)
NO_HTTP = (
    b"\x15\x03\x01\x00\x02\x02\x28 what is this?\r\n\r\n"  # a TLS alert, and words
)


class Manner(StrEnum):
    """How a server behaves; the same words for all of them."""

    OK = "ok"
    REFUSE = "refuse"  # it knows nobody at this address any more
    SLOW = "slow"  # it answers, but takes its time
    HANG = "hang"  # it takes the request and says nothing, until `released`
    RESET = "reset"  # it takes the request and breaks the connection
    GARBAGE = "garbage"  # it succeeds, and answers somebody else's page
    NOISE = "noise"  # it answers what is not even its protocol


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to one request."""

    status: int
    body: bytes = b"ok"
    headers: Mapping[str, str] = field(default_factory=dict)

    def raw(self) -> bytes:
        lines = [
            f"HTTP/1.1 {self.status} Whatever",
            f"Content-Length: {len(self.body)}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


def as_json(
    status: int, body: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> Answer:
    """An answer of an API."""
    more = {"Content-Type": "application/json", **(headers or {})}
    return Answer(status, json.dumps(body).encode(), more)


@dataclass(frozen=True, slots=True)
class Post:
    """A request that arrived."""

    path: str  # with its query
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass(slots=True)
class WebServer:
    """Answers every POST with `status`, or raw with `answer`, in its manner."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    answer: bytes | None = None
    manner: Manner = Manner.OK
    posts: list[Post] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)  # ends a hang

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.base}/hook"

    def says(
        self,
        status: int,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """From now on, to everything."""
        self.answer = as_json(status, body or {}, headers).raw()

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections += 1
        try:
            while not reader.at_eof():
                await self._exchange(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value
            for name, _, value in (line.partition(": ") for line in head[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        post = Post(head[0].split(" ")[1], headers, body)
        self.posts.append(post)
        if self.manner is Manner.RESET:
            break_off(writer)
        if self.manner is Manner.HANG:
            await self.hang()
        if self.manner is Manner.SLOW:
            await asyncio.sleep(SLOW_S)
        writer.write(self.answer or self._answer(post))
        await writer.drain()

    async def hang(self) -> None:
        """Until released. Raises ConnectionError when the server closes before."""
        ends = [asyncio.create_task(e.wait()) for e in (self.closing, self.released)]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        if self.closing.is_set():
            raise ConnectionError

    def _answer(self, post: Post) -> bytes:
        if self.manner is Manner.NOISE:
            return NO_HTTP
        if self.manner is Manner.GARBAGE:
            return Answer(200, PORTAL, {"Content-Type": "text/html"}).raw()
        if self.manner is Manner.REFUSE:
            return self.refusal().raw()
        return self.take(post).raw()

    def take(self, post: Post) -> Answer:
        """What a request is answered, where nothing else was told."""
        del post
        return Answer(self.status, headers=self.headers)

    def refusal(self) -> Answer:
        """What says that nobody is at the address any more."""
        return Answer(410)


def break_off(writer: asyncio.StreamWriter) -> None:
    """Break the connection without a goodbye. Raises ConnectionError."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    writer.transport.abort()
    raise ConnectionError


Server = TypeVar("Server", bound=WebServer)


@asynccontextmanager
async def serving(fake: Server, port: int = 0) -> AsyncIterator[Server]:
    """Let it serve on a free port, or on that one."""
    server = await asyncio.start_server(fake.serve, "127.0.0.1", port)
    fake.port = server.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        fake.closing.set()
        server.close()


@asynccontextmanager
async def web_server() -> AsyncIterator[WebServer]:
    """One that knows no provider's ways."""
    async with serving(WebServer()) as fake:
        yield fake
