"""What is wrong with a policy before anybody is paged by it, or not paged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core.escalation import inapplicable
from pagefree.core.intervals import Interval
from pagefree.core.notifications import Rule
from pagefree.core.policies import Policy, Step, Target, TargetKind
from pagefree.core.routing import Urgency
from pagefree.core.windows import Hours, edges, is_open

LONGEST_RUN = timedelta(hours=24)
WEEK_DAYS = 8  # a week from any time of a day


class FindingKind(StrEnum):
    """What is found; public, so none is ever renamed."""

    MISSING_TARGET = "missing_target"  # it no longer exists
    INACTIVE_USER = "inactive_user"  # a deactivated person is named
    EMPTY_STEP = "empty_step"  # nobody can ever be meant by it
    UNREACHABLE_PERSON = "unreachable_person"  # no contact method that works
    SCHEDULE_GAP = "schedule_gap"  # the only target, and at times nobody is on call
    NEVER_APPLIES = "never_applies"  # its conditions exclude each other
    UNCOVERED = "uncovered"  # at times no step applies: straight to the fallback
    LATE_RULE = "late_rule"  # the next step begins before the rule is used
    SAME_PEOPLE = "same_people"  # pages again whom the step before pages
    LONG_RUN = "long_run"  # repeats for more than a day before the fallback is told
    TOO_MANY_WANTED = "too_many_wanted"  # more acknowledgements than people
    UNUSABLE_ROOM = "unusable_room"  # nothing can be posted there
    ONLY_ROOMS = "only_rooms"  # no step pages a person: a chat wakes nobody


class Weight(StrEnum):
    """Problem: an incident may reach nobody. Warning: it may reach somebody late."""

    PROBLEM = "problem"
    WARNING = "warning"


PROBLEMS = frozenset(
    {
        FindingKind.MISSING_TARGET,
        FindingKind.EMPTY_STEP,
        FindingKind.UNREACHABLE_PERSON,
        FindingKind.SCHEDULE_GAP,
        FindingKind.NEVER_APPLIES,
        FindingKind.UNCOVERED,
        FindingKind.UNUSABLE_ROOM,
        FindingKind.ONLY_ROOMS,
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody should look at."""

    kind: FindingKind
    step: int | None = None  # index
    target: Target | None = None
    user_id: UUID | None = None
    urgency: Urgency | None = None
    at: datetime | None = None  # since when
    delay: timedelta | None = None  # of the rule, or of the whole run
    method_id: UUID | None = None

    @property
    def weight(self) -> Weight:
        """How bad it is."""
        return Weight.PROBLEM if self.kind in PROBLEMS else Weight.WARNING


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about whom a policy names, when it is looked at."""

    existing: frozenset[Target]
    members: Mapping[Target, tuple[UUID, ...]]  # active people it can ever mean
    reachable: frozenset[UUID]  # people with a contact method that works
    rules: Mapping[UUID, tuple[Rule, ...]]  # with methods that work
    gaps: Mapping[UUID, tuple[Interval, ...]] = field(default_factory=dict)  # unmeant
    rooms: frozenset[UUID] = frozenset()  # that can be posted to
    unseen: frozenset[Target] = frozenset()  # whoever asks cannot know whom they mean


def findings(policy: Policy, known: Known, now: datetime) -> tuple[Finding, ...]:
    """Everything that is wrong with the policy, in the order of its steps; then the whole."""
    found: list[Finding] = []
    for index, step in enumerate(policy.steps):
        if known.unseen.isdisjoint(step.targets):  # else it cannot be told
            found += _of_targets(index, step, known)
            found += _of_people(index, step, known)
        found += _of_conditions(index, step, now)
    found += _same_people(policy, known)
    people = any(_members(step, known) for step in policy.steps) or known.unseen
    if _posts(policy) and not people:
        found.append(Finding(FindingKind.ONLY_ROOMS))
    found += _uncovered(policy, now)
    run = sum((step.timeout for step in policy.steps), timedelta())
    run *= 1 + policy.repeats
    if policy.repeats and run > LONGEST_RUN:
        found.append(Finding(FindingKind.LONG_RUN, delay=run))
    return tuple(found)


def _of_targets(index: int, step: Step, known: Known) -> Iterator[Finding]:
    for target in step.targets:
        if target not in known.existing:
            yield Finding(FindingKind.MISSING_TARGET, index, target)
        elif target.kind is TargetKind.USER and not known.members.get(target):
            yield Finding(FindingKind.INACTIVE_USER, index, target, target.id)
        elif target.kind is TargetKind.ROOM and target.id not in known.rooms:
            yield Finding(FindingKind.UNUSABLE_ROOM, index, target)
    rooms = [t for t in step.targets if t.kind is TargetKind.ROOM]
    alone = people_of(step)
    if not _members(step, known):
        if not known.existing.intersection(rooms):
            yield Finding(FindingKind.EMPTY_STEP, index)
    elif len(alone) == 1 and (gaps := known.gaps.get(alone[0].id)):
        target = alone[0]
        yield Finding(FindingKind.SCHEDULE_GAP, index, target, at=gaps[0].start)


def people_of(step: Step) -> tuple[Target, ...]:
    """The targets of a step that mean people."""
    return tuple(t for t in step.targets if t.kind is not TargetKind.ROOM)


def _posts(policy: Policy) -> bool:
    targets = (target for step in policy.steps for target in step.targets)
    return any(target.kind is TargetKind.ROOM for target in targets)


def _of_people(index: int, step: Step, known: Known) -> Iterator[Finding]:
    people = _members(step, known)
    if people and len(people) < step.acknowledgements:
        yield Finding(FindingKind.TOO_MANY_WANTED, index)
    for user_id in people:
        if user_id not in known.reachable:
            yield Finding(FindingKind.UNREACHABLE_PERSON, index, user_id=user_id)
        late = [
            rule
            for rule in known.rules.get(user_id, ())
            if rule.delay >= step.timeout and step.only_urgency in (None, rule.urgency)
        ]
        if late:
            rule = min(late, key=lambda rule: rule.delay)
            yield Finding(
                FindingKind.LATE_RULE,
                index,
                user_id=user_id,
                urgency=rule.urgency,
                delay=rule.delay,
                method_id=rule.method_id,
            )


def _of_conditions(index: int, step: Step, now: datetime) -> Iterator[Finding]:
    """A step that never begins, whatever the urgency and the time of the week."""
    urgency = step.only_urgency or Urgency.HIGH
    times = _times([step], now)
    begins = any(
        inapplicable(step, urgency, at) is None
        for at in times
        if step.wait_for is None or is_open(step.wait_for, at)
    )
    if not begins:
        yield Finding(FindingKind.NEVER_APPLIES, index)


def _same_people(policy: Policy, known: Known) -> Iterator[Finding]:
    for index in range(1, len(policy.steps)):
        before, step = policy.steps[index - 1 : index + 1]
        people = set(_members(step, known))
        same = people and set(_members(before, known)) == people
        same = same and known.unseen.isdisjoint((*before.targets, *step.targets))
        alike = before.targets == step.targets or not _rotating(before, step)
        if same and alike and not step.round_robin:
            yield Finding(FindingKind.SAME_PEOPLE, index)


def _rotating(*steps: Step) -> bool:
    """Whether whom they page depends on the time."""
    kinds = {target.kind for step in steps for target in step.targets}
    return TargetKind.SCHEDULE in kinds


def _uncovered(policy: Policy, now: datetime) -> Iterator[Finding]:
    """The first time in a week, for each urgency, for which there is no step at all."""
    times = _times(policy.steps, now) if policy.steps else ()
    for urgency in Urgency:
        for at in times:
            if all(inapplicable(step, urgency, at) for step in policy.steps):
                yield Finding(FindingKind.UNCOVERED, urgency=urgency, at=at)
                break


def _times(steps: list[Step] | tuple[Step, ...], now: datetime) -> list[datetime]:
    """Now, and whenever in a week a window that matters to the steps opens or closes."""
    hours: set[Hours] = {step.wait_for for step in steps if step.wait_for}
    hours |= {step.only_hours.hours for step in steps if step.only_hours}
    later = {at for one in hours for at in edges(one, now, WEEK_DAYS) if at > now}
    return [now, *sorted(later)]


def _members(step: Step, known: Known) -> tuple[UUID, ...]:
    """Everybody the step can ever page, no one twice."""
    named = (user for target in step.targets for user in known.members.get(target, ()))
    return tuple(dict.fromkeys(named))
