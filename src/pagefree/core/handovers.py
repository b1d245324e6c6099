"""Shifts that change hands: who has what, what is missed while away, which handoffs are told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core.intervals import Interval, clip, united
from pagefree.core.shifts import Shift

STALE = timedelta(minutes=15)  # a handoff that is longer ago is no news


class Moment(StrEnum):
    """What about a shift somebody can be told."""

    BEFORE = "before"  # it starts soon
    STARTED = "started"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Wishes:
    """Which handoffs somebody wants to be told of."""

    before: timedelta | None = None  # how long before a shift starts; none: not at all
    started: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Handoff:
    """One thing to tell about one shift; `at` is when the shift starts or ends."""

    moment: Moment
    at: datetime
    shift: Interval


def own(shifts: Iterable[Shift], user_id: UUID) -> list[Interval]:
    """When this person is on call, as few intervals as can be."""
    return united(Interval(s.start, s.end) for s in shifts if user_id in s.people)


def by_person(shifts: Iterable[Shift]) -> dict[UUID, list[Interval]]:
    """When everybody is on call, as few intervals as can be."""
    found: dict[UUID, list[Interval]] = {}
    for shift in shifts:
        time = Interval(shift.start, shift.end)
        for user_id in shift.people:
            found.setdefault(user_id, []).append(time)
    return {user_id: united(times) for user_id, times in found.items()}


def has(shifts: Iterable[Shift], user_id: UUID, wanted: Interval) -> bool:
    """Whether this person is on call all of the time."""
    return any(
        one.start <= wanted.start and wanted.end <= one.end
        for one in own(shifts, user_id)
    )


def is_free(shifts: Iterable[Shift], user_id: UUID, wanted: Interval) -> bool:
    """Whether this person is not on call at any time of it."""
    return not any(clip(one, wanted) for one in own(shifts, user_id))


def missed(
    shifts: Iterable[Interval], away: Sequence[Interval], now: datetime
) -> list[Interval]:
    """What somebody who is away cannot do of each shift, and has not begun yet.

    One interval a shift, from the first instant of it to the last: what remains between
    two days off is of no use to whoever covers.
    """
    found = []
    for shift in shifts:
        parts = [part for one in away if (part := clip(one, shift))]
        ahead = [part for part in parts if part.start > now]
        if ahead:
            start = min(part.start for part in ahead)
            found.append(Interval(start, max(part.end for part in ahead)))
    return found


def due(
    shifts: Iterable[Interval], wishes: Wishes, now: datetime
) -> tuple[Handoff, ...]:
    """What to tell at `now`, be it for the first time or again: see `Handoff`."""
    return tuple(told for shift in shifts for told in _due(shift, wishes, now))


def _due(shift: Interval, wishes: Wishes, now: datetime) -> Iterator[Handoff]:
    if wishes.before is not None and shift.start - wishes.before <= now < shift.start:
        yield Handoff(Moment.BEFORE, shift.start, shift)
    if wishes.started and shift.start <= now < shift.start + STALE:
        yield Handoff(Moment.STARTED, shift.start, shift)
    if wishes.ended and shift.end <= now < shift.end + STALE:
        yield Handoff(Moment.ENDED, shift.end, shift)
