"""Numbers that were handed out and have not been seen yet: they may still appear.

PostgreSQL hands out the ids of rows before commit, so a reader that only remembers the
highest id would pass over what a slower transaction commits later.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

LATE = timedelta(minutes=5)  # no transaction of ours lives longer
MOST = 1000  # gaps; the oldest are given up first


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers from `first` to `last`, both included, that are missing since `since`."""

    first: int
    last: int
    since: datetime


def still_missing(
    gaps: Iterable[Gap], seen: Iterable[int], now: datetime
) -> tuple[Gap, ...]:
    """What of `gaps` has neither been `seen` nor is so old that it never will be."""
    found = sorted(seen)
    waited = [gap for gap in gaps if now <= gap.since + LATE]
    return tuple(part for gap in waited for part in _cut(gap, found))[-MOST:]


def _cut(gap: Gap, found: Sequence[int]) -> list[Gap]:
    """`gap` without what was found, of which the list is sorted."""
    inside = found[bisect_left(found, gap.first) : bisect_left(found, gap.last + 1)]
    edges = [gap.first - 1, *inside, gap.last + 1]
    return [
        replace(gap, first=before + 1, last=after - 1)
        for before, after in pairwise(edges)
        if after - before > 1
    ]
