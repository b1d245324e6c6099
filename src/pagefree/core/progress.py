"""How far an escalation has got, what is true at a look at it, and what a look decides."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pagefree.core.policies import Target
from pagefree.core.routing import Urgency

Reachable = Mapping[Target, tuple[UUID, ...]]
# Of each round robin step of a policy: the number of the turn that everybody had last.
Turns = Mapping[int, Mapping[UUID, int]]


class State(StrEnum):
    """Where an escalation stands."""

    RUNNING = "running"
    COLLECTING = "collecting"  # somebody has it, but its step wants more people
    STOPPED = "stopped"  # somebody has the incident, or it is over
    EXHAUSTED = "exhausted"  # every step ran and nobody answered


class SkipReason(StrEnum):
    """Why a step was passed over."""

    NOBODY = "nobody"  # its targets mean nobody now, and no room that works
    URGENCY = "urgency"  # it is for incidents of the other urgency
    HOURS = "hours"  # it is for another time of the week


class HoldReason(StrEnum):
    """Why nobody is paged before a later instant."""

    WINDOW = "window"  # the step waits for its window to open
    LOW_URGENCY = "low_urgency"  # what is not urgent waits for working hours


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the escalation of one incident has got."""

    steps_done: int  # counted over all repeats
    due_at: datetime | None  # when to look again; none: nothing is left to do
    state: State = State.RUNNING
    paged_step: int | None = None  # index of the step that was paged last
    acknowledged_by: tuple[UUID, ...] = ()  # since it began
    reminders: int = 0  # how often that step was paged again for want of people


@dataclass(frozen=True, slots=True)
class Situation:
    """What is true at the moment of looking, besides policy and progress."""

    reachable: Reachable  # the people each target of the policy means now
    urgency: Urgency = Urgency.HIGH
    turns: Turns = field(default_factory=dict)
    rooms: Collection[UUID] = frozenset()  # of the targets, those that can be posted to


@dataclass(frozen=True, slots=True)
class Skipped:
    """A step that was passed over."""

    step: int  # index
    why: SkipReason


@dataclass(frozen=True, slots=True)
class Held:
    """Nobody is paged before the progress is due again."""

    why: HoldReason
    step: int | None = None  # index of the step that waits


@dataclass(frozen=True, slots=True)
class Advance:
    """What to do now."""

    progress: Progress
    skipped: tuple[Skipped, ...] = ()
    step: int | None = None  # index of the step to page now
    repeat: int = 0  # how often all steps had run before it
    users: tuple[UUID, ...] = ()  # whom to page for it, in order, no one twice
    rooms: tuple[UUID, ...] = ()  # where to post it
    exhausted: bool = False  # it ends now: page the installation's fallback
    held: Held | None = None
    reminder: bool = False  # paged again: fewer have acknowledged than the step wants
    gave_up: bool = False  # and they will not be asked again


def start(now: datetime) -> Progress:
    """An escalation that begins at `now`."""
    return Progress(steps_done=0, due_at=now)


def pause(until: datetime) -> Progress:
    """An escalation that begins again at `until`, because the incident is snoozed."""
    return Progress(steps_done=0, due_at=until)


def stop(progress: Progress, until: datetime | None = None) -> Progress:
    """The escalation of an incident that somebody has (`until` then), or that is over."""
    return replace(progress, due_at=until, state=State.STOPPED)
