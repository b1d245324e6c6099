"""Every statement on escalation policies."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import (
    FromClause,
    RowMapping,
    delete,
    insert,
    literal,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError

from pagefree.core.errors import Conflict
from pagefree.core.policies import (
    OnlyHours,
    Policy,
    Step,
    Target,
    TargetKind,
    Which,
)
from pagefree.core.routing import Urgency
from pagefree.core.windows import Hours
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import contact_methods, teams, users
from pagefree.tables.escalation import (
    escalation_policies,
    escalation_steps,
    escalation_targets,
    round_robin_turns,
)
from pagefree.tables.schedules import schedules
from pagefree.tables.services import services

# a person's own contact methods are no rooms
ROOMS = (
    select(contact_methods.c.id, contact_methods.c.label.label("name"))
    .where(contact_methods.c.team_id.is_not(None))
    .subquery("rooms")
)
TABLES: dict[TargetKind, FromClause] = {
    TargetKind.USER: users,
    TargetKind.TEAM: teams,
    TargetKind.SCHEDULE: schedules,
    TargetKind.ROOM: ROOMS,
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OwnedPolicy:
    """A policy and the team that keeps it."""

    id: UUID
    team_id: UUID
    policy: Policy


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy as somebody wants it."""

    team_id: UUID
    policy: Policy


@dataclass(frozen=True, slots=True)
class UsedBy:
    """A service that escalates by a policy."""

    policy_id: UUID
    id: UUID
    name: str


async def list_policies(
    tx: Tx, policy_ids: Collection[UUID] | None = None
) -> list[OwnedPolicy]:
    """Those with these ids, or all, by name."""
    query = (
        select(
            *escalation_policies.c["id", "name", "team_id", "repeats"],
            *escalation_policies.c["ack_timeout", "low_urgency_hours"],
            *escalation_steps.c["position", "timeout", "round_robin", "only_urgency"],
            *escalation_steps.c["only_hours", "wait_for", "acknowledgements"],
            *escalation_targets.c["kind", "target_id", "which"],
        )
        .select_from(escalation_policies)
        .join(
            escalation_steps, escalation_steps.c.policy_id == escalation_policies.c.id
        )
        .join(escalation_targets, escalation_targets.c.step_id == escalation_steps.c.id)
        .order_by(
            escalation_policies.c.name,
            escalation_policies.c.id,
            escalation_steps.c.position,
            escalation_targets.c.position,
        )
    )
    if policy_ids is not None:
        query = query.where(escalation_policies.c.id.in_(policy_ids))
    rows = (await tx.execute(query)).mappings()
    return [_owned(list(group)) for _, group in groupby(rows, lambda row: row["id"])]


def _owned(rows: Sequence[RowMapping]) -> OwnedPolicy:
    first = rows[0]
    by_step = groupby(rows, lambda row: row["position"])
    steps = tuple(_step(list(group)) for _, group in by_step)
    policy = Policy(
        first["id"],
        first["name"],
        steps,
        first["repeats"],
        first["ack_timeout"],
        _read(first["low_urgency_hours"], Hours),
    )
    return OwnedPolicy(first["id"], first["team_id"], policy)


def _step(rows: Sequence[RowMapping]) -> Step:
    first = rows[0]
    targets = (
        Target(TargetKind(row["kind"]), row["target_id"], Which(row["which"]))
        for row in rows
    )
    return Step(
        timeout=first["timeout"],
        targets=tuple(targets),
        round_robin=first["round_robin"],
        only_urgency=Urgency(first["only_urgency"]) if first["only_urgency"] else None,
        only_hours=_read(first["only_hours"], OnlyHours),
        wait_for=_read(first["wait_for"], Hours),
        acknowledgements=first["acknowledgements"],
    )


def _read(stored: object, kind: type[T]) -> T | None:
    """What a JSON column holds."""
    return None if stored is None else msgspec.convert(stored, kind)


def _written(value: object) -> object:
    """As a JSON column holds it; SQL's NULL where there is nothing."""
    return null() if value is None else msgspec.to_builtins(value)


async def insert_policy(tx: Tx, draft: Draft, now: datetime) -> UUID:
    """The id of a new policy. Raises Conflict when the name is taken."""
    policy_id = new_id()
    row = {**_columns(draft), "id": policy_id, "created_at": now}
    try:
        await tx.execute(insert(escalation_policies).values(row))
    except IntegrityError as e:
        raise _name_taken(draft) from e
    await _insert_steps(tx, policy_id, draft.policy.steps)
    return policy_id


