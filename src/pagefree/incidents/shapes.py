"""Request and response bodies of the routes of incidents."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    StringConstraints,
    model_validator,
)

from pagefree.accounts.queries import TeamRef, UserRef
from pagefree.core.alerts import Severity
from pagefree.core.escalation import State, TargetKind
from pagefree.core.incidents import Status
from pagefree.core.routing import Urgency
from pagefree.incidents.reading import Detail
from pagefree.infra.web import Shape
from pagefree.timeline.queries import Event
from pagefree.timeline.service import CauseKind


def _storable(text: str) -> str:
    if "\x00" in text:  # PostgreSQL cannot keep it
        raise ValueError("a NUL character is not text")
    return text


Priority = Literal["P1", "P2", "P3", "P4", "P5"]
Storable = AfterValidator(_storable)
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
    Storable,
]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000),
    Storable,
]


class ServiceRef(Shape):
    """A service, as others mention it."""

    id: UUID
    name: str


class IncidentRefOut(Shape):
    """An incident, as others mention it."""

    id: UUID
    number: int
    title: str


class IncidentOut(Shape):
    """What people are paged for."""

    id: UUID
    number: int
    title: str
    status: Status
    severity: Severity
    priority: Priority | None
    urgency: Urgency
    service: ServiceRef
    team: TeamRef
    opened_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: UserRef | None
    resolved_at: datetime | None
    resolved_by: UserRef | None
    snoozed_until: datetime | None
    merged_into: IncidentRefOut | None
    alert_count: int
    open_alert_count: int
    occurrences: int
    next_escalation_at: datetime | None
    escalation_state: State | None
    responders: list[UserRef]


class EscalationTargetOut(Shape):
    """What a step pages; `name` is null when it no longer exists."""

    kind: TargetKind
    id: UUID
    name: str | None


class EscalationStepOut(Shape):
    """One step of the incident's copy of its policy."""

    index: int
    timeout_s: int
    targets: list[EscalationTargetOut]


class EscalationOut(Shape):
    """How far the incident has escalated; steps are counted over all repeats."""

    policy_name: str
    state: State
    steps_done: int
    rounds: int
    due_at: datetime | None
    steps: list[EscalationStepOut]


class IncidentDetail(IncidentOut):
    """An incident with all that its page shows at once."""

    can_respond: bool
    merged: list[IncidentRefOut]
    escalation: EscalationOut | None

    @staticmethod
    def of(detail: Detail) -> "IncidentDetail":
        """The shape of a detail."""
        incident = IncidentOut.model_validate(detail.incident)
        return IncidentDetail(
            **dict(incident),
            can_respond=detail.can_respond,
            merged=[IncidentRefOut.model_validate(ref) for ref in detail.merged],
            escalation=_escalation(detail),
        )


def _escalation(detail: Detail) -> EscalationOut | None:
    state = detail.escalation
    if state is None:
        return None
    steps = [
        EscalationStepOut(
            index=index,
            timeout_s=int(step.timeout.total_seconds()),
            targets=[
                EscalationTargetOut(
                    kind=target.kind, id=target.id, name=detail.target_names.get(target)
                )
                for target in step.targets
            ],
        )
        for index, step in enumerate(state.policy.steps)
    ]
    return EscalationOut(
        policy_name=state.policy.name,
        state=state.progress.state,
        steps_done=state.progress.steps_done,
        rounds=state.policy.rounds,
        due_at=state.progress.due_at,
        steps=steps,
    )


class IncidentCounts(Shape):
    """How many incidents there are; 1,001 means more than a thousand."""

    triggered: int
    acknowledged: int
    open: int
    mine: int
    resolved_24h: int


class IncidentIn(Shape):
    """An incident that a person reports."""

    service_id: UUID
    title: Title
    body: Annotated[str, Storable] = Field("", max_length=10_000)
    severity: Severity = Severity.ERROR
    priority: Priority | None = None
    urgency: Urgency | None = None


class IncidentChanges(Shape):
    """What to change; what is left out stays."""

    title: Title | None = None
    severity: Severity | None = None
    priority: Priority | None = None
    urgency: Urgency | None = None

    @model_validator(mode="after")
    def _only_priority_can_be_null(self) -> "IncidentChanges":
        for name in self.model_fields_set - {"priority"}:
            if getattr(self, name) is None:
                raise ValueError(f"{name} cannot be null")
        return self


class ResolutionIn(Shape):
    """How it was resolved."""

    note: Text | None = None


class SnoozeIn(Shape):
    """Until when nobody is paged."""

    until: AwareDatetime


class AssigneeIn(Shape):
    """Who is asked to take it: a person or a policy, not both."""

    user_id: UUID | None = None
    policy_id: UUID | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "AssigneeIn":
        if (self.user_id is None) == (self.policy_id is None):
            raise ValueError("give either user_id or policy_id")
        return self


class NoteIn(Shape):
    """What somebody writes into the timeline."""

    text: Text


class MergeIn(Shape):
    """Which incident it becomes part of."""

    into_id: UUID


class BulkIn(Shape):
    """Which incidents."""

    ids: list[UUID] = Field(min_length=1, max_length=10_000)


class BulkResolutionIn(BulkIn):
    """Which incidents, and how they were resolved."""

    note: Text | None = None


class RefusalOut(Shape):
    """Why one of many stayed as it was."""

    id: UUID
    reason: str


class BulkOut(Shape):
    """How many changed; what is not named in `refused` was like that already."""

    changed: int
    refused: list[RefusalOut]


class EventActor(Shape):
    """Who or what made it happen; the name as it was then."""

    kind: CauseKind
    id: UUID | None
    name: str


class TimelineEvent(Shape):
    """One thing that happened to an incident; `data` depends on `kind`."""

    id: int
    at: datetime
    kind: str
    seq: int
    actor: EventActor
    data: dict[str, object]

    @staticmethod
    def of(event: Event) -> "TimelineEvent":
        """The shape of an event of an incident."""
        return TimelineEvent(
            id=event.id,
            at=event.at,
            kind=event.kind,
            seq=event.seq or 0,
            actor=EventActor(
                kind=CauseKind(event.actor_kind),
                id=event.actor_id,
                name=event.actor_name,
            ),
            data=event.data,
        )


class SavedViewIn(Shape):
    """A filter of the incident list to keep; `query` is the query string of its page."""

    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
        Storable,
    ]
    query: Annotated[str, Storable] = Field(max_length=2000)


class SavedViewOut(Shape):
    """A filter of the incident list that somebody gave a name."""

    id: UUID
    name: str
    query: str
