"""Policy, progress and time: whom to page next, and when to look again."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core.incidents import Life, Status, wake
from pagefree.core.policies import NO_POLICY, Policy, Step, Target, TargetKind, Which
from pagefree.core.progress import (
    Advance,
    Held,
    HoldReason,
    Progress,
    Situation,
    Skipped,
    SkipReason,
    State,
    Turns,
    pause,
    start,
    stop,
)
from pagefree.core.routing import Urgency
from pagefree.core.windows import is_open, opens_at, zone_of

__all__ = [
    "NO_POLICY",
    "Advance",
    "Held",
    "HoldReason",
    "Policy",
    "Progress",
    "Situation",
    "SkipReason",
    "Skipped",
    "State",
    "Step",
    "Target",
    "TargetKind",
    "Which",
    "acknowledged",
    "acknowledged_until",
    "advance",
    "cause",
    "due",
    "inapplicable",
    "pause",
    "retry_at",
    "start",
    "stop",
    "turns_taken",
    "worth_telling",
]

MOST_REMINDERS = 10  # of one step that wants more people than have acknowledged
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=5)
TOLD_AFTER = 3  # failures


def acknowledged(
    policy: Policy, progress: Progress, life: Life, user_id: UUID | None, now: datetime
) -> Progress:
    """How it goes on now that `user_id` (none: its source) has acknowledged.

    It stops, unless the step paged last wants more people: then the others of that step
    are reminded until enough have acknowledged. `life`: of the acknowledged incident.
    """
    by = dict.fromkeys((*progress.acknowledged_by, *([user_id] if user_id else [])))
    after = replace(progress, acknowledged_by=tuple(by))
    ends = acknowledged_until(policy, life)
    if user_id is None or _missing(policy, after) == 0:
        return stop(after, ends)
    again = now + policy.steps[after.paged_step or 0].timeout
    due_at = min(filter(None, (progress.due_at, again, ends)))
    return replace(after, due_at=due_at, state=State.COLLECTING)


def _missing(policy: Policy, progress: Progress) -> int:
    """How many more people the step paged last wants."""
    if progress.paged_step is None:
        return 0
    if progress.state not in {State.RUNNING, State.COLLECTING}:
        return 0
    wanted = policy.steps[progress.paged_step].acknowledgements
    return max(0, wanted - len(progress.acknowledged_by))


def acknowledged_until(policy: Policy, life: Life) -> datetime | None:
    """When whoever has the incident loses it again; none: they keep it."""
    if life.acknowledged_at is None or policy.ack_timeout is None:
        return None
    return life.acknowledged_at + policy.ack_timeout


def due(
    policy: Policy, progress: Progress, life: Life, situation: Situation, now: datetime
) -> tuple[Life, Advance]:
    """What becomes of an incident whose escalation is due: its life, and whom to page now.

    A snooze that has ended wakes it, and so does an acknowledgement that nobody followed
    up in time. Whatever nobody needs to be paged for is not: a resolved incident stops, a
    snoozed one waits, an acknowledged one only reminds those its step wants as well.
    """
    awake = wake(life, now)
    if awake.status is Status.TRIGGERED:
        return awake, advance(policy, progress, situation, now)
    if awake.snoozed_until is not None:
        return awake, Advance(pause(awake.snoozed_until))
    if awake.status is Status.RESOLVED:
        return awake, Advance(stop(progress))
    ends = acknowledged_until(policy, awake)
    if ends is not None and ends <= now:
        return Life(Status.TRIGGERED), advance(policy, start(now), situation, now)
    return awake, _remind(policy, progress, situation, ends, now)


def advance(
    policy: Policy, progress: Progress, situation: Situation, now: datetime
) -> Advance:
    """The next progress, and whom to page now.

    A step that does not apply now, or whose targets mean nobody, is skipped at once, not
    waited for; when no step of the policy is left, it is exhausted at once. Pages at most
    one step, however late `now` is: a worker that was down for an hour must not page
    every level in the same second.
    """
    if progress.due_at is None or now < progress.due_at:
        return Advance(progress)
    if opens := _held_until(policy, situation, now):
        held = Held(HoldReason.LOW_URGENCY)
        return Advance(replace(progress, due_at=opens), held=held)
    skipped: list[Skipped] = []
    # every step is looked at once: what is skipped now is in a repeat too
    last = min(policy.rounds, progress.steps_done + len(policy.steps))
    for done in range(progress.steps_done, last):
        looked = _begin(policy, progress, done, situation, now)
        if isinstance(looked, Advance):
            return replace(looked, skipped=tuple(skipped)) if skipped else looked
        skipped.append(looked)
    ended = replace(
        progress,
        steps_done=max(progress.steps_done, policy.rounds),
        due_at=None,
        state=State.EXHAUSTED,
    )
    return Advance(ended, tuple(skipped), exhausted=True)


def _begin(
    policy: Policy, progress: Progress, done: int, situation: Situation, now: datetime
) -> Advance | Skipped:
    """Page the step after `done`, or wait for its window, unless it has to be skipped."""
    repeat, index = divmod(done, len(policy.steps))
    step = policy.steps[index]
    if why := inapplicable(step, situation.urgency, now):
        return Skipped(index, why)
    opens = opens_at(step.wait_for, now) if step.wait_for else now
    if opens > now:
        held = Held(HoldReason.WINDOW, index)
        waiting = replace(progress, steps_done=done, due_at=opens)
        return Advance(waiting, repeat=repeat, held=held)
    users = _people(step, index, situation, step.acknowledgements, ())
    rooms = _rooms(step, situation)
    if not users and not rooms:
        return Skipped(index, SkipReason.NOBODY)
    after = replace(
        progress, steps_done=done + 1, due_at=now + step.timeout, paged_step=index
    )
    return Advance(after, step=index, repeat=repeat, users=users, rooms=rooms)


def inapplicable(step: Step, urgency: Urgency, at: datetime) -> SkipReason | None:
    """Why the step is not for such an incident, or not for such a time; none: it is."""
    if step.only_urgency not in (None, urgency):
        return SkipReason.URGENCY
    only = step.only_hours
    if only and zone_of(only.hours.time_zone):
        return None if is_open(only.hours, at) is only.inside else SkipReason.HOURS
    return None  # a zone that is not known any more holds nothing up


def _remind(
    policy: Policy,
    progress: Progress,
    situation: Situation,
    ends: datetime | None,
    now: datetime,
) -> Advance:
    """Page those again of whom the last step wants more; no more than so often."""
    missing = _missing(policy, progress)
    if progress.state is not State.COLLECTING or progress.paged_step is None:
        return Advance(stop(progress, ends))
    if progress.due_at is not None and now < progress.due_at:
        return Advance(progress)
    if opens := _held_until(policy, situation, now):
        waiting = replace(progress, due_at=min(filter(None, (opens, ends))))
        return Advance(waiting, held=Held(HoldReason.LOW_URGENCY))
    index, step = progress.paged_step, policy.steps[progress.paged_step]
    users = _people(step, index, situation, missing, progress.acknowledged_by)
    if not users or progress.reminders >= MOST_REMINDERS:
        return Advance(stop(progress, ends), gave_up=True)
    after = replace(
        progress,
        due_at=min(filter(None, (now + step.timeout, ends))),
        reminders=progress.reminders + 1,
    )
    return Advance(after, step=index, users=users, reminder=True)


def _held_until(policy: Policy, situation: Situation, now: datetime) -> datetime | None:
    """Until when an incident that is not urgent has to wait; none: it need not."""
    hours = policy.low_urgency_hours
    if hours is None or situation.urgency is not Urgency.LOW:
        return None
    opens = opens_at(hours, now)
    return opens if opens > now else None


def _people(
    step: Step, index: int, situation: Situation, most: int, but: Collection[UUID]
) -> tuple[UUID, ...]:
    """Whom the step pages, in the order of its targets, no one twice.

    A round robin step pages as many as have to acknowledge: those whose last turn is
    longest ago, first those who never had one.
    """
    named = (u for t in step.targets for u in situation.reachable.get(t, ()))
    found = [user for user in dict.fromkeys(named) if user not in but]
    if not step.round_robin:
        return tuple(found)
    had = situation.turns.get(index, {})
    return tuple(sorted(found, key=lambda user: had.get(user, 0))[:most])


def _rooms(step: Step, situation: Situation) -> tuple[UUID, ...]:
    """Where the step posts: that reaches nobody in particular, so it is waited for as ever."""
    return tuple(
        target.id
        for target in step.targets
        if target.kind is TargetKind.ROOM and target.id in situation.rooms
    )


def turns_taken(policy: Policy, turns: Turns, looked: Advance) -> dict[UUID, int]:
    """The numbers of the turns that whoever is paged now takes; empty: nobody takes one."""
    if looked.step is None or not policy.steps[looked.step].round_robin:
        return {}
    last = max(turns.get(looked.step, {}).values(), default=0)
    return {user: last + n for n, user in enumerate(looked.users, 1)}


def cause(looked: Advance) -> str:
    """Why somebody is paged, in words for people; steps count from 1."""
    if looked.step is None:
        return "fallback"
    if looked.reminder:
        return f"step {looked.step + 1}, more people wanted"
    again = f", repeat {looked.repeat}" if looked.repeat else ""
    return f"step {looked.step + 1}{again}"


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
