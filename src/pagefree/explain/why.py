"""After the fact: each person considered, each reason, each message and each attempt."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core.notifications import Method, Rule
from pagefree.core.policies import NO_POLICY, Policy, Target, TargetKind
from pagefree.escalation import audience, policy_queries
from pagefree.escalation import service as escalation
from pagefree.escalation.audience import Audience
from pagefree.explain import queries
from pagefree.explain.queries import Happened
from pagefree.incidents import reading
from pagefree.incidents.queries import Incident
from pagefree.infra.db import Tx, driver
from pagefree.notifications import queries as notification_queries
from pagefree.notifications import rooms
from pagefree.notifications import service as notifications
from pagefree.notifications.queries import Reach, Sent

REASSIGNED = "incident.reassigned"
ENDS = {
    "incident.acknowledged": "acknowledged",
    "incident.resolved": "resolved",
    "incident.snoozed": "snoozed",
    "incident.merged": "merged",
}


class Reason(StrEnum):
    """Why somebody was paged by a step, or not."""

    PAGED = "paged"
    FALLBACK = "fallback"  # every step had run: the platform admins were told
    NOT_ON_CALL = "not_on_call"  # others had the schedule
    NOT_THEIR_TURN = "not_their_turn"  # the round robin paged somebody else
    STEP_SKIPPED = "step_skipped"
    NOT_REACHED = "not_reached"  # it ended before the step began, or is not there yet
    INACTIVE = "inactive"  # deactivated


@dataclass(frozen=True, slots=True)
class Considered:
    """One reason, for one person."""

    reason: Reason
    step: int | None
    at: datetime | None
    detail: str  # a sentence for people


@dataclass(frozen=True, slots=True)
class WhyPerson:
    """Why somebody was, or was not, paged."""

    user_id: UUID
    name: str
    considered: tuple[Considered, ...]
    messages: tuple[Sent, ...]
    methods: tuple[Method, ...]
    rules: tuple[Rule, ...]  # as they are now


@dataclass(frozen=True, slots=True)
class WhyRoom:
    """What was posted to a room, and which steps do."""

    id: UUID
    name: str
    steps: tuple[int, ...]
    messages: tuple[Sent, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Everybody who was considered for an incident, those who were paged first."""

    incident: Incident
    people: tuple[WhyPerson, ...]
    rooms: tuple[WhyRoom, ...]
    labels: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Story:
    """What is known about the escalation so far."""

    policy: Policy
    meant: Audience
    before: Sequence[Happened]  # until it was reassigned last: by other policies
    events: Sequence[Happened]  # since then
    names: Mapping[Target, str]


async def why(tx: Tx, incident_id: UUID, now: datetime) -> Why:
    """Why each person was, or was not, paged for the incident. Raises NotFound."""
    incident = await reading.get(tx, incident_id)
    state = (await escalation.progress(tx, [incident_id])).get(incident_id)
    policy = state.policy if state else NO_POLICY
    targets = audience.targets_of([policy])
    story = Story(
        policy,
        await audience.load(tx, targets, now),
        *_divided(await queries.escalation_events(tx, incident_id)),
        await policy_queries.list_names(tx, targets),
    )
    sent = await notifications.of_incident(tx, incident_id)
    posted = await _rooms(tx, story, sent)
    people = _people(story, targets, sent) - {room.id for room in posted}
    connection = await driver(tx)
    reach = await notification_queries.list_reach(connection, people)
    users = await accounts.user_refs(tx, people)
    told = [
        _person(story, user_id, users[user_id].name, sent, reach[user_id])
        for user_id in people
        if user_id in users
    ]
    told.sort(key=lambda one: (not one.messages, one.name))
    labels = await queries.labels(connection, people)
    return Why(incident, tuple(told), tuple(posted), labels)


async def _rooms(tx: Tx, story: Story, sent: Sequence[Sent]) -> list[WhyRoom]:
    """The rooms of the policy, and those that were posted to for other reasons."""
    steps: dict[UUID, list[int]] = {}
    for index, step in enumerate(story.policy.steps):
        for target in step.targets:
            if target.kind is TargetKind.ROOM:
                steps.setdefault(target.id, []).append(index)
    named = await rooms.names(tx, {*steps, *(one.user_id for one in sent)})
    return [
        WhyRoom(
            room_id,
            name,
            tuple(steps.get(room_id, ())),
            tuple(one for one in sent if one.user_id == room_id),
        )
        for room_id, name in sorted(named.items(), key=lambda item: item[1])
    ]


