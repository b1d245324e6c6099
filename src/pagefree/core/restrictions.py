"""Restrictions: the hours of the week, and the public holidays, on which a layer is on call."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, tzinfo
from enum import StrEnum

from pagefree.core.intervals import Interval, clip, united
from pagefree.core.wall_clock import DAY, EPOCH, WEEK, Wall, instant, shown_at

EPOCH_DAY = EPOCH.date().toordinal()
EPOCH_WEEKDAY = EPOCH.weekday()  # a Thursday; 0 is Monday
Run = tuple[int, int]  # from one time of the wall clock until just before another


class Holidays(StrEnum):
    """What public holidays mean for a layer."""

    ONLY = "only"  # open on them alone
    EXCEPT = "except"  # closed on them


@dataclass(frozen=True, slots=True)
class Window:
    """The same hours of some days of the week."""

    weekdays: frozenset[int]  # on which it begins; 0 is Monday
    start: time
    end: time  # not after the start: of the next day


@dataclass(frozen=True, slots=True)
class Restriction:
    """When a layer is open, by the wall clock of its rotation's zone."""

    windows: tuple[Window, ...] = ()  # none: at all hours
    holidays: Holidays | None = None  # none: days like any other
    dates: frozenset[date] = frozenset()  # the holidays
    # A turn that is wholly outside is passed over: nobody loses theirs to it.
    keep_turns: bool = True

    # where the hours open and close in turn, in seconds of the week
    edges: tuple[int, ...] = field(init=False, repr=False, compare=False)
    days: frozenset[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out once what every question needs."""
        runs = _united(run for window in self.windows for run in _week_runs(window))
        days = frozenset(day.toordinal() - EPOCH_DAY for day in self.dates)
        edges = tuple(edge for run in runs for edge in run) or (0, WEEK)
        object.__setattr__(self, "edges", edges)
        object.__setattr__(self, "days", days)


def _week_runs(window: Window) -> Iterator[Run]:
    """Its hours within the week, which begins with Monday."""
    start, end = _seconds(window.start), _seconds(window.end)
    length = (end - start) if end > start else end + DAY - start
    for weekday in window.weekdays:
        begin = weekday * DAY + start
        yield begin, min(begin + length, WEEK)
        if begin + length > WEEK:
            yield 0, begin + length - WEEK


def _seconds(of_day: time) -> int:
    return (of_day.hour * 60 + of_day.minute) * 60 + of_day.second


def is_open(restriction: Restriction, wall: Wall) -> bool:
    """Whether the layer is open at the instant of which the times that have come are known."""
    skipped, edges = wall.skipped, restriction.edges
    if skipped is None:
        return shows_open(restriction, wall.come)
    before, after = _of_week(skipped.start - 1), _of_week(wall.come)
    number = bisect_right(edges, after)
    quiet = before < after and number == bisect_right(edges, before)
    if quiet and restriction.holidays is None:  # nothing opens or closes around it
        return number % 2 == 1
    # opened by a time that has come, and closed by one that has not
    found = runs(restriction, skipped.start - 1, wall.come + 1)
    return any(wall.has(start) and not wall.has(end) for start, end in found)


def shows_open(restriction: Restriction, shown: int) -> bool:
    """Whether the layer is open when clocks show this."""
    if restriction.holidays is not None:
        is_holiday = shown // DAY in restriction.days
        if is_holiday is (restriction.holidays is Holidays.EXCEPT):
            return False
    return bisect_right(restriction.edges, _of_week(shown)) % 2 == 1


def _of_week(shown: int) -> int:
    """How many seconds after the beginning of Monday."""
    return (shown + EPOCH_WEEKDAY * DAY) % WEEK


def runs(restriction: Restriction, start: int, end: int) -> list[Run]:
    """When the layer is open on the wall clock within [start, end), in order, as few as can be."""
    found = (
        run
        for day in range(start // DAY, -(-end // DAY))
        for run in _day_runs(restriction, day)
    )
    return [
        (max(start, begin), min(end, stop))
        for begin, stop in _united(found)
        if begin < end and stop > start
    ]


def _day_runs(restriction: Restriction, day: int) -> Iterator[Run]:
    if restriction.holidays is not None:
        is_holiday = day in restriction.days
        if is_holiday is (restriction.holidays is Holidays.EXCEPT):
            return
    of_week = (day + EPOCH_WEEKDAY) % 7 * DAY
    monday, edges = day * DAY - of_week, restriction.edges
    at = bisect_right(edges, of_week) // 2 * 2
    while at < len(edges) and edges[at] < of_week + DAY:
        opens = max(edges[at], of_week)
        yield monday + opens, monday + min(edges[at + 1], of_week + DAY)
        at += 2


def open_intervals(
    restriction: Restriction, zone: tzinfo, window: Interval
) -> list[Interval]:
    """When the layer is open within the window, in order."""
    start, end = shown_at(window.start, zone), shown_at(window.end, zone)
    # clocks may show what they showed a day ago, and have skipped a day
    found = runs(restriction, start - 2 * DAY, end + 2 * DAY)
    intervals = united(
        Interval(instant(begin, zone), instant(stop, zone)) for begin, stop in found
    )
    return [part for part in (clip(i, window) for i in intervals) if part]


def _united(found: Iterator[Run]) -> list[Run]:
    """What any of them covers, in order, as few as can be."""
    united_runs: list[Run] = []
    for start, end in sorted(found):
        if united_runs and start <= united_runs[-1][1]:
            united_runs[-1] = (united_runs[-1][0], max(end, united_runs[-1][1]))
        else:
            united_runs.append((start, end))
    return united_runs
