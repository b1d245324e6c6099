"""Weekly digests: when each is due, and whether a week is worth a mail."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)
HOUR_OF_DAY = time(9)
STALE = timedelta(hours=24)  # later than that it is the next week's
NIGHT_ENDS, NIGHT_BEGINS = 7, 22  # by the person's own clock
LAST_WORKDAY = 4  # Friday
RETRY = timedelta(minutes=20)
TRIES = 5


@dataclass(frozen=True, slots=True)
class Shift:
    """When somebody is on call in the week to come."""

    schedule: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """What the admins of a team look after."""

    team_id: UUID
    name: str
    unproven: tuple[str, ...]  # people whom nothing is known to have reached lately
    findings: tuple[str, ...]  # sentences
    on_call: tuple[tuple[str, tuple[str, ...]], ...]  # schedule, people in turn


@dataclass(frozen=True, slots=True)
class Week:
    """What a person's last week was like, and the next will be."""

    pages: tuple[datetime, ...]  # when they were told of each incident, in UTC
    acknowledged: int  # of all incidents, by them
    unproven: tuple[str, ...]  # their own contact methods
    reachable: bool  # something can wake them
    shifts: tuple[Shift, ...]
    teams: tuple[TeamWeek, ...] = ()
    findings: tuple[str, ...] = ()  # for platform admins


@dataclass(frozen=True, slots=True)
class Hours:
    """At which times somebody was paged."""

    night: int
    weekend: int  # by day
    workday: int  # by day


def next_monday(zone: ZoneInfo, now: datetime) -> datetime:
    """The next Monday at nine by the clocks of the zone, after `now`; in UTC."""
    day = now.astimezone(zone).date()
    while True:
        at = datetime.combine(day, HOUR_OF_DAY, zone).astimezone(UTC)
        if day.weekday() == 0 and at > now:
            return at
        day += timedelta(days=1)


def week_of(at: datetime) -> str:
    """Its name in ISO 8601, by the clocks of UTC: "2026-W10"."""
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02}"


def is_stale(due_at: datetime, now: datetime) -> bool:
    """Whether the week has gone on so far that nobody wants to read of the one before."""
    return now - due_at > STALE


def try_again_at(tries: int, now: datetime) -> datetime | None:
    """When a mail that could not be sent is tried again; none: it is given up."""
    return now + RETRY if tries < TRIES else None


def worth_telling(week: Week) -> bool:
    """Whether anything happened, or anything has to be done. To be on call is neither."""
    return bool(
        week.pages
        or week.acknowledged
        or week.findings
        or (week.shifts and not week.reachable)
        or week.unproven
        or any(team.unproven or team.findings for team in week.teams)
    )


def hours(pages: Sequence[datetime], zone: ZoneInfo) -> Hours:
    """How many came when, by the clocks of the zone; each counts once."""
    counts = Counter(_kind(at.astimezone(zone)) for at in pages)
    return Hours(counts["night"], counts["weekend"], counts["workday"])


def _kind(local: datetime) -> str:
    if not NIGHT_ENDS <= local.hour < NIGHT_BEGINS:
        return "night"
    return "weekend" if local.weekday() > LAST_WORKDAY else "workday"
