"""A fake provider in a process of its own: `python -m tests.fakes.standing MODULE CLASS …`.

The other arguments: its port, the port where it takes orders, how many users it knows, and
what to make it with as JSON. An order is one line: a manner, or nothing; the answer is a
line of JSON that says what it has seen so far.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import uvloop

from tests.fake_servers import Manner
from tests.fakes.provider import Provider

READY = "the fake provider is there"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a provider says of itself."""

    asked: int
    accepted: int
    complaints: list[str]


@dataclass(frozen=True, slots=True)
class Remote:
    """One in another process."""

    orders: int  # the port where it takes them

    async def be(self, manner: Manner) -> Seen:
        """Behave like this from now on."""
        return await self._order(manner.value)

    async def seen(self) -> Seen:
        return await self._order("")

    async def _order(self, order: str) -> Seen:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.orders)
        try:
            writer.write(f"{order}\n".encode())
            return Seen(**json.loads(await reader.readline()))
        finally:
            writer.close()


async def main(made: Provider, port: int, orders: int, users: int) -> None:
    """Serve until killed."""

    async def take_order(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if order := (await reader.readline()).decode().strip():
            made.manner = Manner(order)
        seen = [len(made.posts), len(made.accepted), made.complaints[:3]]
        said = dict(zip(("asked", "accepted", "complaints"), seen, strict=True))
        writer.write(json.dumps(said).encode() + b"\n")
        await writer.drain()
        writer.close()

    async with made.started(port):
        for number in range(users):
            made.address(number)
        server = await asyncio.start_server(take_order, "127.0.0.1", orders)
        print(READY, flush=True)  # noqa: T201 - whoever has started it waits for that
        await server.serve_forever()


def made_of(module: str, name: str, values: str) -> Provider:
    kind: Any = getattr(import_module(module), name)
    provider: Provider = kind(**json.loads(values))
    return provider


if __name__ == "__main__":
    provider = made_of(sys.argv[1], sys.argv[2], sys.argv[6])
    port, orders, users = map(int, sys.argv[3:6])
    uvloop.run(main(provider, port, orders, users))
