"""Stories of jobs that ping, and of the people who are told when they do not."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from pagefree.core.heartbeats import PingKind, Reason, State
from pagefree.heartbeats import service
from pagefree.heartbeats.pings import Heard
from tests.simulation.heartbeats import PLATFORM_ADMIN, Job, job
from tests.simulation.world import MINUTE, START, World

HOUR = 60 * MINUTE
DAY = 24 * HOUR
SECOND = timedelta(seconds=1)


@pytest.fixture
async def paging(world: World) -> World:
    """Ana is paged at once."""
    await world.set_own_policy(("ana", HOUR))
    return world


async def state_of(monitored: Job) -> State:
    return (await monitored.stored()).state.state


async def test_nothing_is_expected_before_the_first_ping(paging: World) -> None:
    backup = await job(paging, period=10 * MINUTE)

    await backup.advance(7 * DAY)

    assert await state_of(backup) is State.NEW
    assert await paging.paged() == []


async def test_it_is_late_then_down_at_the_right_second(paging: World) -> None:
    backup = await job(paging, period=10 * MINUTE)
    await backup.ping()

    await backup.advance(10 * MINUTE - SECOND)
    assert await state_of(backup) is State.UP
    await backup.advance(SECOND)
    assert await state_of(backup) is State.LATE
    await backup.advance(5 * MINUTE - SECOND)
    assert await state_of(backup) is State.LATE
    assert await paging.paged() == []
    await backup.advance(SECOND)

    assert await state_of(backup) is State.DOWN
    assert await paging.paged() == [("ana", 15)]
    assert await backup.alerts() == [("open", "Backup has not reported in time")]


async def test_the_next_ping_resolves_it(paging: World) -> None:
    backup = await job(paging, period=10 * MINUTE)
    await backup.ping()
    await backup.advance(20 * MINUTE)

    await backup.ping()
    await backup.advance(9 * MINUTE)

    assert await state_of(backup) is State.UP
    assert await backup.alerts() == [("resolved", "Backup has not reported in time")]
    assert (await backup.stored()).incident_id is None


async def test_pings_in_time_page_nobody(paging: World) -> None:
    backup = await job(paging, period=10 * MINUTE)

    for _ in range(10):
        await backup.ping()
        await backup.advance(14 * MINUTE)

    assert await paging.paged() == []


async def test_an_exit_status_of_one_is_down_at_once(paging: World) -> None:
    backup = await job(paging, period=DAY)
    await backup.ping()
    await backup.advance(MINUTE)

    await backup.ping(PingKind.FAIL, status=1, body=b"disk full")

    assert await paging.paged() == [("ana", 1)]
    assert await backup.alerts() == [("open", "Backup reports that it failed")]
    stored = await backup.stored()
    assert stored.state.reason is Reason.FAILED
    assert stored.incident_id is not None


async def test_a_failure_that_is_over_at_once_is_told_all_the_same(
    paging: World,
) -> None:
    backup = await job(paging, period=DAY)
    paging.working, backup.backlog = False, START - DAY  # the worker is busy

    await backup.ping(PingKind.FAIL)
    paging.working, backup.backlog = True, None
    await backup.ping()

    assert await backup.alerts() == [("resolved", "Backup reports that it failed")]


async def test_a_start_without_an_end_is_down_after_the_grace_time(
    paging: World,
) -> None:
    backup = await job(paging, period=DAY)
    await backup.ping()
    await backup.advance(HOUR)

    await backup.ping(PingKind.START)
    await backup.advance(5 * MINUTE - SECOND)
    assert await state_of(backup) is State.UP
    await backup.advance(SECOND)

    assert await paging.paged() == [("ana", 65)]
    assert await backup.alerts() == [
        ("open", "Backup has begun, but not ended in time")
    ]


async def test_a_run_that_ends_says_how_long_it_took(paging: World) -> None:
    backup = await job(paging, period=DAY)
    run = uuid4()

    await backup.ping(PingKind.START, run_id=run)
    await backup.advance(3 * MINUTE)
    await backup.ping(run_id=run)

    assert (await backup.stored()).state.last_duration == 3 * MINUTE
    pings = await service.list_pings(paging.tx, backup.id)
    assert [(p.kind, p.duration) for p in pings] == [
        ("success", 3 * MINUTE),
        ("start", None),
    ]


async def test_a_ping_that_still_waits_to_be_stored_keeps_it_from_going_down(
    paging: World,
) -> None:
    backup = await job(paging, period=10 * MINUTE)
    await backup.ping()
    backup.backlog = START + 14 * MINUTE  # pings from then on wait in a lane

    await backup.advance(20 * MINUTE)
    assert await state_of(backup) is not State.DOWN
    await backup.ping(at=START + 14 * MINUTE)  # it came in time, and is stored late
    backup.backlog = None
    await backup.advance(0 * MINUTE)

    assert await state_of(backup) is State.UP
    assert await paging.paged() == []


async def test_who_was_turned_away_has_a_grace_time_to_come_again(
    paging: World,
) -> None:
    backup = await job(paging, period=10 * MINUTE)
    await backup.ping()
    await paging.advance(HOUR)  # neither pings nor silence were heard meanwhile

    backup.since = paging.now
    await backup.look()
    assert await state_of(backup) is State.LATE
    await backup.advance(5 * MINUTE - SECOND)
    assert await paging.paged() == []
    await backup.advance(SECOND)

    assert await paging.paged() == [("ana", 65)]


async def test_cron_goes_by_the_wall_clock_when_clocks_change(paging: World) -> None:
    paging.now = datetime(2026, 3, 28, 2, 0, 10, tzinfo=UTC)  # 03:00:10 in Berlin
    backup = await job(paging, cron="0 3 * * *", time_zone="Europe/Berlin")
    await backup.ping()
    # clocks go forward in the next night: 03:00 comes after 23 hours
    assert (await backup.stored()).state.expected_at == datetime(
        2026, 3, 29, 1, tzinfo=UTC
    )

    await backup.advance(datetime(2026, 3, 29, 1, 4, 59, tzinfo=UTC) - paging.now)
    assert await state_of(backup) is State.LATE
    await backup.advance(SECOND)

    assert await state_of(backup) is State.DOWN


async def test_a_pause_resolves_and_expects_nothing(paging: World) -> None:
    backup = await job(paging, period=10 * MINUTE, manual_resume=True)
    await backup.ping()
    await backup.advance(20 * MINUTE)

    await service.pause_heartbeat(paging.tx, backup.id, PLATFORM_ADMIN, paging.now)
    await backup.advance(DAY)
    await backup.ping()  # recorded, but only people end this pause

    assert await state_of(backup) is State.PAUSED
    assert [status for status, _ in await backup.alerts()] == ["resolved"]

    await service.resume_heartbeat(paging.tx, backup.id, PLATFORM_ADMIN, paging.now)
    await backup.advance(15 * MINUTE)
    assert await state_of(backup) is State.DOWN


async def test_a_deleted_heartbeat_takes_its_alert_along(paging: World) -> None:
    backup = await job(paging, period=10 * MINUTE)
    await backup.ping()
    await backup.advance(20 * MINUTE)

    await service.delete_heartbeat(paging.tx, backup.id, PLATFORM_ADMIN, paging.now)

    assert [status for status, _ in await backup.alerts()] == ["resolved"]
    assert await backup.ping() is Heard.UNKNOWN


async def test_the_last_hundred_pings_are_kept(paging: World) -> None:
    backup = await job(paging, period=DAY)

    for n in range(120):
        await backup.ping(PingKind.LOG, body=str(n).encode())

    kept = await service.list_pings(paging.tx, backup.id)
    assert [ping.number for ping in kept] == list(range(120, 20, -1))
    assert kept[0].body == b"119"
