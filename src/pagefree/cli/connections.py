"""Connections of the web server: a request that does not come, or grows for ever, ends them."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)

from pagefree.app.middleware import BARE_HEADERS

MOST_HEAD = 64 * 1024  # bytes of the request line and all headers
MOST_HEADERS = 200
VERSIONS = ("1.0", "1.1")
REFUSALS = {
    400: (b"400 Bad Request", "The request cannot be read."),
    408: (b"408 Request Timeout", "The request did not come in time."),
    431: (b"431 Request Header Fields Too Large", "The headers are too long."),
}


class Unreadable(Exception):
    """The head of a request is longer than anybody needs, or of another HTTP."""


class Connection(HttpToolsProtocol):
    """As uvicorn's, with an end to waiting for a head and to reading one.

    llhttp, which reads it, refuses what can be understood in two ways: two lengths, a length
    beside chunks, spaces before a colon, lines that go on in the next.
    """

    def __init__(self, *given: Any, patience_s: float, **named: Any) -> None:  # noqa: ANN401 -- what uvicorn gives its own
        super().__init__(*given, **named)
        self._patience_s = patience_s
        self._late: asyncio.TimerHandle | None = None
        self._received = 0  # bytes since the head that is being read began, or more
        self._in_head = False

    def connection_made(  # type: ignore[override]  # as uvicorn has it
        self, transport: asyncio.Transport
    ) -> None:
        """Wait for the first request, but not for ever."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, as long as the head is not too long. Most heads come in one piece."""
        self._received += len(data)
        super().data_received(data)
        if self._in_head:
            if self._received > MOST_HEAD:
                self._refuse(431)
            elif self._late is None:
                self._wait()
        else:
            self._received = 0
            # what comes after the chunks of a body is read as headers, too
            if len(self.headers or ()) > MOST_HEADERS:
                self.transport.abort()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._wait_no_more()
        self._in_head = False
        if self._is_too_long() or self.parser.get_http_version() not in VERSIONS:
            raise Unreadable
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read."""
        del msg
        self._refuse(431 if self._is_too_long() else 400)

    def _is_too_long(self) -> bool:
        headers = self.headers or ()
        if len(headers) > MOST_HEADERS:
            return True
        # what came may be of the body: only where it is much is it counted
        return (
            self._received > MOST_HEAD
            and len(self.url or b"")
            + sum(len(name) + len(value) for name, value in headers)
            > MOST_HEAD
        )

    def _wait(self) -> None:
        self._late = self.loop.call_later(self._patience_s, self._too_late)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _too_late(self) -> None:
        self._late = None
        cycle: RequestResponseCycle | None = self.cycle  # none: nothing was asked yet
        if cycle is not None and not cycle.response_complete:
            self.transport.abort()  # an answer to another request may be on its way
        elif self._in_head:
            self._refuse(408)
        else:
            self.transport.close()

    def _refuse(self, status: int) -> None:
        self._wait_no_more()
        if self.transport.is_closing():
            return
        line, why = REFUSALS[status]
        text = why.encode()
        headers = [
            b"HTTP/1.1 " + line,
            b"content-type: text/plain; charset=utf-8",
            b"content-length: " + str(len(text)).encode(),
            b"connection: close",
            *(name + b": " + value for name, value in BARE_HEADERS),
        ]
        self.transport.write(b"\r\n".join([*headers, b"", text]))
        self.transport.close()
