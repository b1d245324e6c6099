"""Recurring work keeps its wall-clock time, whatever clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagefree.core.errors import Invalid
from pagefree.core.intervals import Interval
from pagefree.status_pages import recurrence

ZONES = [
    ZoneInfo(name)
    for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
]
DAY = timedelta(days=1)
firsts = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0)
)


def by_the_day(
    zone: ZoneInfo, first: datetime, step: int, window: Interval
) -> list[datetime]:
    """The same wall-clock time on every `step`-th local day, in UTC."""
    wall = first.astimezone(zone).replace(tzinfo=None)
    found = []
    for n in range(0, 800, step):
        at = (wall + n * DAY).replace(tzinfo=zone, fold=0).astimezone(UTC)
        if window.start <= at < window.end:
            found.append(at)
    return found


@settings(max_examples=60)
@given(
    st.sampled_from(ZONES),
    firsts,
    st.sampled_from(
        [("FREQ=DAILY", 1), ("FREQ=WEEKLY", 7), ("FREQ=DAILY;INTERVAL=3", 3)]
    ),
    st.integers(0, 300),
)
def test_it_comes_at_the_same_time_of_day(
    zone: ZoneInfo, wall: datetime, rule: tuple[str, int], after: int
) -> None:
    rrule, step = rule
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    # a first time that clocks skip is not there again on other days at that hour
    wall = first.astimezone(zone).replace(tzinfo=None)
    window = Interval(first + after * DAY, first + (after + 60) * DAY)

    found = recurrence.starts(rrule, zone, first, window)

    assert found == by_the_day(zone, first, step, window)


def test_a_night_that_clocks_skip_has_its_work_all_the_same() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 3, 28, 2, 30, tzinfo=berlin)
    window = Interval(first, first + 3 * DAY)

    found = recurrence.starts("FREQ=DAILY", berlin, first, window)

    assert [f"{at:%d %H:%M}" for at in found] == ["28 01:30", "29 01:30", "30 00:30"]


@pytest.mark.parametrize(
    "rrule",
    [
        *("", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=1,2,3", "weekly", "FREQ=DAILY\r\nX:1"),
        *("INTERVAL=2", "FREQ=SECONDLY;COUNT=9", "FREQ=WEEKLY;BYDAY=XX"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(rrule: str) -> None:
    with pytest.raises(Invalid):
        recurrence.check(rrule)


def test_rules_that_can_be_meant_are_taken() -> None:
    recurrence.check("FREQ=MONTHLY;BYDAY=2TU;COUNT=12")
