"""Uptime: from recorded states to a bar for each day, and a percentage that is exact."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pagefree.core.intervals import Interval, clip
from pagefree.core.status_pages import State, worst

DOWN = frozenset({State.PARTIAL_OUTAGE, State.MAJOR_OUTAGE})
DAY = timedelta(days=1)
NONE = timedelta(0)
HUNDREDTHS = 10_000  # of a per cent


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of a component, as far as it has passed."""

    on: date
    worst: State
    down: timedelta  # in a partial or a major outage
    known: timedelta  # for which a state was recorded; zero: nothing is known


def local_days(
    zone: ZoneInfo, count: int, now: datetime
) -> list[tuple[date, Interval]]:
    """The last `count` local days, the last of which ends `now`.

    A day lasts 23 or 25 hours when clocks change, and no time at all where it was left out.
    """
    today = now.astimezone(zone).date()
    days = [today - n * DAY for n in range(count - 1, -1, -1)]
    edges = [_midnight(day, zone) for day in days]
    return [
        (day, Interval(start, end))
        for day, start, end in zip(days, edges, [*edges[1:], now], strict=True)
    ]


def day_bars(
    recorded: Sequence[tuple[State, Interval]], days: Sequence[tuple[date, Interval]]
) -> tuple[Day, ...]:
    """A bar for each day; what is recorded is in order and does not overlap."""
    ends = [interval.end for _, interval in recorded]
    return tuple(
        _bar(recorded, bisect_right(ends, day.start), on, day) for on, day in days
    )


def _bar(
    recorded: Sequence[tuple[State, Interval]], first: int, on: date, day: Interval
) -> Day:
    states, down, known = [], NONE, NONE
    for place in range(first, len(recorded)):
        state, interval = recorded[place]
        if interval.start >= day.end:
            break
        if part := clip(interval, day):
            states.append(state)
            known += part.end - part.start
            down += part.end - part.start if state in DOWN else NONE
    return Day(on, worst(states), down, known)


def hundredths(days: Sequence[Day]) -> int | None:
    """Uptime in hundredths of a per cent, rounded down; none if nothing is known.

    Rounded down, so that 100 % means that it was never down.
    """
    known = sum((day.known for day in days), NONE)
    if known == NONE:
        return None
    up = known - sum((day.down for day in days), NONE)
    return up * HUNDREDTHS // known


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)
