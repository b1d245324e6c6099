"""Windows, and the parts of a person's day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.errors import Invalid
from pagefree.core.insights import Bucket, Part, part_at, parts_of, window
from pagefree.core.intervals import Interval

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def test_a_window_ends_on_the_day_before_its_end() -> None:
    assert window(MONDAY, MONDAY + 7 * DAY).last.date() == (MONDAY + 6 * DAY).date()


@pytest.mark.parametrize(
    ("day", "hour", "part"),
    [
        (0, 8, Part.OFF),
        (0, 9, Part.WORKING),
        (0, 17, Part.WORKING),
        (0, 18, Part.OFF),
        (0, 21, Part.OFF),
        (0, 22, Part.SLEEP),
        (0, 6, Part.SLEEP),
        (0, 7, Part.OFF),
        (4, 12, Part.WORKING),  # Friday
        (5, 12, Part.OFF),  # Saturday
        (6, 23, Part.SLEEP),
    ],
)
def test_a_day_has_working_hours_hours_off_and_sleep(
    day: int, hour: int, part: Part
) -> None:
    assert part_at(MONDAY + day * DAY + hour * HOUR) is part


def test_a_week_on_call_is_split_by_the_persons_own_clock() -> None:
    week = Interval(MONDAY, MONDAY + 7 * DAY)

    in_berlin = parts_of(week, BERLIN)

    assert in_berlin == {
        Part.WORKING: 5 * 9 * HOUR,
        Part.SLEEP: 7 * 9 * HOUR,
        Part.OFF: 60 * HOUR,
    }


def test_the_night_in_which_clocks_go_forward_is_an_hour_shorter() -> None:
    night = Interval(
        datetime(2026, 3, 28, 22, tzinfo=BERLIN),
        datetime(2026, 3, 29, 7, tzinfo=BERLIN),
    )
    in_utc = Interval(night.start.astimezone(UTC), night.end.astimezone(UTC))

    assert parts_of(in_utc, BERLIN)[Part.SLEEP] == 8 * HOUR


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)),  # noqa: DTZ001 - made UTC below
    minutes=st.integers(1, 4 * 24 * 60),
    zone=st.sampled_from(
        ["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"]
    ),
)
def test_parts_are_what_a_look_at_every_minute_finds(
    start: datetime, minutes: int, zone: str
) -> None:
    begin = start.replace(second=0, microsecond=0, tzinfo=UTC)
    local = ZoneInfo(zone)
    looked = dict.fromkeys(Part, timedelta())
    for minute in range(minutes):
        looked[part_at((begin + minute * MINUTE).astimezone(local))] += MINUTE

    assert parts_of(Interval(begin, begin + minutes * MINUTE), local) == looked


def test_a_window_is_drawn_by_day_for_two_months_and_then_by_week() -> None:
    assert window(MONDAY, MONDAY + 62 * DAY).bucket is Bucket.DAY
    assert window(MONDAY, MONDAY + 63 * DAY).bucket is Bucket.WEEK


@pytest.mark.parametrize("span", [timedelta(), -DAY, 367 * DAY])
def test_a_window_goes_forward_and_is_at_most_a_year(span: timedelta) -> None:
    with pytest.raises(Invalid):
        window(MONDAY, MONDAY + span)
