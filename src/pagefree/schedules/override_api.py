"""Routes of the exceptions of schedules: overrides, and gaps by design."""

from uuid import UUID

from fastapi import APIRouter

from pagefree.core.access import Can, require
from pagefree.infra.web import CurrentActor, Now, RequestTx
from pagefree.schedules import overrides, service, views
from pagefree.schedules.shapes import Gap, GapIn, Override, OverridesIn

router = APIRouter(prefix="/v1/schedules/{schedule_id}", tags=["schedules"])


@router.get("/overrides")
async def list_overrides(
    schedule_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> list[Override]:
    """The overrides that are not over, soonest first."""
    require(actor, Can.SEE)
    return await views.overrides(tx, await service.get(tx, schedule_id, now))


@router.post("/overrides", status_code=201)
async def create_overrides(
    schedule_id: UUID,
    wanted: OverridesIn,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> list[Override]:
    """Make all of the overrides, or none; what of them is over already is left out.

    Team admins; whoever responds for the team may put themselves on call.
    """
    new = [override.new() for override in wanted.overrides]
    made = set(await overrides.add(tx, schedule_id, new, actor, now))
    known = await views.overrides(tx, await service.get(tx, schedule_id, now))
    return [override for override in known if override.id in made]


@router.delete("/overrides/{override_id}", status_code=204)
async def delete_override(
    schedule_id: UUID, override_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Take an override back; one that has begun ends now, and one that is over stays."""
    await overrides.remove(tx, schedule_id, override_id, actor, now)


@router.get("/gaps")
async def list_gaps(
    schedule_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> list[Gap]:
    """The gaps by design that are not over, soonest first."""
    require(actor, Can.SEE)
    schedule = await service.get(tx, schedule_id, now)
    return sorted(map(views.gap, schedule.gaps), key=lambda gap: gap.start)


@router.post("/gaps", status_code=201)
async def create_gap(
    schedule_id: UUID, wanted: GapIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> Gap:
    """Declare that nobody is to be on call, whatever the layers and overrides say."""
    return views.gap(await overrides.add_gap(tx, schedule_id, wanted.new(), actor, now))


@router.delete("/gaps/{gap_id}", status_code=204)
async def delete_gap(
    schedule_id: UUID, gap_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Take a gap back; one that has begun ends now, and one that is over stays."""
    await overrides.remove_gap(tx, schedule_id, gap_id, actor, now)