async def update_policy(tx: Tx, policy_id: UUID, draft: Draft) -> None:
    """Make the policy what the draft says. Raises Conflict when the name is taken."""
    where = escalation_policies.c.id == policy_id
    change = update(escalation_policies).where(where).values(_columns(draft))
    try:
        await tx.execute(change)
    except IntegrityError as e:
        raise _name_taken(draft) from e
    old = escalation_steps.c.policy_id == policy_id
    await tx.execute(delete(escalation_steps).where(old))
    await _insert_steps(tx, policy_id, draft.policy.steps)


async def lock(tx: Tx, policy_id: UUID) -> None:
    """Let nobody change the policy until the transaction ends."""
    where = escalation_policies.c.id == policy_id
    await tx.execute(select(escalation_policies.c.id).where(where).with_for_update())


def _columns(draft: Draft) -> dict[str, object]:
    policy = draft.policy
    return {
        "team_id": draft.team_id,
        "name": policy.name,
        "repeats": policy.repeats,
        "ack_timeout": policy.ack_timeout,
        "low_urgency_hours": _written(policy.low_urgency_hours),
    }


def _name_taken(draft: Draft) -> Conflict:
    return Conflict(f"there is already an escalation policy named {draft.policy.name}")


async def _insert_steps(tx: Tx, policy_id: UUID, steps: Sequence[Step]) -> None:
    placed = [(new_id(), place, step) for place, step in enumerate(steps)]
    await tx.execute(
        insert(escalation_steps).values(
            [
                {
                    "id": step_id,
                    "policy_id": policy_id,
                    "position": place,
                    "timeout": step.timeout,
                    "round_robin": step.round_robin,
                    "only_urgency": step.only_urgency,
                    "only_hours": _written(step.only_hours),
                    "wait_for": _written(step.wait_for),
                    "acknowledgements": step.acknowledgements,
                }
                for step_id, place, step in placed
            ]
        )
    )
    await tx.execute(
        insert(escalation_targets),
        [
            {
                "id": new_id(),
                "step_id": step_id,
                "position": place,
                "kind": target.kind.value,
                "target_id": target.id,
                "which": target.which.value,
            }
            for step_id, _, step in placed
            for place, target in enumerate(step.targets)
        ],
    )


async def delete_policy(tx: Tx, policy_id: UUID) -> None:
    """Delete a policy that no service uses. Raises Conflict when one has just begun to."""
    where = escalation_policies.c.id == policy_id
    try:
        await tx.execute(delete(escalation_policies).where(where))
    except IntegrityError as e:
        raise Conflict("a service has just begun to use the policy") from e
    turns = round_robin_turns.c.policy_id == policy_id
    await tx.execute(delete(round_robin_turns).where(turns))


async def list_using(tx: Tx, policy_ids: Collection[UUID]) -> list[UsedBy]:
    """The services that use these policies, by name."""
    rows = await tx.execute(
        select(
            services.c.escalation_policy_id.label("policy_id"),
            *services.c["id", "name"],
        )
        .where(services.c.escalation_policy_id.in_(policy_ids))
        .order_by(services.c.name)
    )
    return [UsedBy(**row) for row in rows.mappings()]


async def list_names(tx: Tx, targets: Iterable[Target]) -> dict[Target, str]:
    """The name of each target that exists."""
    targets = list(targets)
    wanted: dict[TargetKind, list[UUID]] = {}
    for target in targets:
        wanted.setdefault(target.kind, []).append(target.id)
    if not wanted:
        return {}
    rows = await tx.execute(
        union_all(
            *(
                select(
                    literal(kind.value).label("kind"), *TABLES[kind].c["id", "name"]
                ).where(TABLES[kind].c.id.in_(ids))
                for kind, ids in wanted.items()
            )
        )
    )
    named = {(row["kind"], row["id"]): row["name"] for row in rows.mappings()}
    return {
        target: named[target.kind.value, target.id]
        for target in targets
        if (target.kind.value, target.id) in named
    }


async def keep_rooms(tx: Tx, room_ids: Collection[UUID]) -> None:
    """Let nobody delete these rooms until the transaction ends: a policy names them."""
    query = select(contact_methods.c.id).where(contact_methods.c.id.in_(room_ids))
    await tx.execute(query.with_for_update(read=True, key_share=True))


async def keep_schedules(tx: Tx, schedule_ids: Collection[UUID]) -> None:
    """Let nobody delete these schedules until the transaction ends: a policy names them."""
    query = select(schedules.c.id).where(schedules.c.id.in_(schedule_ids))
    await tx.execute(query.with_for_update(read=True, key_share=True))
