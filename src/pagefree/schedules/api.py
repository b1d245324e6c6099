"""Routes of schedules: who is on call now, later, and in which order."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import AfterValidator, AwareDatetime, Field

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import TeamRef, UserRef
from pagefree.core.access import Can, require
from pagefree.core.schedules import LONGEST_TURN_DAYS
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape
from pagefree.schedules import service
from pagefree.schedules.queries import Draft, NewLayer
from pagefree.schedules.service import Standing

router = APIRouter(prefix="/v1", tags=["schedules"])


def _known(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError) as e:
        raise ValueError("not a time zone of the IANA database") from e
    return zone


TimeZone = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_known)]
# Far from the ends of what a date can be, so that no handoff falls off them.
Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime(1990, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC)),
]


class LayerIn(Shape):
    """People taking turns; `start_at` is the first handoff, and the time of day of all."""

    start_at: Instant
    turn_days: int = Field(ge=1, le=LONGEST_TURN_DAYS)
    user_ids: list[UUID] = Field(min_length=1, max_length=100)


class ScheduleIn(Shape):
    """A whole schedule; one layer for now."""

    name: str = Field(min_length=1, max_length=100)
    team_id: UUID
    time_zone: TimeZone
    layers: list[LayerIn] = Field(min_length=1, max_length=1)


class Layer(Shape):
    """People taking turns."""

    start_at: datetime
    turn_days: int
    users: list[UserRef]


class Schedule(Shape):
    """A schedule, who has it now, until when, and who is next."""

    id: UUID
    name: str
    team: TeamRef
    time_zone: str
    layers: list[Layer]
    on_call: UserRef | None
    until: datetime | None
    next: UserRef | None


class ScheduleRef(Shape):
    """A schedule by name."""

    id: UUID
    name: str


class OnCall(Shape):
    """Who is on call for a schedule; `until` is null when that never changes."""

    schedule: ScheduleRef
    team: TeamRef
    user: UserRef | None
    until: datetime | None
    next: UserRef | None


class Shift(Shape):
    """One person's interval on call, [start, end)."""

    user: UserRef
    start: datetime
    end: datetime


class OwnShift(Shape):
    """When you are on call for a schedule."""

    schedule: ScheduleRef
    start: datetime
    end: datetime


@router.get("/schedules")
async def list_schedules(
    actor: CurrentActor, tx: RequestTx, now: Now
) -> list[Schedule]:
    """Every schedule by name, with who has it now."""
    require(actor, Can.SEE)
    standings = await service.board(tx, now)
    teams = await _teams(tx, standings)
    return [_schedule(standing, teams) for standing in standings]


@router.post("/schedules", status_code=201)
async def create_schedule(
    schedule: ScheduleIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> Schedule:
    """Make a schedule of one of your teams."""
    schedule_id = await service.create(tx, _draft(schedule), actor, now)
    return await _one(tx, schedule_id, now)


@router.get("/schedules/{schedule_id}")
async def get_schedule(
    schedule_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> Schedule:
    """One schedule, with who has it now."""
    require(actor, Can.SEE)
    return await _one(tx, schedule_id, now)


@router.put("/schedules/{schedule_id}")
async def put_schedule(
    schedule_id: UUID,
    schedule: ScheduleIn,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> Schedule:
    """Replace the whole schedule; what it says holds from now on, and for the past."""
    await service.replace(tx, schedule_id, _draft(schedule), actor, now)
    return await _one(tx, schedule_id, now)


@router.delete("/schedules/{schedule_id}", status_code=204)
async def delete_schedule(
    schedule_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Delete a schedule; 409 naming the escalation policies that still page it."""
    await service.delete(tx, schedule_id, actor, now)


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
    shifts = await service.shifts(tx, schedule_id, start, end)
    users = await accounts.user_refs(tx, {shift.user_id for shift in shifts})
    return [
        Shift(user=users[shift.user_id], start=shift.start, end=shift.end)
        for shift in shifts
    ]


@router.get("/on-call")
async def list_on_call(actor: CurrentActor, tx: RequestTx, now: Now) -> list[OnCall]:
    """Who is on call now, for every schedule by name."""
    require(actor, Can.SEE)
    standings = await service.board(tx, now)
    teams = await _teams(tx, standings)
    return [
        OnCall(
            schedule=ScheduleRef.model_validate(standing.schedule),
            team=teams[standing.schedule.team_id],
            user=_person(standing, standing.on_call.user_id),
            until=standing.on_call.until,
            next=_person(standing, standing.on_call.next_id),
        )
        for standing in standings
    ]


@router.get("/me/on-call")
async def list_my_on_call(
    actor: CurrentActor, tx: RequestTx, now: Now
) -> list[OwnShift]:
    """Your current and next shift in each schedule, soonest first."""
    require(actor, Can.SEE)
    return [
        OwnShift(
            schedule=ScheduleRef.model_validate(own.schedule),
            start=own.shift.start,
            end=own.shift.end,
        )
        for own in await service.own_shifts(tx, actor.user_id, now)
    ]


def _draft(schedule: ScheduleIn) -> Draft:
    return Draft(
        schedule.name,
        schedule.team_id,
        schedule.time_zone,
        tuple(
            NewLayer(layer.start_at, layer.turn_days, tuple(layer.user_ids))
            for layer in schedule.layers
        ),
    )


async def _one(tx: RequestTx, schedule_id: UUID, now: datetime) -> Schedule:
    standing = await service.standing(tx, schedule_id, now)
    return _schedule(standing, await _teams(tx, [standing]))


async def _teams(tx: RequestTx, standings: list[Standing]) -> dict[UUID, TeamRef]:
    return await accounts.team_refs(tx, {s.schedule.team_id for s in standings})


def _schedule(standing: Standing, teams: dict[UUID, TeamRef]) -> Schedule:
    schedule, on_call = standing.schedule, standing.on_call
    return Schedule(
        id=schedule.id,
        name=schedule.name,
        team=teams[schedule.team_id],
        time_zone=schedule.time_zone,
        layers=[
            Layer(
                start_at=layer.start_at,
                turn_days=layer.turn_days,
                users=[UserRef(member.id, member.name) for member in layer.users],
            )
            for layer in schedule.layers
        ],
        on_call=_person(standing, on_call.user_id),
        until=on_call.until,
        next=_person(standing, on_call.next_id),
    )


def _person(standing: Standing, user_id: UUID | None) -> UserRef | None:
    members = (m for layer in standing.schedule.layers for m in layer.users)
    return next((UserRef(m.id, m.name) for m in members if m.id == user_id), None)
