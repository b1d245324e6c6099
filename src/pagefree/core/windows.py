"""Weekly windows such as working hours: is one open, when does the next one open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pagefree.core.intervals import Interval

DAY = timedelta(days=1)
# Three weeks: a weekly window may have no length on the one day on which clocks change.
SEARCHED_DAYS = 21


@dataclass(frozen=True, slots=True)
class Window:
    """On these weekdays from `start` until just before `end`; `end <= start`: the next day."""

    weekdays: tuple[int, ...]  # of its beginning; Monday is 0
    start: time  # local wall clock, naive
    end: time


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly windows on the wall clocks of one zone, e.g. when people work."""

    windows: tuple[Window, ...]
    time_zone: str  # IANA name


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether `at` is inside one of the windows.

    A zone that is not known any more counts as always open: too loud beats too quiet.
    """
    zone = zone_of(hours.time_zone)
    if zone is None:
        return True
    # a window that began yesterday may last until today
    first = at.astimezone(zone).date() - DAY
    return any(found.start <= at < found.end for found in _openings(hours, first, 3))


def opens_at(hours: Hours, at: datetime) -> datetime:
    """`at` if a window is open then, else when the next one opens.

    Without any window, or in a zone that is not known, that is at once.
    """
    zone = zone_of(hours.time_zone)
    if zone is None or is_open(hours, at):
        return at
    first = at.astimezone(zone).date()
    later = (
        found.start
        for found in _openings(hours, first, SEARCHED_DAYS)
        if found.start > at
    )
    return min(later, default=at)


def edges(hours: Hours, start: datetime, days: int) -> list[datetime]:
    """When windows open and close in the days from `start`, in order, no instant twice."""
    zone = zone_of(hours.time_zone)
    if zone is None:
        return []
    found = _openings(hours, start.astimezone(zone).date(), days)
    return sorted({edge for window in found for edge in (window.start, window.end)})


def zone_of(time_zone: str) -> ZoneInfo | None:
    """The zone of this name; none where it is not known."""
    try:
        return ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _openings(hours: Hours, first: date, days: int) -> Iterator[Interval]:
    """Every window that begins in the local days from `first`; none of no length."""
    zone = ZoneInfo(hours.time_zone)
    for day in (first + n * DAY for n in range(days)):
        for window in hours.windows:
            if day.weekday() not in window.weekdays:
                continue
            last = day if window.start < window.end else day + DAY
            opening = Interval(
                _instant(day, window.start, zone), _instant(last, window.end, zone)
            )
            if opening.start < opening.end:
                yield opening


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A local time in UTC, as RFC 5545 section 3.3.5 reads it.

    One that does not exist has the offset before the gap, one that exists twice is the
    first of the two (PEP 495, fold=0).
    """
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)
