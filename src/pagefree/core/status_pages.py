"""States of components and pages, and the life of planned work on them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core.alerts import Severity


class State(StrEnum):
    """How a component is, in the words of the Statuspage API; later is worse."""

    OPERATIONAL = "operational"
    UNDER_MAINTENANCE = "under_maintenance"
    DEGRADED = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"


class Impact(StrEnum):
    """How bad an incident is for those outside; later is worse."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Stage(StrEnum):
    """How far an incident is, as told outside."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"


class WorkStatus(StrEnum):
    """How far planned work is."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


STATES = tuple(State)
OVER = frozenset({Stage.RESOLVED, Stage.POSTMORTEM})
UNDER_WAY = frozenset({WorkStatus.IN_PROGRESS, WorkStatus.VERIFYING})
FINISHED = frozenset({WorkStatus.COMPLETED, WorkStatus.CANCELLED})
IMPACT_OF = {
    State.OPERATIONAL: Impact.NONE,
    State.UNDER_MAINTENANCE: Impact.NONE,
    State.DEGRADED: Impact.MINOR,
    State.PARTIAL_OUTAGE: Impact.MAJOR,
    State.MAJOR_OUTAGE: Impact.CRITICAL,
}
STATE_OF = {
    Impact.NONE: State.OPERATIONAL,
    Impact.MINOR: State.DEGRADED,
    Impact.MAJOR: State.PARTIAL_OUTAGE,
    Impact.CRITICAL: State.MAJOR_OUTAGE,
}

# What an open incident does to a component: by its priority if it has one, else by its
# severity. What is not named does nothing.
Rules = Mapping[str, State]
RULE_NAMES = ("P1", "P2", "P3", "P4", "P5", *(severity.value for severity in Severity))
USUAL_RULES: Rules = {
    "P1": State.MAJOR_OUTAGE,
    "P2": State.PARTIAL_OUTAGE,
    "P3": State.DEGRADED,
    Severity.CRITICAL.value: State.PARTIAL_OUTAGE,
    Severity.ERROR.value: State.DEGRADED,
}


@dataclass(frozen=True, slots=True)
class Override:
    """What somebody says by hand."""

    state: State
    until: datetime | None = None  # none: until somebody ends it


@dataclass(frozen=True, slots=True)
class Component:
    """What decides the state of one line of a page."""

    id: UUID
    service_ids: frozenset[UUID] = frozenset()
    rules: Rules = field(default_factory=lambda: USUAL_RULES)
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident of ours that is not resolved."""

    service_id: UUID
    priority: str | None
    severity: str
    # of components whose condition holds for one of its alerts
    component_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a page's components depend on, besides themselves."""

    incidents: Collection[OpenIncident] = ()
    told: Collection[Mapping[UUID, State]] = ()  # of each open status incident
    under_way: frozenset[UUID] = frozenset()  # components on which work is under way


def component_state(component: Component, situation: Situation, now: datetime) -> State:
    """Work under way wins, then what somebody said by hand, then the worst that is known."""
    if component.id in situation.under_way:
        return State.UNDER_MAINTENANCE
    override = component.override
    if override and (override.until is None or now < override.until):
        return override.state
    return worst(
        [
            *(_effect(component, incident) for incident in situation.incidents),
            *(
                states[component.id]
                for states in situation.told
                if component.id in states
            ),
        ]
    )


def _effect(component: Component, incident: OpenIncident) -> State:
    """What an open incident does to a component; nothing if it is not about it."""
    mapped = incident.service_id in component.service_ids
    if not mapped and component.id not in incident.component_ids:
        return State.OPERATIONAL
    return component.rules.get(
        incident.priority or incident.severity, State.OPERATIONAL
    )


def worst(states: Iterable[State]) -> State:
    """The worst of them; operational if there are none."""
    return max(states, key=STATES.index, default=State.OPERATIONAL)


def impact_of(states: Iterable[State]) -> Impact:
    """How bad it is for those outside when components are like this."""
    return IMPACT_OF[worst(states)]


# -- planned work -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Work:
    """The part of planned work that decides what happens to it by itself."""

    status: WorkStatus
    start: datetime
    end: datetime
    automatic: bool = True  # begins and ends by itself
    remind: timedelta | None = None  # before it begins
    reminded: bool = False


class Step(StrEnum):
    """What happens to planned work by itself."""

    REMIND = "remind"
    BEGIN = "begin"
    FINISH = "finish"


def next_step(work: Work) -> tuple[Step, datetime] | None:
    """What happens next by itself, and when; none: nothing does.

    A reminder that would come when the work begins, or after, is not sent.
    """
    if work.status is WorkStatus.SCHEDULED:
        if work.remind and not work.reminded:
            return Step.REMIND, work.start - work.remind
        return (Step.BEGIN, work.start) if work.automatic else None
    if work.status in UNDER_WAY and work.automatic:
        return Step.FINISH, work.end
    return None


ALLOWED = {
    WorkStatus.SCHEDULED: frozenset({WorkStatus.IN_PROGRESS, WorkStatus.CANCELLED}),
    WorkStatus.IN_PROGRESS: frozenset({WorkStatus.VERIFYING, WorkStatus.COMPLETED}),
    WorkStatus.VERIFYING: frozenset({WorkStatus.IN_PROGRESS, WorkStatus.COMPLETED}),
    WorkStatus.COMPLETED: frozenset[WorkStatus](),
    WorkStatus.CANCELLED: frozenset[WorkStatus](),
}


def may_become(before: WorkStatus, after: WorkStatus) -> bool:
    """Whether planned work may go from one status to the other."""
    return after in ALLOWED[before]
