"""What swaps and requests for cover share: who may have a shift, and that it is still theirs."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import UserRef
from pagefree.core import schedules as core
from pagefree.core.errors import Conflict, Invalid
from pagefree.core.handovers import has, is_free
from pagefree.core.intervals import Interval
from pagefree.infra.db import Tx
from pagefree.schedules import queries, service
from pagefree.schedules.plans import Schedule
from pagefree.timeline.service import Cause, Entry, record


async def locked(tx: Tx, schedule_id: UUID, now: datetime) -> Schedule:
    """The schedule from now on; nobody changes it until the transaction ends. Raises NotFound."""
    await queries.lock(tx, schedule_id)
    return await service.get(tx, schedule_id, now)


def require_ahead(shift: Interval, now: datetime) -> None:
    """Raise Invalid or Conflict unless it is some time that has not begun."""
    if not shift.start < shift.end <= shift.start + core.LONGEST_WINDOW:
        raise Invalid("it must end after it begins, at most 400 days later")
    if shift.start <= now:
        raise Conflict("it has begun already: make an override for what is left of it")


def obstacle(
    schedule: Schedule, shift: Interval, giver: UserRef, taker: UserRef | None
) -> str | None:
    """Why one cannot hand the shift over to the other (none: to anybody); none: they can."""
    plan = service.plan_of(schedule, shift.end)
    shifts = core.final_shifts(plan, shift.start, shift.end)
    if not has(shifts, giver.id, shift):
        return f"{giver.name} is not on call for all of that time"
    if taker is not None and not is_free(shifts, taker.id, shift):
        return f"{taker.name} is on call then already"
    return None


async def eligible(tx: Tx, schedule: Schedule) -> set[UUID]:
    """Who may have a shift: whoever is in the schedule, or responds in its team."""
    team = await accounts.team_members(tx, [schedule.team_id])
    people = service.members(schedule) | set(team[schedule.team_id])
    return await accounts.active_users(tx, people)


async def note(
    tx: Tx,
    kind: str,
    schedule: Schedule,
    cause: Cause,
    people: Mapping[str, UserRef],
    now: datetime,
) -> None:
    """Record what happened, with the people by what they are in it."""
    data: dict[str, object] = {
        role: {"id": str(ref.id), "name": ref.name} for role, ref in people.items()
    }
    data["schedule"] = {"id": str(schedule.id), "name": schedule.name}
    entry = Entry(kind, cause, team_id=schedule.team_id, data=data)
    await record(tx, [entry], now)
