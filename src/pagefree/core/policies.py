"""What an escalation policy says: steps, whom they page, when they apply and what they wait for."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core.errors import NotFound
from pagefree.core.routing import Urgency
from pagefree.core.windows import Hours

SHORTEST_TIMEOUT = timedelta(seconds=30)
LONGEST_TIMEOUT = timedelta(days=1)
SHORTEST_ACK_TIMEOUT = timedelta(minutes=1)
LONGEST_ACK_TIMEOUT = timedelta(days=7)
MOST_STEPS = 20
MOST_TARGETS = 20  # of one step
MOST_REPEATS = 9
MOST_ACKNOWLEDGEMENTS = 10


class TargetKind(StrEnum):
    """What a step can page."""

    USER = "user"
    TEAM = "team"
    SCHEDULE = "schedule"
    ROOM = "room"  # of a chat: posted to, which reaches nobody in particular


class Which(StrEnum):
    """Whom of a schedule."""

    CURRENT = "current"  # whoever is on call
    NEXT = "next"  # whoever is on call after them
    ALL = "all"  # whoever is on call in any layer


@dataclass(frozen=True, slots=True)
class Target:
    """A user, a team, a schedule or a room."""

    kind: TargetKind
    id: UUID
    which: Which = Which.CURRENT  # of a schedule


@dataclass(frozen=True, slots=True)
class OnlyHours:
    """A step applies only inside, or only outside, of these hours."""

    hours: Hours
    inside: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """Page all `targets`, then wait `timeout` for somebody to acknowledge."""

    timeout: timedelta
    targets: tuple[Target, ...]
    # page not everybody, but whoever of them was not paged for longest
    round_robin: bool = False
    only_urgency: Urgency | None = None  # skipped for incidents of the other
    only_hours: OnlyHours | None = None  # skipped when it begins at another time
    wait_for: Hours | None = None  # begins when a window of these opens
    acknowledgements: int = 1  # how many people have to take it


@dataclass(frozen=True, slots=True)
class Policy:
    """Steps in order; after the last one all of them again, `repeats` times."""

    id: UUID | None  # none: the service has no policy
    name: str
    steps: tuple[Step, ...]
    repeats: int = 0
    # whoever acknowledges has this long; then everything begins anew
    ack_timeout: timedelta | None = None
    # incidents of low urgency page only inside of these hours
    low_urgency_hours: Hours | None = None

    @property
    def rounds(self) -> int:
        """How many steps run in all before the policy is exhausted."""
        return len(self.steps) * (1 + self.repeats)

    @property
    def watches_acknowledged(self) -> bool:
        """Whether something may still be due after somebody has acknowledged."""
        wants_more = any(step.acknowledgements > 1 for step in self.steps)
        return wants_more or self.ack_timeout is not None


NO_POLICY = Policy(id=None, name="no escalation policy", steps=())


def keeping(before: Policy, wanted: Policy, unseen: Collection[Target]) -> Policy:
    """The policy as somebody wants it who does not see all that it pages.

    What they do not see is not theirs to take away: what they left out is put back in its
    place. Nor may they name it where it was not. Raises NotFound.
    """
    was, said = _counted(before, unseen), _counted(wanted, unseen)
    if said - was:
        raise NotFound("there is no such thing, or it is not for you to see")
    missing = was - said
    steps = [list(step.targets) for step in wanted.steps]
    for index, step in enumerate(before.steps):
        there = steps[min(index, len(steps) - 1)]
        for place, target in enumerate(step.targets):
            if missing[target] > 0 and target not in there:
                there.insert(place, target)
                missing[target] -= 1
    kept = zip(wanted.steps, steps, strict=True)
    return replace(
        wanted, steps=tuple(replace(s, targets=tuple(targets)) for s, targets in kept)
    )


def _counted(policy: Policy, unseen: Collection[Target]) -> Counter[Target]:
    return Counter(t for step in policy.steps for t in step.targets if t in unseen)
