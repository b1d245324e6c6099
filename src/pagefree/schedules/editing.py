"""Making and changing schedules: what was stays as it was, a change is a new version."""

from collections.abc import Iterable
from dataclasses import replace as changed
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.audit.service import Note, note
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.infra import curtain
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.schedules import holidays, queries, service
from pagefree.schedules.plans import Draft, Schedule, Version
from pagefree.timeline.service import Entry, by, record

REPLACED = "schedule.replaced"
LATE = timedelta(minutes=5)  # a clock that is late, or somebody who read before saving


async def create(
    tx: Tx,
    draft: Draft,
    actor: Actor,
    now: datetime,
    *,
    from_at: datetime | None = None,
) -> UUID:
    """Make a schedule of the actor's team. Raises Forbidden, Invalid and Conflict."""
    await _check(tx, draft, actor)
    if any(layer.layer_id for layer in draft.layers):
        raise Invalid("a new schedule has new layers only")
    schedule_id = await queries.insert_schedule(tx, draft, now, from_at=from_at)
    await _record(tx, "schedule.created", schedule_id, draft, actor, now)
    return schedule_id


async def replace(
    tx: Tx,
    schedule_id: UUID,
    draft: Draft,
    actor: Actor,
    now: datetime,
    *,
    from_at: datetime | None = None,
) -> None:
    """Make the schedule what the draft says, from `from_at` (none: now) until its next version.

    Its name, description and team have no versions. Raises Forbidden, Invalid, Conflict.
    """
    await queries.lock(tx, schedule_id)
    before = await service.get(tx, schedule_id, now)
    require(actor, Can.EDIT_TEAM, before.team_id)
    await _check(tx, draft, actor)
    start = _begin(from_at, now)
    _check_layers(draft, before)
    await queries.update_schedule(tx, schedule_id, draft)
    former = before.version(start)
    if not _same(draft, former):
        made = await queries.insert_version(tx, schedule_id, draft, start, now)
        versions = {"version_id": str(made), "former_id": str(former.id)}
        what = Note(REPLACED, "schedule", schedule_id, draft.name, draft.team_id)
        await note(tx, changed(what, data=versions), now)
    await _record(tx, "schedule.updated", schedule_id, draft, actor, now)


def _begin(from_at: datetime | None, now: datetime) -> datetime:
    if from_at is not None and from_at < now - LATE:
        raise Invalid("the past stays as it was: a change begins now at the earliest")
    return max(from_at or now, now)


def _check_layers(draft: Draft, before: Schedule) -> None:
    """Layers that are kept are named once, and belong to the schedule."""
    kept = [layer.layer_id for layer in draft.layers if layer.layer_id]
    known = {layer.layer_id for version in before.versions for layer in version.layers}
    if len(kept) != len(set(kept)) or not known.issuperset(kept):
        raise Invalid("a layer is named that the schedule does not have, or twice")


def _same(draft: Draft, version: Version) -> bool:
    stored = tuple(layer.new for layer in version.layers)
    return draft.time_zone == version.time_zone and draft.layers == stored


async def delete_version(
    tx: Tx, schedule_id: UUID, version_id: UUID, actor: Actor, now: datetime
) -> None:
    """Call off a change that is ahead. Raises NotFound, Forbidden, and Conflict: it holds already."""
    schedule = await service.get(tx, schedule_id, now)
    require(actor, Can.EDIT_TEAM, schedule.team_id)
    found = next((v for v in schedule.versions if v.id == version_id), None)
    if found is None:
        raise NotFound("the schedule has no such change ahead")
    if found.from_at <= now or len(schedule.versions) == 1:
        raise Conflict("only a change that is still ahead can be called off")
    await queries.delete_version(tx, schedule_id, version_id)
    await _record(tx, "schedule.updated", schedule_id, schedule, actor, now)


async def delete(tx: Tx, schedule_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete a schedule that no policy pages. Raises Conflict naming those that do."""
    schedule = await service.get(tx, schedule_id, now)
    require(actor, Can.EDIT_TEAM, schedule.team_id)
    await queries.lock(tx, schedule_id)
    if used := await queries.list_policies_using(tx, schedule_id):
        async with curtain.drawn(tx, actor):
            seen = await queries.list_policies_using(tx, schedule_id)
        names = curtain.and_others(seen, len(used))
        raise Conflict(f"used by the escalation policies: {names}")
    await queries.delete_schedule(tx, schedule_id)
    await _record(tx, "schedule.deleted", schedule_id, schedule, actor, now)


def identified(draft: Draft) -> Draft:
    """The draft with an id for every layer."""
    layers = (
        changed(layer, layer_id=layer.layer_id or new_id()) for layer in draft.layers
    )
    return changed(draft, layers=tuple(layers))


async def _check(tx: Tx, draft: Draft, actor: Actor) -> None:
    await accounts.require_team(tx, draft.team_id)
    require(actor, Can.EDIT_TEAM, draft.team_id)
    await check_draft(tx, draft)


async def check_draft(tx: Tx, draft: Draft) -> None:
    """Raise Invalid if the draft names people or holidays that are not known, or cannot be."""
    for layer in draft.layers:
        if layer.end_at is not None and layer.end_at <= layer.start_at:
            raise Invalid("a layer must end after it begins")
        of = layer.restriction.holidays if layer.restriction else None
        if of is not None:
            holidays.require_known(of.country, of.subdivision)
    wanted = {user_id for layer in draft.layers for user_id in layer.user_ids}
    await require_people(tx, wanted)


async def require_people(tx: Tx, wanted: Iterable[UUID]) -> None:
    """Raise Invalid unless all of them exist."""
    ids = set(wanted)
    if ids - set(await accounts.user_refs(tx, ids)):
        raise Invalid("the schedule names people who do not exist")


async def _record(
    tx: Tx,
    kind: str,
    schedule_id: UUID,
    named: Draft | Schedule,
    actor: Actor,
    now: datetime,
) -> None:
    data = {"schedule": {"id": str(schedule_id), "name": named.name}}
    entry = Entry(kind, by(actor), team_id=named.team_id, data=data)
    await record(tx, [entry], now)
