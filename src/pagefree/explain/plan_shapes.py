"""Response bodies of the rest of an escalation, and of why somebody was paged."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from pagefree.accounts.queries import UserRef
from pagefree.core.incidents import Status
from pagefree.core.notifications import Kind, Skip
from pagefree.core.notifications import Status as Sending
from pagefree.core.progress import State
from pagefree.core.routing import Urgency
from pagefree.explain import plan
from pagefree.explain.plan import Rest
from pagefree.explain.shapes import PlanStep, plan_steps
from pagefree.explain.why import Considered, Reason, Why, WhyPerson
from pagefree.infra.web import Shape
from pagefree.notifications.queries import Attempt, Sent


class PendingMessage(Shape):
    """A message that is planned already and not sent yet."""

    at: datetime
    user: UserRef
    channel: str
    label: str
    cause: str


class IncidentPlan(Shape):
    """The rest of the escalation, if nobody does anything; next first."""

    status: Status
    urgency: Urgency
    policy_name: str | None
    state: State | None
    due_at: datetime | None  # when something happens next
    rounds: int
    steps_done: int
    wanted: int  # how many more people have to acknowledge
    acknowledged_by: list[UserRef]  # while several are wanted
    pending: list[PendingMessage]
    steps: list[PlanStep]

    @staticmethod
    def of(rest: Rest) -> "IncidentPlan":
        """The shape of what is to come."""
        state = rest.escalation
        return IncidentPlan(
            status=Status(rest.incident.status),
            urgency=Urgency(rest.incident.urgency),
            policy_name=state.policy.name if state else None,
            state=state.progress.state if state else None,
            due_at=state.progress.due_at if state else None,
            rounds=state.policy.rounds if state else 0,
            steps_done=state.progress.steps_done if state else 0,
            wanted=plan.wanted(state) if state else 0,
            acknowledged_by=[
                rest.users[user_id]
                for user_id in (state.progress.acknowledged_by if state else ())
                if user_id in rest.users
            ],
            pending=[
                PendingMessage(
                    at=one.send_at,
                    user=rest.users.get(one.user_id) or UserRef(one.user_id, ""),
                    channel=one.channel,
                    label=one.label,
                    cause=one.cause,
                )
                for one in rest.pending
            ],
            steps=plan_steps(rest.outlook) if rest.outlook else [],
        )


class WhyReason(Shape):
    """Why a step paged somebody, or did not; steps count from 0."""

    reason: Reason
    step: int | None
    at: datetime | None
    detail: str

    @staticmethod
    def of(one: Considered) -> "WhyReason":
        """The shape of a reason."""
        return WhyReason.model_validate(one)


class WhyAttempt(Shape):
    """One call to one provider."""

    number: int
    outcome: str
    error: str | None
    started_at: datetime
    finished_at: datetime
    possible_duplicate: bool

    @staticmethod
    def of(attempt: Attempt) -> "WhyAttempt":
        """The shape of an attempt."""
        return WhyAttempt.model_validate(attempt)


class WhyMessage(Shape):
    """One message, and what became of it."""

    id: UUID
    kind: Kind
    cause: str
    channel: str
    label: str
    planned_at: datetime
    send_at: datetime
    status: Sending
    skip_reason: Skip | None
    attempts: list[WhyAttempt]

    @staticmethod
    def of(sent: Sent) -> "WhyMessage":
        """The shape of a message."""
        return WhyMessage(
            id=sent.id,
            kind=sent.kind,
            cause=sent.cause,
            channel=sent.channel,
            label=sent.label,
            planned_at=sent.created_at,
            send_at=sent.send_at,
            status=sent.status,
            skip_reason=Skip(sent.skip_reason) if sent.skip_reason else None,
            attempts=[WhyAttempt.of(attempt) for attempt in sent.attempts],
        )


class WhyRule(Shape):
    """One of a person's rules, as it is now; `applies`: for the urgency of the incident."""

    urgency: Urgency
    delay_s: int
    channel: str
    label: str
    enabled: bool
    applies: bool


class WhyPaged(Shape):
    """Why somebody was, or was not, paged."""

    user: UserRef
    paged: bool
    reasons: list[WhyReason]
    messages: list[WhyMessage]
    rules: list[WhyRule]


class WhyPosted(Shape):
    """What was posted to a room of a team: that reaches nobody in particular."""

    id: UUID
    name: str
    steps: list[int]  # that post to it, from 0
    messages: list[WhyMessage]


class IncidentWhy(Shape):
    """Everybody who was considered for the incident, those who were paged first; and rooms."""

    people: list[WhyPaged]
    rooms: list[WhyPosted] = Field(default_factory=list)

    @staticmethod
    def of(told: Why) -> "IncidentWhy":
        """The shape of it all."""
        posted = [
            WhyPosted(
                id=room.id,
                name=room.name,
                steps=list(room.steps),
                messages=[WhyMessage.of(sent) for sent in room.messages],
            )
            for room in told.rooms
        ]
        people = [_person(told, one) for one in told.people]
        return IncidentWhy(people=people, rooms=posted)


def _person(told: Why, one: WhyPerson) -> WhyPaged:
    methods = {method.id: method for method in one.methods}
    return WhyPaged(
        user=UserRef(one.user_id, one.name),
        paged=bool(one.messages),
        reasons=[WhyReason.of(reason) for reason in one.considered],
        messages=[WhyMessage.of(sent) for sent in one.messages],
        rules=[
            WhyRule(
                urgency=rule.urgency,
                delay_s=int(rule.delay.total_seconds()),
                channel=methods[rule.method_id].channel,
                label=told.labels.get(rule.method_id, ""),
                enabled=methods[rule.method_id].enabled,
                applies=rule.urgency == told.incident.urgency,
            )
            for rule in one.rules
        ],
    )
