"""Action items: when their owners are reminded of them."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pagefree.core.wall_clock import DAY, EPOCH, HOUR, instant

MORNING = 9 * HOUR  # by the owner's own clock
DAYS = (-3, 0, 7, 14, 21, 28)  # from the day it is due; whoever ignores six ignores all


class ItemStatus(StrEnum):
    """What became of it."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


def next_reminder(
    status: ItemStatus, due_on: date | None, zone: ZoneInfo, after: datetime
) -> datetime | None:
    """When its owner in `zone` is reminded next, later than `after`; none: never again."""
    if status is not ItemStatus.OPEN or due_on is None:
        return None
    moments = (_morning(due_on, days, zone) for days in DAYS)
    return next((at for at in moments if at > after), None)


def reminder(text: str, title: str, due_on: date, today: date) -> str:
    """What the owner is told."""
    days = (due_on - today).days
    if days > 0:
        when = "is due tomorrow" if days == 1 else f"is due in {days} days"
    elif days == 0:
        when = "is due today"
    else:
        late = -days
        when = f"was due {late} day{'s' if late > 1 else ''} ago"
    return f"“{text}” {when} (postmortem “{title}”)"


def today(zone: ZoneInfo, now: datetime) -> date:
    """The date in `zone`."""
    return now.astimezone(zone).date()


def _morning(day: date, days: int, zone: ZoneInfo) -> datetime:
    wanted = (day - EPOCH.date()) + timedelta(days=days)
    return instant(wanted.days * DAY + MORNING, zone)
