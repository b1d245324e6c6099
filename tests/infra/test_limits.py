"""Counting in memory, and sharing what was counted through a real Redis."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import limits
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.infra import metrics
from pagefree.infra.limits import MOST_NOTED, MOST_SUBJECTS, OTHERS, Quota, Sharing
from tests.programs import eventually
from tests.redis_server import Redis

START = 1_800_000_000.0
WITHIN_S = 90


class Clock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.now = datetime.fromtimestamp(START, UTC)

    def __call__(self) -> datetime:
        return self.now


def quota(rate: str = "60/minute") -> Quota:
    return Quota("test", limits.parse(rate))


def taken(one: Quota, times: int, at: float = START, subject: str = "ana") -> int:
    return sum(one.take(subject, at) for _ in range(times))


def test_all_may_come_at_once_and_then_as_much_as_refills() -> None:
    one = quota()

    assert taken(one, 100) == 60
    assert taken(one, 100, START + 10) == 10
    assert taken(one, 100, START + 3600) == 60


def test_each_subject_has_a_quota_of_its_own() -> None:
    one = quota()

    assert taken(one, 100) == 60
    assert taken(one, 100, subject="bo") == 60


def test_what_is_left_is_told_without_taking_any() -> None:
    one = quota()
    taken(one, 45)

    for _ in range(2):
        standing = one.standing("ana", START)
        assert (standing.remaining, standing.full_in_s, standing.wait_s) == (15, 45, 0)
    assert one.standing("nobody", START).remaining == 60


def test_who_has_nothing_left_is_told_how_long_to_wait() -> None:
    one = quota("10 per 15 minutes")
    taken(one, 11)

    wait_s = one.standing("ana", START).wait_s

    assert wait_s == 90
    assert not one.take("ana", START + wait_s - 1)
    assert one.take("ana", START + wait_s)


def test_a_clock_that_is_set_back_takes_nothing_away() -> None:
    one = quota()
    taken(one, 30)

    assert taken(one, 100, START - 3600) == 30


@given(st.lists(st.floats(0, 30), max_size=300))
def test_no_window_takes_more_than_the_burst_and_what_refills(
    gaps: list[float],
) -> None:
    one, at, times = quota("20/minute"), START, []
    for gap in gaps:
        at += gap / 20
        if one.take("ana", at):
            times.append(at)

    for first in times:
        assert sum(first <= later < first + 60 for later in times) <= 40


def test_subjects_beyond_counting_forget_those_that_have_everything() -> None:
    one = quota()
    taken(one, 60)
    for n in range(MOST_SUBJECTS - 1):
        one.take(str(n), START - 3600)

    one.take("one more", START)

    assert len(one._levels) < MOST_SUBJECTS
    assert not one.take("ana", START)


def test_a_flood_of_subjects_does_not_fill_the_memory() -> None:
    one = quota()
    for n in range(2 * MOST_SUBJECTS):
        one.take(str(n), START)

    assert len(one._levels) <= MOST_SUBJECTS


def test_a_flood_of_violators_is_counted_together() -> None:
    one = quota()
    for n in range(MOST_NOTED + 50):
        one.note(str(n))

    noted = one.noted()
    assert len(noted) == MOST_NOTED + 1
    assert noted[OTHERS] == 50
    assert one.noted() == {}


@asynccontextmanager
async def two_processes(
    redis: Redis, clock: Clock
) -> AsyncIterator[tuple[Quota, Quota]]:
    here, there = quota(), quota()
    async with (
        Sharing(redis.url, [here], clock, pause_s=0.02).running(),
        Sharing(redis.url, [there], clock, pause_s=0.02).running(),
    ):
        yield here, there


async def until(look: Callable[[], bool]) -> None:
    async def looked() -> bool:
        return look()

    await eventually(looked, WITHIN_S)


async def test_two_processes_share_one_quota(redis: Redis) -> None:
    async with two_processes(redis, Clock()) as (here, there):
        assert taken(here, 30) == 30
        await until(lambda: here.unshared() == [])
        assert taken(there, 10) == 10

        await until(lambda: there.standing("ana", START).remaining == 20)
        assert taken(there, 100) == 20
        await until(lambda: there.unshared() == [])
        taken(here, 3)
        await until(lambda: here.standing("ana", START).remaining == 0)


async def test_what_is_forgotten_here_is_forgotten_everywhere(redis: Redis) -> None:
    async with two_processes(redis, Clock()) as (here, there):
        taken(here, 30)
        await until(lambda: here.unshared() == [])  # who asks first hears of nothing
        taken(there, 3)
        await until(lambda: there.standing("ana", START).remaining == 27)
        taken(here, 3)
        await until(lambda: here.standing("ana", START).remaining == 24)

        here.forget("ana")

        await until(lambda: here.unshared() == [])
        taken(there, 3)
        await until(lambda: there.standing("ana", START).remaining == 57)


async def test_a_new_window_begins_with_what_was_left(redis: Redis) -> None:
    clock = Clock()
    async with two_processes(redis, clock) as (here, there):
        taken(here, 50)
        await until(lambda: here.unshared() == [])
        taken(there, 3)
        await until(lambda: there.unshared() == [])
        clock.now += timedelta(seconds=60)

        later = clock.now.timestamp()
        taken(there, 3, later)

        await until(lambda: there.unshared() == [])
        assert there.standing("ana", later).remaining == 57


async def test_without_redis_each_process_counts_for_itself_until_it_is_back(
    redis: Redis,
) -> None:
    async with two_processes(redis, Clock()) as (here, there):
        taken(here, 3)
        await until(lambda: here.unshared() == [])

        redis.stop()
        taken(here, 3)
        await until(lambda: metrics.LIMITS_SHARED._value.get() == 0)
        assert taken(here, 100) == 54
        assert taken(there, 40) == 40

        redis.start()
        await until(lambda: metrics.LIMITS_SHARED._value.get() == 1)
        taken(here, 3, START + 10)
        await until(lambda: here.unshared() == [])
        taken(there, 3, START + 10)
        await until(lambda: there.unshared() == [])
        assert there.standing("ana", START + 10).remaining <= 27


async def test_sharing_ends_whatever_it_is_doing(redis: Redis) -> None:
    async def share_for(turns: int) -> None:
        async with Sharing(redis.url, [quota()], Clock(), pause_s=0.01).running():
            for _ in range(turns):
                await asyncio.sleep(0)

    async with asyncio.timeout(WITHIN_S):
        for turns in range(60):
            await share_for(turns)


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "valkeys://nowhere.invalid"])
async def test_a_redis_that_never_was_disturbs_nobody(url: str) -> None:
    one = quota()
    async with Sharing(url, [one], Clock(), pause_s=0.02).running():
        taken(one, 30)
        await until(lambda: metrics.LIMITS_SHARED._value.get() == 0)

        assert taken(one, 100) == 30
