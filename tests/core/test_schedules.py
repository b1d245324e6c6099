from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pagefree.core.schedules import (
    OnCall,
    Rotation,
    Shift,
    handoff,
    now_and_next,
    on_call,
    own_shifts,
    shifts,
    turn_at,
)

ANA, BO, CY = UUID(int=1), UUID(int=2), UUID(int=3)
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Apia",  # skipped 30 December 2011
    "Australia/Lord_Howe",  # changes by half an hour
    "Europe/Dublin",  # winter time is the one with "daylight saving"
    "Africa/Casablanca",  # suspends it during Ramadan
    "Asia/Gaza",  # changes at irregular dates
    "Antarctica/Troll",  # changes by two hours
    "Asia/Kathmandu",  # a quarter of an hour off
    "America/St_Johns",  # put its clocks back a minute after midnight until 2011
]
DAY = timedelta(days=1)


def rotation(
    zone: str,
    first: datetime,
    users: Sequence[UUID | None] = (ANA, BO),
    turn_days: int = 1,
) -> Rotation:
    """Turns from `first`, which without a zone is wall-clock time in `zone`."""
    tz = ZoneInfo(zone)
    start = first if first.tzinfo else first.replace(tzinfo=tz)
    return Rotation(tuple(users), start.astimezone(UTC), turn_days, tz)


instants = st.datetimes(
    datetime(2009, 1, 1),  # noqa: DTZ001 made aware by `timezones`
    datetime(2031, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
people = st.lists(
    st.sampled_from([ANA, BO, CY]) | st.none(), min_size=0, max_size=5
).map(tuple)
rotations = st.builds(
    Rotation,
    users=people,
    start=instants,
    turn_days=st.integers(1, 30),
    tz=st.sampled_from(ZONES).map(ZoneInfo),
)

IN_APIA = rotation("Pacific/Apia", datetime(2011, 12, 25, 9))  # noqa: DTZ001
SKIPPED_DAY = datetime(2011, 12, 30, 19, tzinfo=UTC)  # 30 and 31 December, 9:00 there
IN_LORD_HOWE = rotation("Australia/Lord_Howe", datetime(2026, 4, 1, 1, 45))  # noqa: DTZ001
IN_DUBLIN = rotation("Europe/Dublin", datetime(2026, 10, 20, 1, 30))  # noqa: DTZ001
IN_CASABLANCA = rotation("Africa/Casablanca", datetime(2026, 2, 10, 2, 30))  # noqa: DTZ001
IN_GAZA = rotation("Asia/Gaza", datetime(2026, 3, 20, 2, 30))  # noqa: DTZ001
IN_TROLL = rotation("Antarctica/Troll", datetime(2026, 3, 20, 1, 30))  # noqa: DTZ001
IN_ST_JOHNS = rotation("America/St_Johns", datetime(2010, 11, 1))  # noqa: DTZ001


@given(rotations, instants)
@example(IN_ST_JOHNS, datetime(2010, 11, 7, 2, 45, tzinfo=UTC))  # the 6th once more
@example(IN_APIA, SKIPPED_DAY)
@example(IN_APIA, datetime(2011, 12, 30, 10, tzinfo=UTC))
@example(IN_LORD_HOWE, datetime(2026, 4, 4, 15, 0, tzinfo=UTC))
@example(IN_DUBLIN, datetime(2026, 10, 25, 0, 45, tzinfo=UTC))
@example(IN_CASABLANCA, datetime(2026, 2, 15, 2, 0, tzinfo=UTC))
@example(IN_GAZA, datetime(2026, 3, 28, 0, 15, tzinfo=UTC))
@example(IN_TROLL, datetime(2026, 3, 29, 1, 15, tzinfo=UTC))
def test_every_instant_is_in_exactly_one_turn(turns: Rotation, at: datetime) -> None:
    turn = turn_at(turns, at)

    assert handoff(turns, turn) <= at < handoff(turns, turn + 1)


@given(rotations, st.integers(-400, 400))
@example(IN_APIA, 4)
def test_turns_never_go_back_in_time(turns: Rotation, turn: int) -> None:
    assert handoff(turns, turn) <= handoff(turns, turn + 1)


@given(rotations, st.integers(-400, 400))
def test_a_handoff_keeps_its_wall_clock_time(turns: Rotation, turn: int) -> None:
    first = turns.start.astimezone(turns.tz)
    wanted = first.replace(tzinfo=None) + turn * turns.turn_days * DAY

    local = handoff(turns, turn).astimezone(turns.tz)

    if _exists(wanted, turns.tz):
        assert (local.replace(tzinfo=None), local.fold) == (wanted, 0)
    else:  # the clocks were put forward over it
        assert local.replace(tzinfo=None) > wanted


def _exists(wall_clock: datetime, tz: ZoneInfo) -> bool:
    there = wall_clock.replace(tzinfo=tz, fold=0).astimezone(UTC).astimezone(tz)
    return there.replace(tzinfo=None) == wall_clock.replace(fold=0)


def test_a_turn_over_a_clock_change_is_an_hour_shorter_or_longer() -> None:
    berlin = rotation("Europe/Berlin", datetime(2026, 3, 28, 9))  # noqa: DTZ001
    autumn = rotation("Europe/Berlin", datetime(2026, 10, 24, 9))  # noqa: DTZ001

    assert handoff(berlin, 1) - handoff(berlin, 0) == timedelta(hours=23)
    assert handoff(autumn, 1) - handoff(autumn, 0) == timedelta(hours=25)


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (datetime(2026, 10, 24, 2, 30), datetime(2026, 10, 25, 0, 30)),  # noqa: DTZ001
        (datetime(2026, 3, 28, 2, 30), datetime(2026, 3, 29, 1, 30)),  # noqa: DTZ001
    ],
    ids=["twice: the first", "never: with the offset before"],
)
def test_wall_clock_times_that_exist_twice_or_never(
    day: datetime, instant: datetime
) -> None:
    assert handoff(rotation("Europe/Berlin", day), 1) == instant.replace(tzinfo=UTC)


