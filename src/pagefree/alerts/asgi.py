"""Reading requests and sending answers without a framework: it would cost more than the rest."""

import asyncio
import zlib
from collections.abc import (
    Awaitable,
    Callable,
    Iterator,
    Mapping,
    MutableMapping,
    Sequence,
)
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from pagefree.integrations.base import Answer, printable

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

RETRY_AFTER_S = 5
HEADER_LENGTH = 300
ENCODINGS = frozenset({"gzip", "x-gzip", "deflate"})
AUTO_DETECT = 32  # zlib: gzip or zlib, whichever it is
MOST_QUERY = 200  # names
NO_QUERY: Mapping[str, str] = {}

_encode = msgspec.json.Encoder().encode


class HungUp(Exception):
    """The sender went away before the end of the body."""


class TooSlow(Exception):
    """The body did not end in time."""

    def __init__(self) -> None:
        super().__init__("the body did not arrive in time")


class Oversize(Exception):
    """The body is longer than the limit; `start` is what was read of it."""

    def __init__(self, start: bytes) -> None:
        super().__init__("oversize")
        self.start = start


class Refused(Exception):
    """Not a request of a sender we know."""

    def __init__(
        self, status: HTTPStatus, reason: str, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers


class Limited(Refused):
    """Far too many; the endpoint knows how its senders are told to come again."""

    def __init__(self) -> None:
        reason = "too many requests; try again in a moment"
        super().__init__(HTTPStatus.SERVICE_UNAVAILABLE, reason)


@dataclass(slots=True)
class Headers:
    """The headers that matter here; unknown bytes are read as Latin-1."""

    content_type: str = ""
    user_agent: str = ""
    encoding: str = ""  # of the content, e.g. gzip


def headers_of(scope: Scope) -> Headers:
    """The headers of a request."""
    found = Headers()
    for name, value in scope["headers"]:
        if name == b"content-type":
            found.content_type = _text(value)
        elif name == b"user-agent":
            found.user_agent = _text(value)
        elif name == b"content-encoding":
            found.encoding = _text(value).strip().lower()
    return found


class HeaderMap(Mapping[str, str]):
    """The headers of a request by their lower-case names, decoded when asked for."""

    __slots__ = ("_raw",)

    def __init__(self, scope: Scope) -> None:
        self._raw: list[tuple[bytes, bytes]] = scope["headers"]

    def __getitem__(self, name: str) -> str:
        """The first value of a header that may be repeated."""
        wanted = name.encode("latin-1", "replace")
        for raw, value in self._raw:
            if raw == wanted:
                return value.decode("latin-1")
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter({name.decode("latin-1"): None for name, _ in self._raw})

    def __len__(self) -> int:
        return len({name for name, _ in self._raw})


def query_of(scope: Scope) -> Mapping[str, str]:
    """The query by its names, percent-decoded; the first value of a repeated one."""
    raw: bytes = scope.get("query_string", b"")
    if not raw:
        return NO_QUERY
    try:
        text = raw.decode("latin-1")
        text = printable(text.replace("%00", "\0"))
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_QUERY)
    except ValueError:  # too many of them
        return NO_QUERY
    return dict(reversed(pairs))


def _text(value: bytes) -> str:
    return value[:HEADER_LENGTH].decode("latin-1").replace("\0", "\ufffd")


async def body_of(receive: Receive, limit: int, patience_s: float) -> bytes:
    """The whole body, within `patience_s` seconds even of a sender that sends nothing.

    Raises Oversize as soon as there is more than `limit`, HungUp and TooSlow.
    """
    # what asyncio.timeout() does, at a seventh of its cost: hardly any body is late
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("a body is read in a task")
    timer = task.get_loop().call_later(patience_s, task.cancel, TooSlow)
    try:
        body, more = await _part(receive)
        if more:
            return await _rest_of(receive, bytearray(body), limit)
    except asyncio.CancelledError as e:
        if e.args == (TooSlow,) and not task.uncancel():
            raise TooSlow from e
        raise
    finally:
        timer.cancel()
    if len(body) > limit:
        raise Oversize(body)
    return body


async def _rest_of(receive: Receive, body: bytearray, limit: int) -> bytes:
    more = True
    while more:
        if len(body) > limit:
            raise Oversize(bytes(body))
        part, more = await _part(receive)
        body += part
    if len(body) > limit:
        raise Oversize(bytes(body))
    return bytes(body)


async def _part(receive: Receive) -> tuple[bytes, bool]:
    """The next bytes of the body, and whether there are more."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise HungUp
    return message.get("body", b""), message.get("more_body", False)


def inflated(body: bytes, encoding: str, limit: int) -> bytes:
    """The content of a body that was sent compressed. Raises Oversize.

    What cannot be unpacked stays as it is: nobody will be able to read it, but it is kept.
    """
    if encoding not in ENCODINGS:
        return body
    unpack = zlib.decompressobj(zlib.MAX_WBITS | AUTO_DETECT)
    try:
        content = unpack.decompress(body, limit + 1)
    except zlib.error:
        return body
    if len(content) > limit:
        raise Oversize(content)
    return content if unpack.eof else body


async def send_answer(answer: Answer, send: Send, *, close: bool = False) -> None:
    """Send `answer`, with the headers that its status asks for.

    `close`: end the connection, or the rest of the body would be waited for.
    """
    body, content_type = _written(answer.body)
    headers = [(b"content-length", str(len(body)).encode())]
    if content_type:
        headers.append((b"content-type", content_type))
    if answer.status != HTTPStatus.ACCEPTED:
        headers += _more_headers(answer.status)
    headers += [(n.encode(), v.encode("latin-1")) for n, v in answer.headers]
    if close:
        headers.append((b"connection", b"close"))
    await send(
        {
            "type": "http.response.start",
            "status": int(answer.status),
            "headers": headers,
        }
    )
    await send({"type": "http.response.body", "body": body})


def _written(body: Mapping[str, object] | str | None) -> tuple[bytes, bytes]:
    if body is None:
        return b"", b""
    if isinstance(body, str):
        return body.encode(), b"text/plain; charset=utf-8"
    return _encode(body), b"application/json"


def _more_headers(status: int) -> list[tuple[bytes, bytes]]:
    if status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        return [(b"retry-after", str(RETRY_AFTER_S).encode())]
    if status == HTTPStatus.UNAUTHORIZED:
        return [(b"www-authenticate", b"Bearer")]
    return []
