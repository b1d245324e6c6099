"""A provider as a child process: takes webhooks, says when each came.

GET anything: how many pages came so far. GET /pages: a JSON list of [when, title].
"""

import asyncio
import os
from typing import Any, cast

import msgspec
import uvloop

from pagefree.infra.clock import system_clock

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"
PAGE = b'"type":"incident.page"'  # a quiet test before a shift is none

Received = list[tuple[float, bytes]]


class Provider(asyncio.Protocol):
    """One connection; answers each request with 200 as soon as it is whole."""

    def __init__(self, received: Received) -> None:
        self._received = received
        self._read = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop has its own class

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._read += data
        while (end := self._read.find(END_OF_HEAD)) >= 0:
            head, start = self._read[:end], end + len(END_OF_HEAD)
            stop = start + _length(head)
            if len(self._read) < stop:
                return
            body, self._read = self._read[start:stop], self._read[stop:]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        answer = b"ok"
        if head.startswith(b"POST "):
            if PAGE in body:
                self._received.append((system_clock().timestamp(), body))
        elif head.startswith(b"GET /pages "):
            answer = msgspec.json.encode([(at, _title(b)) for at, b in self._received])
        else:
            answer = b"%d" % len(self._received)
        if self._transport is not None:
            length = b"%d" % len(answer)
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Length: " + length + END_OF_HEAD + answer
            )


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(LENGTH)
    return int(lower[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def _title(body: bytes) -> str:
    page: dict[str, Any] = msgspec.json.decode(body)
    title: str = page["data"]["incident"]["title"]
    return title


async def main() -> None:
    """Serve until told to stop."""
    received: Received = []
    server = await asyncio.get_running_loop().create_server(
        lambda: Provider(received),
        "127.0.0.1",
        int(os.environ["BENCH_PORT"]),
        backlog=1024,
    )
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
