"""Pings as Healthchecks takes them, by a handful of HTTP.

https://healthchecks.io/docs/http_api/: GET, HEAD or POST of the address; `/fail`, `/start`,
`/log` or an exit status after it.
"""

import asyncio
import hmac
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

HEAD_LIMIT = 8192
WHY_LIMIT = 500  # bytes of a body that are read
READ_S = 10
METHODS = frozenset({"GET", "HEAD", "POST"})
MOST_AT_ONCE = 64  # connections; whoever opens more has no ping to give
LARGEST_STATUS = 255

Heard = Callable[[str, str | None], None]  # a name, and why it fails; none: it is well


class Front:
    """Answers pings and `/healthz`, one request a connection."""

    def __init__(self, secrets: Mapping[str, str], heard: Heard) -> None:
        self._secrets = [(secret.encode(), name) for secret, name in secrets.items()]
        self._heard = heard
        self._open = 0

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One connection, from its request to its end."""
        if self._open >= MOST_AT_ONCE:
            writer.close()
            return
        self._open += 1
        try:
            async with asyncio.timeout(READ_S):
                status, text = await self._answer(reader)
                writer.write(_written(status, text))
                await writer.drain()
        except (OSError, ValueError, EOFError, asyncio.LimitOverrunError):
            pass  # whoever does not speak HTTP gets no answer
        finally:
            self._open -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[str, str]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        path = urlsplit(target).path
        if method not in METHODS:
            return "405 Method Not Allowed", "only GET, HEAD and POST"
        if path == "/healthz":
            return "200 OK", "OK"
        _, _, rest = path.partition("/ping/")
        secret, _, signal = rest.partition("/")
        name = self._known(secret.encode("latin-1"))
        if name is None:
            return "404 Not Found", "not found"
        return self._take(name, signal, await _body(reader, head))

    def _known(self, given: bytes) -> str | None:
        found = [n for secret, n in self._secrets if hmac.compare_digest(secret, given)]
        return found[0] if found else None

    def _take(self, name: str, signal: str, body: str) -> tuple[str, str]:
        failed = signal == "fail" or signal.strip("0") != ""
        if signal.isascii() and signal.isdigit():
            if int(signal) > LARGEST_STATUS:
                return "400 Bad Request", "an exit status is at most 255"
            body = body or f"exit status {signal}"
        elif signal in {"start", "log"}:
            return "200 OK", "OK"
        elif signal not in {"", "fail"}:
            return "404 Not Found", "not found"
        self._heard(name, (body or "no reason given") if failed else None)
        return "200 OK", "OK"


async def _body(reader: asyncio.StreamReader, head: list[str]) -> str:
    fields = (line.partition(":") for line in head[1:])
    sizes = [v.strip() for n, _, v in fields if n.lower() == "content-length"]
    if not sizes or not sizes[0].isdigit():
        return ""
    given = await reader.readexactly(min(int(sizes[0]), WHY_LIMIT))
    text = given.decode(errors="replace")
    return "".join(c for c in text if c.isprintable() or c == " ")


def _written(status: str, text: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        "Content-Type: text/plain",
        f"Content-Length: {len(text)}",
        "Connection: close",
    ]
    return ("\r\n".join(lines) + f"\r\n\r\n{text}").encode()
