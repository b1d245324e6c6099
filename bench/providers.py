"""Fake providers of all channels, each in a process of its own."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bench.processes import free_port, running
from pagefree.channels.web_push import keys
from tests.fakes.every import EVERY
from tests.fakes.provider import Provider
from tests.fakes.push import PushService
from tests.fakes.smtp import MailServer
from tests.fakes.standing import READY, Remote

MAIL = "email"
Places = Mapping[str, "Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """A provider in another process; `here` is its like, to ask it for addresses."""

    here: Provider
    remote: Remote


@asynccontextmanager
async def all_providers(users: int) -> AsyncIterator[Places]:
    """One of each channel, by its name, which knows so many users."""
    kinds = [name for name in EVERY if "/" not in name]  # one of each channel
    ports: set[int] = set()
    while len(ports) < 2 * len(kinds):
        ports.add(free_port())
    async with AsyncExitStack() as stack:
        places = [
            stack.enter_async_context(_place(kind, ports.pop(), ports.pop(), users))
            for kind in kinds
        ]
        # at once: each takes half a second to start
        yield dict(zip(kinds, await asyncio.gather(*places), strict=True))


@asynccontextmanager
async def _place(kind: str, port: int, orders: int, users: int) -> AsyncIterator[Place]:
    here = EVERY[kind]()
    values: dict[str, object] = {}
    if isinstance(here, MailServer):
        values = {"keeps": False}
    if isinstance(here, PushService):
        here.private_key = keys.new_private_key()
        values = {"private_key": here.private_key}
    here.port = port
    command = (
        *(sys.executable, "-m", "tests.fakes.standing"),
        *(type(here).__module__, type(here).__qualname__),
        *map(str, (here.port, orders, users)),
        json.dumps(values),
    )
    async with running(command, {}, here.port, READY):
        yield Place(here, Remote(orders))


def settings_for(places: Places) -> dict[str, str]:
    """Variables by which a program finds them."""
    accounts = {kind: place.here.account for kind, place in places.items()}
    return {
        "PAGEFREE_SMTP_HOST": "127.0.0.1",
        "PAGEFREE_SMTP_PORT": str(places[MAIL].here.port),
        "PAGEFREE_SMTP_TLS": "none",
        "PAGEFREE_MAIL_FROM": "PageFree <pagefree@example.org>",
        **{
            f"PAGEFREE_CHANNEL_{kind.upper()}": json.dumps(account)
            for kind, account in accounts.items()
            if account
        },
    }
