"""Whose turn it is when a restriction leaves turns out."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.intervals import Interval
from pagefree.core.layers import Layer, held, people_at
from pagefree.core.restrictions import (
    Holidays,
    Restriction,
    Window,
    open_intervals,
    runs,
)
from pagefree.core.rotations import Rotation, Unit

ANA, BO, CY = (UUID(int=n) for n in (1, 2, 3))
NAMES = {ANA: "a", BO: "b", CY: "c"}
DAY = timedelta(days=1)
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
GREENWICH = ZoneInfo("UTC")
WORKDAYS = frozenset(range(5))
ALL_DAY = (time(0), time(0))


def daily(restriction: Restriction, *users: UUID, length: int = 1) -> Layer:
    rotation = Rotation(users, MONDAY, Unit.DAY, (length,), GREENWICH)
    return Layer(UUID(int=9), rotation, restriction)


def days(layer: Layer, count: int) -> str:
    """Who has it at noon of each day; "-": nobody."""
    noons = (MONDAY + DAY * (n + 0.5) for n in range(count))
    people = (people_at(layer, noon) for noon in noons)
    return "".join(NAMES[group[0]] if group else "-" for group in people)


@pytest.mark.parametrize(
    ("keep_turns", "expected"),
    # without keeping turns, the weekends of seven people are always the same people's
    [(True, "abcab--cabca--bc"), (False, "abcab--bcabc--ca")],
    ids=["kept", "lost"],
)
def test_closed_days_take_nobodys_turn_unless_asked(
    *, keep_turns: bool, expected: str
) -> None:
    workdays = Restriction((Window(WORKDAYS, *ALL_DAY),), keep_turns=keep_turns)

    assert days(daily(workdays, ANA, BO, CY), 16) == expected


def test_a_turn_that_is_open_for_a_part_counts() -> None:
    nights = Restriction((Window(frozenset({4}), time(22), time(6)),))

    layer = daily(nights, ANA, BO, length=2)

    # turns of Friday and Saturday, and of every other Saturday and Sunday
    found = [(g[0], part.start) for g, part in held(layer, weeks(layer, 3))]
    assert found == [
        (ANA, MONDAY + 4 * DAY + timedelta(hours=22)),
        (BO, MONDAY + 11 * DAY + timedelta(hours=22)),
        (ANA, MONDAY + 12 * DAY),
        (BO, MONDAY + 18 * DAY + timedelta(hours=22)),
    ]


def weeks(layer: Layer, count: int) -> Interval:
    return Interval(layer.rotation.start, layer.rotation.start + 7 * count * DAY)


def test_holidays_close_a_layer_without_taking_turns() -> None:
    dates = frozenset({date(2026, 1, 6), date(2026, 1, 7)})
    off = Restriction(holidays=Holidays.EXCEPT, dates=dates)
    on = Restriction(holidays=Holidays.ONLY, dates=dates | {date(2026, 1, 9)})

    assert days(daily(off, ANA, BO, CY), 6) == "a--bca"
    assert days(daily(on, ANA, BO, CY), 6) == "-ab-c-"


def test_holidays_and_hours_of_the_week_go_together() -> None:
    dates = frozenset({date(2026, 1, 6), date(2026, 1, 10)})  # Tuesday and Saturday
    window = (Window(WORKDAYS, *ALL_DAY),)
    off = Restriction(window, Holidays.EXCEPT, dates)
    on = Restriction(window, Holidays.ONLY, dates)

    assert days(daily(off, ANA, BO, CY), 9) == "a-bca--bc"
    assert days(daily(on, ANA, BO, CY), 9) == "-a-------"


def test_a_window_may_go_on_into_the_next_week() -> None:
    night = Restriction((Window(frozenset({6}), time(22), time(6)),))
    sunday = 6 * 24 * 3600
    hour = 3600
    monday = int(MONDAY.timestamp())

    assert night.edges == (0, 6 * hour, sunday + 22 * hour, 7 * 24 * hour)
    assert runs(night, monday, monday + 8 * 24 * hour) == [
        (monday, monday + 6 * hour),
        (monday + sunday + 22 * hour, monday + sunday + 30 * hour),
    ]


def test_windows_that_touch_are_one() -> None:
    parts = (
        Window(frozenset({0}), time(8), time(12)),
        Window(frozenset({0}), time(12), time(16)),
        Window(frozenset({0}), time(9), time(10)),
    )

    assert Restriction(parts).edges == (8 * 3600, 16 * 3600)


def test_hours_that_just_elapse_keep_their_order_too() -> None:
    five = Rotation((ANA, BO), MONDAY, Unit.HOUR, (5,), ZoneInfo("Asia/Tokyo"))
    window = Window(frozenset({1}), time(9), time(9))  # from 0:00 UTC on Tuesday
    layer = Layer(UUID(int=9), five, Restriction((window,)))

    found = [(g[0], part.start - MONDAY) for g, part in held(layer, weeks(layer, 2))]

    # turn 4 is the first that opens, and of the next week's turn 38 is
    assert found[:2] == [(ANA, DAY), (BO, DAY + timedelta(hours=1))]
    assert [user for user, _ in found] == [ANA, BO] * 6


@given(
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 23),
    st.integers(0, 23),
    st.integers(1, 9),
)
def test_nobody_has_two_turns_before_everybody_had_one(
    weekdays: frozenset[int], start: int, end: int, length: int
) -> None:
    cut = Restriction((Window(weekdays, time(start), time(end)),))
    layer = daily(cut, ANA, BO, CY, length=length)

    holders = [g[0] for g, _ in held(layer, weeks(layer, 20))]

    changes = [b for a, b in pairwise(holders) if a != b]
    turns = [holders[0], *changes]
    assert turns == [(ANA, BO, CY)[n % 3] for n in range(len(turns))]


def test_hours_that_clocks_skip_at_the_beginning_of_a_week_are_late() -> None:
    zone = ZoneInfo("Asia/Tehran")  # from Monday 0:00 to 1:00 on 22 March 2021
    changed = datetime(2021, 3, 21, 20, 30, tzinfo=UTC)
    quarter = Restriction((Window(frozenset({0}), time(0), time(0, 15)),))
    turns = Rotation((ANA,), changed - DAY, Unit.DAY, (1,), zone)
    layer = Layer(UUID(int=9), turns, quarter)

    def at(minute: int) -> tuple[UUID, ...]:
        return people_at(layer, changed + timedelta(minutes=minute))

    assert [at(minute) for minute in (-1, 0, 14, 15)] == [(), (ANA,), (ANA,), ()]


def test_hours_that_begin_or_end_elsewhere_do_not_mind_a_clock_change() -> None:
    zone = ZoneInfo("Europe/Berlin")
    changed = datetime(2026, 3, 29, 1, tzinfo=UTC)
    turns = Rotation((ANA,), changed - DAY, Unit.DAY, (1,), zone)
    every = frozenset(range(7))
    nights = Layer(UUID(int=9), turns, Restriction((Window(every, time(22), time(6)),)))
    office = Layer(UUID(int=9), turns, Restriction((Window(every, time(9), time(17)),)))

    for minute in (-1, 0, 30, 59, 60):
        at = changed + timedelta(minutes=minute)
        assert (people_at(nights, at), people_at(office, at)) == ((ANA,), ())


def test_complementary_hours_leave_no_gap_on_the_days_when_clocks_change() -> None:
    zone = ZoneInfo("Europe/Berlin")
    year = Interval(MONDAY, MONDAY + 365 * DAY)
    every = frozenset(range(7))
    for edge in (time(2), time(2, 30), time(3)):
        one = Restriction((Window(every, edge, time(14)),))
        other = Restriction((Window(every, time(14), edge),))

        first, second = (
            open_intervals(one, zone, year),
            open_intervals(other, zone, year),
        )

        both = sorted([*first, *second], key=lambda part: part.start)
        assert both[0].start == year.start
        assert both[-1].end == year.end
        for part, following in pairwise(both):
            assert part.end == following.start
