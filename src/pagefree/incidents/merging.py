"""Making one incident of two, and two again."""

from datetime import datetime
from uuid import UUID

from pagefree.core import incidents as core
from pagefree.core.access import Actor
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.incidents import Status
from pagefree.incidents import alert_queries, batch_queries, queries
from pagefree.incidents.batch_queries import Locked
from pagefree.incidents.changes import Change, apply_one, lock_one, require_response
from pagefree.infra.db import Tx, driver
from pagefree.timeline.service import Entry, by, record


async def merge(
    tx: Tx, incident_id: UUID, into_id: UUID, actor: Actor, now: datetime
) -> None:
    """The alerts of `incident_id` move to `into_id`, and it is over."""
    if incident_id == into_id:
        raise Invalid("an incident cannot be merged into itself")
    merged, into = await _lock_two(tx, incident_id, into_id, actor)
    change = Change(
        "incident.merged",
        lambda life: core.merge(life, into_id, now),
        by(actor),
        {"into": _named(into)},
    )
    if change.decide(merged.life) == merged.life:
        return
    if into.life.status is Status.RESOLVED:
        raise Conflict(f"#{into.number} is already resolved: merge into an open one")
    await apply_one(tx, merged, change, now)
    await alert_queries.redirect_merged(tx, incident_id, into_id)
    await alert_queries.move_alerts(tx, incident_id, into_id)
    await alert_queries.recount(tx, [incident_id, into_id])
    await _tell(tx, "incident.merged", into, {"from": _named(merged)}, actor, now)


async def unmerge(tx: Tx, incident_id: UUID, actor: Actor, now: datetime) -> None:
    """It stands on its own again and gets its alerts back; nothing if it always did."""
    into_id = await _merged_into(tx, incident_id)
    if into_id is None:
        await lock_one(tx, incident_id, actor)  # whether they might
        return
    merged, into = await _lock_two(tx, incident_id, into_id, actor)
    if merged.life.merged_into_id != into_id:
        raise Conflict("somebody has just merged or un-merged the incident")
    after = core.unmerge(merged.life, into.life)
    change = Change(
        "incident.unmerged",
        lambda _: after,
        by(actor),
        {"from": _named(into), "status": after.status.value},
    )
    # resolved to resolved pages nobody, but is a change all the same: it is stored
    await apply_one(tx, merged, change, now)
    await alert_queries.return_alerts(tx, into_id, incident_id)
    await alert_queries.recount(tx, [incident_id, into_id])
    await _tell(tx, "incident.unmerged", into, {"into": _named(merged)}, actor, now)


async def _merged_into(tx: Tx, incident_id: UUID) -> UUID | None:
    found = await queries.get(tx, incident_id)
    if found is None:
        raise NotFound("there is no such incident")
    return found.merged_into.id if found.merged_into else None


async def _lock_two(
    tx: Tx, incident_id: UUID, into_id: UUID, actor: Actor
) -> tuple[Locked, Locked]:
    """Both, with their open alerts and what was merged into the first, which follows it.

    All in one order, so that nobody waits in a circle. Raises NotFound, Forbidden and
    Conflict.
    """
    parts = await alert_queries.list_parts(tx, incident_id)
    ids = [incident_id, into_id, *parts]
    locked = await batch_queries.lock_patiently(tx, ids, with_alerts=True)
    found = {incident.id: incident for incident in locked}
    if incident_id not in found or into_id not in found:
        raise NotFound("there is no such incident")
    both = found[incident_id], found[into_id]
    await require_response(await driver(tx), actor, both)
    if await alert_queries.list_parts(tx, incident_id) != parts:
        raise Conflict("something has just been merged into the incident: try again")
    return both


def _named(incident: Locked) -> dict[str, object]:
    return {
        "id": str(incident.id),
        "number": incident.number,
        "title": incident.title,
    }


async def _tell(
    tx: Tx,
    kind: str,
    incident: Locked,
    data: dict[str, object],
    actor: Actor,
    now: datetime,
) -> None:
    entry = Entry(kind, by(actor), incident.id, incident.team_id, data)
    await record(tx, [entry], now)
