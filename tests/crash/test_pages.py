"""PostgreSQL is stopped while many read a page: each is answered from the snapshot."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import NewUser
from pagefree.core.access import Actor
from pagefree.infra import migrate
from pagefree.infra.clock import system_clock
from pagefree.infra.db import create_engine, transaction
from pagefree.infra.postgres import EmbeddedPostgres
from pagefree.status_pages import components, composing, service
from tests.crash.installation import SECRET_KEY
from tests.programs import BIN, Program, eventually, free_port

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.crash]

READERS = 8
BEFORE_S, WITHOUT_S = 1.0, 4.0  # the second: longer than any look at the database
PATHS = ("/s/shop/", "/s/shop/api/v2/summary.json", "/s/shop/badge.svg")
SHOWN_WITHIN_S = 60


@pytest.fixture
async def postgres_of_its_own(tmp_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server that a test may stop."""
    server = EmbeddedPostgres(tmp_path / "postgres", fsync=False)
    yield server
    server.stop()


async def a_page(url: str, address: str) -> None:
    """A page that has been rendered once."""
    now = system_clock()
    engine = create_engine(url, pool_size=1)
    async with transaction(engine) as tx:
        new = NewUser("ana@example.org", "Ana", None, platform_admin=True)
        actor = Actor((await accounts.create_user(tx, new, now)).id, "Ana", True)
        values: dict[str, object] = {"name": "Shop", "slug": "shop"}
        page = await service.create_page(tx, None, values, actor, now)
        line: dict[str, object] = {"name": "Checkout"}
        await components.create_component(tx, page.id, line, actor, now)
        await composing.refresh_due(tx, address, now)
    await engine.dispose()


@dataclass(slots=True)
class Readers:
    """Several who read one after the other, without a pause."""

    client: httpx2.AsyncClient
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    bodies: dict[str, set[bytes]] = field(default_factory=dict)
    slowest_s: float = 0
    over: bool = False

    async def read(self) -> None:
        while not self.over:
            for path in PATHS:
                begun = time.monotonic()
                answer = await self.client.get(path)
                self.slowest_s = max(self.slowest_s, time.monotonic() - begun)
                self.answers[path, answer.status_code] += 1
                self.bodies.setdefault(path, set()).add(answer.content)


@pytest.mark.fault("T-52", "status pages without a database")
async def test_pages_are_answered_while_their_database_is_stopped(
    postgres_of_its_own: EmbeddedPostgres, tmp_path: Path
) -> None:
    url = await asyncio.to_thread(postgres_of_its_own.start)
    await migrate.upgrade(url)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    await a_page(url, address)
    variables = {
        "PAGEFREE_DATABASE_URL": url,
        "PAGEFREE_SECRET_KEY": SECRET_KEY,
        "PAGEFREE_PORT": str(port),
        "PAGEFREE_DATA_DIR": str(tmp_path / "data"),
    }
    web = Program((BIN / "pagefree", "web"), tmp_path, "web", variables)
    web.start()
    try:
        async with httpx2.AsyncClient(base_url=address, timeout=30) as client:

            async def shown() -> bool:
                assert web.runs, web.printed
                try:
                    return (await client.get(PATHS[0])).is_success
                except httpx2.TransportError:
                    return False

            async def is_ready() -> bool:
                return (await client.get("/readyz")).is_success

            await eventually(shown, SHOWN_WITHIN_S)
            await eventually(is_ready, SHOWN_WITHIN_S)
            readers = Readers(client)
            tasks = [asyncio.create_task(readers.read()) for _ in range(READERS)]
            await asyncio.sleep(BEFORE_S)
            before = readers.answers.total()
            await asyncio.to_thread(postgres_of_its_own.stop)
            stopped = readers.answers.total()
            await asyncio.sleep(WITHOUT_S)
            without = readers.answers.total() - stopped
            ready = await is_ready()
            readers.over = True
            await asyncio.gather(*tasks)

            web.kill()
            web.start()  # and once more: what is on disk is served before anything else
            await eventually(shown, SHOWN_WITHIN_S)
            restarted = {path: (await client.get(path)).content for path in PATHS}
    finally:
        web.kill()

    assert not ready
    assert before > 0
    assert without > before
    assert {status for _, status in readers.answers} == {200}
    assert readers.bodies == {path: {restarted[path]} for path in PATHS}