def test_the_day_that_samoa_skipped_is_a_turn_of_no_length() -> None:
    skipped = turn_at(IN_APIA, SKIPPED_DAY - timedelta(seconds=1)) + 1

    assert handoff(IN_APIA, skipped) == handoff(IN_APIA, skipped + 1)
    assert turn_at(IN_APIA, SKIPPED_DAY) == skipped + 1


def test_nobody_is_on_call_before_the_first_handoff_or_without_people() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    second = timedelta(seconds=1)

    assert on_call(rotation("UTC", start), start - second) is None
    assert on_call(rotation("UTC", start), start) == ANA
    assert on_call(rotation("UTC", start), start + DAY) == BO
    assert on_call(rotation("UTC", start, users=()), start) is None
    assert on_call(rotation("UTC", start, users=(None, BO)), start) is None


@given(rotations, instants, st.integers(0, 60), st.integers(0, 24))
@example(IN_APIA, SKIPPED_DAY - 2 * DAY, 4, 0)
@example(IN_LORD_HOWE, datetime(2026, 4, 3, tzinfo=UTC), 4, 0)
@example(IN_GAZA, datetime(2026, 3, 26, tzinfo=UTC), 4, 0)
def test_shifts_tile_the_window_and_agree_with_on_call(
    turns: Rotation, start: datetime, days: int, hours: int
) -> None:
    end = start + timedelta(days=days, hours=hours)

    found = shifts(turns, start, end)

    assert all(start <= s.start < s.end <= end for s in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    edges = {start, *(s.start for s in found), *(s.end for s in found)}
    for at in (at for at in edges if start <= at < end):
        holders = [s.user_id for s in found if s.start <= at < s.end]
        expected = on_call(turns, at)
        assert holders == ([expected] if expected else [])


@given(rotations, instants)
def test_shifts_of_one_person_in_a_row_are_one(
    turns: Rotation, start: datetime
) -> None:
    found = shifts(turns, start, start + 60 * DAY)

    for one, following in pairwise(found):
        assert one.user_id != following.user_id or one.end < following.start


@given(rotations, instants)
@example(IN_APIA, SKIPPED_DAY - timedelta(seconds=1))
def test_now_and_next_says_what_on_call_will_say(turns: Rotation, at: datetime) -> None:
    now = now_and_next(turns, at)

    assert now.user_id == on_call(turns, at)
    if now.until is None:
        assert now.next_id is None
        assert on_call(turns, at + 500 * DAY) == now.user_id
    else:
        assert now.until > at
        assert on_call(turns, now.until - timedelta(microseconds=1)) == now.user_id
        assert on_call(turns, now.until) == now.next_id != now.user_id


def test_nobody_follows_a_person_who_is_alone() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)

    assert now_and_next(rotation("UTC", start, users=[ANA]), start) == OnCall(
        ANA, None, None
    )


def test_before_the_first_handoff_the_first_person_is_next() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)

    assert now_and_next(rotation("UTC", start), start - 9 * DAY) == OnCall(
        None, start, ANA
    )


def test_somebody_who_has_left_leaves_a_gap() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    turns = rotation("UTC", start, users=[ANA, None])

    assert now_and_next(turns, start) == OnCall(ANA, start + DAY, None)
    assert shifts(turns, start, start + 3 * DAY) == (
        Shift(ANA, start, start + DAY),
        Shift(ANA, start + 2 * DAY, start + 3 * DAY),
    )


def test_own_shifts_are_the_current_and_the_next_one() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    turns = rotation("UTC", start, users=[ANA, BO, CY])
    noon = start + DAY / 2

    assert own_shifts(turns, ANA, noon) == (
        Shift(ANA, start, start + DAY),
        Shift(ANA, start + 3 * DAY, start + 4 * DAY),
    )
    assert [s.start for s in own_shifts(turns, CY, noon)] == [
        start + 2 * DAY,
        start + 5 * DAY,
    ]
    assert own_shifts(turns, UUID(int=9), noon) == ()
