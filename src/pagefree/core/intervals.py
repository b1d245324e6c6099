"""Half-open intervals of time, [start, end): where two meet there is no gap and no overlap."""

from collections.abc import Iterable, Iterator, Sequence
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


def united(intervals: Iterable[Interval]) -> list[Interval]:
    """What any of the intervals covers, in order, as few intervals as can be."""
    found: list[Interval] = []
    for interval in sorted(intervals, key=_start):
        if found and interval.start <= found[-1].end:
            end = max(found[-1].end, interval.end)
            found[-1] = Interval(found[-1].start, end)
        elif interval.start < interval.end:
            found.append(interval)
    return found


def without(window: Interval, taken: Iterable[Interval]) -> list[Interval]:
    """What of the window none of the intervals covers, in order."""
    left = []
    start = window.start
    for interval in united(taken):
        if start < min(interval.start, window.end):
            left.append(Interval(start, min(interval.start, window.end)))
        start = max(start, interval.end)
    return [*left, Interval(start, window.end)] if start < window.end else left


def cut(
    held: Iterable[tuple[Holder, Interval]], opened: Sequence[Interval]
) -> Iterator[tuple[Holder, Interval]]:
    """What of `held` is also in `opened`; both are in order and without overlaps."""
    at = 0
    for holder, interval in held:
        while at < len(opened) and opened[at].end <= interval.start:
            at += 1
        following = at
        while following < len(opened) and opened[following].start < interval.end:
            start = max(opened[following].start, interval.start)
            yield holder, Interval(start, min(opened[following].end, interval.end))
            following += 1


def _start(interval: Interval) -> datetime:
    return interval.start
