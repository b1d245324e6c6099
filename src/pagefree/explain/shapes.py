"""Request and response bodies of explanations."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from pagefree.accounts.queries import UserRef
from pagefree.core import escalation as core
from pagefree.core.alerts import LOUDEST, AlertEvent, Severity
from pagefree.core.forecast import Look, Page
from pagefree.core.notifications import Skip
from pagefree.core.progress import HoldReason, SkipReason
from pagefree.core.routing import Urgency
from pagefree.escalation.linting import worst_first
from pagefree.escalation.shapes import EscalationPolicyIn, PolicyFinding, PolicyTarget
from pagefree.explain.outlook import Outlook
from pagefree.explain.requests import Posted
from pagefree.explain.routing import Fate, Routed
from pagefree.explain.service import Explanation, Question, Story
from pagefree.infra.web import Shape

LONGEST_BODY = 256 * 1024
MOST_FIELDS = 100  # headers, and parameters of a query
MINUTE = timedelta(minutes=1)

FieldName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
FieldValue = Annotated[
    str, StringConstraints(max_length=8192, pattern=r"^[^\x00\r\n]*$")
]
Fields = Annotated[dict[FieldName, FieldValue], Field(max_length=MOST_FIELDS)]


class ExplainIn(Shape):
    """What to explain: one integration with a request, one service, or one policy."""

    integration_id: UUID | None = None
    body: Annotated[str, StringConstraints(max_length=LONGEST_BODY)] = Field(
        "", description="What its monitoring tool would post, word for word."
    )
    headers: Fields = Field(
        default_factory=dict, description="Of that request, where its parser needs any."
    )
    query: Fields = Field(default_factory=dict, description="Of its address.")
    method: Literal["POST", "PUT", "PATCH", "DELETE", "GET"] | None = None
    path: Annotated[str, StringConstraints(max_length=2000)] = Field(
        "",
        pattern="^(/.*)?$",
        description="Where it would be sent, without the host; "
        "empty: the first address of the integration.",
    )
    service_id: UUID | None = None
    severity: Severity = Field(LOUDEST, description="Of an incident of the service.")
    policy_id: UUID | None = None
    policy: EscalationPolicyIn | None = Field(None, description="One not saved.")
    urgency: Urgency = Field(
        Urgency.HIGH, description="Of an incident, where a policy is asked about."
    )
    at: AwareDatetime | None = Field(None, description="When it begins; null: now.")

    def to_question(self) -> Question:
        """The same, as the service sees it."""
        return Question(
            integration_id=self.integration_id,
            posted=Posted(
                self.body.encode(), self.headers, self.query, self.method, self.path
            ),
            service_id=self.service_id,
            severity=self.severity,
            policy_id=self.policy_id,
            draft=self.policy.to_draft() if self.policy else None,
            urgency=self.urgency,
        )


class PlannedMessage(Shape):
    """One message to somebody; `skip` says why it is not sent."""

    at: datetime
    channel: str | None
    label: str
    skip: Skip | None


class PlannedPerson(Shape):
    """Somebody who is paged, how, and which targets of the step mean them; or a room."""

    user: UserRef
    room: bool = False  # `user` is a room of a team
    targets: list[PolicyTarget]
    messages: list[PlannedMessage]


class PlanStepKind(StrEnum):
    """What happens."""

    BEGINS_ANEW = "begins_anew"  # a snooze or the time of whoever had it has ended
    SKIP = "skip"
    HOLD = "hold"
    PAGE = "page"
    REMIND = "remind"  # paged again: the step wants more people
    GIVE_UP = "give_up"  # they are not reminded any more
    EXHAUSTED = "exhausted"  # the platform admins are told


class PlanStep(Shape):
    """One thing that the escalation does; steps count from 0 here."""

    kind: PlanStepKind
    at: datetime
    step: int | None = None
    repeat: int = 0
    cause: str | None = None  # as the messages say: "step 2, repeat 1"
    reason: SkipReason | HoldReason | None = None
    until: datetime | None = None  # how long it is held, or waits for an answer
    people: list[PlannedPerson] = Field(default_factory=list)


class MinutePage(Shape):
    """A message that leaves in a minute."""

    at: datetime
    user: UserRef
    room: bool = False  # `user` is a room of a team
    channel: str
    label: str
    cause: str


class ExplainedMinute(Shape):
    """A minute in which somebody is paged, counted from the beginning."""

    minute: int
    at: datetime
    pages: list[MinutePage]


class ExplainedEvent(Shape):
    """What was understood of one event in the request."""

    title: str
    severity: Severity | None
    dedup_key: str | None
    group_key: str | None


class ExplainedRef(Shape):
    """An id with the name to show for it."""

    id: UUID
    name: str


class ExplainedIncident(Shape):
    """An incident that is open and that the event concerns."""

    id: UUID
    number: int
    title: str


class ExplainedRouting(Shape):
    """Where the event belongs, and how it is treated."""

    fate: Fate
    reason: str
    service: ExplainedRef
    team: ExplainedRef
    severity: Severity
    urgency: Urgency
    priority: str
    event: ExplainedEvent | None
    incident: ExplainedIncident | None
    rules: list[ExplainedRef]  # routing rules that matched, in order

    @staticmethod
    def of(routed: Routed) -> "ExplainedRouting":
        """The shape of a routing decision."""
        return ExplainedRouting(
            fate=routed.fate,
            reason=routed.reason,
            service=ExplainedRef(id=routed.service.id, name=routed.service.name),
            team=ExplainedRef.model_validate(routed.service.team),
            severity=routed.severity,
            urgency=routed.urgency,
            priority=routed.priority,
            event=_event(routed),
            incident=_incident(routed),
            rules=[ExplainedRef.model_validate(rule) for rule in routed.rules],
        )


def _incident(routed: Routed) -> ExplainedIncident | None:
    incident = routed.incident
    return ExplainedIncident.model_validate(incident) if incident else None


def _event(routed: Routed) -> ExplainedEvent | None:
    event = routed.event
    if event is None:
        return None
    if isinstance(event, AlertEvent):
        return ExplainedEvent(
            title=event.title,
            severity=event.severity,
            dedup_key=event.dedup_key,
            group_key=event.group_key,
        )
    return ExplainedEvent(
        title=event.summary, severity=None, dedup_key=None, group_key=None
    )


class ExplainedStory(Shape):
    """What becomes of one event, minute by minute, if nobody does anything."""

    routing: ExplainedRouting | None  # null: a policy was asked about
    policy: ExplainedRef | None
    policy_name: str
    steps: list[PlanStep]
    minutes: list[ExplainedMinute]
    findings: list[PolicyFinding]

    @staticmethod
    def of(story: Story, at: datetime, until: datetime) -> "ExplainedStory":
        """The shape of a story."""
        policy, seen = story.policy, story.outlook
        return ExplainedStory(
            routing=ExplainedRouting.of(story.routed) if story.routed else None,
            policy=ExplainedRef(id=policy.id, name=policy.name) if policy.id else None,
            policy_name=policy.name,
            steps=plan_steps(seen) if seen else [],
            minutes=_minutes(seen, at, until) if seen else [],
            findings=[
                PolicyFinding.of(told)
                for told in worst_first(seen.findings if seen else ())
            ],
        )


class ExplainOut(Shape):
    """The whole story of the hour after `at`."""

    at: datetime
    until: datetime
    integration: ExplainedRef | None
    error: str | None  # why the request would be quarantined
    stories: list[ExplainedStory]

    @staticmethod
    def of(answer: Explanation) -> "ExplainOut":
        """The shape of an explanation."""
        asked = answer.integration
        return ExplainOut(
            at=answer.at,
            until=answer.until,
            integration=ExplainedRef(id=asked.id, name=asked.name) if asked else None,
            error=answer.error,
            stories=[
                ExplainedStory.of(story, answer.at, answer.until)
                for story in answer.stories
            ],
        )


def plan_steps(seen: Outlook) -> list[PlanStep]:
    """Everything that the escalation does, in order."""
    pages: dict[int, list[Page]] = {}
    for page in seen.pages:
        pages.setdefault(page.look, []).append(page)
    return [
        step
        for place, look in enumerate(seen.looks)
        for step in _steps_of(look, pages.get(place, []), seen)
    ]


def _steps_of(look: Look, pages: Sequence[Page], seen: Outlook) -> list[PlanStep]:
    advance, at = look.advance, look.at
    found: list[PlanStep] = []
    if look.again:
        found.append(PlanStep(kind=PlanStepKind.BEGINS_ANEW, at=at))
    found += [
        PlanStep(kind=PlanStepKind.SKIP, at=at, step=skipped.step, reason=skipped.why)
        for skipped in advance.skipped
    ]
    if advance.gave_up:
        found.append(PlanStep(kind=PlanStepKind.GIVE_UP, at=at))
    kind = _kind(look)
    if kind is not None:
        found.append(
            PlanStep(
                kind=kind,
                at=at,
                step=advance.held.step if advance.held else advance.step,
                repeat=advance.repeat,
                cause=None if advance.held else core.cause(advance),
                reason=advance.held.why if advance.held else None,
                until=advance.progress.due_at,
                people=_people(pages, seen),
            )
        )
    return found


def _kind(look: Look) -> PlanStepKind | None:
    advance = look.advance
    if advance.held:
        return PlanStepKind.HOLD
    if advance.exhausted:
        return PlanStepKind.EXHAUSTED
    if advance.step is None:
        return None
    return PlanStepKind.REMIND if advance.reminder else PlanStepKind.PAGE


def _people(pages: Sequence[Page], seen: Outlook) -> list[PlannedPerson]:
    by_user: dict[UUID, list[Page]] = {}
    for page in pages:
        by_user.setdefault(page.user_id, []).append(page)
    return [
        PlannedPerson(
            user=UserRef(user_id, seen.users.get(user_id, "")),
            room=user_id in seen.rooms,
            targets=[
                PolicyTarget(
                    kind=target.kind,
                    id=target.id,
                    which=target.which,
                    name=seen.targets.get(target),
                )
                for target in seen.because.get((own[0].look, user_id), ())
            ],
            messages=[
                PlannedMessage(
                    at=page.at,
                    channel=page.method.channel if page.method else None,
                    label=seen.labels.get(page.method.id, "") if page.method else "",
                    skip=page.skip,
                )
                for page in own
            ],
        )
        for user_id, own in by_user.items()
    ]


def _minutes(seen: Outlook, at: datetime, until: datetime) -> list[ExplainedMinute]:
    """Each minute in which a message leaves; what is skipped is told with the steps."""
    found: dict[int, list[MinutePage]] = {}
    for page in seen.pages:
        if page.method is None or page.skip or not at <= page.at < until:
            continue
        told = MinutePage(
            at=page.at,
            user=UserRef(page.user_id, seen.users.get(page.user_id, "")),
            room=page.user_id in seen.rooms,
            channel=page.method.channel,
            label=seen.labels.get(page.method.id, ""),
            cause=page.cause,
        )
        found.setdefault((page.at - at) // MINUTE, []).append(told)
    return [
        ExplainedMinute(minute=minute, at=at + minute * MINUTE, pages=pages)
        for minute, pages in found.items()
    ]
