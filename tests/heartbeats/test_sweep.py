"""From silence to an alert, with the lane and the job as they run."""

import asyncio
from datetime import timedelta

import asyncpg
import structlog

from pagefree.core.heartbeats import AT_ONCE, State
from pagefree.heartbeats import jobs, service, sweep
from pagefree.heartbeats.lane import GAP
from pagefree.infra.clock import system_clock
from pagefree.infra.db import transaction
from pagefree.infra.queue import Context
from tests.heartbeats.conftest import Monitored

SOON = timedelta(seconds=0.5)
LOOK_S = 0.05
PATIENCE = timedelta(seconds=20)


def context(monitored: Monitored) -> Context:
    return Context(monitored.engine, system_clock, structlog.get_logger())


async def test_who_falls_silent_is_down_soon_after(monitored: Monitored) -> None:
    quick = await monitored.one_more("Quick", period=SOON, grace=SOON)
    await monitored.client.get(f"/ping/{quick.ping_id}")

    found = quick
    until = system_clock() + PATIENCE
    while found.state.state is not State.DOWN and system_clock() < until:
        await asyncio.sleep(LOOK_S)
        await jobs.look(context(monitored))
        async with transaction(monitored.engine) as tx:
            found = await service.get_heartbeat(tx, quick.id)

    assert found.state.state is State.DOWN
    assert found.state.last_ping_at is not None
    assert system_clock() - found.state.last_ping_at < 2 * SOON + PATIENCE
    assert found.incident_id is not None


async def test_pings_are_known_up_to_a_moment_ago(monitored: Monitored) -> None:
    await monitored.client.get(monitored.path())
    now = system_clock()

    async with transaction(monitored.engine) as tx:
        hearing = await sweep.hearing(tx, now)

    assert now - PATIENCE < hearing.until <= now
    assert hearing.since < now


async def test_where_nobody_listens_silence_says_nothing(monitored: Monitored) -> None:
    await monitored.client.get(monitored.path())

    async with transaction(monitored.engine) as tx:
        hearing = await sweep.hearing(tx, system_clock() + timedelta(minutes=1))

    assert hearing.until == AT_ONCE


async def test_a_break_is_counted_from_its_end(monitored: Monitored) -> None:
    await monitored.client.get(monitored.path())
    connection = await asyncpg.connect(monitored.url)
    before = system_clock()
    long_ago = before - timedelta(days=1)
    await connection.execute(
        "UPDATE listening SET since = $1, until = $2",
        long_ago,
        system_clock() - GAP * 2,
    )

    await monitored.client.get(monitored.path())

    since = await connection.fetchval("SELECT since FROM listening")
    await connection.close()
    assert since >= before
