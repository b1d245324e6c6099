from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.subscriptions import (
    BOUNCES_COUNT,
    FIRST_WAIT,
    GIVEN_UP,
    LONGEST_WAIT,
    MOST_BOUNCES,
    bounces_after,
    suspended,
    try_again_at,
)

WRITTEN = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "waits"),
    [
        (1, FIRST_WAIT),
        (2, 2 * FIRST_WAIT),
        (4, 8 * FIRST_WAIT),
        (9, LONGEST_WAIT),
        (10_000, LONGEST_WAIT),
    ],
)
def test_each_wait_is_twice_the_one_before_up_to_the_longest(
    attempts: int, waits: timedelta
) -> None:
    assert try_again_at(attempts, None, WRITTEN, WRITTEN) == WRITTEN + waits


@pytest.mark.parametrize(
    ("asked_s", "waits"), [(1, FIRST_WAIT), (3600, timedelta(hours=1))]
)
def test_a_receiver_is_given_the_time_it_asks_for(
    asked_s: int, waits: timedelta
) -> None:
    assert try_again_at(1, asked_s, WRITTEN, WRITTEN) == WRITTEN + waits


@given(
    attempts=st.integers(1, 1000),
    asked_s=st.none() | st.integers(0, 10**6),
    late=st.timedeltas(timedelta(0), 2 * GIVEN_UP),
)
def test_old_news_is_given_up(
    attempts: int, asked_s: int | None, late: timedelta
) -> None:
    now = WRITTEN + late
    again = try_again_at(attempts, asked_s, WRITTEN, now)

    if late + FIRST_WAIT >= GIVEN_UP:
        assert again is None
    assert again is None or now < again < WRITTEN + GIVEN_UP


@pytest.mark.parametrize(
    ("last_at", "counted"),
    [
        (None, 1),
        (WRITTEN - BOUNCES_COUNT, 3),
        (WRITTEN - BOUNCES_COUNT - timedelta(seconds=1), 1),
    ],
)
def test_bounces_of_long_ago_do_not_count(
    last_at: datetime | None, counted: int
) -> None:
    assert bounces_after(2, last_at, WRITTEN) == counted


def test_who_cannot_be_reached_is_told_nothing_more() -> None:
    assert suspended(MOST_BOUNCES, dead=False)
    assert suspended(0, dead=True)
    assert not suspended(MOST_BOUNCES - 1, dead=False)
