"""What will happen while nobody reacts: the engine's own decisions, run over time to come."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.core.escalation import (
    Advance,
    Policy,
    Progress,
    Situation,
    cause,
    due,
    turns_taken,
)
from pagefree.core.incidents import Life, Status
from pagefree.core.notifications import Method, Rule, Skip, plan
from pagefree.core.progress import Reachable, Turns
from pagefree.core.routing import Urgency

MOST_LOOKS = 300  # 20 steps in ten rounds, and what holds them up
TRIGGERED = Life(Status.TRIGGERED)


@dataclass(frozen=True, slots=True)
class Subject:
    """One incident, or one that might be: what decides about its escalation."""

    policy: Policy
    urgency: Urgency
    progress: Progress
    life: Life = TRIGGERED
    turns: Turns | None = None  # as they are now
    rooms: frozenset[UUID] = frozenset()  # that can be posted to


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the escalation, and what it decides."""

    at: datetime
    advance: Advance
    again: bool = False  # a snooze or an acknowledgement has ended: it begins anew


@dataclass(frozen=True, slots=True)
class Ways:
    """How one person can be reached."""

    methods: Sequence[Method]
    rules: Sequence[Rule]


@dataclass(frozen=True, slots=True)
class Page:
    """One message that would be sent, or the reason why it would not be."""

    at: datetime  # when it leaves
    user_id: UUID
    method: Method | None
    skip: Skip | None
    paged_at: datetime  # when the step pages the person
    cause: str  # "step 2": as the message says
    look: int  # index of the look that decided it


def looks(
    subject: Subject,
    reachable_at: Callable[[datetime], Reachable],
    until: datetime,
    now: datetime,
) -> Iterator[Look]:
    """Every look at an escalation from `now` until `until`, if nobody does anything.

    `reachable_at`: the people each target of the policy means at an instant. Other
    incidents may take turns of round robin steps meanwhile; that is not foreseen.
    """
    progress, life = subject.progress, subject.life
    turns = {step: dict(had) for step, had in (subject.turns or {}).items()}
    for _ in range(MOST_LOOKS):
        if progress.due_at is None or progress.due_at > until:
            return
        at = max(progress.due_at, now)  # what is overdue is looked at now
        situation = Situation(reachable_at(at), subject.urgency, turns, subject.rooms)
        after, looked = due(subject.policy, progress, life, situation, at)
        yield Look(at, looked, again=after != life)
        taken = turns_taken(subject.policy, turns, looked)
        if looked.step is not None:
            turns.setdefault(looked.step, {}).update(taken)
        progress, life = looked.progress, after


def pages(
    looked: Sequence[Look],
    ways: Mapping[UUID, Ways],
    fallback: Sequence[UUID],
    urgency: Urgency,
) -> list[Page]:
    """What everybody is sent for these looks, in order; `fallback`: when it is exhausted."""
    found = [
        Page(
            planned.send_at,
            user_id,
            planned.method,
            planned.skip,
            look.at,
            cause(look.advance),
            place,
        )
        for place, look in enumerate(looked)
        for user_id in paged(look, fallback)
        for planned in plan(
            ways[user_id].methods, ways[user_id].rules, urgency, look.at
        )
    ]
    return sorted(found, key=lambda page: page.at)


def paged(look: Look, fallback: Sequence[UUID]) -> Sequence[UUID]:
    """Whom this look pages, and the rooms that it posts to."""
    advance = look.advance
    return fallback if advance.exhausted else (*advance.users, *advance.rooms)
