"""Shifts that change hands: who has what, what is missed, and what is told."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.handovers import (
    STALE,
    Handoff,
    Moment,
    Wishes,
    by_person,
    due,
    has,
    is_free,
    missed,
    own,
)
from pagefree.core.intervals import Interval
from pagefree.core.shifts import Shift

ANA, BO = UUID(int=1), UUID(int=2)
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALL = Wishes(2 * HOUR, started=True, ended=True)


def hours(start: float, end: float) -> Interval:
    return Interval(BEGIN + start * HOUR, BEGIN + end * HOUR)


def shift(start: float, end: float, *people: UUID) -> Shift:
    time = hours(start, end)
    return Shift(people, time.start, time.end, None)


SHIFTS = (
    shift(0, 4, ANA),
    shift(4, 8, BO, ANA),
    shift(8, 12, BO),
    shift(20, 24, ANA),
)


def test_what_only_an_instant_parts_is_one_shift() -> None:
    assert own(SHIFTS, ANA) == [hours(0, 8), hours(20, 24)]
    assert own(SHIFTS, BO) == [hours(4, 12)]
    assert by_person(SHIFTS) == {ANA: own(SHIFTS, ANA), BO: own(SHIFTS, BO)}


@pytest.mark.parametrize(
    ("wanted", "whole", "free"),
    [
        (hours(0, 8), True, False),
        (hours(3, 5), True, False),
        (hours(7, 9), False, False),
        (hours(8, 20), False, True),
        (hours(8, 21), False, False),
    ],
)
def test_a_shift_is_had_whole_or_not(
    wanted: Interval, *, whole: bool, free: bool
) -> None:
    assert has(SHIFTS, ANA, wanted) is whole
    assert is_free(SHIFTS, ANA, wanted) is free


@pytest.mark.parametrize(
    ("away", "expected"),
    [
        ([], []),
        ([hours(9, 19)], []),
        ([hours(6, 22)], [hours(6, 8), hours(20, 22)]),
        ([hours(2, 3), hours(5, 6)], [hours(2, 6)]),
        ([hours(-1, 3)], []),  # it has begun: nobody can be asked in time
        ([hours(-1, 1), hours(6, 7)], [hours(6, 7)]),
        ([hours(20, 24)], [hours(20, 24)]),
    ],
)
def test_what_is_missed_of_a_shift_is_one_interval(
    away: list[Interval], expected: list[Interval]
) -> None:
    assert missed(own(SHIFTS, ANA), away, BEGIN) == expected


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (-3.0, []),
        (-2.0, [Moment.BEFORE]),
        (-0.01, [Moment.BEFORE]),
        (0.0, [Moment.STARTED]),
        (0.2, [Moment.STARTED]),
        (0.25, []),
        (7.99, []),
        (8.0, [Moment.ENDED]),
        (8.25, []),
        (19.0, [Moment.BEFORE]),
    ],
)
def test_each_handoff_is_told_in_its_time(at: float, told: list[Moment]) -> None:
    found = due(own(SHIFTS, ANA), ALL, BEGIN + at * HOUR)

    assert [handoff.moment for handoff in found] == told


def test_nobody_is_told_what_they_do_not_want() -> None:
    for at in (BEGIN - HOUR, BEGIN, BEGIN + 8 * HOUR):
        assert due(own(SHIFTS, ANA), Wishes(), at) == ()


@given(st.integers(0, 14), st.integers(1, 30))
def test_whoever_looks_often_enough_misses_none(offset: int, every: int) -> None:
    """Every handoff is due at some look, under one and the same name however often."""
    seen: set[Handoff] = set()
    minute = timedelta(minutes=1)
    step = min(every, STALE // minute)
    for look in range(offset - 200, 1800, step):
        seen |= set(due(own(SHIFTS, ANA), ALL, BEGIN + look * minute))

    assert sorted((one.at, one.moment) for one in seen) == sorted(
        (at, moment)
        for time in own(SHIFTS, ANA)
        for at, moment in (
            (time.start, Moment.BEFORE),
            (time.start, Moment.STARTED),
            (time.end, Moment.ENDED),
        )
    )
