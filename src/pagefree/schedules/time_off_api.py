"""Routes of what a person says about their own shifts: time off, and notices of handoffs."""

from uuid import UUID

from fastapi import APIRouter, status

from pagefree.infra.web import CurrentActor, Now, RequestTx, SecretVault
from pagefree.schedules import handoffs, time_off
from pagefree.schedules.handover_shapes import (
    HandoffNotices,
    TimeOffCalendar,
    TimeOffCalendarIn,
)

router = APIRouter(prefix="/v1/me", tags=["schedules"])


@router.get("/time-off-calendars")
async def list_my_time_off_calendars(
    actor: CurrentActor, tx: RequestTx
) -> list[TimeOffCalendar]:
    """The calendars that say when you are away, and what they say of the next weeks."""
    found = await time_off.mine(tx, actor)
    return [TimeOffCalendar.model_validate(one) for one in found]


@router.post("/time-off-calendars", status_code=status.HTTP_201_CREATED)
async def create_my_time_off_calendar(
    wanted: TimeOffCalendarIn,
    vault: SecretVault,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> TimeOffCalendar:
    """Read this calendar every hour, and ask for cover where it says that you are away."""
    made = await time_off.add(tx, vault, wanted.url, actor, now)
    found = {one.id: one for one in await time_off.mine(tx, actor)}
    return TimeOffCalendar.model_validate(found[made])


@router.delete(
    "/time-off-calendars/{calendar_id}", status_code=status.HTTP_204_NO_CONTENT
)
async def delete_my_time_off_calendar(
    calendar_id: UUID, actor: CurrentActor, tx: RequestTx
) -> None:
    """Read it no more; requests for cover stay as they are."""
    await time_off.remove(tx, calendar_id, actor)


@router.get("/handoff-notices")
async def get_my_handoff_notices(actor: CurrentActor, tx: RequestTx) -> HandoffNotices:
    """Which handoffs you are told of: none, until you say so."""
    found = await handoffs.wishes(tx, actor)
    before_s = int(found.before.total_seconds()) if found.before is not None else None
    return HandoffNotices(before_s=before_s, started=found.started, ended=found.ended)


@router.put("/handoff-notices")
async def put_my_handoff_notices(
    wanted: HandoffNotices, actor: CurrentActor, tx: RequestTx
) -> HandoffNotices:
    """Be told of these handoffs from now on."""
    await handoffs.put_wishes(tx, wanted.wishes(), actor)
    return wanted
