"""Whom the targets of policies mean: loaded once, then asked for any instant."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core.policies import Policy, Target, TargetKind, Which
from pagefree.escalation import rotas
from pagefree.escalation.rotas import Rota
from pagefree.infra.db import Tx


@dataclass(frozen=True, slots=True)
class Audience:
    """The active people behind some targets."""

    users: frozenset[UUID]
    teams: Mapping[UUID, tuple[UUID, ...]]
    schedules: Mapping[UUID, Rota]

    def reachable(
        self, targets: Collection[Target], at: datetime
    ) -> dict[Target, tuple[UUID, ...]]:
        """The people that each target means at `at`; nobody for one that is gone."""
        return {target: self._people(target, at) for target in set(targets)}

    def _people(self, target: Target, at: datetime) -> tuple[UUID, ...]:
        match target.kind:
            case TargetKind.USER:
                return (target.id,) if target.id in self.users else ()
            case TargetKind.TEAM:
                return self.teams.get(target.id, ())
            case TargetKind.SCHEDULE:
                rota = self.schedules.get(target.id)
                return _of_schedule(rota, target.which, at) if rota else ()

    def members(self, target: Target) -> tuple[UUID, ...]:
        """Everybody that the target can mean at one time or another."""
        if target.kind is not TargetKind.SCHEDULE:
            return self._people(target, datetime.min)
        rota = self.schedules.get(target.id)
        return rotas.members(rota) if rota else ()


def _of_schedule(rota: Rota, which: Which, at: datetime) -> tuple[UUID, ...]:
    match which:
        case Which.CURRENT:
            return rotas.current(rota, at)
        case Which.NEXT:
            return rotas.following(rota, at)
        case Which.ALL:
            return rotas.everyone(rota, at)


def targets_of(policies: Iterable[Policy]) -> set[Target]:
    """Everything that these policies page."""
    return {t for policy in policies for step in policy.steps for t in step.targets}


async def load(tx: Tx, targets: Collection[Target]) -> Audience:
    """What is needed to know whom these targets mean, in three statements at most."""
    ids: dict[TargetKind, set[UUID]] = {kind: set() for kind in TargetKind}
    for target in targets:
        ids[target.kind].add(target.id)
    return Audience(
        users=frozenset(await accounts.active_users(tx, ids[TargetKind.USER])),
        teams=await accounts.team_members(tx, ids[TargetKind.TEAM]),
        schedules=await rotas.load(tx, ids[TargetKind.SCHEDULE]),
    )
