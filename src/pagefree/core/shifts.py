"""Shifts: who is on call from when until when, stacked, overridden and joined."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from operator import attrgetter
from uuid import UUID

from pagefree.core.intervals import Interval

People = tuple[UUID, ...]  # together on call, the first one first; empty: nobody


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody is on call in [start, end) in place of others."""

    id: UUID
    start: datetime
    end: datetime
    user_id: UUID
    replaces: UUID | None = None  # only where this person is on call; none: everywhere
    layer_id: UUID | None = None  # in this layer only; none: in the result of all


@dataclass(frozen=True, slots=True)
class Shift:
    """The people who are on call together in [start, end), and why."""

    people: People
    start: datetime
    end: datetime
    layer_id: UUID | None  # none: it is a whole override
    override_id: UUID | None = None  # the last one that changed it


def stacked(below: list[Shift], above: list[Shift]) -> list[Shift]:
    """The shifts above, and of those below what is left free; each is in order."""
    if not below:
        return above
    found: list[Shift] = []
    below = list(below)
    at = 0
    for shift in above:
        while at < len(below) and below[at].start < shift.start:
            found += _clipped(below[at], below[at].start, shift.start)
            if below[at].end > shift.start:
                break
            at += 1
        found.append(shift)
        while at < len(below) and below[at].end <= shift.end:
            at += 1
        if at < len(below) and below[at].start < shift.end:
            below[at] = _timed(below[at], shift.end, below[at].end)
    return [*found, *below[at:]]


def override_all(
    shifts: list[Shift], overrides: Iterable[Override], window: Interval
) -> None:
    """Change `shifts` within the window by the overrides, one after the other."""
    for override in overrides:
        start, end = max(override.start, window.start), min(override.end, window.end)
        if start < end:
            part = Interval(start, end)
            splice(shifts, part, partial(_put, override, part))


def _put(override: Override, part: Interval, inside: list[Shift]) -> list[Shift]:
    user, layer = override.user_id, override.layer_id
    if override.replaces is None:
        return [Shift((user,), part.start, part.end, layer, override.id)]
    return [
        replace(s, people=overridden(s.people, override), override_id=override.id)
        if override.replaces in s.people
        else s
        for s in inside
    ]


def overridden(people: People, override: Override) -> People:
    """Who is on call together once the override holds; nobody twice."""
    if override.replaces is None:
        return (override.user_id,)
    if override.replaces not in people:
        return people
    changed = (override.user_id if u == override.replaces else u for u in people)
    return tuple(dict.fromkeys(changed))


def splice(
    shifts: list[Shift], part: Interval, change: Callable[[list[Shift]], list[Shift]]
) -> None:
    """Replace what of `shifts` is within the part by what `change` makes of it."""
    first = bisect_right(shifts, part.start, key=attrgetter("end"))
    last = bisect_left(shifts, part.end, lo=first, key=attrgetter("start"))
    touched = shifts[first:last]
    before = [s for t in touched for s in _clipped(t, t.start, part.start)]
    inside = [s for t in touched for s in _clipped(t, part.start, part.end)]
    after = [s for t in touched for s in _clipped(t, part.end, t.end)]
    shifts[first:last] = [*before, *change(inside), *after]


def _clipped(shift: Shift, start: datetime, end: datetime) -> list[Shift]:
    start, end = max(shift.start, start), min(shift.end, end)
    if start >= end:
        return []
    if start == shift.start and end == shift.end:
        return [shift]
    return [_timed(shift, start, end)]


def joined(shifts: Iterable[Shift]) -> list[Shift]:
    """The same, with what only an instant parts made one shift."""
    found: list[Shift] = []
    for shift in shifts:
        last = found[-1] if found else None
        if last and last.end == shift.start and _alike(last, shift):
            found[-1] = _timed(last, last.start, shift.end)
        else:
            found.append(shift)
    return found


def _timed(shift: Shift, start: datetime, end: datetime) -> Shift:
    """The same at another time; three times as quick as `replace`, for calendars of a year."""
    return Shift(shift.people, start, end, shift.layer_id, shift.override_id)


def _alike(one: Shift, other: Shift) -> bool:
    return (
        one.people == other.people
        and one.layer_id == other.layer_id
        and one.override_id == other.override_id
    )


def clash(made: Override, new: Override) -> bool:
    """Whether one of two overrides would silently undo the other where they overlap.

    Not if they replace two different people, nor if the new one replaces whoever covers.
    """
    if made.layer_id != new.layer_id:
        return False
    if made.start >= new.end or new.start >= made.end:
        return False
    if new.replaces is None or made.replaces is None:
        return new.replaces != made.user_id
    return new.replaces == made.replaces
