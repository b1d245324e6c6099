"""Rotations: people taking turns, and the instants at which they hand off, in any time zone."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from itertools import accumulate
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.core import wall_clock
from pagefree.core.intervals import Interval, clip
from pagefree.core.wall_clock import Wall, instant, shown_at, wall_at


class Unit(StrEnum):
    """What the length of a turn is counted in."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


SECONDS = {
    Unit.HOUR: wall_clock.HOUR,
    Unit.DAY: wall_clock.DAY,
    Unit.WEEK: wall_clock.WEEK,
}


@dataclass(frozen=True, slots=True)
class Rotation:
    """Users taking turns; turn n is of `users[n % len(users)]`.

    Days and weeks keep the time of day of their handoffs when clocks change. So do hours
    that come round at the same times of every day (8, or 10 and 14); others just elapse.
    """

    # May be empty. None: somebody who has left; nobody has that turn.
    users: tuple[UUID | None, ...]
    start: datetime  # first handoff
    unit: Unit
    lengths: tuple[int, ...]  # turn n lasts lengths[n % len(lengths)] units, each >= 1
    tz: ZoneInfo
    at_once: int = 1  # turn n is of as many users from n on: the first, and shadows
    end: datetime | None = None

    # by what `start` and the handoffs after it are told
    clock: tzinfo = field(init=False, repr=False, compare=False)
    first: int = field(init=False, repr=False, compare=False)  # shown at `start`
    # when the turns of one round of lengths end, in seconds after it began
    ends: tuple[int, ...] = field(init=False, repr=False, compare=False)
    # who has turn n: groups[n % len(groups)]; never empty
    groups: tuple[tuple[UUID, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out once what every question needs."""
        ends = tuple(accumulate(SECONDS[self.unit] * n for n in self.lengths))
        day = wall_clock.DAY
        daily = day % ends[-1] == 0 or ends[-1] % day == 0
        clock = self.tz if daily else UTC
        object.__setattr__(self, "clock", clock)
        object.__setattr__(self, "first", shown_at(self.start, clock))
        object.__setattr__(self, "ends", ends)
        object.__setattr__(self, "groups", _groups(self.users, self.at_once))


def _groups(
    users: tuple[UUID | None, ...], at_once: int
) -> tuple[tuple[UUID, ...], ...]:
    """Who is on call together, turn by turn; nobody twice."""
    count = len(users)
    together = (
        (users[(turn + n) % count] for n in range(at_once)) for turn in range(count)
    )
    groups = (tuple(dict.fromkeys(u for u in some if u)) for some in together)
    return tuple(groups) or ((),)


def turn_of(rotation: Rotation, shown: int) -> int:
    """The turn of a time on the rotation's clock; negative before the start."""
    ends = rotation.ends
    rounds, rest = divmod(shown - rotation.first, ends[-1])
    return rounds * len(ends) + bisect_right(ends, rest)


def begin_of(rotation: Rotation, turn: int) -> int:
    """The time on the rotation's clock at which a turn begins."""
    ends = rotation.ends
    rounds, number = divmod(turn, len(ends))
    return rotation.first + rounds * ends[-1] + (ends[number - 1] if number else 0)


def handoff(rotation: Rotation, turn: int) -> datetime:
    """When turn number `turn` begins, in UTC; the one before it ends at the same instant.

    Never earlier than the handoff before it: where clocks skip more than the length of a
    turn, the turns that begin in what is skipped have no length.
    """
    begin = begin_of(rotation, turn)
    found = instant(begin, rotation.clock)
    if rotation.unit is Unit.HOUR and shown_at(found, rotation.clock) != begin:
        return min(found, handoff(rotation, turn + 1))
    return found


def turn_at(rotation: Rotation, at: datetime) -> int:
    """The n for which handoff(n) <= at < handoff(n + 1); negative before the start."""
    return turn_by(rotation, wall_at(at, rotation.clock))


def turn_by(rotation: Rotation, wall: Wall) -> int:
    """The same for an instant of which the times that have come are known."""
    turn = turn_of(rotation, wall.come)
    if wall.skipped is not None and not wall.has(begin_of(rotation, turn)):
        return turn_of(rotation, wall.skipped.come)
    return turn


def turns(rotation: Rotation, window: Interval) -> Iterator[tuple[int, Interval]]:
    """The turns that touch the window, clipped to it; those of no length are left out."""
    end = min(window.end, rotation.end or window.end)
    if window.start >= end:
        return
    held = Interval(max(window.start, rotation.start), end)
    turn = max(0, turn_at(rotation, window.start))
    begin = handoff(rotation, turn)
    while begin < end:
        following = handoff(rotation, turn + 1)
        part = clip(Interval(begin, following), held)
        if part is not None:
            yield turn, part
        turn, begin = turn + 1, following