def _divided(
    events: Sequence[Happened],
) -> tuple[Sequence[Happened], Sequence[Happened]]:
    """What happened by policies that it had before, and by the one that it has."""
    ends = [place for place, one in enumerate(events, 1) if one.kind == REASSIGNED]
    last = ends[-1] if ends else 0
    return events[:last], events[last:]


def _people(story: Story, targets: set[Target], sent: Sequence[Sent]) -> set[UUID]:
    people = {user for target in targets for user in story.meant.members(target)}
    people.update(t.id for t in targets if t.kind is TargetKind.USER)
    people.update(one.user_id for one in sent)
    return people


def _person(
    story: Story, user_id: UUID, name: str, sent: Sequence[Sent], reach: Reach
) -> WhyPerson:
    return WhyPerson(
        user_id,
        name,
        tuple(_considered(story, user_id)),
        tuple(one for one in sent if one.user_id == user_id),
        tuple(reach.methods),
        tuple(reach.rules),
    )


def _considered(story: Story, user_id: UUID) -> Iterator[Considered]:
    for event in story.before:
        if event.kind == "escalation.paged" and user_id in _users(event):
            detail = f"Paged before it was reassigned ({event.data.get('cause', '')})."
            yield Considered(Reason.PAGED, None, event.at, detail)
    for index, step in enumerate(story.policy.steps):
        named = Target(TargetKind.USER, user_id)
        if named in step.targets and not story.meant.members(named):
            yield Considered(
                Reason.INACTIVE, index, None, f"Step {index + 1}: was deactivated."
            )
        elif any(user_id in story.meant.members(target) for target in step.targets):
            yield from _of_step(story, index, user_id)
    for event in story.events:
        if event.kind == "escalation.exhausted" and user_id in _users(event):
            detail = "Every step had run: the platform admins were told."
            yield Considered(Reason.FALLBACK, None, event.at, detail)


def _of_step(story: Story, index: int, user_id: UUID) -> Iterator[Considered]:
    """Every time the step began, or why it did not."""
    of_step = [e for e in story.events if e.data.get("step") == index + 1]
    ran = [e for e in of_step if e.kind == "escalation.paged"]
    number = f"Step {index + 1}"
    for event in ran:
        if user_id in _users(event):
            detail = f"{number} paged them{_again(event)}."
            yield Considered(Reason.PAGED, index, event.at, detail)
        elif story.policy.steps[index].round_robin:
            detail = f"{number}: it was somebody else's turn."
            yield Considered(Reason.NOT_THEIR_TURN, index, event.at, detail)
        else:
            detail = f"{number}: was not on call for {_schedules(story, index)}."
            yield Considered(Reason.NOT_ON_CALL, index, event.at, detail)
    for event in of_step:
        if event.kind == "escalation.skipped":
            detail = f"{number} was skipped: {SKIPS.get(str(event.data.get('reason')), SKIPS['nobody'])}."
            yield Considered(Reason.STEP_SKIPPED, index, event.at, detail)
    if not any(e.kind != "escalation.held" for e in of_step):
        yield _not_reached(story, index)


def _again(event: Happened) -> str:
    """Which repeat it was, where the cause says so: "step 2, repeat 1"."""
    _, _, repeat = str(event.data.get("cause", "")).partition(", ")
    return f" ({repeat})" if repeat else ""


SKIPS = {
    "nobody": "there was nobody to page",
    "urgency": "it is for incidents of another urgency",
    "hours": "it is for another time of the week",
}


def _not_reached(story: Story, index: int) -> Considered:
    """What ended the escalation before the step, if anything did."""
    ended = [e for e in story.events if e.kind in ENDS]
    number = f"Step {index + 1}"
    if not ended:
        return Considered(
            Reason.NOT_REACHED, index, None, f"{number} is still to come."
        )
    last = ended[-1]
    detail = f"{number} did not begin: {last.actor_name} {ENDS[last.kind]} it first."
    return Considered(Reason.NOT_REACHED, index, last.at, detail)


def _schedules(story: Story, index: int) -> str:
    names = [
        story.names.get(target, "a schedule")
        for target in story.policy.steps[index].targets
        if target.kind is TargetKind.SCHEDULE
    ]
    return ", ".join(names) or "it then"


def _users(event: Happened) -> set[UUID]:
    """Whom an entry of the timeline names."""
    users = event.data.get("users")
    if not isinstance(users, list):
        return set()
    return {UUID(user["id"]) for user in users}
