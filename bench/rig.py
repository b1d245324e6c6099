"""What every scenario stands on: PostgreSQL, a migrated database, an integration, the web process."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from bench.processes import Child, free_port, serving
from pagefree.accounts import service as accounts
from pagefree.core.access import Actor
from pagefree.infra import migrate
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Connection, create_engine, transaction
from pagefree.infra.ids import new_id
from pagefree.infra.postgres import DATABASE, EmbeddedPostgres
from pagefree.services import service as services
from pagefree.services.service import NewService

TEMPLATE = "bench_template"


@dataclass(frozen=True, slots=True)
class Rig:
    """A running installation with one service, empty at the start of each scenario."""

    database_url: str
    web: Child
    routing_key: str  # of a pagerduty_v2 integration
    scale: float  # 1 is the full size

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Connection]:
        """A connection to look at what was stored."""
        connection = await asyncpg.connect(self.database_url)
        try:
            yield connection
        finally:
            await connection.close()

    async def count(self, query: str) -> int:
        """The number that `query` yields."""
        async with self.database() as connection:
            number: int = await connection.fetchval(query)
            return number

    def seconds(self, full: float) -> float:
        """How long to load: at least a second."""
        return max(1.0, full * self.scale)


@asynccontextmanager
async def postgres() -> AsyncIterator[str]:
    """The URL of a durable PostgreSQL with the settings of `pagefree up`."""
    with tempfile.TemporaryDirectory(prefix="pagefree-bench-") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        try:
            yield await asyncio.to_thread(server.start)
        finally:
            await asyncio.to_thread(server.stop)


async def prepare(server_url: str) -> str:
    """Make the database that scenarios copy; returns the routing key in it."""
    await _run(server_url, f"CREATE DATABASE {TEMPLATE}")
    url = _named(server_url, TEMPLATE)
    await migrate.upgrade(url)
    engine = create_engine(url)
    now = system_clock()
    actor = Actor(new_id(), "Bench", platform_admin=True)
    async with transaction(engine) as tx:
        team = await accounts.create_team(tx, "Bench", "", now)
        new = NewService("Bench", team.id)
        service = await services.create_service(tx, new, actor, now)
        _, key = await services.create_integration(
            tx, service.id, "pagerduty_v2", "Bench", actor, now
        )
    await engine.dispose()
    return key.routing_key


@asynccontextmanager
async def rig(server_url: str, routing_key: str, scale: float) -> AsyncIterator[Rig]:
    """A fresh copy of the database with a web process on it."""
    await _run(server_url, f"CREATE DATABASE bench TEMPLATE {TEMPLATE}")
    await _run(server_url, "CHECKPOINT")
    url = _named(server_url, "bench")
    try:
        environment = {"BENCH_DATABASE_URL": url}
        async with serving("bench.web", free_port(), environment) as web:
            yield Rig(url, web, routing_key, scale)
    finally:
        await _run(server_url, "DROP DATABASE bench WITH (FORCE)")


async def _run(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _named(url: str, database: str) -> str:
    return url.replace(f"/{DATABASE}?", f"/{database}?", 1)
