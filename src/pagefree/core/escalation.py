"""Policy, progress and time: whom to page next, and when to look again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core.incidents import Life, Status, wake

SHORTEST_TIMEOUT = timedelta(seconds=30)
LONGEST_TIMEOUT = timedelta(days=1)
MOST_STEPS = 20
MOST_TARGETS = 20  # of one step
MOST_REPEATS = 9
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=5)
TOLD_AFTER = 3  # failures


class TargetKind(StrEnum):
    """What a step can page."""

    USER = "user"
    TEAM = "team"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class Target:
    """A user, a team or a schedule."""

    kind: TargetKind
    id: UUID


@dataclass(frozen=True, slots=True)
class Step:
    """Page all `targets`, then wait `timeout` for somebody to acknowledge."""

    timeout: timedelta
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Steps in order; after the last one all of them again, `repeats` times."""

    id: UUID | None  # none: the service has no policy
    name: str
    steps: tuple[Step, ...]
    repeats: int = 0

    @property
    def rounds(self) -> int:
        """How many steps run in all before the policy is exhausted."""
        return len(self.steps) * (1 + self.repeats)


NO_POLICY = Policy(id=None, name="no escalation policy", steps=())


class State(StrEnum):
    """Where an escalation stands."""

    RUNNING = "running"
    STOPPED = "stopped"  # somebody has the incident, or it is over
    EXHAUSTED = "exhausted"  # every step ran and nobody answered


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the escalation of one incident has got."""

    steps_done: int  # counted over all repeats
    due_at: datetime | None  # when to look again; none: nothing is left to do
    state: State = State.RUNNING


@dataclass(frozen=True, slots=True)
class Advance:
    """What to do now."""

    progress: Progress
    skipped: tuple[int, ...] = ()  # indices of steps that resolved to nobody
    step: int | None = None  # index of the step to page now
    repeat: int = 0  # how often all steps had run before it
    users: tuple[UUID, ...] = ()  # whom to page for it, in order, no one twice
    exhausted: bool = False  # it ends now: page the installation's fallback


def start(now: datetime) -> Progress:
    """An escalation that begins at `now`."""
    return Progress(steps_done=0, due_at=now)


def pause(until: datetime) -> Progress:
    """An escalation that begins again at `until`, because the incident is snoozed."""
    return Progress(steps_done=0, due_at=until)


def stop(progress: Progress) -> Progress:
    """The escalation of an incident that somebody has, or that is over."""
    return Progress(progress.steps_done, None, State.STOPPED)


def due(
    policy: Policy,
    progress: Progress,
    life: Life,
    reachable: Mapping[Target, tuple[UUID, ...]],
    now: datetime,
) -> tuple[Life, Advance]:
    """What becomes of an incident whose escalation is due: its life, and whom to page now.

    A snooze that has ended wakes it. Whatever nobody needs to be paged for is not: an
    acknowledged or resolved incident stops, a snoozed one waits.
    """
    awake = wake(life, now)
    if awake.status is Status.TRIGGERED:
        return awake, advance(policy, progress, reachable, now)
    if awake.snoozed_until is not None:
        return awake, Advance(pause(awake.snoozed_until))
    return awake, Advance(stop(progress))


def advance(
    policy: Policy,
    progress: Progress,
    reachable: Mapping[Target, tuple[UUID, ...]],
    now: datetime,
) -> Advance:
    """The next progress, and whom to page now.

    `reachable`: the people each target of the policy resolves to at `now`. A step that
    resolves to nobody is skipped at once, not waited for; when no step of the policy
    reaches anybody, it is exhausted at once. Pages at most one step, however late `now`
    is: a worker that was down for an hour must not page every level in the same second.
    """
    if progress.due_at is None or now < progress.due_at:
        return Advance(progress)
    skipped: list[int] = []
    # every step is looked at once: what reaches nobody now does not in a repeat either
    last = min(policy.rounds, progress.steps_done + len(policy.steps))
    for done in range(progress.steps_done, last):
        repeat, index = divmod(done, len(policy.steps))
        users = _people(policy.steps[index], reachable)
        if users:
            after = Progress(done + 1, now + policy.steps[index].timeout)
            return Advance(after, tuple(skipped), index, repeat, users)
        skipped.append(index)
    ended = Progress(max(progress.steps_done, policy.rounds), None, State.EXHAUSTED)
    return Advance(ended, tuple(skipped), exhausted=True)


def _people(
    step: Step, reachable: Mapping[Target, tuple[UUID, ...]]
) -> tuple[UUID, ...]:
    """Everybody the step reaches, in the order of its targets, no one twice."""
    found = (user for target in step.targets for user in reachable.get(target, ()))
    return tuple(dict.fromkeys(found))


def worth_telling(failures: int) -> bool:
    """Whether an escalation that could not be advanced `failures` times is told about now.

    Once: not for what the next try mends, and not again in every try.
    """
    return failures == TOLD_AFTER


def retry_at(failures: int, now: datetime) -> datetime:
    """When to look again at an escalation that could not be advanced `failures` times.

    Five seconds, doubling up to five minutes, and never given up: an incident that
    stops escalating is the one thing that must not happen.
    """
    doublings = min(failures - 1, 10)
    return now + min(FIRST_RETRY * (1 << doublings), LONGEST_RETRY)
