"""Routes of schedules: who is on call now, later, and in which order."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from pagefree.core.access import Actor, Can, require
from pagefree.infra import curtain
from pagefree.infra.web import CurrentActor, Now, RequestTx
from pagefree.schedules import editing, holidays, service, timelines, views
from pagefree.schedules.shapes import (
    Balance,
    Finding,
    HolidayCountry,
    Instant,
    OnCall,
    OwnShift,
    Preview,
    PreviewIn,
    Schedule,
    ScheduleIn,
    ScheduleRef,
    Shift,
    Timeline,
)

router = APIRouter(prefix="/v1", tags=["schedules"])


@router.get("/schedules")
async def list_schedules(
    actor: CurrentActor, tx: RequestTx, now: Now
) -> list[Schedule]:
    """Every schedule by name, with who has it now."""
    require(actor, Can.SEE)
    return await views.schedules(tx, await service.board(tx, now), now)


@router.post("/schedules", status_code=201)
async def create_schedule(
    schedule: ScheduleIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> Schedule:
    """Make a schedule of one of your teams."""
    schedule_id = await editing.create(
        tx, schedule.draft(), actor, now, from_at=schedule.from_at
    )
    return await _one(tx, schedule_id, actor, now)


@router.post("/schedules/preview")
async def preview_schedule(
    schedule: PreviewIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> Preview:
    """What a schedule would be in [start, end) if it had always held; nothing is saved."""
    require(actor, Can.SEE)
    found = await timelines.preview(
        tx, schedule.draft(), schedule.start, schedule.end, now
    )
    return Preview(
        timeline=await views.timeline(tx, found.timeline),
        findings=views.findings(found.health),
    )


@router.get("/schedules/{schedule_id}")
async def get_schedule(
    schedule_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> Schedule:
    """One schedule, with who has it now."""
    require(actor, Can.SEE)
    return await _one(tx, schedule_id, actor, now)


@router.put("/schedules/{schedule_id}")
async def put_schedule(
    schedule_id: UUID,
    schedule: ScheduleIn,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> Schedule:
    """Make it this from `from_at` until the next change that is ahead; the past stays."""
    await editing.replace(
        tx, schedule_id, schedule.draft(), actor, now, from_at=schedule.from_at
    )
    return await _one(tx, schedule_id, actor, now)


@router.delete("/schedules/{schedule_id}", status_code=204)
async def delete_schedule(
    schedule_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Delete a schedule; 409 naming the escalation policies that still page it."""
    await editing.delete(tx, schedule_id, actor, now)


@router.delete("/schedules/{schedule_id}/versions/{version_id}", status_code=204)
async def delete_version(
    schedule_id: UUID, version_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Call off a change that is ahead."""
    await editing.delete_version(tx, schedule_id, version_id, actor, now)


@router.get("/schedules/{schedule_id}/shifts")
async def list_shifts(
    schedule_id: UUID,
    start: Annotated[Instant, Query()],
    end: Annotated[Instant, Query()],
    actor: CurrentActor,
    tx: RequestTx,
) -> list[Shift]:
    """The shifts in [start, end), clipped to it, in order; at most 400 days."""
    require(actor, Can.SEE)
    return await views.shifts(tx, await service.shifts(tx, schedule_id, start, end))


@router.get("/schedules/{schedule_id}/timeline")
async def get_timeline(
    schedule_id: UUID,
    start: Annotated[Instant, Query()],
    end: Annotated[Instant, Query()],
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> Timeline:
    """Each layer and what becomes of them in [start, end), clipped to it; at most 400 days."""
    require(actor, Can.SEE)
    found = await timelines.timeline(tx, schedule_id, start, end, now)
    return await views.timeline(tx, found)


@router.get("/schedules/{schedule_id}/findings")
async def list_schedule_findings(
    schedule_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> list[Finding]:
    """What is wrong with the next 12 weeks, the worst first."""
    require(actor, Can.SEE)
    return views.findings(await timelines.health(tx, schedule_id, now))


@router.get("/schedules/{schedule_id}/balance")
async def get_balance(
    schedule_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> Balance:
    """The hours of everybody in the next 12 weeks, the most loaded first."""
    require(actor, Can.SEE)
    return await views.balance(tx, await timelines.balance(tx, schedule_id, now), now)


@router.get("/on-call")
async def list_on_call(actor: CurrentActor, tx: RequestTx, now: Now) -> list[OnCall]:
    """Who is on call now, for every schedule by name."""
    require(actor, Can.SEE)
    return await views.board(tx, await service.board(tx, now), now)


@router.get("/me/on-call")
async def list_my_on_call(
    actor: CurrentActor, tx: RequestTx, now: Now
) -> list[OwnShift]:
    """Your current and next shift in each schedule, soonest first."""
    require(actor, Can.SEE)
    return [
        OwnShift(
            schedule=ScheduleRef(id=own.schedule.id, name=own.schedule.name),
            start=own.shift.start,
            end=own.shift.end,
        )
        for own in await service.own_shifts(tx, actor.user_id, now)
    ]


@router.get("/holidays")
async def list_holiday_countries(actor: CurrentActor) -> list[HolidayCountry]:
    """The countries and regions whose public holidays a layer can go by."""
    require(actor, Can.SEE)
    return [
        HolidayCountry(country=country, subdivisions=list(subdivisions))
        for country, subdivisions in holidays.regions().items()
    ]


async def _one(
    tx: RequestTx, schedule_id: UUID, actor: Actor, now: datetime
) -> Schedule:
    async with curtain.drawn(tx, actor):
        held = await service.held(tx, schedule_id, now)
        return (await views.schedules(tx, [held], now))[0]
