"""What the numbers mean: the window they are of, and the hours of a person's own day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from pagefree.core.errors import Invalid
from pagefree.core.intervals import Interval

LONGEST = timedelta(days=366)
DAYS_AT_MOST = timedelta(days=62)  # of longer windows weeks are shown
WORK_BEGINS, WORK_ENDS = 9, 18  # Monday to Friday
SLEEP_BEGINS, SLEEP_ENDS = 22, 7  # on every day
LAST_WORKDAY = 5  # Friday, of ISO weekdays
# the hours at which a day goes over from one part to the next
EDGES = (0, SLEEP_ENDS, WORK_BEGINS, WORK_ENDS, SLEEP_BEGINS, 24)


class Part(StrEnum):
    """Of a person's day, by their own clock."""

    WORKING = "working"
    OFF = "off"
    SLEEP = "sleep"


class Bucket(StrEnum):
    """What a trend has one point for."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Window:
    """The incidents that were opened in [start, end)."""

    start: datetime
    end: datetime

    @property
    def last(self) -> datetime:
        """An instant of its last day."""
        return self.end - timedelta(seconds=1)

    @property
    def bucket(self) -> Bucket:
        """How finely its trend is drawn."""
        short = self.end - self.start <= DAYS_AT_MOST
        return Bucket.DAY if short else Bucket.WEEK


def window(start: datetime, end: datetime) -> Window:
    """The window between two instants. Raises Invalid if it is none, or over a year."""
    if start >= end:
        raise Invalid("the window ends before it begins")
    if end - start > LONGEST:
        raise Invalid("the window is longer than a year")
    return Window(start, end)


def part_at(local: datetime) -> Part:
    """Which part of a day this is; `local` is by the person's own clock."""
    if local.hour >= SLEEP_BEGINS or local.hour < SLEEP_ENDS:
        return Part.SLEEP
    at_work = WORK_BEGINS <= local.hour < WORK_ENDS
    if at_work and local.isoweekday() <= LAST_WORKDAY:
        return Part.WORKING
    return Part.OFF


def parts_of(span: Interval, zone: ZoneInfo) -> dict[Part, timedelta]:
    """How much of a span is which part of somebody's days.

    Hours that clocks leave out or repeat count as long as they really last.
    """
    found = dict.fromkeys(Part, timedelta())
    for start, end in pairwise(_edges(span, zone)):
        found[part_at(start.astimezone(zone))] += end - start
    return found


def _edges(span: Interval, zone: ZoneInfo) -> list[datetime]:
    """The ends of a span and all instants within it at which the part may change."""
    utc = span.start.tzinfo
    day = span.start.astimezone(zone).replace(
        hour=0, minute=0, second=0, microsecond=0, tzinfo=None
    )
    last = span.end.astimezone(zone).replace(tzinfo=None)
    edges = {span.start, span.end}
    while day <= last:
        for hour in EDGES[:-1]:
            local = (day + timedelta(hours=hour)).replace(tzinfo=zone)
            instant = local.astimezone(utc)
            if span.start < instant < span.end:
                edges.add(instant)
        day += timedelta(days=1)
    return sorted(edges)
