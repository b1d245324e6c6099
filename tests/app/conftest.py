"""The whole program over real HTTP and real sockets, on a database of each test's own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import httpx2
import pytest
import socketio
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import credentials, service
from pagefree.accounts.credential_queries import PasswordHolder
from pagefree.accounts.credentials import Browser
from pagefree.accounts.passwords import Passwords
from pagefree.accounts.queries import NewUser
from pagefree.app.site import Installation, Site
from pagefree.app.web import Deps, create_app
from pagefree.cli.serving import listening_socket, serve
from pagefree.infra import log
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import create_engine, transaction
from pagefree.infra.settings import Settings
from tests.conftest import _copy
from tests.programs import START_S, free_port

SECRET_KEY = "a secret key that is only for tests"
BASE_URL = "http://127.0.0.1:8000"
NUMBERS = count(1)
SESSION = timedelta(days=1)


class Clock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def sign_in(
    engine: AsyncEngine, name: str, now: datetime, *, platform_admin: bool = False
) -> tuple[UUID, str]:
    """A new person and the token of their session."""
    email = f"{name.lower()}-{next(NUMBERS)}@example.org"
    async with transaction(engine) as tx:
        new = NewUser(email, name, None, platform_admin)
        user = await service.create_user(tx, new, now)
        token = await credentials.start_session(
            tx,
            PasswordHolder(user.id, None),
            Browser("a test", "127.0.0.1"),
            SESSION,
            now,
        )
    return user.id, token


@dataclass(slots=True)
class Api:
    """The API in process."""

    app: FastAPI
    engine: AsyncEngine
    clock: Clock
    clients: AsyncExitStack

    async def client(self, token: str | None = None) -> httpx2.AsyncClient:
        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.app, raise_app_exceptions=False),
            base_url=BASE_URL,
            headers={"Origin": BASE_URL},
            cookies={"pagefree": token} if token else None,
        )
        return await self.clients.enter_async_context(client)

    async def admin(self, name: str = "Ana") -> httpx2.AsyncClient:
        now = self.clock()
        _, token = await sign_in(self.engine, name, now, platform_admin=True)
        return await self.client(token)


@pytest.fixture(scope="session", autouse=True)
def _logs() -> None:
    log.configure("warning", "text")


@pytest.fixture(scope="module")
async def module_database(postgres: str, template: str) -> AsyncIterator[str]:
    """One database for all tests of a file: they use people and things of their own."""
    async with _copy(postgres, template) as url:
        yield url


@pytest.fixture
async def api(module_database: str) -> AsyncIterator[Api]:
    engine, clock = create_engine(module_database), Clock()
    deps = Deps(
        engine=engine,
        clock=clock,
        vault=Vault(SECRET_KEY),
        base_url=BASE_URL,
        passwords=Passwords(memory_kib=8, passes=1),
    )
    async with AsyncExitStack() as clients:
        yield Api(create_app(deps), engine, clock, clients)
    await engine.dispose()


@dataclass(slots=True)
class Served:
    """The whole site on a port of this machine."""

    address: str
    engine: AsyncEngine
    clients: list[socketio.AsyncClient] = field(default_factory=list)

    async def person(self, name: str = "Ana") -> tuple[UUID, str]:
        return await sign_in(self.engine, name, system_clock())

    def socket(self) -> tuple[socketio.AsyncClient, "asyncio.Queue[object]"]:
        """A browser's side of live updates, and what it is told."""
        client = socketio.AsyncClient(reconnection=False)
        heard: asyncio.Queue[object] = asyncio.Queue()
        client.on("stale", heard.put)
        self.clients.append(client)
        return client, heard


@pytest.fixture(scope="module")
async def site(module_database: str) -> AsyncIterator[Served]:
    async with serving(module_database) as served:
        yield served


@pytest.fixture
async def served(site: Served) -> AsyncIterator[Served]:
    yield site
    for client in site.clients:
        await client.disconnect()
    site.clients.clear()


class serving:  # noqa: N801 -- reads as a context manager
    """The site on a database, for as long as the block runs."""

    def __init__(self, database_url: str, **given: object) -> None:
        self.database_url = database_url
        self.given = given  # settings
        self.stop = asyncio.Event()

    async def __aenter__(self) -> Served:
        port = free_port()
        settings = Settings.model_validate({"port": port, **self.given})
        site = Site(Installation(settings, self.database_url, (SECRET_KEY,)))
        self.sock = listening_socket("127.0.0.1", port)
        ready = asyncio.Event()

        async def started() -> None:
            ready.set()

        self.task = asyncio.create_task(serve(site, self.sock, self.stop, started))
        await asyncio.wait_for(ready.wait(), START_S)
        self.site = Served(settings.base_url, create_engine(self.database_url))
        return self.site

    async def __aexit__(self, *_: object) -> None:
        self.stop.set()
        await self.task
        await self.site.engine.dispose()
