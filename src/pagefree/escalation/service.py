"""Escalation: who is paged for an incident, in order, until somebody has it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from traceback import format_exc
from uuid import UUID

import structlog

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import TeamRef
from pagefree.core import escalation as core
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.escalation import Advance, Policy, Target, TargetKind
from pagefree.core.incidents import Life, Status, wake
from pagefree.core.notifications import Kind
from pagefree.escalation import policy_queries, queries
from pagefree.escalation.policy_queries import Draft, OwnedPolicy, UsedBy
from pagefree.escalation.queries import Due, EscalationState
from pagefree.infra.db import Channel, Connection, Tx, driver, notify
from pagefree.notifications import service as notifications
from pagefree.notifications.service import PageRequest
from pagefree.schedules import service as schedules
from pagefree.timeline.service import SYSTEM, Entry, by, record

BATCH = 500
FIRST_PAGE, ESCALATION = 0, 1  # priorities of notifications

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of one due escalation."""

    due: Due
    life: Life
    advance: Advance


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
    await queries.start(connection, escalations, core.start(now))


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


async def progress(
    tx: Tx, incident_ids: Collection[UUID]
) -> dict[UUID, EscalationState]:
    """How far the escalation of each of these incidents has got."""
    states = await queries.list_states(tx, incident_ids)
    return {state.incident_id: state for state in states}


async def resolve_targets(
    tx: Tx, targets: Collection[Target], now: datetime
) -> dict[Target, tuple[UUID, ...]]:
    """The active people each target means at `now`, in three statements at most."""
    ids: dict[TargetKind, set[UUID]] = {kind: set() for kind in TargetKind}
    for target in targets:
        ids[target.kind].add(target.id)
    on_call = await schedules.on_call_at(tx, ids[TargetKind.SCHEDULE], now)
    teams = (
        await accounts.team_members(tx, ids[TargetKind.TEAM])
        if ids[TargetKind.TEAM]
        else {}
    )
    active = (
        await accounts.active_users(tx, ids[TargetKind.USER])
        if ids[TargetKind.USER]
        else set()
    )
    people: dict[TargetKind, Mapping[UUID, tuple[UUID, ...]]] = {
        TargetKind.SCHEDULE: {i: (user,) for i, user in on_call.items() if user},
        TargetKind.TEAM: teams,
        TargetKind.USER: {user: (user,) for user in active},
    }
    return {target: people[target.kind].get(target.id, ()) for target in set(targets)}


async def target_names(tx: Tx, targets: Collection[Target]) -> dict[Target, str]:
    """What each target is called; those that are gone are left out."""
    return await policy_queries.list_names(tx, set(targets))


async def escalate_due(tx: Tx, now: datetime, limit: int = BATCH) -> int:
    """Advance up to `limit` escalations due at `now` by one step each; returns how many.

    A crash pages nobody and loses nothing: the rows are still due.
    """
    due = await queries.claim_due(await driver(tx), now, limit)
    if due:
        await _escalate_or_halve(tx, due, now)
    return len(due)


async def next_due_at(tx: Tx) -> datetime | None:
    """When the sweep has something to do next; none: when it is woken."""
    return await queries.next_due_at(await driver(tx))


async def _escalate_or_halve(tx: Tx, due: Sequence[Due], now: datetime) -> None:
    """Escalate all of `due`; what cannot be is found by halving, and put off alone."""
    try:
        async with (await driver(tx)).transaction():  # a savepoint
            await _escalate(tx, due, now)
    except Exception:  # noqa: BLE001 whatever is wrong with one must not stop the others
        if len(due) > 1:
            middle = len(due) // 2
            await _escalate_or_halve(tx, due[:middle], now)
            await _escalate_or_halve(tx, due[middle:], now)
            return
        log.warning(
            "escalation.put_off",
            incident_id=str(due[0].incident_id),
            trace=format_exc(limit=-3),  # short: there may be hundreds
        )
        await _put_off(tx, due[0], now)


async def _put_off(tx: Tx, due: Due, now: datetime) -> None:
    """Try again later; what keeps failing is somebody's to look at meanwhile."""
    failures = due.failures + 1
    until = core.retry_at(failures, now)
    if core.worth_telling(failures):
        try:
            async with tx.begin_nested():
                await _tell_admins(tx, due, now)
        except Exception:
            failures -= 1  # the next try tells them
            log.exception("escalation.untold", incident_id=str(due.incident_id))
    await queries.put_off(tx, due.incident_id, failures, until)


async def _tell_admins(tx: Tx, due: Due, now: datetime) -> None:
    """Page the platform admins for an incident that does not escalate by its policy."""
    life = wake(due.life, now)
    if life.status is not Status.TRIGGERED:
        return
    if life != due.life:
        await queries.wake(await driver(tx), [due.incident_id])
    admins = await accounts.platform_admins(tx)
    requests = [
        PageRequest(
            due.incident_id,
            user_id,
            due.urgency,
            Kind.FALLBACK,
            "escalation failed",
            ESCALATION,
        )
        for user_id in admins
    ]
    await notifications.page(tx, requests, now)
    refs = await accounts.user_refs(tx, admins)
    data = {"users": _people(admins, {i: user.name for i, user in refs.items()})}
    entries = [Entry("escalation.put_off", SYSTEM, due.incident_id, due.team_id, data)]
    if life != due.life:
        woke = Entry("incident.woke", SYSTEM, due.incident_id, due.team_id)
        entries.insert(0, woke)
    await record(tx, entries, now)


