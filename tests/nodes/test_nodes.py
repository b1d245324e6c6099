"""Two web processes and two workers on one PostgreSQL, and nothing else between them."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Self

import httpx2
import pytest
import socketio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.infra.clock import system_clock
from pagefree.infra.db import create_engine, transaction
from pagefree.invariants.service import list_violations
from tests.app.conftest import sign_in
from tests.conftest import _copy
from tests.crash.monitoring_tool import Event, MonitoringTool
from tests.crash.test_kill import NOT_PAGED, STORED, WRONG_STATE, drained, open_after
from tests.nodes.cluster import Cluster, started
from tests.nodes.proxy import balancing
from tests.programs import NO_LIMITS

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.crash]

SOON_S = 1.0
TRIES = 10  # one of them will meet a machine that does nothing else at that moment
PATIENCE_S = 30  # what takes a moment, on a machine that does other things
SEED = 7
HEARD = "SELECT dedup_key FROM alerts WHERE dedup_key LIKE 'heard-%'"
TWICE = "SELECT notification_id FROM attempts GROUP BY 1 HAVING count(*) > 1"


@pytest.fixture(scope="module")
async def cluster(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Cluster]:
    async with (
        _copy(postgres, template) as url,
        started(url, tmp_path_factory.mktemp("nodes"), variables=NO_LIMITS) as cluster,
    ):
        yield cluster


@pytest.fixture(scope="module")
async def engine(cluster: Cluster) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(cluster.database_url, pool_size=2)
    yield engine
    await engine.dispose()


class Browser:
    """Somebody who is signed in, changes things on one node and listens on another."""

    def __init__(self, token: str, api: str, live: str) -> None:
        self.cookies = {"pagefree": token}
        self.api = httpx2.AsyncClient(
            base_url=api,
            cookies=self.cookies,
            headers={"Origin": api},
            timeout=PATIENCE_S,
        )
        self.live = live
        self.socket = socketio.AsyncClient(reconnection=False)
        self.heard: asyncio.Queue[object] = asyncio.Queue()
        self.ended = asyncio.Event()
        self.socket.on("stale", self.heard.put)
        self.socket.on("disconnect", self._end)

    async def _end(self, *_: object) -> None:
        self.ended.set()

    async def __aenter__(self) -> Self:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        await self.socket.connect(
            self.live,
            {"Cookie": cookie},
            transports=["websocket"],
            wait_timeout=PATIENCE_S,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.disconnect()
        await self.api.aclose()


async def browser(engine: AsyncEngine, cluster: Cluster) -> Browser:
    """An admin who changes things on the first node and listens on the second."""
    _, token = await sign_in(engine, "Bo", system_clock(), platform_admin=True)
    first, second = (web.address for web in cluster.webs)
    return Browser(token, first, second)


async def test_a_change_on_one_node_is_heard_on_the_other_within_a_second(
    cluster: Cluster, engine: AsyncEngine
) -> None:
    async with await browser(engine, cluster) as bo:
        took: list[float] = []
        while not took or (min(took) > SOON_S and len(took) < TRIES):
            while not bo.heard.empty():
                bo.heard.get_nowait()
            body = {
                "routing_key": cluster.routing_key,
                "event_action": "trigger",
                "dedup_key": f"heard-{len(took)}",
                "payload": {"summary": "x", "source": "x", "severity": "critical"},
            }
            answer = await bo.api.post("/v2/enqueue", json=body)
            begun = time.monotonic()
            assert answer.is_success
            await asyncio.wait_for(bo.heard.get(), PATIENCE_S)
            took.append(time.monotonic() - begun)

    assert min(took) <= SOON_S


async def test_a_session_that_ends_on_one_node_is_disconnected_from_the_other(
    cluster: Cluster, engine: AsyncEngine
) -> None:
    took: list[float] = []
    while not took or (min(took) > SOON_S and len(took) < TRIES):
        async with await browser(engine, cluster) as bo:
            answer = await bo.api.delete("/v1/session")
            begun = time.monotonic()
            await asyncio.wait_for(bo.ended.wait(), PATIENCE_S)
            took.append(time.monotonic() - begun)
        assert answer.is_success

    assert min(took) <= SOON_S


@pytest.mark.fault("T-05", "every process is restarted in turn under load")
@pytest.mark.fault("T-05", "two nodes are restarted, one after the other")
async def test_a_rolling_restart_under_load_loses_nothing_and_shows_no_error(
    cluster: Cluster, engine: AsyncEngine
) -> None:
    chance = random.Random(SEED)
    async with (
        balancing([web.address for web in cluster.webs]) as proxy,
        httpx2.AsyncClient(base_url=proxy.address) as client,
        await browser(engine, cluster) as bo,
    ):
        tool = MonitoringTool(client, cluster.routing_key)
        rolling = asyncio.create_task(cluster.restart_all())
        while not rolling.done():
            await tool.send_for(1, chance)
        codes = await rolling
        told_to_come_back = bo.ended.is_set()
    await drained(engine)

    assert codes == [0, 0, 0, 0]
    assert set(proxy.answers) == {202}
    assert len(proxy.served) == len(cluster.webs)
    assert tool.refused == 0
    assert told_to_come_back
    async with transaction(engine) as tx:
        heard = await tx.scalars(text(HEARD))
        stored = {
            Event(row.action, row.dedup_key): row.count
            for row in await tx.execute(text(STORED))
        }
        still_open = [*open_after(tool.taken), *heard]
        wrong = await tx.execute(text(WRONG_STATE), {"open": still_open})
        assert Counter(tool.taken) - Counter(stored) == Counter()
        assert wrong.all() == []
        assert (await tx.execute(text(NOT_PAGED))).all() == []
        assert (await tx.execute(text(TWICE))).all() == []
        assert await list_violations(tx, system_clock()) == []
    copies = Counter(mail.message_id for mail in cluster.mails.mails)
    assert set(copies.values()) == {1}
