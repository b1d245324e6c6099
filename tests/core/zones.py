"""Every zone of the world whose clocks change between 2020 and 2037, and when they do."""

from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
DAYS = 18 * 365
STEP = 20  # days; no zone changes its clocks twice in so short a time


@lru_cache(maxsize=1)
def zones() -> list[str]:
    """Their names."""
    return [name for name in sorted(available_timezones()) if len(_periods(name)) > 1]


@cache
def changes(name: str) -> tuple[datetime, ...]:
    """The minutes in which the clocks of the zone are changed."""
    zone = ZoneInfo(name)
    return tuple(_between(zone, *pair) for pair in pairwise(_periods(name)))


def _periods(name: str) -> list[datetime]:
    """A first instant of each time in which the clocks are not changed, to a few days."""
    zone = ZoneInfo(name)
    found, last = [], None
    for day in range(0, DAYS, STEP):
        at = FIRST + timedelta(days=day)
        offset = at.astimezone(zone).utcoffset()
        if offset != last:
            found.append(at)
            last = offset
    return found


def _between(zone: ZoneInfo, start: datetime, end: datetime) -> datetime:
    earlier, later = end - timedelta(days=STEP), end
    offset = earlier.astimezone(zone).utcoffset()
    assert start <= earlier
    while later - earlier > timedelta(minutes=1):
        middle = earlier + (later - earlier) // timedelta(minutes=2) * timedelta(
            minutes=1
        )
        if middle.astimezone(zone).utcoffset() == offset:
            earlier = middle
        else:
            later = middle
    return later
