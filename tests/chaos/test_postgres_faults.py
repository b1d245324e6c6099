"""PostgreSQL goes away, is slow, full, locked or read-only: PageFree says so and comes back."""

import asyncio
import os
import signal
from contextlib import suppress

import asyncpg
import pytest

from tests.chaos.proxy import Weather
from tests.chaos.standing import Standing

pytestmark = [pytest.mark.xdist_group("standing"), pytest.mark.crash]

HELD_S = 4
SLOW_S = 3
CONNECTIONS = 100  # that the server allows
ENDS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT, "kill -9": signal.SIGKILL}


@pytest.mark.fault("T-12", "PostgreSQL is restarted, or killed, under load")
@pytest.mark.parametrize(
    "how", ["fast", "kill -9", pytest.param("immediate", marks=pytest.mark.long)]
)
async def test_postgres_is_restarted_under_load(
    installation: Standing, how: str
) -> None:
    async with installation.load() as tool:
        await installation.stop_postgres(ENDS[how])
        before = len(tool.taken)
        await asyncio.sleep(1)
        assert len(tool.taken) <= before + 1  # nothing is taken that cannot be kept
        await installation.start_postgres()


@pytest.mark.fault("T-12", "one process of PostgreSQL is killed: all start anew")
async def test_one_backend_of_postgres_is_killed_under_load(
    installation: Standing,
) -> None:
    async with installation.load():
        os.kill(await installation.backend_of_worker(), signal.SIGKILL)


@pytest.mark.fault("T-13", "the primary only reads for a while")
async def test_a_primary_that_only_reads_is_waited_for(installation: Standing) -> None:
    async with installation.load() as tool:
        await _read_only(installation, "on")
        await asyncio.sleep(0.5)
        before = len(tool.taken)
        await asyncio.sleep(1.5)
        assert len(tool.taken) <= before + 1
        await _read_only(installation, "off")


async def _read_only(installation: Standing, how: str) -> None:
    connection = await asyncpg.connect(
        installation.url, server_settings={"default_transaction_read_only": "off"}
    )
    await connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {how}")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


@pytest.mark.fault("T-14", "every answer of the database is late")
@pytest.mark.parametrize(
    "latency_s",
    [0.1, pytest.param(1.0, marks=pytest.mark.long)],
    ids=["200 ms", "2 s"],  # there and back
)
async def test_a_database_that_is_slow_loses_nothing(
    installation: Standing, latency_s: float
) -> None:
    async with installation.load(per_s=5):
        installation.network.change(Weather(latency_s=latency_s))
        await asyncio.sleep(SLOW_S)
        installation.network.change(Weather())


@pytest.mark.fault("T-14", "the connections to the database are reset, or lead nowhere")
async def test_the_network_to_the_database_breaks(installation: Standing) -> None:
    async with installation.load():
        installation.network.reset_all()
        await asyncio.sleep(1)
        installation.network.change(Weather(refuses=True))
        installation.network.reset_all()
        await asyncio.sleep(1)
        installation.network.change(Weather())


@pytest.mark.fault("T-14", "somebody holds a lock on a hot table")
@pytest.mark.parametrize(
    "table",
    [
        "alerts",
        pytest.param("notifications", marks=pytest.mark.long),
        pytest.param("escalations", marks=pytest.mark.long),
    ],
)
async def test_a_lock_on_a_hot_table_is_waited_for(
    installation: Standing, table: str
) -> None:
    async with installation.load():
        holder = await asyncpg.connect(installation.url)
        async with holder.transaction():
            await holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            await asyncio.sleep(HELD_S)
        await holder.close()


@pytest.mark.long
@pytest.mark.fault("T-14", "all connections are taken")
async def test_a_database_without_a_free_connection_is_waited_for(
    installation: Standing,
) -> None:
    async with installation.load():
        greedy: list[asyncpg.Connection] = []
        installation.network.reset_all()
        with suppress(asyncpg.TooManyConnectionsError):
            while len(greedy) < CONNECTIONS:
                greedy += [await asyncpg.connect(installation.url)]
        await asyncio.sleep(HELD_S)
        for connection in greedy:
            connection.terminate()
