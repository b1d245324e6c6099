"""A real web server on this machine that a fake of a vendor answers through."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes

    def json(self) -> dict[str, object]:
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back; `lost`: the fake has acted, and hangs up without a word."""

    status: int = 200
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False


Handle = Callable[[Asked], Answer]
NOT_FOUND = Answer(404, {"detail": "Not found."})


@asynccontextmanager
async def serving(handle: Handle) -> AsyncIterator[str]:
    """The address at which `handle` answers."""

    async def exchange(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while True:
                answer = handle(await _request(reader))
                if answer.lost:
                    break
                writer.write(_response(answer))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(exchange, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def _request(reader: asyncio.StreamReader) -> Asked:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, target, _ = lines[0].split(" ")
    headers = {
        name.lower(): value
        for name, _, value in (one.partition(": ") for one in lines[1:] if one)
    }
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query))
    return Asked(method, unquote(parts.path), query, headers, body)


def _response(answer: Answer) -> bytes:
    raw = answer.body if isinstance(answer.body, bytes) else b""
    if answer.body is not None and not isinstance(answer.body, bytes):
        raw = json.dumps(answer.body).encode()
    lines = [f"HTTP/1.1 {answer.status} Whatever", f"Content-Length: {len(raw)}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + raw
