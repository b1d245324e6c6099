"""Who is on call: asked by the pager and by people, answered by the same function of core."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from pagefree.accounts import service as accounts
from pagefree.core import schedules as core
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.schedules import OnCall, Rotation, Shift
from pagefree.infra.db import Tx
from pagefree.schedules import queries
from pagefree.schedules.queries import Draft, Schedule
from pagefree.timeline.service import Entry, by, record

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Standing:
    """A schedule, and who has it now."""

    schedule: Schedule
    on_call: OnCall


@dataclass(frozen=True, slots=True)
class OwnShift:
    """When somebody is on call for a schedule."""

    schedule: Schedule
    shift: Shift


def rotation(schedule: Schedule) -> Rotation:
    """The schedule as core sees it: somebody who has left leaves their turn empty."""
    layer = schedule.layers[0]
    return Rotation(
        users=tuple(member.id if member.active else None for member in layer.users),
        start=layer.start_at,
        turn_days=layer.turn_days,
        tz=ZoneInfo(schedule.time_zone),
    )


async def on_call_at(
    tx: Tx, schedule_ids: Collection[UUID], now: datetime
) -> dict[UUID, UUID | None]:
    """Who is on call for each of these schedules; those that do not exist are left out."""
    if not schedule_ids:
        return {}
    found = await queries.list_schedules(tx, schedule_ids)
    return {schedule.id: _on_call(schedule, now) for schedule in found}


def _on_call(schedule: Schedule, now: datetime) -> UUID | None:
    """Nobody where the time zone is no longer known: then the next step is paged at once."""
    try:
        return core.on_call(rotation(schedule), now)
    except ZoneInfoNotFoundError:
        log.exception("schedules.unknown_time_zone", schedule_id=str(schedule.id))
        return None


async def board(tx: Tx, now: datetime) -> list[Standing]:
    """Every schedule by name, with who has it now and who is next."""
    return [_standing(found, now) for found in await queries.list_schedules(tx)]


async def standing(tx: Tx, schedule_id: UUID, now: datetime) -> Standing:
    """One schedule, with who has it now and who is next. Raises NotFound."""
    return _standing(await get(tx, schedule_id), now)


def _standing(schedule: Schedule, now: datetime) -> Standing:
    return Standing(schedule, core.now_and_next(rotation(schedule), now))


async def get(tx: Tx, schedule_id: UUID) -> Schedule:
    """The schedule. Raises NotFound."""
    found = await queries.list_schedules(tx, [schedule_id])
    if not found:
        raise NotFound("there is no such schedule")
    return found[0]


async def shifts(
    tx: Tx, schedule_id: UUID, start: datetime, end: datetime
) -> tuple[Shift, ...]:
    """The shifts that touch [start, end), clipped to it. Raises NotFound and Invalid."""
    if not start < end <= start + core.LONGEST_WINDOW:
        raise Invalid("the window must end after it starts, at most 400 days later")
    return core.shifts(rotation(await get(tx, schedule_id)), start, end)


async def own_shifts(tx: Tx, user_id: UUID, now: datetime) -> list[OwnShift]:
    """The current and the next shift of a person in each schedule, soonest first."""
    own = [
        OwnShift(schedule, shift)
        for schedule in await queries.list_schedules(tx)
        if any(member.id == user_id for member in schedule.layers[0].users)
        for shift in core.own_shifts(rotation(schedule), user_id, now)
    ]
    return sorted(own, key=lambda item: item.shift.start)


async def create(tx: Tx, draft: Draft, actor: Actor, now: datetime) -> UUID:
    """Make a schedule of the actor's team. Raises Forbidden, Invalid and Conflict."""
    await _check(tx, draft, actor)
    schedule_id = await queries.insert_schedule(tx, draft, now)
    await _record(tx, "schedule.created", schedule_id, draft, actor, now)
    return schedule_id


async def replace(
    tx: Tx, schedule_id: UUID, draft: Draft, actor: Actor, now: datetime
) -> None:
    """Make the schedule what the draft says, from now on."""
    before = await get(tx, schedule_id)
    require(actor, Can.EDIT_TEAM, before.team_id)
    await _check(tx, draft, actor)
    await queries.update_schedule(tx, schedule_id, draft)
    await _record(tx, "schedule.updated", schedule_id, draft, actor, now)


async def delete(tx: Tx, schedule_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete a schedule that no policy pages. Raises Conflict naming those that do."""
    schedule = await get(tx, schedule_id)
    require(actor, Can.EDIT_TEAM, schedule.team_id)
    await queries.lock(tx, schedule_id)
    if names := await queries.list_policies_using(tx, schedule_id):
        raise Conflict(f"used by the escalation policies: {', '.join(names)}")
    await queries.delete_schedule(tx, schedule_id)
    await _record(tx, "schedule.deleted", schedule_id, schedule, actor, now)


async def _check(tx: Tx, draft: Draft, actor: Actor) -> None:
    await accounts.require_team(tx, draft.team_id)
    require(actor, Can.EDIT_TEAM, draft.team_id)
    wanted = {user_id for layer in draft.layers for user_id in layer.user_ids}
    if wanted - set(await accounts.user_refs(tx, wanted)):
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
