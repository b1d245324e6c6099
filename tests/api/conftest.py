"""The real app over HTTP in process, on a real database whose commits are real.

Every test may commit: what it leaves is deleted after it. People are made straight in
the database with a session each, so that a test pays for no password it does not test.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.datastructures import State

from pagefree.accounts import credentials, service
from pagefree.accounts.credential_queries import PasswordHolder
from pagefree.accounts.credentials import AskedApiKey, Browser
from pagefree.accounts.passwords import Passwords
from pagefree.accounts.queries import NewUser, Team
from pagefree.accounts.throttle import Throttle
from pagefree.alerts.ingest import Ingest
from pagefree.app.limits import ApiLimits
from pagefree.app.web import Deps, create_app
from pagefree.core.access import Actor, Role, Scope
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Channel, create_engine, driver, transaction
from pagefree.infra.listen import Listener
from pagefree.infra.postgres import DATABASE
from pagefree.partners.limits import Limits as PartnerLimits
from pagefree.status_pages.subscriber_limits import Limits as SubscriberLimits
from tests.conftest import EMPTY_ALL

BASE_URL = "http://127.0.0.1:8000"
DATABASE_OF_API_TESTS = "api"
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SESSION = timedelta(days=30)
PASSWORD = "correct horse battery"
CHEAP = Passwords(memory_kib=8, passes=1)


class TestClock:
    """Stands still until told."""

    __test__ = False

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


@dataclass(slots=True)
class Person:
    """Somebody, and a browser in which they are signed in."""

    id: UUID
    name: str
    email: str
    client: httpx2.AsyncClient
    token: str


@dataclass(slots=True)
class Api:
    """The app under test, and quick ways to put people and teams into it."""

    app: FastAPI
    engine: AsyncEngine
    clock: TestClock
    clients: AsyncExitStack

    async def browser(
        self,
        token: str | None = None,
        *,
        address: str = "127.0.0.1",
        headers: dict[str, str] | None = None,
    ) -> httpx2.AsyncClient:
        """A browser on one of our pages; signed in if given a session's token."""
        transport = httpx2.ASGITransport(self.app, client=(address, 50_000))
        client = httpx2.AsyncClient(
            transport=transport,
            base_url=BASE_URL,
            headers={"Origin": BASE_URL} if headers is None else headers,
            cookies={"pagefree": token} if token else None,
        )
        return await self.clients.enter_async_context(client)

    async def user(
        self,
        name: str = "Ana",
        *,
        platform_admin: bool = False,
        password: str | None = None,
        teams: dict[UUID, Role] | None = None,
    ) -> Person:
        """A person who is signed in; the address is made from the name."""
        email = f"{name.lower().replace(' ', '.')}@example.org"
        hashed = await CHEAP.hash(password) if password else None
        new = NewUser(email, name, hashed, platform_admin)
        async with transaction(self.engine) as tx:
            user = await service.create_user(tx, new, self.clock())
            for team_id, role in (teams or {}).items():
                await service.set_membership(tx, team_id, user.id, role)
        token = await self.session(user.id)
        return Person(user.id, name, email, await self.browser(token), token)

    async def session(self, user_id: UUID) -> str:
        """The token of one more session of this person."""
        async with transaction(self.engine) as tx:
            held = await credentials.password_hash(tx, user_id)
            return await credentials.start_session(
                tx,
                PasswordHolder(user_id, held),
                Browser("a test", "127.0.0.1"),
                SESSION,
                self.clock(),
            )

    async def key(self, person: Person, *scopes: Scope) -> httpx2.AsyncClient:
        """A program that uses a new API key of this person."""
        return await self.program(await self.key_token(person, *scopes))

    async def program(self, key: str) -> httpx2.AsyncClient:
        """A program that uses this API key."""
        return await self.browser(headers={"Authorization": f"Bearer {key}"})

    async def key_token(self, person: Person, *scopes: Scope) -> str:
        """A new API key of this person."""
        async with transaction(self.engine) as tx:
            _, token = await credentials.create_api_key(
                tx,
                Actor(person.id, person.name),
                AskedApiKey("test", frozenset(scopes), None),
                self.clock(),
            )
        return token

    async def team(self, name: str = "Web") -> Team:
        """A team with nobody in it."""
        async with transaction(self.engine) as tx:
            return await service.create_team(tx, name, "", self.clock())


@pytest.fixture(scope="session")
async def api_database(postgres: str, template: str) -> str:
    """A migrated database that only the tests of the API commit to."""
    connection = await asyncpg.connect(postgres)
    await connection.execute(
        f"CREATE DATABASE {DATABASE_OF_API_TESTS} TEMPLATE {template}"
    )
    await connection.close()
    return postgres.replace(f"/{DATABASE}?", f"/{DATABASE_OF_API_TESTS}?", 1)


@pytest.fixture(scope="session")
async def api_engine(api_database: str) -> AsyncIterator[AsyncEngine]:
    """Connections to it."""
    engine = create_engine(api_database)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
def shared_app(api_engine: AsyncEngine) -> FastAPI:
    """The app, made once: its hundred routes take a second."""
    return create_app(
        Deps(
            engine=api_engine,
            clock=TestClock(),
            vault=Vault("a key for tests, long enough to be one"),
            passwords=CHEAP,
            base_url=BASE_URL,
        )
    )


@pytest.fixture
async def api(shared_app: FastAPI, api_engine: AsyncEngine) -> AsyncIterator[Api]:
    """The app on an empty database, with a clock that stands still."""
    async with opened(shared_app, api_engine) as api:
        yield api


@asynccontextmanager
async def opened(app: FastAPI, engine: AsyncEngine) -> AsyncIterator[Api]:
    """Its `state` is a copy, so that a test may change what the app was given.

    What counts attempts is new: the clocks of all tests stand at the same minute.
    """
    given, clock = app.state, TestClock()
    counts = {
        "throttle": Throttle(),
        "limits": ApiLimits(),
        "partner_limits": PartnerLimits(),
        "subscriber_limits": SubscriberLimits(),
    }
    app.state = State({**given._state, "clock": clock, **counts})
    async with AsyncExitStack() as clients:
        yield Api(app, engine, clock, clients)
    app.state = given
    async with transaction(engine) as tx:
        await (await driver(tx)).execute(EMPTY_ALL)


@pytest.fixture
async def ingest(api: Api, api_database: str) -> AsyncIterator[Ingest]:
    """What takes in alerts, running; the app sends test alerts through it."""
    listener = Listener(api_database, [Channel.CONFIG])
    async with (
        listener.running(),
        Ingest(api_database, api.clock, vault=api.app.state.vault).running(
            listener
        ) as running,
    ):
        api.app.state.ingest = running
        yield running


@pytest.fixture
async def client(api: Api) -> httpx2.AsyncClient:
    """A browser on one of our pages in which nobody is signed in."""
    return await api.browser()


@pytest.fixture
async def admin(api: Api) -> Person:
    """A platform admin."""
    return await api.user("Pia", platform_admin=True)
