"""Recurrence rules (RFC 5545 section 3.3.10): when planned work comes again."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event
from icalendar.prop import vRecur

from pagefree.core.errors import Invalid
from pagefree.core.intervals import Interval

MOST = 200  # times at once
FREQUENCY = re.compile(r"(?:^|;)FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(?:;|$)")
ALLOWED = re.compile(r"[A-Z0-9=;,+-]{1,300}")


def check(rrule: str) -> None:
    """Raise Invalid unless `rrule` can be read, and comes at most daily."""
    if not ALLOWED.fullmatch(rrule) or not FREQUENCY.search(rrule):
        raise Invalid("a rule reads like FREQ=WEEKLY;BYDAY=SU, at most daily")
    if "BYHOUR" in rrule or "BYMINUTE" in rrule or "BYSECOND" in rrule:
        raise Invalid("work comes at the time of day of the first time")
    try:
        vRecur.from_ical(rrule)
    except ValueError as e:
        raise Invalid(f"the rule cannot be read: {e}") from e


def starts(
    rrule: str, zone: ZoneInfo, first: datetime, window: Interval
) -> list[datetime]:
    """When the work begins within the window, in order, `first` being the first time.

    It keeps its wall-clock time when clocks change. A time that does not exist has the
    offset before the gap, and one that exists twice is the first of the two (RFC 5545
    section 3.3.5). Raises Invalid where that is too often.
    """
    event = Event()
    event.add("UID", "planned-work")
    event.DTSTART = event.DTEND = first.astimezone(zone)
    event.add("RRULE", vRecur.from_ical(rrule))
    calendar = Calendar()
    calendar.add_component(event)
    found = set()
    for one in recurring_ical_events.of(calendar).between(window.start, window.end):
        wall = one.DTSTART.replace(tzinfo=zone, fold=0)
        at = wall.astimezone(UTC)
        if window.start <= at < window.end:
            found.add(at)
    if len(found) > MOST:
        raise Invalid(f"the work comes more than {MOST} times")
    return sorted(found)
