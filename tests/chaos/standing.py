"""An installation whose parts, database and network a test may break, and which it shares.

It is made once: that it works again after each fault is what the next test begins with.
"""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx2
import psutil
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.infra import migrate
from pagefree.infra.clock import system_clock
from pagefree.infra.db import create_engine, transaction
from pagefree.infra.postgres import EmbeddedPostgres
from pagefree.invariants.service import list_violations
from tests.chaos.proxy import Proxy, Target, proxy_to
from tests.crash.installation import Installation, started
from tests.crash.monitoring_tool import GIVE_UP_S, Event, MonitoringTool
from tests.programs import BIN, Program, eventually

PORT_OF_POSTGRES = 5432
PER_S = 12  # events: enough to be in the middle of something, whatever happens when
RECOVERED_WITHIN_S = 10
DRAIN_S = 90  # a message that was being sent is sent again after its lease of 30 s
LEFT = """
SELECT channel || ' ' || status AS what, count(*) FROM notifications
WHERE due_at <= :now OR status = 'sending' GROUP BY 1
UNION ALL SELECT 'escalation', count(*) FROM escalations
WHERE due_at <= :now HAVING count(*) > 0
"""
STORED = """
SELECT convert_from(body, 'UTF8')::jsonb ->> 'event_action' AS action,
    convert_from(body, 'UTF8')::jsonb ->> 'dedup_key' AS dedup_key, count(*)
FROM inbound_requests WHERE outcome = 'processed' GROUP BY 1, 2
"""
# many for one person leave in one message a minute: those wait for their time
NOT_PAGED = """
SELECT i.id FROM incidents AS i WHERE i.status = 'triggered' AND NOT EXISTS (
    SELECT FROM notifications AS n
    WHERE n.incident_id = i.id AND n.channel = 'email'
        AND (n.status = 'accepted' OR n.due_at > :now))
"""


