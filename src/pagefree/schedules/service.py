"""Who is on call: asked by the pager and by people, answered by the same functions of core."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfoNotFoundError

import structlog

from pagefree.core import schedules as core
from pagefree.core.errors import Invalid, NotFound
from pagefree.core.intervals import Interval
from pagefree.core.schedules import LONGEST_WINDOW, Plan, Standing
from pagefree.core.shifts import Shift
from pagefree.infra.db import Tx
from pagefree.schedules import plans, queries
from pagefree.schedules.plans import Schedule

NOBODY = Standing((), None)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Held:
    """A schedule, and who has it now."""

    schedule: Schedule
    standing: Standing


@dataclass(frozen=True, slots=True)
class OwnShift:
    """When somebody is on call for a schedule."""

    schedule: Schedule
    shift: Interval


async def plans_of(
    tx: Tx,
    schedule_ids: Collection[UUID],
    start: datetime,
    end: datetime | None = None,
) -> dict[UUID, Plan]:
    """What decides who is on call in [start, end) for each of these schedules, as core sees it.

    Schedules that do not exist are left out. Nobody is on call where a time zone is no
    longer known: then the next step is paged at once.
    """
    if not schedule_ids:
        return {}
    found = await queries.list_schedules(tx, schedule_ids, start, end)
    until = end or start + LONGEST_WINDOW
    return {schedule.id: plan_of(schedule, until) for schedule in found}


def plan_of(schedule: Schedule, until: datetime) -> Plan:
    """The schedule as core sees it; nobody is on call for it where its zone is not known."""
    try:
        return plans.plan(schedule, until)
    except ZoneInfoNotFoundError:
        log.exception("schedules.unknown_time_zone", schedule_id=str(schedule.id))
        return Plan(())


async def board(tx: Tx, now: datetime) -> list[Held]:
    """Every schedule by name, with who has it now and who is next."""
    found = await queries.list_schedules(tx, None, now)
    return [_held(schedule, now) for schedule in found]


async def held(tx: Tx, schedule_id: UUID, now: datetime) -> Held:
    """One schedule, with who has it now and who is next. Raises NotFound."""
    return _held(await get(tx, schedule_id, now), now)


def _held(schedule: Schedule, now: datetime) -> Held:
    plan = plan_of(schedule, now + LONGEST_WINDOW)
    return Held(schedule, core.standing(plan, now) if plan.versions else NOBODY)


async def get(
    tx: Tx, schedule_id: UUID, start: datetime, end: datetime | None = None
) -> Schedule:
    """The schedule, with what matters in [start, end). Raises NotFound."""
    found = await queries.list_schedules(tx, [schedule_id], start, end)
    if not found:
        raise NotFound("there is no such schedule")
    return found[0]


def require_window(start: datetime, end: datetime) -> None:
    """Raise Invalid unless the window is one that can be drawn."""
    if not start < end <= start + LONGEST_WINDOW:
        raise Invalid("the window must end after it starts, at most 400 days later")


async def shifts(
    tx: Tx, schedule_id: UUID, start: datetime, end: datetime
) -> tuple[Shift, ...]:
    """The shifts that touch [start, end), clipped to it. Raises NotFound and Invalid."""
    require_window(start, end)
    schedule = await get(tx, schedule_id, start, end)
    return core.final_shifts(plan_of(schedule, end), start, end)


async def own_shifts(tx: Tx, user_id: UUID, now: datetime) -> list[OwnShift]:
    """The current and the next shift of a person in each schedule, soonest first."""
    own = [
        OwnShift(schedule, shift)
        for schedule in await queries.list_schedules(tx, None, now - core.LOOK_BACK)
        if user_id in members(schedule)
        for shift in core.own_shifts(
            plan_of(schedule, now + LONGEST_WINDOW), user_id, now
        )
    ]
    return sorted(own, key=lambda item: item.shift.start)


def members(schedule: Schedule) -> set[UUID]:
    """Everybody who can be on call for it."""
    of_layers = {
        user
        for version in schedule.versions
        for layer in version.layers
        for user in layer.new.user_ids
    }
    return of_layers | {made.override.user_id for made in schedule.overrides}
