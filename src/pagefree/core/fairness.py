"""How the load of being on call is spread over people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.core.intervals import Interval, cut
from pagefree.core.restrictions import Restriction, Window, open_intervals
from pagefree.core.shifts import Shift

NIGHT = Restriction((Window(frozenset(range(7)), time(22), time(7)),))
WEEKEND = Restriction((Window(frozenset({5, 6}), time(0), time(0)),))


@dataclass(frozen=True, slots=True)
class Load:
    """How long somebody is on call, and how much of it hurts; nights of weekends are both."""

    total: timedelta
    night: timedelta  # 22:00 to 7:00 where they live
    weekend: timedelta  # Saturday and Sunday there


def loads(
    shifts: Iterable[Shift], zones: Mapping[UUID, ZoneInfo], window: Interval
) -> dict[UUID, Load]:
    """The load of everybody in `zones` by shifts within the window, in order of time."""
    held: dict[UUID, list[tuple[None, Interval]]] = {user: [] for user in zones}
    for shift in shifts:
        for user in shift.people:
            held[user].append((None, Interval(shift.start, shift.end)))
    return {
        user: Load(
            total=_length(parts),
            night=_length(cut(parts, open_intervals(NIGHT, zones[user], window))),
            weekend=_length(cut(parts, open_intervals(WEEKEND, zones[user], window))),
        )
        for user, parts in held.items()
    }


def _length(parts: Iterable[tuple[None, Interval]]) -> timedelta:
    return sum((part.end - part.start for _, part in parts), timedelta())
