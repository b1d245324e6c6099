"""The one way an incident changes state: lock, ask core, store, record, stop or start paging."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from pagefree.core.access import Actor, Can, Role, allowed, require
from pagefree.core.errors import Conflict, NotFound
from pagefree.core.incidents import Life, Status
from pagefree.core.notifications import Skip
from pagefree.core.progress import State
from pagefree.escalation import service as escalation
from pagefree.incidents import batch_queries
from pagefree.incidents.batch_queries import Locked
from pagefree.infra.db import Connection, Tx, driver
from pagefree.notifications import service as notifications
from pagefree.timeline.service import Cause, Entry, record_many


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to the life of an incident, and what the timeline says of it."""

    kind: str  # "incident.acknowledged"
    decide: Callable[[Life], Life]  # raises Conflict
    cause: Cause
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one incident of many stayed as it was."""

    id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a change of several incidents."""

    changed: tuple[Locked, ...]  # with their new lives
    refused: tuple[Refusal, ...]  # whatever is in neither was like that already


async def lock_one(
    tx: Tx, incident_id: UUID, actor: Actor, *, with_alerts: bool = False
) -> Locked:
    """The incident, locked for `actor` to change. Raises NotFound and Forbidden."""
    found = await batch_queries.lock_patiently(
        tx, [incident_id], with_alerts=with_alerts
    )
    if not found:
        raise NotFound("there is no such incident")
    await require_response(await driver(tx), actor, found)
    return found[0]


async def require_response(
    connection: Connection, actor: Actor, locked: Sequence[Locked]
) -> None:
    """Raise Forbidden unless `actor` may respond to all of these incidents."""
    may = await may_respond(connection, actor, locked)
    for incident in locked:
        if incident.id not in may:
            require(actor, Can.RESPOND, incident.team_id)


async def may_respond(
    connection: Connection, actor: Actor, locked: Sequence[Locked]
) -> set[UUID]:
    """Those of the incidents that `actor` may change.

    Whoever was paged for an incident, or asked for help, acts in it like a responder of
    its team: a page that cannot be answered would be worse than none.
    """
    may = {i.id for i in locked if allowed(actor, Can.RESPOND, i.team_id)}
    others = [i for i in locked if i.id not in may]
    if not others:
        return may
    called = await batch_queries.list_called(
        connection, actor.user_id, [i.id for i in others]
    )
    helpers = (i for i in others if i.id in called)
    return may | {i.id for i in helpers if helps(actor, i.team_id)}


def helps(actor: Actor, team_id: UUID) -> bool:
    """Whether `actor`, who was called to an incident of this team, may respond to it."""
    as_responder = replace(actor, roles={**actor.roles, team_id: Role.RESPONDER})
    return allowed(as_responder, Can.RESPOND, team_id)


async def apply_one(tx: Tx, locked: Locked, change: Change, now: datetime) -> bool:
    """Change one locked incident; whether anything changed. Raises Conflict."""
    after = change.decide(locked.life)
    if after == locked.life:
        return False
    connection = await driver(tx)
    changed = replace(locked, life=after)
    try:
        await _save(connection, [changed], change, now)
    except batch_queries.RACES as e:
        raise Conflict("its source is just reporting it again: try once more") from e
    match after.status:
        case Status.TRIGGERED:
            await escalation.restart(tx, [locked.id], now)
        case Status.ACKNOWLEDGED if after.snoozed_until:
            await escalation.pause(tx, locked.id, after.snoozed_until)
            await withdraw(connection, [locked.id], Skip.SNOOZED, now)
        case _:
            await quiet(connection, [changed], now)
    return True


async def apply_many(
    connection: Connection, locked: Sequence[Locked], change: Change, now: datetime
) -> Applied:
    """Acknowledge or resolve locked incidents, in a constant number of statements."""
    changed: list[Locked] = []
    refused: list[Refusal] = []
    for incident in locked:
        try:
            after = change.decide(incident.life)
        except Conflict as e:
            refused.append(Refusal(incident.id, str(e)))
        else:
            if after != incident.life:
                changed.append(replace(incident, life=after))
    if changed:
        await _save(connection, changed, change, now)
        await quiet(connection, changed, now)
    return Applied(tuple(changed), tuple(refused))


async def _save(
    connection: Connection, changed: Sequence[Locked], change: Change, now: datetime
) -> None:
    numbers = await batch_queries.save_lives(
        connection, [(incident.id, incident.life) for incident in changed]
    )
    entries = [
        Entry(
            change.kind,
            change.cause,
            incident.id,
            incident.team_id,
            change.data,
            numbers[incident.id],
        )
        for incident in changed
    ]
    await record_many(connection, entries, now)


async def quiet(
    connection: Connection, changed: Sequence[Locked], now: datetime
) -> None:
    """Page nobody any more for incidents that somebody has, or that are over."""
    over = [i for i in changed if i.life.status is Status.RESOLVED]
    taken = {i.id: i.life for i in changed if i.life.status is not Status.RESOLVED}
    if over:
        ids = [incident.id for incident in over]
        await escalation.stop_many(connection, ids)
        merged = any(i.life.merged_into_id for i in over)
        reason = Skip.MERGED if merged else Skip.RESOLVED
        await withdraw(connection, ids, reason, now)
    if taken:
        await _quiet_taken(connection, taken, now)


async def _quiet_taken(
    connection: Connection, taken: Mapping[UUID, Life], now: datetime
) -> None:
    """Where a step wants more people, only those who have acknowledged are left alone."""
    wanting = await escalation.acknowledged_many(connection, taken, now)
    enough = [incident_id for incident_id in taken if incident_id not in wanting]
    await withdraw(connection, enough, Skip.ACKNOWLEDGED, now)
    for incident_id in wanting:
        user_id = taken[incident_id].acknowledged_by_id
        if user_id is not None:
            await notifications.withdraw_from(connection, [incident_id], user_id, now)


async def take_too(tx: Tx, held: Sequence[Locked], cause: Cause, now: datetime) -> None:
    """Somebody acknowledges what others have: it counts where a step wants several people."""
    lives = {i.id: i.life for i in held if i.life.status is Status.ACKNOWLEDGED}
    if not lives or cause.id is None:
        return
    connection = await driver(tx)
    after = await escalation.acknowledge_too(connection, lives, cause.id, now)
    if not after:
        return
    enough = [i for i, state in after.items() if state is State.STOPPED]
    await withdraw(connection, enough, Skip.ACKNOWLEDGED, now)
    await notifications.withdraw_from(connection, list(after), cause.id, now)
    entries = [
        Entry("incident.acknowledged_too", cause, i.id, i.team_id)
        for i in held
        if i.id in after
    ]
    await record_many(connection, entries, now)


async def withdraw(
    connection: Connection, incident_ids: Collection[UUID], reason: Skip, now: datetime
) -> None:
    """Send nothing more that was only planned for these incidents."""
    await notifications.withdraw(connection, list(incident_ids), reason, now)
