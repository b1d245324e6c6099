"""Request and response bodies of the routes of escalation policies."""

from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, PlainSerializer

from pagefree.accounts.queries import TeamRef
from pagefree.core.findings import FindingKind, Weight
from pagefree.core.policies import (
    LONGEST_ACK_TIMEOUT,
    LONGEST_TIMEOUT,
    MOST_ACKNOWLEDGEMENTS,
    MOST_REPEATS,
    MOST_STEPS,
    MOST_TARGETS,
    SHORTEST_ACK_TIMEOUT,
    SHORTEST_TIMEOUT,
    OnlyHours,
    Policy,
    Step,
    Target,
    TargetKind,
    Which,
)
from pagefree.core.routing import Urgency
from pagefree.core.windows import Hours, Window, zone_of
from pagefree.escalation.linting import Told
from pagefree.escalation.policy_queries import Draft
from pagefree.escalation.service import PolicyView
from pagefree.infra.curtain import nameless
from pagefree.infra.web import Shape

MOST_WINDOWS = 50


def _known_zone(name: str) -> str:
    if zone_of(name) is None:
        raise ValueError("there is no such time zone")
    return name


def _wall_clock(at: time) -> time:
    if at.tzinfo is not None or at.second or at.microsecond:
        raise ValueError("a time of day has hours and minutes, and no zone")
    return at


def _written(at: time) -> str:
    return at.strftime("%H:%M")


Clock = Annotated[
    time, AfterValidator(_wall_clock), PlainSerializer(_written, return_type=str)
]
Weekday = Annotated[int, Field(ge=0, le=6, description="Monday is 0")]


class WeeklyWindow(Shape):
    """On these weekdays from one time to another; ends on the next day unless it ends later."""

    weekdays: list[Weekday] = Field(min_length=1, max_length=7)
    start: Clock
    end: Clock


class WorkingHours(Shape):
    """Weekly windows on the wall clocks of one zone."""

    time_zone: Annotated[str, AfterValidator(_known_zone)] = Field(max_length=64)
    windows: list[WeeklyWindow] = Field(min_length=1, max_length=MOST_WINDOWS)

    def to_core(self) -> Hours:
        """The same, as core sees it."""
        windows = (
            Window(tuple(sorted(set(w.weekdays))), w.start, w.end) for w in self.windows
        )
        return Hours(tuple(windows), self.time_zone)


class StepHours(WorkingHours):
    """When a step applies: inside of these hours, or outside of them."""

    inside: bool = True


class PolicyTargetIn(Shape):
    """Somebody, a team, whoever has a schedule (now, next, or in any layer), or a room."""

    kind: TargetKind
    id: UUID
    which: Which = Which.CURRENT


class PolicyStepIn(Shape):
    """Page all targets, then wait this long for somebody to acknowledge. Rooms are posted to."""

    timeout_s: int = Field(
        ge=int(SHORTEST_TIMEOUT.total_seconds()),
        le=int(LONGEST_TIMEOUT.total_seconds()),
    )
    targets: list[PolicyTargetIn] = Field(min_length=1, max_length=MOST_TARGETS)
    round_robin: bool = Field(
        False, description="Page only whoever of them was not paged for longest."
    )
    only_urgency: Urgency | None = Field(
        None, description="Skipped for incidents of the other urgency."
    )
    only_hours: StepHours | None = Field(
        None, description="Skipped when it begins at another time."
    )
    wait_for: WorkingHours | None = Field(
        None, description="Begins when one of these windows opens."
    )
    acknowledgements: int = Field(
        1,
        ge=1,
        le=MOST_ACKNOWLEDGEMENTS,
        description="The people of the step are notified until so many have acknowledged.",
    )

    def to_core(self) -> Step:
        """The same, as core sees it."""
        targets = (Target(t.kind, t.id, t.which) for t in self.targets)
        only = self.only_hours
        return Step(
            timeout=timedelta(seconds=self.timeout_s),
            targets=tuple(dict.fromkeys(targets)),
            round_robin=self.round_robin,
            only_urgency=self.only_urgency,
            only_hours=OnlyHours(only.to_core(), only.inside) if only else None,
            wait_for=self.wait_for.to_core() if self.wait_for else None,
            acknowledgements=self.acknowledgements,
        )


