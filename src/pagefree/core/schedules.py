"""Rotations: whose turn it is at any instant, in any time zone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.core.intervals import Interval, clip, joined

LONGEST_TURN_DAYS = 365
LONGEST_WINDOW = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Rotation:
    """Users taking turns; turn n belongs to `users[n % len(users)]`."""

    # May be empty. None: somebody who has left; nobody is on call in that turn.
    users: tuple[UUID | None, ...]
    start: datetime  # first handoff
    turn_days: int  # length of a turn in local calendar days, >= 1
    tz: ZoneInfo  # handoffs keep this zone's wall-clock time


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's interval on call, [start, end)."""

    user_id: UUID
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call at an instant, for how long, and who follows."""

    user_id: UUID | None
    until: datetime | None  # none: it never changes
    next_id: UUID | None  # none: nobody follows


def handoff(rotation: Rotation, turn: int) -> datetime:
    """When turn number `turn` begins, in UTC.

    A handoff keeps its wall-clock time when clocks change, so a one-day turn may
    last 23 or 25 hours. A wall-clock time that does not exist, or exists twice, is
    read as RFC 5545 section 3.3.5 says: with the offset before the gap, and as the
    first of the two (PEP 495, fold=0).
    """
    first = rotation.start.astimezone(rotation.tz)
    day = first.date() + timedelta(days=turn * rotation.turn_days)
    return datetime.combine(day, first.time().replace(fold=0), rotation.tz).astimezone(
        UTC
    )


def turn_at(rotation: Rotation, at: datetime) -> int:
    """The n for which handoff(n) <= at < handoff(n + 1); negative before the start."""
    first_day = rotation.start.astimezone(rotation.tz).date()
    days = (at.astimezone(rotation.tz).date() - first_day).days
    turn = days // rotation.turn_days
    # loops: Samoa skipped 30 December 2011, so two handoffs were one instant
    while handoff(rotation, turn) > at:
        turn -= 1
    while handoff(rotation, turn + 1) <= at:
        turn += 1
    return turn


def on_call(rotation: Rotation, at: datetime) -> UUID | None:
    """Who is on call at `at`; none before the first handoff or with no users."""
    return _user(rotation, turn_at(rotation, at))


def now_and_next(rotation: Rotation, at: datetime) -> OnCall:
    """Who is on call at `at`, until somebody else is or nobody; turns of no length do not count."""
    turn = turn_at(rotation, at)
    user = _user(rotation, turn)
    following = range(max(turn, -1) + 1, max(turn, -1) + 2 + len(rotation.users))
    for later in following if rotation.users else ():
        begin = handoff(rotation, later)
        if _user(rotation, later) != user and begin < handoff(rotation, later + 1):
            return OnCall(user, begin, _user(rotation, later))
    return OnCall(user, None, None)


def shifts(rotation: Rotation, start: datetime, end: datetime) -> tuple[Shift, ...]:
    """The shifts that touch [start, end), clipped to it, in order.

    Consecutive turns of one person are one shift.
    """
    turns: list[tuple[UUID, Interval]] = []
    turn = max(0, turn_at(rotation, start))
    while rotation.users and (begin := handoff(rotation, turn)) < end:
        user = _user(rotation, turn)
        turn += 1
        held = clip(Interval(begin, handoff(rotation, turn)), Interval(start, end))
        if user is not None and held is not None:
            turns.append((user, held))
    return tuple(Shift(user, held.start, held.end) for user, held in joined(turns))


def own_shifts(rotation: Rotation, user_id: UUID, at: datetime) -> tuple[Shift, ...]:
    """The current and the next shift of one person, as far as 400 days can be seen."""
    begin = handoff(rotation, turn_at(rotation, at))
    seen = shifts(rotation, begin, at + LONGEST_WINDOW)
    return tuple(s for s in seen if s.user_id == user_id and s.end > at)[:2]


def _user(rotation: Rotation, turn: int) -> UUID | None:
    if turn < 0 or not rotation.users:
        return None
    return rotation.users[turn % len(rotation.users)]
