"""Layers: a rotation cut by a restriction; which of its people is on call when."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import accumulate, pairwise
from math import lcm
from uuid import UUID

from pagefree.core.intervals import Interval, cut
from pagefree.core.restrictions import (
    EPOCH_WEEKDAY,
    Holidays,
    Restriction,
    is_open,
    open_intervals,
    runs,
)
from pagefree.core.rotations import Rotation, begin_of, turn_by, turn_of, turns
from pagefree.core.wall_clock import DAY, WEEK, offset, wall_at


@dataclass(frozen=True, slots=True)
class Passed:
    """Which turns are passed over because the layer is closed for their whole length.

    It is judged by a wall clock that never changes, so that it is the same every week.
    """

    counts: tuple[
        int, ...
    ]  # how many of the first n turns of a round count, for each n
    holidays: Holidays | None
    turns: tuple[
        int, ...
    ]  # that only count by holidays, or do not count because of them

    def before(self, turn: int) -> int:
        """How many turns before this one, from the start on, are had by somebody."""
        if self.holidays is Holidays.ONLY:
            return bisect_left(self.turns, turn)
        rounds, rest = divmod(turn, len(self.counts) - 1)
        weekly = rounds * self.counts[-1] + self.counts[rest]
        return weekly - bisect_left(self.turns, turn)


@dataclass(frozen=True, slots=True)
class Layer:
    """People taking turns, at the hours that the restriction opens."""

    id: UUID
    rotation: Rotation
    restriction: Restriction | None = None
    passed: Passed | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out once what every question needs."""
        cut, rotation = self.restriction, self.rotation
        several = len(rotation.groups) > 1
        keeps = cut is not None and cut.keep_turns and several
        passed = _passed(rotation, cut) if cut and keeps else None
        object.__setattr__(self, "passed", passed)


def people_at(layer: Layer, at: datetime) -> tuple[UUID, ...]:
    """Who has the layer, the first one first; nobody where it has not begun or is closed."""
    rotation = layer.rotation
    if at < rotation.start or (rotation.end is not None and at >= rotation.end):
        return ()
    restriction = layer.restriction
    if restriction is not None and not is_open(restriction, wall_at(at, rotation.tz)):
        return ()
    return _group(layer, turn_by(rotation, wall_at(at, rotation.clock)))


def held(layer: Layer, window: Interval) -> Iterator[tuple[tuple[UUID, ...], Interval]]:
    """Who has the layer in the window, turn by turn, cut to when it is open."""
    rotation, restriction = layer.rotation, layer.restriction
    taken = ((_group(layer, n), interval) for n, interval in turns(rotation, window))
    if restriction is None:
        return taken
    return cut(taken, open_intervals(restriction, rotation.tz, window))


def _group(layer: Layer, turn: int) -> tuple[UUID, ...]:
    number = turn if layer.passed is None else layer.passed.before(turn)
    groups = layer.rotation.groups
    return groups[number % len(groups)]


def _passed(rotation: Rotation, restriction: Restriction) -> Passed:
    since_monday = (rotation.first + _ahead(rotation) + EPOCH_WEEKDAY * DAY) % WEEK
    return Passed(
        counts=_counts(rotation.ends, since_monday, restriction.edges),
        holidays=restriction.holidays,
        turns=_by_holidays(restriction, rotation),
    )


@lru_cache(maxsize=4096)
def _counts(
    ends: tuple[int, ...], first: int, edges: tuple[int, ...]
) -> tuple[int, ...]:
    """How many of the first n turns open, until turns and weeks come round together."""
    rounds = lcm(ends[-1], WEEK) // ends[-1]
    stops = [first + n * ends[-1] + end for n in range(rounds) for end in ends]
    opens = (
        _opens_weekly(edges, start, stop) for start, stop in pairwise([first, *stops])
    )
    return (0, *accumulate(map(int, opens)))


def _opens_weekly(edges: tuple[int, ...], start: int, stop: int) -> bool:
    """Whether any hour is open in [start, stop), in seconds since some Monday."""
    number = bisect_right(edges, start % WEEK)
    if number % 2 == 1:
        return True
    opens = edges[number] if number < len(edges) else edges[0] + WEEK
    return opens - start % WEEK < stop - start


def _by_holidays(restriction: Restriction, rotation: Rotation) -> tuple[int, ...]:
    """The turns that only count because of holidays, or else do not, in order."""
    ahead = _ahead(rotation)
    touched = {
        turn
        for day in restriction.days
        for turn in range(
            max(0, turn_of(rotation, day * DAY - ahead)),
            turn_of(rotation, (day + 1) * DAY - ahead - 1) + 1,
        )
    }
    if restriction.holidays is Holidays.ONLY:
        counted = (t for t in touched if _opens(restriction, rotation, t))
        return tuple(sorted(counted))
    hours = Restriction(restriction.windows)
    return tuple(
        sorted(
            turn
            for turn in touched
            if _opens(hours, rotation, turn) and not _opens(restriction, rotation, turn)
        )
    )


def _opens(restriction: Restriction, rotation: Rotation, turn: int) -> bool:
    ahead = _ahead(rotation)
    start, end = begin_of(rotation, turn) + ahead, begin_of(rotation, turn + 1) + ahead
    return bool(runs(restriction, start, end))


def _ahead(rotation: Rotation) -> int:
    """How far the clock of the restriction is ahead of the rotation's, which may just elapse."""
    if rotation.clock is rotation.tz:
        return 0
    return offset(rotation.start, rotation.tz)
