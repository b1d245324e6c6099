"""The primary dies under load, and its replica takes its place."""

import asyncio
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from pagefree.infra import migrate
from pagefree.infra.clock import system_clock
from pagefree.infra.connecting import writable
from pagefree.infra.db import create_engine, transaction
from pagefree.infra.postgres import EmbeddedPostgres
from pagefree.invariants.service import list_violations
from tests.crash.monitoring_tool import Event, MonitoringTool
from tests.crash.test_kill import NOT_PAGED, STORED, die_for_two_minutes, drained
from tests.nodes import replicas
from tests.nodes.cluster import Cluster, started
from tests.programs import eventually

pytestmark = [
    pytest.mark.xdist_group("whole program"),
    pytest.mark.crash,
    pytest.mark.long,
]

SEED = 11
LOAD_S = 4.0
BEFORE_S = 1.5
PER_S = 20
PATIENCE_S = 60


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the sockets of both are: nobody else's, and with a short name."""
    folder = Path(tempfile.mkdtemp(prefix="two-"))
    folder.chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def primary(tmp_path: Path, sockets: Path) -> AsyncIterator[EmbeddedPostgres]:
    del sockets
    server = EmbeddedPostgres(tmp_path / "primary", fsync=False)
    yield server
    server.stop()


@pytest.fixture
async def primary_url(primary: EmbeddedPostgres) -> str:
    url = await asyncio.to_thread(primary.start)
    await migrate.upgrade(url)
    return url


@pytest.fixture
async def replica(
    primary: EmbeddedPostgres, primary_url: str, tmp_path: Path
) -> AsyncIterator[EmbeddedPostgres]:
    folder = tmp_path / "replica"
    server = await asyncio.to_thread(replicas.copy_of, primary_url, folder)
    replicas.owned_as(folder, primary.data_dir)
    yield server
    server.stop()


@pytest.mark.fault("T-13", "the primary stops under load, its replica is promoted")
async def test_paging_goes_on_with_the_replica_once_it_is_promoted(
    primary: EmbeddedPostgres,
    primary_url: str,
    replica: EmbeddedPostgres,
    tmp_path: Path,
) -> None:
    replica_url = await asyncio.to_thread(replica.start)
    url = writable(replicas.both(primary_url, replica_url))
    async with (
        started(url, tmp_path, nodes=1) as cluster,
        httpx2.AsyncClient(base_url=cluster.webs[0].address) as client,
    ):
        tool = MonitoringTool(client, cluster.routing_key)
        load = asyncio.create_task(tool.send_for(LOAD_S, random.Random(SEED)))
        await asyncio.sleep(BEFORE_S)
        await asyncio.to_thread(primary.stop)  # the replica gets all of it
        before = len(tool.taken)
        await replicas.promote(replica_url)
        await load
        stored = await stored_in_the_end(cluster, replica_url)

    assert len(tool.taken) > before > 0
    assert Counter(tool.taken) - stored == Counter()


@pytest.mark.fault("T-13", "the primary is lost with what its replica has not got")
async def test_what_no_replica_had_is_lost_with_the_primary_and_nothing_else(
    primary: EmbeddedPostgres,
    primary_url: str,
    replica: EmbeddedPostgres,
    tmp_path: Path,
) -> None:
    replica_url = await asyncio.to_thread(replica.start)
    url = writable(replicas.both(primary_url, replica_url))
    chance = random.Random(SEED)
    async with (
        started(url, tmp_path, nodes=1) as cluster,
        httpx2.AsyncClient(base_url=cluster.webs[0].address) as client,
    ):
        early, late, after = (
            MonitoringTool(client, cluster.routing_key, name, per_s=PER_S)
            for name in ("early", "late", "after")
        )
        await early.send_for(1, chance)
        await replicas.cut_off(primary_url, replica_url)
        await late.send_for(1, chance)  # answered 2xx, and known to the primary alone
        replicas.kill(primary)
        await replicas.promote(replica_url)
        await after.send_for(1, chance)
        stored = await stored_in_the_end(cluster, replica_url)

    kept, lost = Counter([*early.taken, *after.taken]), Counter(late.taken)
    assert kept - stored == Counter()
    assert stored & lost == Counter()


@pytest.mark.fault("T-13", "the primary waits for its replica, and is lost")
async def test_nothing_is_lost_with_a_primary_that_waits_for_its_replica(
    primary: EmbeddedPostgres,
    primary_url: str,
    replica: EmbeddedPostgres,
    tmp_path: Path,
) -> None:
    replica_url = await asyncio.to_thread(replica.start)
    await replicas.wait_for_replicas(primary_url)
    url = writable(replicas.both(primary_url, replica_url))
    chance = random.Random(SEED)
    async with (
        started(url, tmp_path, nodes=1) as cluster,
        httpx2.AsyncClient(base_url=cluster.webs[0].address) as client,
    ):
        early, late = (
            MonitoringTool(client, cluster.routing_key, name, per_s=PER_S)
            for name in ("early", "late")
        )
        await early.send_for(1, chance)
        await replicas.cut_off(primary_url, replica_url)
        load = asyncio.create_task(late.send_for(1, chance))
        await eventually(lambda: _is_refused(late), PATIENCE_S)
        taken_by_one = list(late.taken)
        replicas.kill(primary)
        await replicas.promote(replica_url)
        await load
        stored = await stored_in_the_end(cluster, replica_url)

    assert taken_by_one == []
    assert Counter([*early.taken, *late.taken]) - stored == Counter()


async def _is_refused(tool: MonitoringTool) -> bool:
    return tool.refused > 0


async def stored_in_the_end(cluster: Cluster, url: str) -> Counter[Event]:
    """The events that are there once everybody is paged; every promise is kept."""
    engine = create_engine(url, pool_size=1)
    await die_for_two_minutes(cluster.workers[0], engine)
    await drained(engine)
    async with transaction(engine) as tx:
        stored = {
            Event(row.action, row.dedup_key): row.count
            for row in await tx.execute(text(STORED))
        }
        not_paged = (await tx.execute(text(NOT_PAGED))).all()
        violations = await list_violations(tx, system_clock())
    await engine.dispose()
    assert not_paged == []
    assert violations == []
    return Counter(stored)
