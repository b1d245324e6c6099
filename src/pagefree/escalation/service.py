"""Escalation: who is paged for an incident, in order, until somebody has it."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import TeamRef
from pagefree.core import canary
from pagefree.core import escalation as core
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.incidents import Life
from pagefree.core.policies import Policy, Target, TargetKind, keeping
from pagefree.core.progress import State
from pagefree.escalation import policy_queries, queries, undoing
from pagefree.escalation.audience import targets_of
from pagefree.escalation.policy_queries import Draft, OwnedPolicy, UsedBy
from pagefree.escalation.queries import EscalationState
from pagefree.escalation.sweep import BATCH, FEW, escalate_due, next_due_at
from pagefree.infra import curtain
from pagefree.infra.db import Channel, Connection, Tx, driver, notify
from pagefree.infra.writes import Write, write
from pagefree.timeline.service import Entry, by, record

__all__ = [
    "BATCH",
    "FEW",
    "PolicyView",
    "acknowledge_too",
    "acknowledged_many",
    "create",
    "delete",
    "escalate_due",
    "next_due_at",
    "pause",
    "policies",
    "policy",
    "progress",
    "replace",
    "replace_policy",
    "restart",
    "restart_many",
    "start_many",
    "starting",
    "stop_many",
    "target_ids",
    "target_names",
    "view",
    "views",
]


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A policy as people see it."""

    id: UUID
    policy: Policy
    team: TeamRef
    names: Mapping[Target, str]  # of its targets that still exist, and maybe others
    services: tuple[UsedBy, ...]


async def start_many(
    connection: Connection,
    escalations: Sequence[tuple[UUID, Policy]],
    now: datetime,
) -> None:
    """Begin the escalations of new incidents, each with a copy of its policy, due now.

    Whoever calls this wakes the sweep with one notice of Channel.DUE.
    """
    await write(connection, [starting(escalations, now)])


def starting(escalations: Sequence[tuple[UUID, Policy]], now: datetime) -> Write:
    """What `start_many` does, to be done together with more."""
    return queries.start(escalations, core.start(now))


async def restart(tx: Tx, incident_ids: Collection[UUID], now: datetime) -> None:
    """Escalate these incidents from the first step of their own policy copy, now."""
    await restart_many(await driver(tx), incident_ids, now)


async def restart_many(
    connection: Connection, incident_ids: Collection[UUID], now: datetime
) -> None:
    """The same on the hot path, on a plain connection inside a transaction."""
    await queries.restart(connection, incident_ids, core.start(now))


async def replace_policy(
    tx: Tx, incident_id: UUID, policy: Policy, now: datetime
) -> None:
    """Escalate the incident by another policy, from its first step, now."""
    await queries.begin_again(tx, [incident_id], core.start(now), policy)
    await notify(tx, Channel.DUE)


async def pause(tx: Tx, incident_id: UUID, until: datetime) -> None:
    """Page nobody before `until`; the sweep wakes the incident then."""
    await queries.begin_again(tx, [incident_id], core.pause(until))


async def stop_many(connection: Connection, incident_ids: Sequence[UUID]) -> None:
    """Escalate these incidents no further: somebody has them, or they are over."""
    await queries.stop(connection, incident_ids)


async def acknowledged_many(
    connection: Connection, lives: Mapping[UUID, Life], now: datetime
) -> set[UUID]:
    """These incidents, with their lives as they are now, were acknowledged: go on as core says.

    Answers those whose step wants more people: the others of that step are still paged.
    """
    watched = await queries.acknowledge(connection, list(lives))
    after = {
        state.incident_id: core.acknowledged(
            state.policy,
            state.progress,
            lives[state.incident_id],
            lives[state.incident_id].acknowledged_by_id,
            now,
        )
        for state in watched
    }
    if after:
        await queries.save(connection, list(after.items()))
    return {i for i, progress in after.items() if progress.state is State.COLLECTING}


async def acknowledge_too(
    connection: Connection, lives: Mapping[UUID, Life], user_id: UUID, now: datetime
) -> dict[UUID, State]:
    """`user_id` has acknowledged what somebody else has: of those that want more people.

    Answers where their escalations stand now; they are stopped when that was enough.
    """
    found = await queries.lock_collecting(connection, list(lives))
    after = {
        state.incident_id: core.acknowledged(
            state.policy, state.progress, lives[state.incident_id], user_id, now
        )
        for state in found
        if user_id not in state.progress.acknowledged_by
    }
    if after:
        await queries.save(connection, list(after.items()))
    return {incident_id: progress.state for incident_id, progress in after.items()}


async def progress(
    tx: Tx, incident_ids: Collection[UUID]
) -> dict[UUID, EscalationState]:
    """How far the escalation of each of these incidents has got."""
    states = await queries.list_states(tx, incident_ids)
    if states and curtain.nameless(""):
        states = await _nameless(tx, states)
    return {state.incident_id: state for state in states}


async def _nameless(tx: Tx, states: Sequence[EscalationState]) -> list[EscalationState]:
    """The same, where the copies of policies that are not seen have no name."""
    ids = {state.policy.id for state in states if state.policy.id}
    seen = {item.id for item in await policy_queries.list_policies(tx, ids)}
    return [
        state
        if state.policy.id is None or state.policy.id in seen
        else dataclasses.replace(
            state,
            policy=dataclasses.replace(state.policy, name=curtain.nameless("")),
        )
        for state in states
    ]


async def target_names(tx: Tx, targets: Collection[Target]) -> dict[Target, str]:
    """What each target is called; those that are gone are left out."""
    return await policy_queries.list_names(tx, set(targets))


