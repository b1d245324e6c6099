"""Whom the targets of policies mean: loaded once, then asked for any instant."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core import schedules as core
from pagefree.core.intervals import Interval
from pagefree.core.policies import Policy, Target, TargetKind, Which
from pagefree.core.schedules import Plan
from pagefree.infra.db import Tx
from pagefree.notifications import rooms
from pagefree.notifications.room_queries import RoomRef
from pagefree.schedules import service as schedules

MOMENT = timedelta(microseconds=1)
WATCHED_FOR_GAPS = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Audience:
    """The active people behind some targets, and the rooms; those mean no people."""

    users: frozenset[UUID]
    teams: Mapping[UUID, tuple[UUID, ...]]
    schedules: Mapping[UUID, Plan]
    rooms: Mapping[UUID, RoomRef] = field(default_factory=dict)  # that can be posted to

    def reachable(self, targets: Collection[Target], at: datetime) -> "Reaching":
        """The people that each target means at `at`; nobody for one that is gone."""
        return Reaching(self, frozenset(targets), at)

    def people(self, target: Target, at: datetime) -> tuple[UUID, ...]:
        """The people that one target means at `at`."""
        plan = self.schedules.get(target.id)
        if target.kind is not TargetKind.SCHEDULE or plan is None:
            return self._named(target)
        match target.which:
            case Which.CURRENT:
                return core.on_call(plan, at)
            case Which.NEXT:
                return core.upcoming(plan, at)
            case Which.ALL:
                return core.everyone(plan, at)

    def _named(self, target: Target) -> tuple[UUID, ...]:
        if target.kind is TargetKind.USER and target.id in self.users:
            return (target.id,)
        return self.teams.get(target.id, ())

    def members(self, target: Target) -> tuple[UUID, ...]:
        """Everybody that the target can mean at one time or another."""
        plan = self.schedules.get(target.id)
        if target.kind is not TargetKind.SCHEDULE or plan is None:
            return self._named(target)
        in_turns = (
            user
            for version in plan.versions
            for layer in version.layers
            for user in layer.rotation.users
            if user is not None
        )
        covering = (override.user_id for override in plan.overrides)
        return tuple(dict.fromkeys((*in_turns, *covering)))

    def gaps(self, schedule_id: UUID, now: datetime) -> tuple[Interval, ...]:
        """When in the coming weeks nobody is on call although nobody said so."""
        plan = self.schedules.get(schedule_id)
        return tuple(core.holes(plan, now, now + WATCHED_FOR_GAPS)) if plan else ()


@dataclass(frozen=True, slots=True, eq=False)  # compared as mappings are
class Reaching(Mapping[Target, tuple[UUID, ...]]):
    """Whom targets mean at an instant, worked out once and only if it is asked."""

    audience: Audience
    targets: frozenset[Target]
    at: datetime
    found: dict[Target, tuple[UUID, ...]] = field(default_factory=dict)

    def __getitem__(self, target: Target) -> tuple[UUID, ...]:
        """Raises KeyError for what was not loaded."""
        people = self.found.get(target)
        if people is None:
            if target not in self.targets:
                raise KeyError(target)
            people = self.found[target] = self.audience.people(target, self.at)
        return people

    def __iter__(self) -> Iterator[Target]:
        """The targets, in no order."""
        return iter(self.targets)

    def __len__(self) -> int:
        """How many targets there are."""
        return len(self.targets)


def targets_of(policies: Iterable[Policy]) -> set[Target]:
    """Everything that these policies page."""
    return {t for policy in policies for step in policy.steps for t in step.targets}


async def load(
    tx: Tx, targets: Collection[Target], now: datetime, ahead: timedelta = MOMENT
) -> Audience:
    """What is needed to know whom these targets mean from `now` for as long as `ahead`."""
    ids: dict[TargetKind, set[UUID]] = {kind: set() for kind in TargetKind}
    for target in targets:
        ids[target.kind].add(target.id)
    # whoever is next may be so only after a long time
    follows = any(target.which is Which.NEXT for target in targets)
    until = None if follows else now + ahead
    return Audience(
        users=frozenset(await accounts.active_users(tx, ids[TargetKind.USER])),
        teams=await accounts.team_members(tx, ids[TargetKind.TEAM]),
        schedules=await schedules.plans_of(tx, ids[TargetKind.SCHEDULE], now, until),
        rooms=await rooms.usable(tx, ids[TargetKind.ROOM]),
    )
