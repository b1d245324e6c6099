"""Routes of shifts that change hands: swaps, and requests for cover."""

from uuid import UUID

from fastapi import APIRouter, status

from pagefree.infra.web import CurrentActor, Now, RequestTx
from pagefree.schedules import covers, handover_views, swaps
from pagefree.schedules.handover_shapes import (
    CoverRequest,
    CoverRequestIn,
    Swap,
    SwapIn,
)

router = APIRouter(prefix="/v1", tags=["schedules"])


@router.get("/me/swaps")
async def list_my_swaps(actor: CurrentActor, tx: RequestTx, now: Now) -> list[Swap]:
    """Offers by you and to you, newest first: the open ones, and those of the last 30 days."""
    return await handover_views.swaps(tx, await swaps.mine(tx, actor, now), now)


@router.post("/schedules/{schedule_id}/swaps", status_code=status.HTTP_201_CREATED)
async def create_swap(
    schedule_id: UUID, offer: SwapIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> Swap:
    """Offer a shift of yours to somebody; 409 where it is not yours to give."""
    made = await swaps.offer(tx, schedule_id, offer.new(), actor, now)
    return await _swap(tx, made, now)


@router.put("/swaps/{swap_id}/acceptance")
async def put_swap_acceptance(
    swap_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> Swap:
    """Exchange the shifts, both or none; 409 where they have changed since."""
    await swaps.accept(tx, swap_id, actor, now)
    return await _swap(tx, swap_id, now)


@router.put("/swaps/{swap_id}/refusal")
async def put_swap_refusal(
    swap_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> Swap:
    """Decline an offer that was made to you."""
    await swaps.decline(tx, swap_id, actor, now)
    return await _swap(tx, swap_id, now)


@router.delete("/swaps/{swap_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_swap(
    swap_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Take back an offer of yours."""
    await swaps.withdraw(tx, swap_id, actor, now)


@router.get("/me/cover-requests")
async def list_my_cover_requests(
    actor: CurrentActor, tx: RequestTx, now: Now
) -> list[CoverRequest]:
    """Yours, those that you took, and the open ones that you could take, newest first."""
    return await handover_views.covers(tx, await covers.mine(tx, actor, now), now)


@router.post(
    "/schedules/{schedule_id}/cover-requests", status_code=status.HTTP_201_CREATED
)
async def create_cover_request(
    schedule_id: UUID,
    wanted: CoverRequestIn,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> CoverRequest:
    """Ask whoever could have it to take a shift of yours; 409 where it is not yours to give."""
    made = await covers.ask(tx, schedule_id, wanted.new(), actor, now)
    return await _cover(tx, made, now)


@router.put("/cover-requests/{cover_request_id}/acceptance")
async def put_cover_request_acceptance(
    cover_request_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> CoverRequest:
    """Take the shift; 409 where somebody else was first, saying who."""
    await covers.accept(tx, cover_request_id, actor, now)
    return await _cover(tx, cover_request_id, now)


@router.delete(
    "/cover-requests/{cover_request_id}", status_code=status.HTTP_204_NO_CONTENT
)
async def delete_cover_request(
    cover_request_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Take back a request of yours; team admins may take back anybody's."""
    await covers.withdraw(tx, cover_request_id, actor, now)


async def _swap(tx: RequestTx, swap_id: UUID, now: Now) -> Swap:
    return (await handover_views.swaps(tx, [await swaps.get(tx, swap_id)], now))[0]


async def _cover(tx: RequestTx, cover_id: UUID, now: Now) -> CoverRequest:
    return (await handover_views.covers(tx, [await covers.get(tx, cover_id)], now))[0]
