"""What every test may ask for: a real PostgreSQL, a migrated database, a transaction."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import asyncpg
import pytest
import structlog
from hypothesis import settings
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pagefree.infra import migrate
from pagefree.infra.db import create_engine
from pagefree.infra.postgres import DATABASE, EmbeddedPostgres
from pagefree.tables import metadata
from scripts import test_tools
from tests.redis_server import Redis

TEMPLATE = "template_pagefree"  # migrated once per process, copied from then on
NUMBERS = count(1)
# in one round trip, and fifty times faster than TRUNCATE on tables of a few rows
EMPTY_ALL = ";".join(
    (
        # no trigger: entries of the audit do not let themselves be deleted
        "SET LOCAL session_replication_role = replica",
        *(f"DELETE FROM {table.name}" for table in metadata.sorted_tables),
        "SET LOCAL session_replication_role = origin",
    )
)
# as in a new database: nobody is connected, nothing is there, and numbers begin at one
END_OTHERS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
ENDED_WITHIN_S = 60  # they take a millisecond
LOOK_S = 0.002  # PostgreSQL itself would look every tenth of a second
# groups that wait most of their minutes: others have the processors meanwhile, if there
# still are others
BEGIN_FIRST = ("whole program", "standing")
FIRST_NUMBERS = """
SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false)
FROM pg_sequences
"""

# A busy machine is slow without being wrong.
settings.register_profile("pagefree", deadline=None, print_blob=True)
# twenty times as many cases: `HYPOTHESIS_PROFILE=long make test ARGS=tests/core`
settings.register_profile("long", settings.get_profile("pagefree"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "pagefree"))


@dataclass(slots=True)
class Emptied:
    """A database that serves one test after the other."""

    url: str
    # it is kept: a new one would first have to read about all the tables
    connection: asyncpg.Connection

    async def empty(self) -> None:
        """Make it as good as new."""
        if self.connection.is_closed():
            self.connection = await asyncpg.connect(self.url)
        async with asyncio.timeout(ENDED_WITHIN_S):
            while await self.connection.fetchval(END_OTHERS):  # noqa: ASYNC110 -- no event
                await asyncio.sleep(LOOK_S)
        await self.connection.execute(EMPTY_ALL)
        await self.connection.execute(FIRST_NUMBERS)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What the tests of a file share is made in one process only; the longest begin."""
    groups = {}
    for item in items:
        marked = item.get_closest_marker("xdist_group")
        if marked is None and _shares_with_its_file(item):
            marked = pytest.mark.xdist_group(item.nodeid.split("::")[0]).mark
            item.add_marker(pytest.mark.xdist_group(*marked.args))
        groups[item] = marked.args[0] if marked else ""
    order = (*BEGIN_FIRST, *sorted({*groups.values()} - {*BEGIN_FIRST, ""}), "")
    items.sort(key=lambda item: order.index(groups[item]))


def pytest_configure(config: pytest.Config) -> None:
    """Let the processes begin in that order, not with the groups of most tests."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def _shares_with_its_file(item: pytest.Item) -> bool:
    """Whether it asks for what is made once for all tests of its file."""
    asked = getattr(item, "_fixtureinfo", None)
    return asked is not None and any(
        made[-1].scope == "module" for made in asked.name2fixturedefs.values()
    )


@pytest.fixture(autouse=True)
def _log_everything() -> Iterator[None]:
    """A command that a test runs sets up the log of the whole process; the next sees all."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test process, which forgets on a crash."""
    folder = Path(tempfile.mkdtemp(prefix="pagefree-tests-"))
    server = EmbeddedPostgres(folder / "postgres", fsync=False)
    try:
        yield server.start()
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def template(postgres: str) -> str:
    """The name of a migrated, empty database that nobody connects to."""
    await _run(postgres, f"CREATE DATABASE {TEMPLATE}")
    await migrate.upgrade(_named(postgres, TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
async def database_url(postgres: str, template: str) -> AsyncIterator[str]:
    """A migrated database that the tests of this process share: leave nothing in it."""
    async with _copy(postgres, template) as url:
        yield url


@pytest.fixture(scope="session")
async def emptied() -> AsyncIterator[list[Emptied]]:
    """Those of tests that are over: a copy of the template takes much longer."""
    databases: list[Emptied] = []
    yield databases
    for database in databases:
        await database.connection.close()


@pytest.fixture
async def fresh_database(
    postgres: str, template: str, emptied: list[Emptied]
) -> AsyncIterator[str]:
    """A database that is as good as a test's own, for those that really commit."""
    if emptied:
        database = emptied.pop()
    else:
        url = _named(postgres, await _create(postgres, template))
        database = Emptied(url, await asyncpg.connect(url))
    yield database.url
    await database.empty()
    emptied.append(database)


@pytest.fixture
async def own_database(postgres: str, template: str) -> AsyncIterator[str]:
    """A database that one test may do with what it likes."""
    async with _copy(postgres, template) as url:
        yield url


@pytest.fixture(scope="session")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """Connections to the shared database."""
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def tx(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that is rolled back after the test."""
    async with engine.connect() as connection:
        transaction = await connection.begin()
        yield connection
        await transaction.rollback()


@pytest.fixture(scope="session")
def chromium() -> Path:
    """A real browser; without one the test fails and says how to get it."""
    found = test_tools.chromium()
    if found is None:
        pytest.fail("no Chromium: run `make test`, or `sudo apt-get install chromium`")
    return found


@pytest.fixture(scope="session")
def alertmanager() -> Path:
    """A real Prometheus Alertmanager; without one the test fails and says how to get it."""
    found = test_tools.alertmanager()
    if found is None:
        pytest.fail(
            "no Alertmanager: run `make test`, or put one of 0.29 or newer on PATH"
        )
    return found


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """A real Redis or Valkey; without one the test fails and says how to get it."""
    server = test_tools.redis_server()
    if server is None:
        pytest.fail("no Redis: run `make test`, or `sudo apt-get install redis-server`")
    running = Redis(server, tmp_path)
    running.start()
    yield running
    running.stop()


@asynccontextmanager
async def _copy(postgres: str, template: str) -> AsyncIterator[str]:
    name = await _create(postgres, template)
    yield _named(postgres, name)
    await _run(postgres, f"DROP DATABASE {name} WITH (FORCE)")


async def _create(postgres: str, template: str) -> str:
    name = f"test_{next(NUMBERS)}"
    await _run(postgres, f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


async def _run(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _named(url: str, database: str) -> str:
    return url.replace(f"/{DATABASE}?", f"/{database}?", 1)


@pytest.fixture
async def fresh_engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """Connections to a database of the test's own, for real commits."""
    engine = create_engine(fresh_database)
    yield engine
    await engine.dispose()
