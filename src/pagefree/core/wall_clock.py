"""What the clocks of a zone show, in whole seconds since 1970, and the instant at which they do."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LONGEST_CHANGE = timedelta(days=1)  # Samoa put its clocks forward by a day in 2011


@dataclass(frozen=True, slots=True)
class Skipped:
    """Times that no clock shows, [start, end): they come as if the clocks had not changed yet."""

    start: int
    end: int
    come: int  # the last of them that has come so far


@dataclass(frozen=True, slots=True)
class Wall:
    """Which times of the wall clock have come: all up to `come`, but for some that are skipped."""

    come: int
    skipped: Skipped | None = None

    def has(self, shown: int) -> bool:
        """Whether the instant of this time has come."""
        gap = self.skipped
        if gap is not None and gap.start <= shown < gap.end:
            return shown <= gap.come
        return shown <= self.come


def instant(shown: int, zone: tzinfo) -> datetime:
    """When the clocks of the zone show this, in UTC.

    A time that exists twice is its first, and one that does not exist is read with the
    offset before the clocks went forward: RFC 5545 section 3.3.5, PEP 495 with fold=0.
    """
    return (EPOCH + shown * SECOND).replace(tzinfo=zone).astimezone(UTC)


def shown_at(at: datetime, zone: tzinfo) -> int:
    """What the clocks of the zone show."""
    return _elapsed(at) + offset(at, zone)


def offset(at: datetime, zone: tzinfo) -> int:
    """How many seconds the clocks of the zone are ahead of UTC."""
    return (at.astimezone(zone).utcoffset() or timedelta()) // SECOND


@lru_cache(maxsize=4096)
def wall_at(at: datetime, zone: tzinfo) -> Wall:
    """The times that have come by `at`: `has(shown)` is `instant(shown, zone) <= at`.

    Asked for every layer of every schedule at one instant, so that the conversions, and
    all that is special about the hours around a clock change, are done once a zone.
    """
    elapsed = _elapsed(at)
    before, after = offset(at - LONGEST_CHANGE, zone), offset(at, zone)
    if before == after:
        return Wall(elapsed + after)
    changed = _last_change(elapsed, zone)
    if after < before:  # what is shown again had come already
        return Wall(max(elapsed + after, changed + before - 1))
    skipped = Skipped(changed + before, changed + after, elapsed + before)
    return Wall(elapsed + after, skipped if skipped.come < skipped.end else None)


def _last_change(elapsed: int, zone: tzinfo) -> int:
    """The second in which the clocks were changed, at most a day before this one."""
    earlier, later = elapsed - DAY, elapsed
    now = offset(EPOCH + later * SECOND, zone)
    while later - earlier > 1:
        middle = (earlier + later) // 2
        if offset(EPOCH + middle * SECOND, zone) == now:
            later = middle
        else:
            earlier = middle
    return later


def _elapsed(at: datetime) -> int:
    return (at - EPOCH) // SECOND
