"""Who works on an incident: giving it to somebody else, and asking more people for help."""

from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import UserRef
from pagefree.core import incidents as core
from pagefree.core.access import Actor
from pagefree.core.errors import Conflict, Invalid
from pagefree.core.escalation import Policy, State, Step, Target, TargetKind
from pagefree.core.incidents import Status
from pagefree.core.notifications import Kind, Skip
from pagefree.escalation import service as escalation
from pagefree.incidents import queries
from pagefree.incidents.batch_queries import Locked
from pagefree.incidents.changes import Change, apply_one, lock_one, withdraw
from pagefree.infra.db import Tx, driver
from pagefree.notifications import service as notifications
from pagefree.notifications.service import PageRequest
from pagefree.timeline.service import Cause, CauseKind, Entry, by, record

ASSIGNED_TIMEOUT = timedelta(minutes=10)
ASSIGNED_REPEATS = 2  # then the installation's fallback is told
ADDED_PRIORITY = 1  # after first pages, like an escalation


async def assign_user(
    tx: Tx, incident_id: UUID, user_id: UUID, actor: Actor, now: datetime
) -> None:
    """Page this person, three times if need be, until somebody acknowledges."""
    incident = await lock_one(tx, incident_id, actor)
    await give_to_user(tx, incident, user_id, by(actor), now)


async def give_to_user(
    tx: Tx, incident: Locked, user_id: UUID, cause: Cause, now: datetime
) -> None:
    """The same for a locked incident, whoever or whatever asks for it."""
    user = await _active_user(tx, user_id)
    step = Step(ASSIGNED_TIMEOUT, (Target(TargetKind.USER, user_id),))
    policy = Policy(None, f"assigned to {user.name}", (step,), ASSIGNED_REPEATS)
    whom = {"user": {"id": str(user.id), "name": user.name}}
    if await _assign(tx, incident, policy, _reassignment(cause, whom), now):
        added_by = _person(cause)
        await queries.insert_responder(tx, incident.id, user_id, added_by, now)


async def assign_policy(
    tx: Tx, incident_id: UUID, policy_id: UUID, actor: Actor, now: datetime
) -> None:
    """Escalate by another policy, from its first step."""
    incident = await lock_one(tx, incident_id, actor)
    await give_to_policy(tx, incident, policy_id, by(actor), now)


async def give_to_policy(
    tx: Tx, incident: Locked, policy_id: UUID, cause: Cause, now: datetime
) -> None:
    """The same for a locked incident, whoever or whatever asks for it."""
    policy = await escalation.policy(tx, policy_id)
    whom = {"policy": {"id": str(policy.id), "name": policy.name}}
    await _assign(tx, incident, policy, _reassignment(cause, whom), now)


def _reassignment(
    cause: Cause, whom: dict[str, object] | dict[str, dict[str, str]]
) -> Change:
    """What the timeline says when an incident is given to somebody else."""
    return Change("incident.reassigned", core.assign, cause, dict(whom))


def _person(cause: Cause) -> UUID | None:
    return cause.id if cause.kind is CauseKind.USER else None


async def _assign(
    tx: Tx, incident: Locked, policy: Policy, change: Change, now: datetime
) -> bool:
    """Whether anything changed: what is being asked of somebody already is left alone."""
    after = change.decide(incident.life)
    found = (await escalation.progress(tx, [incident.id])).get(incident.id)
    asked = found and found.progress.state is State.RUNNING and found.policy == policy
    if asked and after == incident.life:
        return False
    reason = Skip.REASSIGNED
    await withdraw(await driver(tx), [incident.id], reason, now)
    if not await apply_one(tx, incident, change, now):
        entry = Entry(
            change.kind, change.cause, incident.id, incident.team_id, change.data
        )
        await record(tx, [entry], now)
    await escalation.replace_policy(tx, incident.id, policy, now)
    return True


async def add_responder(
    tx: Tx, incident_id: UUID, user_id: UUID, actor: Actor, now: datetime
) -> None:
    """Ask this person for help: they are paged now, whoever has the incident."""
    incident = await lock_one(tx, incident_id, actor)
    await call_in(tx, incident, user_id, by(actor), now)


async def call_in(
    tx: Tx, incident: Locked, user_id: UUID, cause: Cause, now: datetime
) -> None:
    """The same for a locked incident, whoever or whatever asks for it."""
    _refuse_resolved(incident)
    user = await _active_user(tx, user_id)
    added_by = _person(cause)
    if not await queries.insert_responder(tx, incident.id, user_id, added_by, now):
        return
    await _record(tx, "incident.responder_added", incident, user, cause, now)
    request = PageRequest(
        incident_id=incident.id,
        user_id=user_id,
        urgency=incident.urgency,
        kind=Kind.ADDED,
        cause=f"added by {cause.name}",
        priority=ADDED_PRIORITY,
    )
    await notifications.page(tx, [request], now)


async def remove_responder(
    tx: Tx, incident_id: UUID, user_id: UUID, actor: Actor, now: datetime
) -> None:
    """This person is no longer asked for help."""
    incident = await lock_one(tx, incident_id, actor)
    user = await _user(tx, user_id)
    if await queries.delete_responder(tx, incident_id, user_id):
        cause = by(actor)
        await _record(tx, "incident.responder_removed", incident, user, cause, now)


def _refuse_resolved(incident: Locked) -> None:
    if incident.life.status is Status.RESOLVED:
        raise Conflict("the incident is already resolved: re-open it first")


async def _user(tx: Tx, user_id: UUID) -> UserRef:
    user = await accounts.require_user(tx, user_id)
    return UserRef(user.id, user.name)


async def _active_user(tx: Tx, user_id: UUID) -> UserRef:
    user = await _user(tx, user_id)
    if user_id not in await accounts.active_users(tx, [user_id]):
        raise Invalid(f"{user.name} is deactivated and cannot be paged")
    return user


async def _record(
    tx: Tx, kind: str, incident: Locked, user: UserRef, cause: Cause, now: datetime
) -> None:
    data = {"user": {"id": str(user.id), "name": user.name}}
    await record(tx, [Entry(kind, cause, incident.id, incident.team_id, data)], now)
