"""Half-open intervals of time, [start, end): where two meet there is no gap and no overlap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

Holder = TypeVar("Holder")


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` until just before `end`."""

    start: datetime
    end: datetime


def clip(interval: Interval, window: Interval) -> Interval | None:
    """The part of `interval` inside `window`; none when they do not overlap."""
    start = max(interval.start, window.start)
    end = min(interval.end, window.end)
    return Interval(start, end) if start < end else None


def joined(
    held: Iterable[tuple[Holder, Interval]],
) -> list[tuple[Holder, Interval]]:
    """`held`, in order of time, with what one holder has without a gap made one interval."""
    found: list[tuple[Holder, Interval]] = []
    for holder, interval in held:
        last, before = found[-1] if found else (None, None)
        if before and last == holder and before.end == interval.start:
            found[-1] = (holder, Interval(before.start, interval.end))
        else:
            found.append((holder, interval))
    return found
