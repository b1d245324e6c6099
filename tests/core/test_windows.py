from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pagefree.core.windows import Hours, Window, edges, is_open, opens_at, zone_of

HOUR = timedelta(hours=1)
WEEKDAYS = (0, 1, 2, 3, 4)
OFFICE = Hours((Window(WEEKDAYS, time(9), time(17)),), "Europe/Berlin")
NIGHTS = Hours((Window((4,), time(22), time(6)),), "UTC")  # from Friday into Saturday
UNKNOWN = Hours((Window(WEEKDAYS, time(9), time(17)),), "Mars/Olympus")
# clocks go forward there from 2:00 to 3:00 on Sunday, 29 March 2026
GAP = Hours((Window((6,), time(2, 30), time(3, 15)),), "Europe/Berlin")

weekly = st.builds(
    Window,
    weekdays=st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(
        tuple
    ),
    start=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    end=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
hours = st.builds(
    Hours,
    windows=st.lists(weekly, min_size=1, max_size=3).map(tuple),
    time_zone=st.sampled_from(
        ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Gaza"]
    ),
)
instants = st.datetimes(
    datetime(2011, 12, 1),  # noqa: DTZ001 -- hypothesis adds the zone
    datetime(2037, 12, 1),  # noqa: DTZ001 -- the same
    timezones=st.just(UTC),
)


def berlin(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=ZoneInfo("Europe/Berlin"))  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("at", "opened"),
    [
        (berlin(2026, 6, 1, 8, 59), False),
        (berlin(2026, 6, 1, 9), True),
        (berlin(2026, 6, 1, 16, 59), True),
        (berlin(2026, 6, 1, 17), False),
        (berlin(2026, 6, 6, 12), False),  # Saturday
    ],
)
def test_working_hours_are_half_open_and_on_their_days(
    at: datetime, *, opened: bool
) -> None:
    assert is_open(OFFICE, at) is opened


@pytest.mark.parametrize(
    ("day", "hour", "opened"),
    [(5, 21, False), (5, 22, True), (6, 5, True), (6, 6, False), (6, 23, False)],
)
def test_a_window_that_ends_before_it_starts_lasts_until_the_next_day(
    day: int, hour: int, *, opened: bool
) -> None:
    assert is_open(NIGHTS, datetime(2026, 6, day, hour, tzinfo=UTC)) is opened


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (berlin(2026, 6, 1, 3), berlin(2026, 6, 1, 9)),
        (berlin(2026, 6, 1, 12), berlin(2026, 6, 1, 12)),
        (berlin(2026, 6, 5, 17), berlin(2026, 6, 8, 9)),  # over the weekend
        (berlin(2026, 3, 27, 20), berlin(2026, 3, 30, 9)),  # and a change of clocks
    ],
)
def test_the_next_window_opens_at_its_wall_clock_time(
    at: datetime, opens: datetime
) -> None:
    assert opens_at(OFFICE, at) == opens


def test_a_window_swallowed_by_a_change_of_clocks_opens_a_week_later() -> None:
    saturday = berlin(2026, 3, 28, 12)

    assert opens_at(GAP, saturday) == berlin(2026, 4, 5, 2, 30)


def test_in_a_zone_that_is_not_known_everything_is_open_at_once() -> None:
    at = datetime(2026, 6, 6, tzinfo=UTC)

    assert is_open(UNKNOWN, at)
    assert opens_at(UNKNOWN, at) == at
    assert edges(UNKNOWN, at, 7) == []
    assert zone_of("") is None


def test_without_any_window_nothing_is_waited_for() -> None:
    never, at = Hours((), "UTC"), datetime(2026, 6, 6, tzinfo=UTC)

    assert not is_open(never, at)
    assert opens_at(never, at) == at


def test_edges_are_told_in_order_and_once() -> None:
    both = Hours(
        (Window((0,), time(9), time(12)), Window((0,), time(12), time(17))), "UTC"
    )

    found = edges(both, datetime(2026, 6, 1, tzinfo=UTC), 7)

    assert [at.hour for at in found] == [9, 12, 17]


@given(hours, instants)
@example(GAP, datetime(2026, 3, 28, 12, tzinfo=UTC))
def test_what_opens_is_open_then_and_not_before(one: Hours, at: datetime) -> None:
    opens = opens_at(one, at)

    assert at <= opens <= at + timedelta(days=22)
    assert is_open(one, opens)
    if opens > at:
        assert not is_open(one, at)
        assert not is_open(one, at + (opens - at) / 2)


@given(hours, instants)
def test_it_changes_only_at_edges(one: Hours, at: datetime) -> None:
    found = [edge for edge in edges(one, at - 2 * timedelta(days=1), 5) if edge > at]

    until = min(found, default=at + HOUR)
    assert is_open(one, at) == is_open(one, at + (until - at) / 2)
