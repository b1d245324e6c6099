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
from tests.crash.test_kill import NOT_PAGED, STORED, drained
from tests.nodes import replicas
from tests.nodes.cluster import started

pytestmark = [
    pytest.mark.xdist_group("whole program"),
    pytest.mark.crash,
    pytest.mark.long,
]

SEED = 11
LOAD_S = 4.0
BEFORE_S = 1.5


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
        engine = create_engine(replica_url, pool_size=1)
        await drained(engine)
        async with transaction(engine) as tx:
            stored = {
                Event(row.action, row.dedup_key): row.count
                for row in await tx.execute(text(STORED))
            }
            not_paged = (await tx.execute(text(NOT_PAGED))).all()
            violations = await list_violations(tx, system_clock())
        await engine.dispose()

    assert len(tool.taken) > before > 0
    assert Counter(tool.taken) - Counter(stored) == Counter()
    assert not_paged == []
    assert violations == []
