"""When the next ping of a heartbeat is due: after a period, or as a cron expression says."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from pagefree.core.errors import Invalid
from pagefree.core.heartbeats import Expected
from pagefree.core.maintenance import GREENWICH
from pagefree.core.windows import zone_of

FIELDS = 5
LONGEST_CRON = 100
NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # "0 0 30 2 *"


@dataclass(frozen=True, slots=True)
class Schedule:
    """One of `period` and `cron` says when pings come."""

    period: timedelta | None
    cron: str | None
    time_zone: str = "UTC"


@lru_cache(maxsize=4096)
def expected_by(schedule: Schedule) -> Expected:
    """When the ping after one at an instant is due."""
    if schedule.period is not None:
        period = schedule.period
        return lambda at: at + period
    cron, zone = schedule.cron or "", zone_of(schedule.time_zone) or GREENWICH
    return lambda at: _next(cron, at, zone)


def _next(cron: str, at: datetime, zone: ZoneInfo) -> datetime:
    """As Debian's cron: a time that clocks skip comes right after the gap, none comes twice."""
    found = next(CronSim(cron, at.astimezone(zone)), None)
    return NEVER if found is None else found.astimezone(UTC)


def check(schedule: Schedule, now: datetime) -> None:
    """Raise Invalid unless pings can come by this schedule."""
    upcoming(schedule, now, 1)


def upcoming(schedule: Schedule, now: datetime, count: int) -> list[datetime]:
    """The next times of a cron expression, or when pings would come after one now. Raises Invalid."""
    if (schedule.period is None) == (schedule.cron is None):
        raise Invalid("say either a period or a cron expression")
    zone = zone_of(schedule.time_zone)
    if zone is None:
        raise Invalid(f"there is no time zone {schedule.time_zone!r}")
    if schedule.period is not None:
        return [now + schedule.period * (n + 1) for n in range(count)]
    cron = schedule.cron or ""
    if len(cron) > LONGEST_CRON or len(cron.split()) != FIELDS:
        raise Invalid(
            "a cron expression has five fields: minute hour day month weekday"
        )
    try:
        times = list(islice(CronSim(cron, now.astimezone(zone)), count))
    except (CronSimError, AssertionError, ValueError, OverflowError) as e:
        raise Invalid(f"this is not a cron expression: {e}") from e
    if not times:
        raise Invalid("this cron expression never comes round")
    return [time.astimezone(UTC) for time in times]