async def _escalate(tx: Tx, due: Sequence[Due], now: datetime) -> None:
    decided = await _decide(tx, due, now)
    connection = await driver(tx)
    woken = [d.due.incident_id for d in decided if d.life != d.due.life]
    if woken:
        await queries.wake(connection, woken)
    await queries.save(
        connection, [(d.due.incident_id, d.advance.progress) for d in decided]
    )
    exhausted = any(d.advance.exhausted for d in decided)
    admins = await accounts.platform_admins(tx) if exhausted else ()
    await notifications.page(
        tx, [request for d in decided for request in _requests(d, admins)], now
    )
    paged = {user for d in decided for user in (*d.advance.users, *admins)}
    names = {i: user.name for i, user in (await accounts.user_refs(tx, paged)).items()}
    entries = [entry for d in decided for entry in _entries(d, admins, names)]
    await record(tx, entries, now)


async def _decide(tx: Tx, due: Sequence[Due], now: datetime) -> list[Decided]:
    policies = [queries.decode(item.policy_text) for item in due]
    distinct = {id(policy): policy for policy in policies}.values()
    targets = {t for policy in distinct for step in policy.steps for t in step.targets}
    reachable = await resolve_targets(tx, targets, now)
    return [
        Decided(item, *core.due(policy, item.progress, item.life, reachable, now))
        for item, policy in zip(due, policies, strict=True)
    ]


def _requests(decided: Decided, admins: Sequence[UUID]) -> list[PageRequest]:
    """Whom to page: the people of the step, or the admins when the policy is exhausted."""
    advance, due = decided.advance, decided.due
    return [
        PageRequest(
            incident_id=due.incident_id,
            user_id=user_id,
            urgency=due.urgency,
            kind=Kind.FALLBACK if advance.exhausted else Kind.PAGE,
            cause=_cause(advance),
            priority=ESCALATION if due.progress.steps_done else FIRST_PAGE,
        )
        for user_id in (admins if advance.exhausted else advance.users)
    ]


def _cause(advance: Advance) -> str:
    if advance.step is None:
        return "fallback"
    again = f", repeat {advance.repeat}" if advance.repeat else ""
    return f"step {advance.step + 1}{again}"


def _entries(
    decided: Decided, admins: Sequence[UUID], names: Mapping[UUID, str]
) -> list[Entry]:
    """What the timeline says; steps count from 1 there, as people count."""
    advance = decided.advance
    happened: list[tuple[str, dict[str, object]]] = []
    if decided.life != decided.due.life:
        happened.append(("incident.woke", {}))
    happened += [("escalation.skipped", {"step": i + 1}) for i in advance.skipped]
    if advance.step is not None:
        data = {"step": advance.step + 1, "cause": _cause(advance)}
        people = _people(advance.users, names)
        happened.append(("escalation.paged", {**data, "users": people}))
    if advance.exhausted:
        happened.append(("escalation.exhausted", {"users": _people(admins, names)}))
    due = decided.due
    return [
        Entry(kind, SYSTEM, due.incident_id, due.team_id, data)
        for kind, data in happened
    ]


def _people(
    user_ids: Sequence[UUID], names: Mapping[UUID, str]
) -> list[dict[str, str]]:
    return [{"id": str(i), "name": names.get(i, "")} for i in user_ids]


async def policies(tx: Tx) -> dict[UUID, Policy]:
    """Every policy by its id."""
    owned = await policy_queries.list_policies(tx)
    return {item.id: item.policy for item in owned}


async def policy(tx: Tx, policy_id: UUID) -> Policy:
    """The policy. Raises NotFound."""
    return (await _owned(tx, policy_id)).policy


async def views(tx: Tx) -> list[PolicyView]:
    """Every policy by name, as people see it."""
    return await _views(tx, await policy_queries.list_policies(tx))


async def view(tx: Tx, policy_id: UUID) -> PolicyView:
    """One policy as people see it. Raises NotFound."""
    return (await _views(tx, [await _owned(tx, policy_id)]))[0]


async def _views(tx: Tx, owned: Sequence[OwnedPolicy]) -> list[PolicyView]:
    targets = {t for o in owned for step in o.policy.steps for t in step.targets}
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
    await _check(tx, draft, actor)
    await policy_queries.update_policy(tx, policy_id, draft)
    await _record(tx, "policy.updated", policy_id, draft, actor, now)


async def delete(tx: Tx, policy_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete a policy that no service uses. Raises Conflict naming those that do."""
    owned = await _owned(tx, policy_id)
    require(actor, Can.EDIT_TEAM, owned.team_id)
    if used := await policy_queries.list_using(tx, [policy_id]):
        names = ", ".join(service.name for service in used)
        raise Conflict(f"used by the services: {names}")
    await policy_queries.delete_policy(tx, policy_id)
    await _record(tx, "policy.deleted", policy_id, owned, actor, now)


async def _check(tx: Tx, draft: Draft, actor: Actor) -> None:
    await accounts.require_team(tx, draft.team_id)
    require(actor, Can.EDIT_TEAM, draft.team_id)
    targets = {target for step in draft.policy.steps for target in step.targets}
    await policy_queries.keep_schedules(
        tx, [t.id for t in targets if t.kind is TargetKind.SCHEDULE]
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
