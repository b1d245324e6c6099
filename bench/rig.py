"""What every scenario stands on: PostgreSQL, a small installation, its programs and a sink."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from bench import world
from bench.pages import Sink
from bench.processes import ROOT, Child, cpu_s, free_port, running, serving
from bench.world import World
from pagefree.infra import migrate
from pagefree.infra.db import Connection, create_engine, transaction
from pagefree.infra.postgres import DATABASE, EmbeddedPostgres

TEMPLATE = "bench_template"
PAGEFREE = str(ROOT / ".venv" / "bin" / "pagefree")
UNREACHED = "100000000/minute"
LOOPBACK = "127.0.0.0/8"
WEB_READY = "PageFree is at"
WORKER_READY = "worker.started"
KILLED_S = 20.0
SETTLE_S = 1.0  # caches are filled, listeners listen


@dataclass(frozen=True, slots=True)
class Template:
    """A database that scenarios copy, on a running PostgreSQL."""

    server_url: str
    server: EmbeddedPostgres
    sink_port: int
    world: World

    @property
    def server_pid(self) -> int:
        """The first of its processes."""
        said = (self.server.data_dir / "postmaster.pid").read_text()
        return int(said.split()[0])


@dataclass(frozen=True, slots=True)
class Rig:
    """An installation of a scenario's own; nothing of it runs yet but its database."""

    database_url: str
    template: Template
    scale: float  # 1 is the full size
    data_dir: str  # of its programs

    @property
    def world(self) -> World:
        """Who and what is in it."""
        return self.template.world

    @asynccontextmanager
    async def web(self, port: int | None = None) -> AsyncIterator[Child]:
        """`pagefree web`: takes alerts, pages nobody; at a free port, unless it is given."""
        async with self._program("web", port or free_port(), WEB_READY) as child:
            yield child

    @asynccontextmanager
    async def worker(
        self, more: Mapping[str, str] | None = None
    ) -> AsyncIterator[Child]:
        """`pagefree worker`: pages, takes nothing; `more`: settings of its own."""
        at = ("worker", free_port(), WORKER_READY)
        async with self._program(*at, more) as child:
            yield child

    @asynccontextmanager
    async def up(self, port: int | None = None) -> AsyncIterator[Child]:
        """`pagefree up`: both in one process."""
        async with self._program("up", port or free_port(), WEB_READY) as child:
            yield child

    @asynccontextmanager
    async def sink(self) -> AsyncIterator[Sink]:
        """The provider that takes the pages of whoever is on call."""
        async with serving("bench.sink", self.template.sink_port) as child:
            yield Sink(child.port)

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

    def size(self, full: int) -> int:
        """How many: at least one."""
        return max(1, round(full * self.scale))

    def postgres_cpu_s(self) -> float:
        """CPU seconds that the database has used so far."""
        return cpu_s(self.template.server_pid)

    async def kill_postgres(self) -> None:
        """SIGKILL to each of its processes: nothing is written any more."""
        first = psutil.Process(self.template.server_pid)
        processes = [first, *first.children()]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        await asyncio.to_thread(psutil.wait_procs, processes, KILLED_S)

    async def start_postgres(self) -> None:
        """Again, at the same place; it recovers first."""
        await asyncio.to_thread(self.template.server.stop)
        await asyncio.to_thread(self.template.server.start)

    @asynccontextmanager
    async def _program(
        self, name: str, port: int, ready: str, more: Mapping[str, str] | None = None
    ) -> AsyncIterator[Child]:
        variables = {
            "PAGEFREE_DATABASE_URL": self.database_url,
            "PAGEFREE_SECRET_KEY": world.SECRET_KEY,
            "PAGEFREE_PORT": str(port),
            "PAGEFREE_DATA_DIR": self.data_dir,
            "PAGEFREE_OUTBOUND_ALLOW": LOOPBACK,
            "PAGEFREE_LOG_LEVEL": "info",
            # what is counted is counted, but nothing is folded
            "PAGEFREE_LIMIT_INGEST_KEY": UNREACHED,
            "PAGEFREE_LIMIT_INGEST_ADDRESS": UNREACHED,
            "PAGEFREE_LIMIT_API_USER": UNREACHED,
            # an incident a minute would be counted with the others
            "PAGEFREE_CANARY": "false",
            "PAGEFREE_LAST_RESORT": "false",
            **(more or {}),
        }
        async with running((PAGEFREE, name), variables, port, ready) as child:
            await asyncio.sleep(SETTLE_S)
            yield child


@asynccontextmanager
async def template() -> AsyncIterator[Template]:
    """A durable PostgreSQL with the settings of `pagefree up`, and what scenarios copy."""
    with tempfile.TemporaryDirectory(prefix="pagefree-bench-") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        try:
            server_url = await asyncio.to_thread(server.start)
            sink_port = free_port()
            made = await _prepare(server_url, f"http://127.0.0.1:{sink_port}/pages")
            yield Template(server_url, server, sink_port, made)
        finally:
            await asyncio.to_thread(server.stop)


async def _prepare(server_url: str, sink_url: str) -> World:
    await _run(server_url, f"CREATE DATABASE {TEMPLATE}")
    url = _named(server_url, TEMPLATE)
    await migrate.upgrade(url)
    engine = create_engine(url)
    try:
        async with transaction(engine) as tx:
            return await world.build(tx, sink_url)
    finally:
        await engine.dispose()


@asynccontextmanager
async def rig(made: Template, scale: float) -> AsyncIterator[Rig]:
    """A fresh copy of the database."""
    await _run(made.server_url, f"CREATE DATABASE bench TEMPLATE {TEMPLATE}")
    await _run(made.server_url, "CHECKPOINT")
    try:
        with tempfile.TemporaryDirectory(prefix="pagefree-bench-data-") as data_dir:
            yield Rig(_named(made.server_url, "bench"), made, scale, data_dir)
    finally:
        await _run(made.server_url, "DROP DATABASE bench WITH (FORCE)")


async def _run(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _named(url: str, database: str) -> str:
    return url.replace(f"/{DATABASE}?", f"/{database}?", 1)
