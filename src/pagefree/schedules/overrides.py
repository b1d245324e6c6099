"""Exceptions to the turns: somebody covers, or nobody is on call by design."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from pagefree.core.access import Actor, Can, allowed, require
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.schedules import LONGEST_WINDOW
from pagefree.core.shifts import Override, clash
from pagefree.infra.db import Tx
from pagefree.schedules import override_queries as queries
from pagefree.schedules import service
from pagefree.schedules.editing import require_people
from pagefree.schedules.override_queries import NewGap, NewOverride
from pagefree.schedules.plans import Gap, MadeOverride, Schedule
from pagefree.schedules.queries import lock
from pagefree.timeline.service import Entry, by, record


async def add(
    tx: Tx,
    schedule_id: UUID,
    new: Sequence[NewOverride],
    actor: Actor,
    now: datetime,
) -> list[UUID]:
    """Add all of the overrides, or none; what is over stays as it was. Returns their ids.

    Raises NotFound, Forbidden, Invalid, and Conflict where two would undo each other.
    """
    await lock(tx, schedule_id)
    schedule = await service.get(tx, schedule_id, now)
    _require(actor, schedule, {override.user_id for override in new})
    ahead = await insert(tx, schedule, new, actor.user_id, now)
    await _record(tx, "schedule.overridden", schedule, actor, now)
    return ahead


async def insert(
    tx: Tx, schedule: Schedule, new: Sequence[NewOverride], by_id: UUID, now: datetime
) -> list[UUID]:
    """Add all of the overrides, or none, whoever may; the schedule has been locked and read.

    Raises Invalid and Conflict.
    """
    ahead = [replace(one, start=_ahead(one.start, one.end, now)) for one in new]
    _require_no_clash([made.override for made in schedule.overrides], ahead)
    await require_people(tx, {one.user_id for one in ahead})
    known = {layer.layer_id for v in schedule.versions for layer in v.layers}
    if any(one.layer_id not in {None, *known} for one in ahead):
        raise Invalid("an override names a layer that the schedule does not have")
    if any(one.replaces == one.user_id for one in ahead):
        raise Invalid("nobody can stand in for themselves")
    return await queries.insert_overrides(tx, schedule.id, ahead, by_id, now)


def _ahead(start: datetime, end: datetime, now: datetime) -> datetime:
    """Where the part of [start, end) begins that is not over. Raises Invalid."""
    if start >= end:
        raise Invalid("it must end after it begins")
    if end <= now:
        raise Invalid("it is over already: the past stays as it was")
    if end - start > LONGEST_WINDOW:
        raise Invalid("it must end at most 400 days after it begins")
    return max(start, now)


def _require_no_clash(made: Sequence[Override], new: Sequence[NewOverride]) -> None:
    known = list(made)
    for one in new:
        wanted = Override(
            UUID(int=0), one.start, one.end, one.user_id, one.replaces, one.layer_id
        )
        for other in known:
            if clash(other, wanted):
                raise Conflict(
                    "it overlaps the override from"
                    f" {max(other.start, wanted.start):%Y-%m-%d %H:%M} to"
                    f" {min(other.end, wanted.end):%Y-%m-%d %H:%M} UTC: remove that first"
                )
        known.append(wanted)


async def remove(
    tx: Tx, schedule_id: UUID, override_id: UUID, actor: Actor, now: datetime
) -> None:
    """Take an override back, or end it now if it has begun.

    Raises NotFound, also for one that is over, and Forbidden.
    """
    schedule = await service.get(tx, schedule_id, now)
    made = _found(schedule, override_id)
    _require(actor, schedule, {made.override.user_id})
    if made.override.start < now:
        await queries.end_override(tx, override_id, now)
    else:
        await queries.delete_override(tx, schedule_id, override_id)
    await _record(tx, "schedule.override_removed", schedule, actor, now)


def _found(schedule: Schedule, override_id: UUID) -> MadeOverride:
    for made in schedule.overrides:
        if made.override.id == override_id:
            return made
    raise NotFound("the schedule has no such override that is not over")


async def add_gap(
    tx: Tx, schedule_id: UUID, new: NewGap, actor: Actor, now: datetime
) -> Gap:
    """Declare that nobody is to be on call. Raises NotFound, Forbidden, Invalid, Conflict."""
    await lock(tx, schedule_id)
    schedule = await service.get(tx, schedule_id, now)
    require(actor, Can.EDIT_TEAM, schedule.team_id)
    gap = replace(new, start=_ahead(new.start, new.end, now))
    if any(g.start < gap.end and gap.start < g.end for g in schedule.gaps):
        raise Conflict("it overlaps a gap that has been declared: remove that first")
    gap_id = await queries.insert_gap(tx, schedule_id, gap, actor.user_id, now)
    await _record(tx, "schedule.gap_declared", schedule, actor, now)
    return Gap(gap_id, gap.start, gap.end, gap.reason, actor.user_id)


async def remove_gap(
    tx: Tx, schedule_id: UUID, gap_id: UUID, actor: Actor, now: datetime
) -> None:
    """Take a gap back, or end it now if it has begun. Raises NotFound and Forbidden."""
    schedule = await service.get(tx, schedule_id, now)
    require(actor, Can.EDIT_TEAM, schedule.team_id)
    gap = next((g for g in schedule.gaps if g.id == gap_id), None)
    if gap is None:
        raise NotFound("the schedule has no such gap that is not over")
    if gap.start < now:
        await queries.end_gap(tx, gap_id, now)
    else:
        await queries.delete_gap(tx, schedule_id, gap_id)
    await _record(tx, "schedule.gap_removed", schedule, actor, now)


def _require(actor: Actor, schedule: Schedule, user_ids: set[UUID]) -> None:
    """Whoever responds for the team may decide about covers of their own."""
    own = user_ids == {actor.user_id}
    if not (own and allowed(actor, Can.RESPOND, schedule.team_id)):
        require(actor, Can.EDIT_TEAM, schedule.team_id)


async def _record(
    tx: Tx, kind: str, schedule: Schedule, actor: Actor, now: datetime
) -> None:
    data = {"schedule": {"id": str(schedule.id), "name": schedule.name}}
    entry = Entry(kind, by(actor), team_id=schedule.team_id, data=data)
    await record(tx, [entry], now)
