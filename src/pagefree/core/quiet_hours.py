"""When somebody does not want to be woken, and what wakes them all the same."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pagefree.core.routing import Urgency


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of each day, on the wall clock of the person; they may go past midnight."""

    zone: ZoneInfo
    start: time
    end: time  # the same as `start`: the whole day
    urgent: bool = False  # urgent and critical pages are held back too


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants of pages."""

    quiet: Quiet | None = None
    low_off_duty: bool = True  # pages of low urgency while not on call


def quiet_until(quiet: Quiet, now: datetime) -> datetime | None:
    """When the quiet hours end that it is in now; none: it is not in any.

    An end that clocks skip is taken as if they had not been changed: minutes later, never
    a day.
    """
    local = now.astimezone(quiet.zone)
    for days in (1, 0):  # begun yesterday, or today
        day = local.date() - timedelta(days=days)
        last = day + timedelta(days=1) if quiet.end <= quiet.start else day
        begins = datetime.combine(day, quiet.start, quiet.zone)
        ends = datetime.combine(last, quiet.end, quiet.zone)
        # compared as instants: on one wall clock the offset would be left out
        if begins.timestamp() <= now.timestamp() < ends.timestamp():
            return ends.astimezone(now.tzinfo)
    return None


def held_until(
    wishes: Wishes, urgency: Urgency, now: datetime, *, critical: bool
) -> datetime | None:
    """Until when messages that would wake this person wait; none: they are sent.

    Whatever is urgent or critical is never held back unless the person has said so.
    """
    quiet = wishes.quiet
    if quiet is None:
        return None
    if (urgency is Urgency.HIGH or critical) and not quiet.urgent:
        return None
    return quiet_until(quiet, now)


def spared(wishes: Wishes, urgency: Urgency, *, critical: bool, on_duty: bool) -> bool:
    """Whether a page wakes this person at no time: not urgent, and not their shift."""
    if urgency is Urgency.HIGH or critical or on_duty:
        return False
    return not wishes.low_off_duty
