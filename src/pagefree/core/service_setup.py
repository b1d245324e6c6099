"""How well a service is set up: what is there, what is missing, what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pagefree.core.readiness import proven
from pagefree.core.routing import Lifecycle
from pagefree.core.services import ServiceKind


class Need(StrEnum):
    """What a service needs, in the order in which it is best put right."""

    OWNER = "owner"  # somebody in the team that owns it
    POLICY = "policy"  # an escalation policy that reaches somebody
    PROVEN = "proven"  # everybody whom it pages was reached in the last 30 days
    INTEGRATION = "integration"  # something reports about it, and has
    DEPENDENCIES = "dependencies"  # of a business service: what it stands on
    RUNBOOK = "runbook"  # what to do when it burns


OF_KIND = {
    ServiceKind.TECHNICAL: (
        Need.OWNER,
        Need.POLICY,
        Need.PROVEN,
        Need.INTEGRATION,
        Need.RUNBOOK,
    ),
    # whoever owns what it stands on is paged
    ServiceKind.BUSINESS: (Need.OWNER, Need.DEPENDENCIES, Need.RUNBOOK),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What counts for the score of one service."""

    kind: ServiceKind
    lifecycle: Lifecycle
    owner_people: int  # active members of its team
    paged_people: int  # whom its policy may page, at any step
    # when something was last known to arrive, of whoever of them has waited longest for it
    proven_at: datetime | None
    integrations_heard: int  # that have ever sent something
    dependencies: int
    has_runbook: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that a service needs, and whether it is there."""

    check: Need
    done: bool


@dataclass(frozen=True, slots=True)
class SetUp:
    """The score of a service: how many of its checks are done, and which is next."""

    checks: tuple[Checked, ...]

    @property
    def done(self) -> int:
        """How many checks are done."""
        return sum(one.done for one in self.checks)

    @property
    def next(self) -> Need | None:
        """What to put right first; none: nothing is missing."""
        return next((one.check for one in self.checks if not one.done), None)


NOTHING_NEEDED = SetUp(())


def set_up(facts: Facts, now: datetime) -> SetUp:
    """What is there and what is missing; an archived service needs nothing any more."""
    if facts.lifecycle is Lifecycle.ARCHIVED:
        return NOTHING_NEEDED
    done = {
        Need.OWNER: facts.owner_people > 0,
        Need.POLICY: facts.paged_people > 0,
        # a policy that reaches nobody has nobody to prove it
        Need.PROVEN: facts.paged_people > 0 and proven([facts.proven_at], now),
        Need.INTEGRATION: facts.integrations_heard > 0,
        Need.DEPENDENCIES: facts.dependencies > 0,
        Need.RUNBOOK: facts.has_runbook,
    }
    needed: Sequence[Need] = OF_KIND[facts.kind]
    return SetUp(tuple(Checked(check, done[check]) for check in needed))
