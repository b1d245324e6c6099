"""Uptime beside an oracle that looks at every second."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.intervals import Interval
from pagefree.core.status_pages import STATES, State, worst
from pagefree.core.uptime import DOWN, Day, day_bars, hundredths, local_days

BERLIN = ZoneInfo("Europe/Berlin")
SECOND = timedelta(seconds=1)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
# state and length in seconds; none: nothing was recorded
runs = st.lists(
    st.tuples(st.none() | st.sampled_from(STATES), st.integers(1, 40)), max_size=12
)
lengths = st.lists(st.integers(0, 60), min_size=1, max_size=8)


def laid_out(parts: list[tuple[State | None, int]]) -> list[tuple[State, Interval]]:
    recorded, at = [], START
    for state, seconds in parts:
        end = at + seconds * SECOND
        if state is not None:
            recorded.append((state, Interval(at, end)))
        at = end
    return recorded


def days_of(seconds: list[int]) -> list[tuple[date, Interval]]:
    """Days of any length, as clocks can make them, and shorter."""
    found, at = [], START + 5 * SECOND
    for number, length in enumerate(seconds):
        end = at + length * SECOND
        found.append((date(2026, 3, 2) + timedelta(days=number), Interval(at, end)))
        at = end
    return found


@given(runs, lengths)
def test_bars_are_what_every_second_says(
    parts: list[tuple[State | None, int]], seconds: list[int]
) -> None:
    recorded, days = laid_out(parts), days_of(seconds)
    by_second = {
        interval.start + n * SECOND: state
        for state, interval in recorded
        for n in range(int((interval.end - interval.start).total_seconds()))
    }

    bars = day_bars(recorded, days)

    for bar, (on, day) in zip(bars, days, strict=True):
        length = int((day.end - day.start).total_seconds())
        inside = [by_second.get(day.start + n * SECOND) for n in range(length)]
        known = [state for state in inside if state is not None]
        down = [state for state in known if state in DOWN]
        assert bar == Day(on, worst(known), len(down) * SECOND, len(known) * SECOND)


@given(runs, lengths)
def test_the_percentage_is_exact_and_rounded_down(
    parts: list[tuple[State | None, int]], seconds: list[int]
) -> None:
    bars = day_bars(laid_out(parts), days_of(seconds))
    known = sum(int(bar.known.total_seconds()) for bar in bars)
    down = sum(int(bar.down.total_seconds()) for bar in bars)

    found = hundredths(bars)

    if known == 0:
        assert found is None
    else:
        assert found == (known - down) * 10_000 // known
        assert (found == 10_000) == (down == 0)


def test_days_are_as_long_as_clocks_make_them() -> None:
    now = datetime(2026, 3, 30, 10, tzinfo=UTC)

    days = local_days(BERLIN, 3, now)

    assert [on for on, _ in days] == [
        date(2026, 3, 28),
        date(2026, 3, 29),
        date(2026, 3, 30),
    ]
    hours = [(day.end - day.start) / timedelta(hours=1) for _, day in days]
    assert hours == [24, 23, 12]
    assert all(a.end == b.start for (_, a), (_, b) in pairwise(days))


def test_a_day_that_was_left_out_has_no_length() -> None:
    now = datetime(2011, 12, 31, 10, tzinfo=UTC)

    days = local_days(ZoneInfo("Pacific/Apia"), 4, now)

    lengths = {on: day.end - day.start for on, day in days}
    assert lengths[date(2011, 12, 30)] == timedelta(0)
