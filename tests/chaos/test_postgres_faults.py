"""PostgreSQL goes away, is slow, full, locked or read-only: PageFree says so and comes back."""

import asyncio
import os
import signal
from contextlib import suppress

import asyncpg
import pytest

from tests.chaos.proxy import Weather
from tests.chaos.standing import Standing
from tests.crash.monitoring_tool import MonitoringTool
from tests.programs import eventually

pytestmark = [pytest.mark.xdist_group("standing"), pytest.mark.crash]

HELD_S = 4
A_MINUTE_S = 60
GIVE_UP_S = 180  # those who wait for a minute
SOME, WITHIN_S = 20, 30  # events
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


@pytest.mark.fault("T-13", "a server that is told to wait for no disk is killed")
async def test_what_a_hasty_server_has_taken_is_not_lost_with_it(
    installation: Standing,
) -> None:
    await _haste(installation, "off")
    try:
        installation.network.reset_all()  # who connects from now on is told so
        async with installation.load() as tool:
            await eventually(lambda: _has_taken(tool, SOME), WITHIN_S)
            await installation.stop_postgres(signal.SIGKILL)
            await installation.start_postgres()
    finally:
        await _haste(installation, "on")


async def _has_taken(tool: MonitoringTool, events: int) -> bool:
    return len(tool.taken) >= events


async def _haste(installation: Standing, how: str) -> None:
    """What is written is on its way to the disk for a while, or not."""
    delay = "'10s'" if how == "off" else "DEFAULT"
    connection = await asyncpg.connect(installation.url)
    await connection.execute(f"ALTER ROLE CURRENT_USER SET synchronous_commit = {how}")
    await connection.execute(f"ALTER SYSTEM SET wal_writer_delay = {delay}")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


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


@pytest.mark.long
@pytest.mark.fault("T-14", "every answer of the database is 2 s late, for a minute")
async def test_a_database_that_is_slow_for_a_minute_loses_nothing(
    installation: Standing,
) -> None:
    async with installation.load(per_s=5, give_up_s=GIVE_UP_S):
        installation.network.change(Weather(latency_s=1.0))
        await asyncio.sleep(A_MINUTE_S)
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
        await _hold(installation, table, HELD_S)


async def _hold(installation: Standing, table: str, seconds: float) -> None:
    holder = await asyncpg.connect(installation.url)
    async with holder.transaction():
        await holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        await asyncio.sleep(seconds)
    await holder.close()


@pytest.mark.long
@pytest.mark.fault("T-14", "somebody holds a lock on a hot table for a minute")
@pytest.mark.parametrize("table", ["alerts", "notifications", "escalations"])
async def test_a_lock_on_a_hot_table_is_waited_for_for_a_minute(
    installation: Standing, table: str
) -> None:
    async with installation.load(give_up_s=GIVE_UP_S):
        await _hold(installation, table, A_MINUTE_S)


@pytest.mark.long
@pytest.mark.fault("T-14", "all connections are taken, for seconds and for a minute")
@pytest.mark.parametrize("held_s", [HELD_S, A_MINUTE_S])
async def test_a_database_without_a_free_connection_is_waited_for(
    installation: Standing, held_s: int
) -> None:
    async with installation.load(give_up_s=GIVE_UP_S):
        greedy: list[asyncpg.Connection] = []
        installation.network.reset_all()
        with suppress(asyncpg.TooManyConnectionsError):
            while len(greedy) < CONNECTIONS:
                greedy += [await asyncpg.connect(installation.url)]
        await asyncio.sleep(held_s)
        for connection in greedy:
            connection.terminate()
