"""Requests byte by byte, as no client would send them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

WAIT_S = 30
SILENT_S = 0.1  # an end of the connection comes with the answer


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    closed: bool  # the server ended the connection after it


async def exchange(
    port: int, *parts: bytes, pause_s: float = 0, expected: int = 1
) -> list[Reply]:
    """Send `parts` with pauses between them; all answers, of which `expected` are waited for."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        sending = asyncio.create_task(_send(writer, parts, pause_s))
        replies = await _replies(reader, expected)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        return replies
    finally:
        writer.close()


async def one(port: int, *parts: bytes, pause_s: float = 0) -> Reply:
    """The only answer."""
    replies = await exchange(port, *parts, pause_s=pause_s)
    assert len(replies) == 1, replies
    return replies[0]


async def closes_within(port: int, sent: bytes, within_s: float) -> bytes:
    """What the server says before it ends a connection by itself, in time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        return await asyncio.wait_for(reader.read(), within_s)
    finally:
        writer.close()


async def _send(
    writer: asyncio.StreamWriter, parts: tuple[bytes, ...], pause_s: float
) -> None:
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)
    except ConnectionError:
        return  # it does not want to hear more


async def _replies(reader: asyncio.StreamReader, expected: int) -> list[Reply]:
    found: list[Reply] = []
    while True:
        patience_s = SILENT_S if len(found) >= expected else WAIT_S
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), patience_s)
        except TimeoutError:
            assert found, "no answer"
            return found
        except (asyncio.IncompleteReadError, ConnectionError):
            closed = found[-1:]
            return found[:-1] + [
                Reply(r.status, r.headers, r.body, True) for r in closed
            ]
        found.append(await _reply(head, reader))


async def _reply(head: bytes, reader: asyncio.StreamReader) -> Reply:
    line, *lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for header in filter(None, lines):
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    if headers.get("transfer-encoding") == "chunked":
        body = await reader.readuntil(b"0\r\n\r\n")
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Reply(int(line.split()[1]), headers, body, False)