class EscalationPolicyIn(Shape):
    """A whole policy: steps in order, all of them again `repeats` times."""

    name: str = Field(min_length=1, max_length=100)
    team_id: UUID
    repeats: int = Field(0, ge=0, le=MOST_REPEATS)
    steps: list[PolicyStepIn] = Field(min_length=1, max_length=MOST_STEPS)
    ack_timeout_s: int | None = Field(
        None,
        ge=int(SHORTEST_ACK_TIMEOUT.total_seconds()),
        le=int(LONGEST_ACK_TIMEOUT.total_seconds()),
        description="What is acknowledged and not resolved by then pages anew.",
    )
    low_urgency_hours: WorkingHours | None = Field(
        None, description="Incidents of low urgency page only inside of these hours."
    )

    def to_draft(self) -> Draft:
        """The same, as core sees it."""
        timeout_s, hours = self.ack_timeout_s, self.low_urgency_hours
        policy = Policy(
            id=None,
            name=self.name,
            steps=tuple(step.to_core() for step in self.steps),
            repeats=self.repeats,
            ack_timeout=None if timeout_s is None else timedelta(seconds=timeout_s),
            low_urgency_hours=hours.to_core() if hours else None,
        )
        return Draft(self.team_id, policy)


class PolicyTarget(Shape):
    """What a step pages; `name` is null when it no longer exists."""

    kind: TargetKind
    id: UUID
    which: Which
    name: str | None


class PolicyStepTarget(PolicyTarget):
    """One of a team that you do not see is `hidden`; it stays when you save the policy."""

    hidden: bool


class PolicyStep(Shape):
    """One step of a policy."""

    timeout_s: int
    targets: list[PolicyStepTarget]
    round_robin: bool
    only_urgency: Urgency | None
    only_hours: StepHours | None
    wait_for: WorkingHours | None
    acknowledgements: int


class PolicyService(Shape):
    """A service that escalates by the policy."""

    id: UUID
    name: str


class EscalationPolicy(Shape):
    """A policy, the team that keeps it and the services that use it."""

    id: UUID
    name: str
    team: TeamRef
    repeats: int
    steps: list[PolicyStep]
    ack_timeout_s: int | None
    low_urgency_hours: WorkingHours | None
    services: list[PolicyService]

    @staticmethod
    def of(view: PolicyView) -> "EscalationPolicy":
        """The shape of a policy."""
        policy = view.policy
        timeout, hours = policy.ack_timeout, policy.low_urgency_hours
        return EscalationPolicy(
            id=view.id,
            name=policy.name,
            team=view.team,
            repeats=policy.repeats,
            steps=[_step(step, view) for step in policy.steps],
            ack_timeout_s=None if timeout is None else int(timeout.total_seconds()),
            low_urgency_hours=WorkingHours.model_validate(hours) if hours else None,
            services=[PolicyService(id=s.id, name=s.name) for s in view.services],
        )


def _step(step: Step, view: PolicyView) -> PolicyStep:
    only = step.only_hours
    return PolicyStep(
        timeout_s=int(step.timeout.total_seconds()),
        targets=[_step_target(t, view.names.get(t)) for t in step.targets],
        round_robin=step.round_robin,
        only_urgency=step.only_urgency,
        only_hours=_step_hours(only) if only else None,
        wait_for=WorkingHours.model_validate(step.wait_for) if step.wait_for else None,
        acknowledgements=step.acknowledgements,
    )


def _target(target: Target, name: str | None) -> PolicyTarget:
    # what has no name is gone, or is not for whoever asks to see
    name = name or nameless("") or None
    return PolicyTarget(kind=target.kind, id=target.id, which=target.which, name=name)


def _step_target(target: Target, name: str | None) -> PolicyStepTarget:
    hidden = name is None and bool(nameless(""))
    return PolicyStepTarget(**dict(_target(target, name)), hidden=hidden)


def _step_hours(only: OnlyHours) -> StepHours:
    hours = WorkingHours.model_validate(only.hours)
    return StepHours(**dict(hours), inside=only.inside)


class PolicyFinding(Shape):
    """One thing about a policy that somebody should look at."""

    kind: FindingKind
    weight: Weight
    step: int | None  # index
    target: PolicyTarget | None
    user_id: UUID | None
    at: datetime | None
    detail: str  # a sentence for people

    @staticmethod
    def of(told: Told) -> "PolicyFinding":
        """The shape of a finding."""
        finding = told.finding
        target = finding.target
        return PolicyFinding(
            kind=finding.kind,
            weight=finding.weight,
            step=finding.step,
            target=_target(target, told.target_name) if target else None,
            user_id=finding.user_id,
            at=finding.at,
            detail=told.detail,
        )
