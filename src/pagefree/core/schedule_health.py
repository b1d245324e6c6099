"""What is wrong with a schedule before anybody has to find out at night."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core.handovers import own
from pagefree.core.intervals import Interval, clip
from pagefree.core.schedules import Drawn, Plan, drawn

AHEAD = timedelta(weeks=12)
MOST_ABSENCES = 5  # of one person
MOST_GAPS = 20  # a schedule with more has one and the same gap every day


class Code(StrEnum):
    """What was found; public API."""

    GAP = "gap"
    UNREACHABLE = "no_contact_method"
    LEFT = "left"
    AWAY = "away"
    NEVER_ON_CALL = "never_on_call"
    IDLE_LAYER = "idle_layer"


class Severity(StrEnum):
    """How much it hurts."""

    ERROR = "error"  # somebody will not be paged
    WARNING = "warning"
    INFO = "info"


SEVERITIES = {
    Code.GAP: Severity.ERROR,
    Code.UNREACHABLE: Severity.ERROR,
    Code.LEFT: Severity.WARNING,
    Code.AWAY: Severity.WARNING,
    Code.NEVER_ON_CALL: Severity.WARNING,
    Code.IDLE_LAYER: Severity.INFO,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where."""

    code: Code
    start: datetime | None = None
    end: datetime | None = None
    user_id: UUID | None = None
    layer_id: UUID | None = None

    @property
    def severity(self) -> Severity:
        """How much it hurts."""
        return SEVERITIES[self.code]


@dataclass(frozen=True, slots=True)
class Members:
    """The people of a schedule: who has left, and who cannot be reached."""

    all: Collection[UUID]  # in the order in which to tell of them
    left: Collection[UUID]
    unreachable: Collection[UUID]
    away: Mapping[UUID, Sequence[Interval]] = field(default_factory=dict)


def findings(plan: Plan, members: Members, at: datetime) -> tuple[Finding, ...]:
    """What is wrong with the 12 weeks from `at` on, the worst first."""
    ahead = drawn(plan, at, at + AHEAD)
    away = _absences(ahead, members, at)
    found = [*_gaps(ahead), *_people(ahead, members), *away, *_layers(ahead)]
    order = list(Severity)
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def _gaps(ahead: Drawn) -> Iterator[Finding]:
    for hole in ahead.holes[:MOST_GAPS]:
        yield Finding(Code.GAP, hole.start, hole.end)


def _people(ahead: Drawn, members: Members) -> Iterator[Finding]:
    on_call = {user for shift in ahead.final for user in shift.people}
    for user in members.all:
        if user in members.left:
            yield Finding(Code.LEFT, user_id=user)
        elif user in members.unreachable:
            yield Finding(Code.UNREACHABLE, user_id=user)
        elif user not in on_call:
            yield Finding(Code.NEVER_ON_CALL, user_id=user)


def _absences(ahead: Drawn, members: Members, at: datetime) -> Iterator[Finding]:
    """Shifts of people who are away at the time, the next few of each."""
    for user, away in members.away.items():
        shifts = own(ahead.final, user)
        parts = [clip(one, shift) for shift in shifts for one in away]
        still = [part for part in parts if part and part.end > at]
        for part in sorted(still, key=lambda part: part.start)[:MOST_ABSENCES]:
            yield Finding(Code.AWAY, part.start, part.end, user_id=user)


def _layers(ahead: Drawn) -> Iterator[Finding]:
    """Layers that have nobody, or are always covered by others."""
    seen = {shift.layer_id for shift in ahead.final}
    for layer_id in ahead.layers:
        if layer_id not in seen:
            yield Finding(Code.IDLE_LAYER, layer_id=layer_id)
