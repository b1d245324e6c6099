"""A backup that is made while everything goes on, and what comes of it elsewhere."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import asyncpg
import httpx2
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from pagefree.cli.main import app
from pagefree.infra.db import create_engine, transaction
from tests.conftest import _copy, _named
from tests.crash.installation import SECRET_KEY
from tests.crash.monitoring_tool import Event, MonitoringTool
from tests.crash.test_kill import STORED
from tests.nodes.cluster import started
from tests.programs import NO_LIMITS

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.crash]

BEFORE_S, LOAD_S = 2.0, 6.0
ELSEWHERE = "restored"


@pytest.fixture
async def elsewhere(postgres: str) -> AsyncIterator[str]:
    """An empty database."""
    connection = await asyncpg.connect(postgres)
    await connection.execute(f"CREATE DATABASE {ELSEWHERE}")
    yield _named(postgres, ELSEWHERE)
    await connection.execute(f"DROP DATABASE {ELSEWHERE} WITH (FORCE)")
    await connection.close()


async def pagefree(
    *arguments: str, key: str | None = SECRET_KEY, url: str, folder: Path
) -> tuple[int, str]:
    """Run a command in this process, which is quicker; how it ended, and what it said."""
    variables = {
        "PAGEFREE_DATABASE_URL": url,
        "PAGEFREE_SECRET_KEY": key,
        "PAGEFREE_DATA_DIR": str(folder / "empty"),
    }
    done = await asyncio.to_thread(
        CliRunner().invoke, app, list(arguments), env=variables
    )
    return done.exit_code, done.output


async def tables(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        count = await connection.fetchval(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        )
    finally:
        await connection.close()
    assert isinstance(count, int)
    return count


async def stored(url: str) -> Counter[Event]:
    """How often each event is there."""
    engine = create_engine(url, pool_size=1)
    async with transaction(engine) as tx:
        rows = (await tx.execute(text(STORED))).all()
    await engine.dispose()
    return Counter({Event(row.action, row.dedup_key): row.count for row in rows})


@pytest.mark.fault("T-41", "a backup at work is restored, with and without the key")
async def test_a_backup_at_work_is_restored_whole_with_its_key_and_not_without(
    postgres: str, template: str, tmp_path: Path, elsewhere: str
) -> None:
    file = tmp_path / "pager.backup"
    async with (
        _copy(postgres, template) as url,
        started(url, tmp_path, nodes=1, variables=NO_LIMITS) as cluster,
        httpx2.AsyncClient(base_url=cluster.webs[0].address) as client,
    ):
        tool = MonitoringTool(client, cluster.routing_key)
        load = asyncio.create_task(tool.send_for(LOAD_S, random.Random(3)))
        await asyncio.sleep(BEFORE_S)
        before = Counter(tool.taken)
        made = await pagefree("backup", str(file), url=url, folder=tmp_path)
        again = await pagefree("backup", str(file), url=url, folder=tmp_path)
        await load

    restore = partial(pagefree, "restore", str(file), url=elsewhere, folder=tmp_path)
    keyless = await restore(key=None)
    wrong = await restore(key="another key" * 5)
    left = await tables(elsewhere)
    right = await restore()
    twice = await restore()
    came = await stored(elsewhere)

    assert made[0] == 0, made[1]
    assert "secret key is not in it" in made[1]
    assert file.stat().st_mode & 0o077 == 0
    assert again[0] == 2
    assert "is there already" in again[1]
    assert keyless[0] == wrong[0] == 2
    assert "PAGEFREE_SECRET_KEY is not set" in keyless[1]
    assert "not the one that the backup was sealed with" in wrong[1]
    assert left == 0
    assert right[0] == 0, right[1]
    assert "everything holds" in right[1]
    assert twice[0] == 2
    assert "nothing is overwritten" in twice[1]
    assert before.total() > 0
    assert before - came == Counter()
    assert came - Counter(tool.taken) == Counter()
