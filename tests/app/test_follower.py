from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.app import queries
from pagefree.app.follower import NAMED_LIMIT, Follower, stale_keys
from pagefree.app.queries import Mark
from pagefree.infra.db import create_engine, transaction
from pagefree.timeline import service as timeline
from pagefree.timeline.service import SYSTEM, Entry

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SCHEDULES = Entry("schedule.updated", SYSTEM)


async def look(engine: AsyncEngine, follower: Follower, now: datetime) -> object:
    async with transaction(engine) as tx:
        return await follower.look(tx, now)


async def test_nothing_new_is_nothing_stale(module_database: str) -> None:
    engine = create_engine(module_database)

    assert await look(engine, Follower(0), NOW) is None

    await engine.dispose()


async def test_an_event_that_is_committed_late_is_told_of_all_the_same(
    module_database: str,
) -> None:
    engine = create_engine(module_database)
    async with transaction(engine) as tx:
        follower = Follower(await queries.newest_event(tx))
    async with engine.connect() as slow:
        await timeline.record(slow, [SCHEDULES], NOW)  # takes the smaller id
        async with transaction(engine) as quick:
            await timeline.record(quick, [SCHEDULES], NOW)
        first = await look(engine, follower, NOW)
        await slow.commit()

    late = await look(engine, follower, NOW + timedelta(seconds=1))
    after = await look(engine, follower, NOW + timedelta(seconds=2))
    await engine.dispose()

    assert first is not None
    assert late is not None
    assert after is None


async def test_an_id_whose_transaction_failed_is_waited_for_only_a_while(
    module_database: str,
) -> None:
    engine = create_engine(module_database)
    async with transaction(engine) as tx:
        follower = Follower(await queries.newest_event(tx))
    async with engine.connect() as failed:
        await timeline.record(failed, [SCHEDULES], NOW)
        await failed.rollback()
    async with transaction(engine) as tx:
        await timeline.record(tx, [SCHEDULES], NOW)

    await look(engine, follower, NOW)
    assert len(follower._missing) == 1
    await look(engine, follower, NOW + timedelta(minutes=1))
    await engine.dispose()

    assert not follower._missing


async def test_a_client_can_see_that_it_missed_a_message(module_database: str) -> None:
    engine = create_engine(module_database)
    follower = Follower(0)
    told = []
    for _ in range(2):
        async with transaction(engine) as tx:
            await timeline.record(tx, [SCHEDULES], NOW)
            found = await follower.look(tx, NOW)
            assert found
            told.append(found)
    await engine.dispose()

    assert told[1].after == told[0].seq


def test_an_incident_is_named_and_its_lists_are_stale() -> None:
    incident_id = uuid4()

    keys = stale_keys([Mark(1, "incident.acknowledged", incident_id)])

    assert keys == (
        ("incidents",),
        ("alerts",),
        ("service-states",),
        ("incident", str(incident_id)),
    )


def test_in_a_storm_incidents_are_not_named_one_by_one() -> None:
    marks = [Mark(n, "incident.triggered", uuid4()) for n in range(NAMED_LIMIT + 1)]

    assert stale_keys(marks) == (
        ("incidents",),
        ("alerts",),
        ("service-states",),
        ("integrations",),
        ("incident",),
    )
