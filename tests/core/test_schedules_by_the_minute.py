"""The resolver against a slow oracle, around clock changes of every zone that has any."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagefree.core.layers import Layer
from pagefree.core.restrictions import Holidays, Restriction, Window
from pagefree.core.rotations import Rotation, Unit
from pagefree.core.schedules import (
    Gap,
    Plan,
    Version,
    everyone,
    final_shifts,
    holes,
    layer_shifts,
    on_call,
)
from pagefree.core.shifts import Override, Shift
from tests.core.schedule_oracle import (
    MINUTE,
    People,
    final_people,
    layer_people,
)
from tests.core.zones import changes, zones

# the rules are covered without it, and counting lines makes it four times as long
pytestmark = pytest.mark.no_cover

USERS = [UUID(int=n) for n in range(1, 5)]
WINDOW = timedelta(hours=30)
# 500 each in `make test`, 10,000 in the long profile
MANY = 2 * settings().max_examples

people = st.lists(st.sampled_from(USERS) | st.none(), min_size=1, max_size=5).map(tuple)
times = st.sampled_from(
    [time(h, m) for h in (0, 1, 2, 3, 9, 17, 22, 23) for m in (0, 15, 30)]
)
windows = st.builds(
    Window,
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    start=times,
    end=times,
)
units = st.one_of(
    st.tuples(st.just(Unit.HOUR), st.sampled_from([(1,), (2,), (5,), (8,), (12,)])),
    st.tuples(st.just(Unit.HOUR), st.sampled_from([(1, 2), (10, 14), (7, 4), (36,)])),
    st.tuples(st.just(Unit.DAY), st.sampled_from([(1,), (2,), (4, 3), (1, 2, 4)])),
    st.tuples(st.just(Unit.WEEK), st.sampled_from([(1,), (2, 1)])),
)


@st.composite
def moments(draw: st.DrawFn) -> tuple[ZoneInfo, datetime]:
    """A zone, and the beginning of a window around one of its clock changes."""
    name = draw(st.sampled_from(zones()))
    changed = draw(st.sampled_from(changes(name)))
    before = draw(st.integers(0, int(WINDOW / MINUTE)))
    return ZoneInfo(name), changed - before * MINUTE


@st.composite
def restrictions(draw: st.DrawFn, near: date) -> Restriction:
    days = st.integers(-3, 3).map(lambda n: near + timedelta(days=n))
    mode = draw(st.sampled_from([None, None, *Holidays]))
    return Restriction(
        windows=tuple(draw(st.lists(windows, max_size=3))),
        holidays=mode,
        dates=draw(st.frozensets(days, max_size=4)) if mode else frozenset(),
        keep_turns=draw(st.booleans()),
    )


@st.composite
def layers(draw: st.DrawFn, zone: ZoneInfo, start: datetime, number: int) -> Layer:
    unit, lengths = draw(units)
    begun = start - draw(st.integers(-600, 8 * 24 * 60)) * MINUTE
    ends = begun + draw(st.integers(1, 10 * 24 * 60)) * MINUTE
    rotation = Rotation(
        users=draw(people),
        start=begun,
        unit=unit,
        lengths=lengths,
        tz=zone,
        at_once=draw(st.integers(1, 3)),
        end=draw(st.sampled_from([None, None, ends])),
    )
    cut = draw(st.none() | restrictions(start.date()))
    return Layer(UUID(int=100 + number), rotation, cut)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Plan, datetime]:
    """Layers of one zone, a change of them, overrides and gaps; and where to look."""
    zone, start = draw(moments())

    def within() -> tuple[datetime, datetime]:
        first, last = sorted(
            draw(st.tuples(st.integers(-300, 2000), st.integers(-300, 2000)))
        )
        return start + first * MINUTE, start + (last + 1) * MINUTE

    stacks = [
        tuple(draw(layers(zone, start, n + v)) for n in range(draw(st.integers(1, 2))))
        for v in range(draw(st.integers(1, 2)))
    ]
    changed = start + draw(st.integers(1, 1700)) * MINUTE
    begins = [start - timedelta(days=30), changed]
    overrides = [
        Override(
            UUID(int=n),
            *within(),
            draw(st.sampled_from(USERS)),
            draw(st.none() | st.sampled_from(USERS)),
            draw(st.sampled_from([None, None, UUID(int=100), UUID(int=101)])),
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    gaps = [Gap(*within()) for _ in range(draw(st.integers(0, 1)))]
    versions = tuple(map(Version, begins, stacks))
    return Plan(versions, tuple(overrides), tuple(gaps)), start


def by_the_minute(shifts: tuple[Shift, ...], start: datetime) -> list[People]:
    """The shifts as the oracle tells them; that they do not overlap is checked on the way."""
    found: list[People] = [()] * int(WINDOW / MINUTE)
    for one, following in pairwise(shifts):
        assert one.end <= following.start
    for shift in shifts:
        assert start <= shift.start < shift.end <= start + WINDOW
        first, last = (shift.start - start) / MINUTE, (shift.end - start) / MINUTE
        assert first == int(first)
        assert last == int(last)
        found[int(first) : int(last)] = [shift.people] * int(last - first)
    return found


def looks(minutes: list[People], start: datetime) -> list[tuple[datetime, People]]:
    """The first and the last second of each time in which the same people are on call."""
    found = []
    at = 0
    for users, group in groupby(minutes):
        length = len(list(group))
        found.append((start + at * MINUTE, users))
        at += length
        found.append((start + at * MINUTE - timedelta(seconds=1), users))
    return found


@settings(max_examples=MANY)
@given(moments(), st.data())
def test_a_layer_has_at_every_minute_whom_the_oracle_says(
    moment: tuple[ZoneInfo, datetime], data: st.DataObject
) -> None:
    zone, start = moment
    layer = data.draw(layers(zone, start, 0))
    plan = Plan((Version(start - timedelta(days=30), (layer,)),))

    expected = layer_people(layer, start, start + WINDOW)
    shifts = layer_shifts(plan, start, start + WINDOW)[layer.id]

    assert by_the_minute(shifts, start) == expected
    for at, users in looks(expected, start):
        assert on_call(plan, at) == everyone(plan, at) == users


@pytest.mark.parametrize(
    ("unit", "length"),
    [(Unit.HOUR, 1), (Unit.HOUR, 5), (Unit.HOUR, 8), (Unit.DAY, 1), (Unit.WEEK, 1)],
)
@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("Pacific/Apia", "2011-12-30T10:00"),  # skipped a whole day
        ("Australia/Lord_Howe", "2026-04-04T15:00"),  # half an hour
        ("Australia/Lord_Howe", "2026-10-03T15:30"),
        ("Africa/Casablanca", "2026-02-15T02:00"),  # back for Ramadan
        ("Africa/Casablanca", "2026-03-22T02:00"),
        ("Asia/Gaza", "2026-03-28T00:00"),  # on dates of its own
        ("Europe/Dublin", "2026-03-29T01:00"),  # winter time is the exception
        ("Europe/Dublin", "2026-10-25T01:00"),
        ("Antarctica/Troll", "2026-03-29T01:00"),  # two hours
        ("Antarctica/Troll", "2026-10-25T01:00"),
        ("America/St_Johns", "2010-11-07T02:31"),  # a minute after midnight
    ],
)
def test_the_zones_that_are_special_are_no_exception(
    name: str, changed: str, unit: Unit, length: int
) -> None:
    zone = ZoneInfo(name)
    at = datetime.fromisoformat(changed).replace(tzinfo=UTC)
    nights = Restriction((Window(frozenset(range(7)), time(23, 15), time(2, 45)),))
    for minutes in (0, 60, 1440 + 30):
        start = at - (minutes + 90) * MINUTE
        turns = Rotation((*USERS, None), start, unit, (length,), zone)
        stack = (Layer(UUID(int=100), turns), Layer(UUID(int=101), turns, nights))
        plan = Plan((Version(start, stack),))

        expected = final_people(plan, start, start + WINDOW)
        shifts = final_shifts(plan, start, start + WINDOW)

        assert by_the_minute(shifts, start) == expected
        for look, users in looks(expected, start):
            assert on_call(plan, look) == users


@settings(max_examples=MANY)
@given(plans())
def test_the_result_of_all_is_at_every_minute_what_the_oracle_says(
    drawn: tuple[Plan, datetime],
) -> None:
    plan, start = drawn

    expected = final_people(plan, start, start + WINDOW)
    shifts = final_shifts(plan, start, start + WINDOW)

    assert by_the_minute(shifts, start) == expected
    for at, users in looks(expected, start):
        assert on_call(plan, at) == users
        assert set(users) <= set(everyone(plan, at))


@settings(max_examples=MANY)
@given(plans())
def test_holes_are_when_nobody_is_on_call_and_nobody_said_so(
    drawn: tuple[Plan, datetime],
) -> None:
    plan, start = drawn
    end = start + WINDOW

    found = holes(plan, start, end)

    assert all(start <= hole.start < hole.end <= end for hole in found)
    edges = {start, *(s.end for s in final_shifts(plan, start, end))}
    edges |= {gap.end for gap in plan.gaps} | {hole.start for hole in found}
    for at in (at for at in edges if start <= at < end):
        meant = any(gap.start <= at < gap.end for gap in plan.gaps)
        missed = any(hole.start <= at < hole.end for hole in found)
        assert missed == (not on_call(plan, at) and not meant)


@settings(max_examples=MANY)
@given(plans(), st.integers(-300, 2000), st.integers(1, 600))
def test_an_override_changes_nothing_outside_itself(
    drawn: tuple[Plan, datetime], first: int, length: int
) -> None:
    plan, start = drawn
    begin = start + first * MINUTE
    override = Override(UUID(int=9), begin, begin + length * MINUTE, USERS[0])
    more = Plan(plan.versions, (*plan.overrides, override))
    plan = Plan(plan.versions, plan.overrides)

    without = by_the_minute(final_shifts(plan, start, start + WINDOW), start)
    with_it = by_the_minute(final_shifts(more, start, start + WINDOW), start)

    for at, (was, now) in enumerate(zip(without, with_it, strict=True)):
        inside = override.start <= start + at * MINUTE < override.end
        assert now == ((USERS[0],) if inside else was)


def test_every_zone_of_the_world_with_clock_changes_is_tried() -> None:
    known = zones()

    assert {"Europe/Dublin", "Antarctica/Troll", "Africa/Casablanca"} <= set(known)
    assert {"Australia/Lord_Howe", "Asia/Gaza", "America/New_York"} <= set(known)
    assert datetime(2026, 3, 29, 1, tzinfo=UTC) in changes("Europe/Berlin")