@dataclass(slots=True)
class Standing:
    """All of it."""

    installation: Installation
    postgres: EmbeddedPostgres
    network: Proxy  # between PageFree and its database
    engine: AsyncEngine  # past it
    url: str  # the database, past the network
    far_url: str  # and through it
    folder: Path
    tests: int = 0
    more: list[Program] = field(default_factory=list)

    async def stop_postgres(self, how: signal.Signals) -> None:
        """SIGINT: fast, SIGQUIT: immediate, SIGKILL: without a word."""
        process = self.postmaster
        children = process.children()
        process.send_signal(how)
        await asyncio.to_thread(psutil.wait_procs, [process, *children], 20)

    async def start_postgres(self) -> None:
        """As whoever looks after the machine does, or the machine itself."""
        await asyncio.to_thread(self.postgres.stop)
        await asyncio.to_thread(self.postgres.start)

    @property
    def postmaster(self) -> psutil.Process:
        pid = (self.postgres.data_dir / "postmaster.pid").read_text().split("\n")[0]
        return psutil.Process(int(pid))

    async def backend_of_worker(self) -> int:
        """The process of PostgreSQL that serves one of our connections."""
        [[pid]] = await self.sql(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'pagefree'"
            " AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
        )
        assert isinstance(pid, int)
        return pid

    async def sql(self, statement: str) -> list[tuple[object, ...]]:
        """What an admin of the database sees and does."""
        connection = await asyncpg.connect(self.url)
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    @asynccontextmanager
    async def load(
        self, *, per_s: int = PER_S, give_up_s: float = GIVE_UP_S
    ) -> AsyncIterator[MonitoringTool]:
        """Events come for as long as the block runs and until it works again; none is lost."""
        self.tests += 1
        name = f"load{self.tests}"
        over = asyncio.Event()
        async with httpx2.AsyncClient(base_url=self.installation.address) as client:
            tool = MonitoringTool(
                client,
                self.installation.routing_key,
                name,
                per_s=per_s,
                give_up_s=give_up_s,
            )
            sending = asyncio.create_task(_send_until(tool, over))
            try:
                await asyncio.sleep(1)
                yield tool
                await self.recovered(name)
            finally:
                over.set()
                await sending
        await self.nothing_is_lost(tool)

    async def recovered(self, name: str) -> None:
        """It takes events again, in time."""
        async with httpx2.AsyncClient(base_url=self.installation.address) as client:
            tool = MonitoringTool(client, self.installation.routing_key)
            event = Event("trigger", f"{name}-after")

            async def taken() -> bool:
                return await tool._is_taken(event)

            await eventually(taken, RECOVERED_WITHIN_S)

    async def nothing_is_lost(self, tool: MonitoringTool) -> None:
        """Every 2xx is in the database, everybody is paged, every promise is kept."""
        await self.drained()
        async with transaction(self.engine) as tx:
            stored = {
                Event(row.action, row.dedup_key): row.count
                for row in await tx.execute(text(STORED))
            }
            assert Counter(tool.taken) - Counter(stored) == Counter()
            now = system_clock()
            assert (await tx.execute(text(NOT_PAGED), {"now": now})).all() == []
            assert await list_violations(tx, now) == []

    async def drained(self) -> None:
        """Wait until everybody is paged."""
        left: list[tuple[object, ...]] = []

        async def look() -> bool:
            async with transaction(self.engine) as tx:
                rows = await tx.execute(text(LEFT), {"now": system_clock()})
            left[:] = [tuple(row) for row in rows]
            if left:
                await asyncio.sleep(0.2)
            return not left

        try:
            await eventually(look, DRAIN_S)
        except AssertionError as e:
            raise AssertionError(f"not done: {left}") from e

    def another(
        self, name: str, *, behind: tuple[str, ...] = (), **variables: str
    ) -> Program:
        """One more process of this installation, as yet not started."""
        like = self.installation.web if name == "web" else self.installation.worker
        command: tuple[str | Path, ...] = (*behind, BIN / "pagefree", name)
        own = {**like.variables, **variables}
        self.more.append(Program(command, self.folder, f"{name}{self.tests}", own))
        return self.more[-1]

    async def end_others(self) -> None:
        """Only the first two are left."""
        for program in self.more:
            if program.runs:
                program.kill()
        self.more.clear()


async def _send_until(tool: MonitoringTool, over: asyncio.Event) -> None:
    chance = random.Random(tool.name)
    number = 0
    name = tool.name
    while not over.is_set():
        number += 1
        tool.name = f"{name}-{number}"
        await tool.send_for(1, chance)


def pause(program: Program) -> None:
    """Have it do nothing for a while, without it knowing."""
    assert program.process is not None
    os.kill(program.process.pid, signal.SIGSTOP)


def go_on(program: Program) -> None:
    """As if nothing had been."""
    assert program.process is not None
    os.kill(program.process.pid, signal.SIGCONT)


@asynccontextmanager
async def standing(folder: Path) -> AsyncIterator[Standing]:
    """One with a PostgreSQL of its own."""
    async with AsyncExitStack() as stack:
        server = EmbeddedPostgres(folder / "postgres", fsync=False)
        url = await asyncio.to_thread(server.start)
        stack.push_async_callback(asyncio.to_thread, server.stop)
        await migrate.upgrade(url)
        engine = create_engine(url, pool_size=3)
        stack.push_async_callback(engine.dispose)
        parts = urlsplit(url)
        [host] = parse_qs(parts.query)["host"]
        at = Target(path=Path(host) / f".s.PGSQL.{PORT_OF_POSTGRES}")
        network = await stack.enter_async_context(proxy_to(at))
        far = f"postgresql://{parts.username}@127.0.0.1:{network.port}{parts.path}"
        made = await stack.enter_async_context(started(far, engine, folder))
        yield Standing(made, server, network, engine, url, far, folder)