async def policies(tx: Tx) -> dict[UUID, Policy]:
    """Every policy by its id."""
    owned = await policy_queries.list_policies(tx)
    return {item.id: item.policy for item in owned}


async def target_ids(tx: Tx, policy_id: UUID) -> list[str]:
    """The ids of all that the policy pages; none where there is no such policy."""
    owned = await policy_queries.list_policies(tx, [policy_id])
    return [str(one.id) for one in targets_of(item.policy for item in owned)]


async def policy(tx: Tx, policy_id: UUID) -> Policy:
    """The policy. Raises NotFound."""
    return (await _owned(tx, policy_id)).policy


async def views(tx: Tx) -> list[PolicyView]:
    """Every policy by name, as people see it."""
    owned = await policy_queries.list_policies(tx)
    return await _views(tx, [one for one in owned if one.id != canary.POLICY_ID])


async def view(tx: Tx, policy_id: UUID) -> PolicyView:
    """One policy as people see it. Raises NotFound."""
    return (await _views(tx, [await _owned(tx, policy_id)]))[0]


async def _views(tx: Tx, owned: Sequence[OwnedPolicy]) -> list[PolicyView]:
    targets = targets_of(item.policy for item in owned)
    names = await policy_queries.list_names(tx, targets)
    teams = await accounts.team_refs(tx, {item.team_id for item in owned})
    used = await policy_queries.list_using(tx, [item.id for item in owned])
    return [
        PolicyView(
            item.id,
            item.policy,
            teams[item.team_id],
            names,
            tuple(service for service in used if service.policy_id == item.id),
        )
        for item in owned
    ]


async def _owned(tx: Tx, policy_id: UUID) -> OwnedPolicy:
    found = await policy_queries.list_policies(tx, [policy_id])
    if not found:
        raise NotFound("there is no such escalation policy")
    return found[0]


async def create(tx: Tx, draft: Draft, actor: Actor, now: datetime) -> UUID:
    """Make a policy of the actor's team. Raises Forbidden, Invalid and Conflict."""
    await _check(tx, draft, actor)
    policy_id = await policy_queries.insert_policy(tx, draft, now)
    await _record(tx, "policy.created", policy_id, draft, actor, now)
    return policy_id


async def replace(
    tx: Tx, policy_id: UUID, draft: Draft, actor: Actor, now: datetime
) -> None:
    """Make the policy what the draft says; incidents that escalate by it keep their copy."""
    before = await _owned(tx, policy_id)
    require(actor, Can.EDIT_TEAM, before.team_id)
    unseen = await _unseen(tx, targets_of([before.policy, draft.policy]), actor)
    draft = Draft(draft.team_id, keeping(before.policy, draft.policy, unseen))
    await _check(tx, draft, actor)
    await policy_queries.update_policy(tx, policy_id, draft)
    await undoing.keep(tx, before, draft, now)
    await _record(tx, "policy.updated", policy_id, draft, actor, now)


async def undo(
    tx: Tx, policy_id: UUID, said: Mapping[str, object], actor: Actor, now: datetime
) -> None:
    """Make the policy what it was before a change; `said` is what was noted of that.

    Raises Conflict if it has been changed since.
    """
    await policy_queries.lock(tx, policy_id)
    owned = await _owned(tx, policy_id)
    await replace(tx, policy_id, undoing.former(owned, said), actor, now)


async def delete(tx: Tx, policy_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete a policy that no service uses. Raises Conflict naming those that do."""
    owned = await _owned(tx, policy_id)
    require(actor, Can.EDIT_TEAM, owned.team_id)
    if used := await policy_queries.list_using(tx, [policy_id]):
        async with curtain.drawn(tx, actor):
            seen = await policy_queries.list_using(tx, [policy_id])
        names = curtain.and_others([service.name for service in seen], len(used))
        raise Conflict(f"used by the services: {names}")
    await policy_queries.delete_policy(tx, policy_id)
    await _record(tx, "policy.deleted", policy_id, owned, actor, now)


async def _unseen(
    tx: Tx, targets: Collection[Target], actor: Actor
) -> Collection[Target]:
    """Those that exist, but not for the actor to see."""
    if not actor.hidden:
        return ()
    there = await policy_queries.list_names(tx, targets)
    async with curtain.drawn(tx, actor):
        seen = await policy_queries.list_names(tx, targets)
    return there.keys() - seen.keys()


async def _check(tx: Tx, draft: Draft, actor: Actor) -> None:
    await accounts.require_team(tx, draft.team_id)
    require(actor, Can.EDIT_TEAM, draft.team_id)
    targets = targets_of([draft.policy])
    await policy_queries.keep_schedules(
        tx, [t.id for t in targets if t.kind is TargetKind.SCHEDULE]
    )
    await policy_queries.keep_rooms(
        tx, [t.id for t in targets if t.kind is TargetKind.ROOM]
    )
    if gone := targets - set(await policy_queries.list_names(tx, targets)):
        kinds = ", ".join(sorted({target.kind.value for target in gone}))
        raise Invalid(f"the policy pages what does not exist: {kinds}")


async def _record(
    tx: Tx,
    kind: str,
    policy_id: UUID,
    kept: Draft | OwnedPolicy,
    actor: Actor,
    now: datetime,
) -> None:
    data = {"policy": {"id": str(policy_id), "name": kept.policy.name}}
    await record(tx, [Entry(kind, by(actor), team_id=kept.team_id, data=data)], now)
    await notify(tx, Channel.CONFIG)  # ingest keeps the policies in memory
