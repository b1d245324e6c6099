"""Planned work: when it is under way, and which alerts it explains."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.core.intervals import Interval
from pagefree.core.rotations import Rotation, Unit, handoff, turn_at

GREENWICH = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Window:
    """Planned work on some services, once or again and again."""

    id: UUID
    name: str
    start: datetime  # of the first time
    end: datetime
    team_id: UUID | None = None  # none: the installation's
    service_ids: Collection[UUID] = ()  # none: all of the team's
    labels: Mapping[str, str] = field(default_factory=dict)  # an alert needs all
    repeat_days: int | None = None  # none: once; never shorter than the work takes
    tz: ZoneInfo = GREENWICH  # repeats go by its clocks
    until: datetime | None = None  # no repeat begins at this instant or later


def current_or_next(window: Window, now: datetime) -> Interval | None:
    """When the work is under way at `now`, else when it is next; none: it is over."""
    length = window.end - window.start
    begins = window.start
    if window.repeat_days is not None:
        lengths = (window.repeat_days,)
        days = Rotation((), window.start, Unit.DAY, lengths, window.tz)
        turn = max(0, turn_at(days, now))
        begins = handoff(days, turn)
        if begins + length <= now:
            begins = handoff(days, turn + 1)
        if window.until is not None and begins >= window.until:
            return None
    return Interval(begins, begins + length) if now < begins + length else None


def explains(
    window: Window, service_id: UUID, team_id: UUID, labels: Mapping[str, object]
) -> bool:
    """Whether work in this window is a reason for an alert of this service."""
    if window.team_id is not None and window.team_id != team_id:
        return False
    if window.service_ids and service_id not in window.service_ids:
        return False
    return all(labels.get(name) == value for name, value in window.labels.items())
