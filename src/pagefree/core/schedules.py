"""Rotations: whose turn it is at any instant, in any time zone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rotation:
    """Users taking turns; turn n belongs to `users[n % len(users)]`."""

    users: tuple[UUID, ...]  # may be empty: then nobody is on call
    start: datetime  # first handoff
    turn_days: int  # length of a turn in local calendar days, >= 1
    tz: ZoneInfo  # handoffs keep this zone's wall-clock time


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's interval on call, [start, end)."""

    user_id: UUID
    start: datetime
    end: datetime


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
    turn = turn_at(rotation, at) if rotation.users else -1
    return rotation.users[turn % len(rotation.users)] if turn >= 0 else None


def shifts(rotation: Rotation, start: datetime, end: datetime) -> tuple[Shift, ...]:
    """The shifts that touch [start, end), clipped to it, in order.

    Consecutive turns of one person are one shift.
    """
    if not rotation.users:
        return ()
    found: list[Shift] = []
    turn = max(0, turn_at(rotation, start))
    while (begin := handoff(rotation, turn)) < end:
        user = rotation.users[turn % len(rotation.users)]
        stop = min(handoff(rotation, turn + 1), end)
        if stop > max(begin, start):
            found = _joined(found, Shift(user, max(begin, start), stop))
        turn += 1
    return tuple(found)


def _joined(found: list[Shift], shift: Shift) -> list[Shift]:
    if found and found[-1].user_id == shift.user_id and found[-1].end == shift.start:
        return [*found[:-1], Shift(shift.user_id, found[-1].start, shift.end)]
    return [*found, shift]
