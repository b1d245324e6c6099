"""Figures by mail: when each is due, which period it tells of, and what has changed since."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pagefree.core.insights import Window

WEEK = timedelta(days=7)
LAST_DAY_OF_EVERY_MONTH = 28
RETRY = timedelta(minutes=20)
TRIES = 5


class Rhythm(StrEnum):
    """How often."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Plan:
    """On which day at which hour of a wall clock."""

    rhythm: Rhythm
    day: int  # ISO weekday, or day of the month up to 28
    hour: int
    zone: ZoneInfo


def next_at(plan: Plan, now: datetime) -> datetime:
    """The next instant that is due, after `now`; in UTC.

    An hour that clocks leave out is read with the offset before the gap, and of one that
    comes twice the first counts (RFC 5545 section 3.3.5).
    """
    day = now.astimezone(plan.zone).date()
    while True:
        at = datetime.combine(day, time(plan.hour), plan.zone).astimezone(UTC)
        if _is_day(plan, day) and at > now:
            return at
        day += timedelta(days=1)


def due_by(plan: Plan, since: datetime, planned: date | None) -> datetime:
    """When a changed report is due, at `since` or after it; in UTC.

    `planned`: the day on which the period ended that was planned last; it is not planned again.
    """
    at = next_at(plan, since - timedelta(seconds=1))
    while planned and end_day(plan, at) <= planned:
        at = next_at(plan, at)
    return at


def end_day(plan: Plan, now: datetime) -> date:
    """The day on which the newest period ends that is over."""
    return newest_end(plan, now).astimezone(plan.zone).date()


def newest_end(plan: Plan, now: datetime) -> datetime:
    """Where the newest period ends that is over: midnight of its day in the zone; in UTC."""
    day = now.astimezone(plan.zone).date()
    while not _is_day(plan, day):
        day -= timedelta(days=1)
    return _midnight(day, plan.zone)


def period(plan: Plan, end: datetime) -> Window:
    """The week or month that ends then, by the days of the zone."""
    last = end.astimezone(plan.zone).date()
    return Window(_midnight(_one_before(plan.rhythm, last), plan.zone), end)


def try_again_at(tries: int, now: datetime) -> datetime | None:
    """When a mail that could not be sent is tried again; none: it is given up."""
    return now + RETRY if tries < TRIES else None


def _is_day(plan: Plan, day: date) -> bool:
    weekly = plan.rhythm is Rhythm.WEEKLY
    return plan.day == (day.isoweekday() if weekly else day.day)


def _one_before(rhythm: Rhythm, day: date) -> date:
    if rhythm is Rhythm.WEEKLY:
        return day - WEEK
    return (day.replace(day=1) - timedelta(days=1)).replace(day=day.day)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
