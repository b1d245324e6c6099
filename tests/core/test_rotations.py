from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pagefree.core.intervals import Interval
from pagefree.core.rotations import Rotation, Unit, handoff, turn_at, turns

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
    return Rotation(tuple(users), start.astimezone(UTC), Unit.DAY, (turn_days,), tz)


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
    unit=st.just(Unit.DAY),
    lengths=st.integers(1, 30).map(lambda days: (days,)),
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
def test_every_instant_is_in_exactly_one_turn(days: Rotation, at: datetime) -> None:
    turn = turn_at(days, at)

    assert handoff(days, turn) <= at < handoff(days, turn + 1)


@given(rotations, st.integers(-400, 400))
@example(IN_APIA, 4)
def test_turns_never_go_back_in_time(days: Rotation, turn: int) -> None:
    assert handoff(days, turn) <= handoff(days, turn + 1)


@given(rotations, st.integers(-400, 400))
def test_a_handoff_keeps_its_wall_clock_time(days: Rotation, turn: int) -> None:
    first = days.start.astimezone(days.tz)
    wanted = first.replace(tzinfo=None) + turn * days.lengths[0] * DAY

    local = handoff(days, turn).astimezone(days.tz)

    if _exists(wanted.replace(microsecond=0), days.tz):
        whole = wanted.replace(microsecond=0, fold=0)
        assert (local.replace(tzinfo=None), local.fold) == (whole, 0)
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


def test_hours_keep_their_time_of_day_if_they_come_round_every_day() -> None:
    start = datetime(2026, 3, 28, 9, tzinfo=UTC)
    tz = ZoneInfo("Europe/Berlin")  # puts its clocks forward at 1:00 UTC on the 29th

    def hours(*lengths: int) -> list[timedelta]:
        some = Rotation((ANA,), start, Unit.HOUR, lengths, tz)
        found = list(turns(some, Interval(start, start + 2 * DAY)))
        assert [turn for turn, _ in found] == list(range(len(found)))
        return [part.end - part.start for _, part in found[:-1]]

    assert hours(12)[:3] == [
        timedelta(hours=12),
        timedelta(hours=11),
        timedelta(hours=12),
    ]
    assert hours(10, 14) == [timedelta(hours=n) for n in (10, 13, 10, 14)]
    assert hours(5)[:4] == [timedelta(hours=5)] * 4
    assert hours(36) == [timedelta(hours=36)]


def test_turns_that_begin_in_what_clocks_skip_have_no_length() -> None:
    tz = ZoneInfo("Antarctica/Troll")  # from 1:00 to 3:00 on 29 March 2026
    start = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    hourly = Rotation((ANA, BO), start, Unit.HOUR, (1,), tz)

    found = [handoff(hourly, turn) - start for turn in range(5)]
    held = turns(hourly, Interval(start, start + timedelta(hours=4)))

    # 23:30, 0:30, and 3:30, which comes before 2:30 and 1:30 would
    assert found == [timedelta(hours=n) for n in (0, 1, 2, 2, 2)]
    assert [turn for turn, _ in held] == [0, 1, 4, 5]


def test_a_pattern_of_four_and_three_days() -> None:
    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    pattern = Rotation((ANA, BO), start, Unit.DAY, (4, 3), ZoneInfo("UTC"))

    assert [handoff(pattern, turn) - start for turn in (-1, 0, 1, 2, 3)] == [
        days * DAY for days in (-3, 0, 4, 7, 11)
    ]


def test_several_are_on_call_together_but_nobody_twice() -> None:
    start = datetime(2026, 1, 5, tzinfo=UTC)
    tz = ZoneInfo("UTC")

    two = Rotation((ANA, BO, None), start, Unit.DAY, (1,), tz, at_once=2)
    many = Rotation((ANA, BO), start, Unit.DAY, (1,), tz, at_once=3)

    assert two.groups == ((ANA, BO), (BO,), (ANA,))
    assert many.groups == ((ANA, BO), (BO, ANA))
    assert Rotation((), start, Unit.DAY, (1,), tz).groups == ((),)


def test_no_turn_is_outside_the_rotation() -> None:
    start = datetime(2026, 1, 5, tzinfo=UTC)
    end = start + DAY / 2
    short = Rotation((ANA,), start, Unit.DAY, (1,), ZoneInfo("UTC"), end=end)

    assert [*turns(short, Interval(start - DAY, start + DAY))] == [
        (0, Interval(start, end))
    ]
    assert [*turns(short, Interval(end, end + DAY))] == []
    assert [*turns(short, Interval(start - DAY, start))] == []
