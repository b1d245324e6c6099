"""Routes of giving a service to another team."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from pagefree.core.access import Can, require
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape
from pagefree.services import transfers
from pagefree.services.directory_api import Service, one_service


class TransferRef(Shape):
    """Something to link to."""

    id: UUID
    name: str


class ServiceTransfer(Shape):
    """A service that waits for another team to take it."""

    id: UUID
    service: TransferRef
    from_team: TransferRef
    to_team: TransferRef
    note: str
    asked_by: TransferRef | None
    asked_at: datetime


class ServiceTransferIn(Shape):
    """Which team a service is offered to, and why."""

    team_id: UUID
    note: Annotated[str, Field(max_length=1000)] = ""


class ServiceTransferAnswer(Shape):
    """The service as it is now; `waiting` is null where it has moved at once."""

    service: Service
    waiting: ServiceTransfer | None


router = APIRouter(prefix="/v1", tags=["services"])


@router.get("/service-transfers")
async def list_service_transfers(
    tx: RequestTx, actor: CurrentActor
) -> list[ServiceTransfer]:
    """The services that you may take for a team of yours, the longest offered first."""
    found = await transfers.list_to_take(tx, actor)
    return [ServiceTransfer.model_validate(one) for one in found]


@router.get("/services/{service_id}/transfer")
async def get_service_transfer(
    service_id: UUID, tx: RequestTx, actor: CurrentActor
) -> ServiceTransfer | None:
    """The offer of a service that waits for an answer; null if there is none."""
    require(actor, Can.SEE)
    found = await transfers.find(tx, service_id)
    return ServiceTransfer.model_validate(found) if found else None


@router.post("/services/{service_id}/transfer", status_code=201)
async def create_service_transfer(
    service_id: UUID,
    body: ServiceTransferIn,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> ServiceTransferAnswer:
    """Offer a service to another team; who may decide for both moves it at once."""
    asked = await transfers.ask(tx, service_id, body.team_id, body.note, actor, now)
    found = await one_service(tx, service_id, actor, now)
    return ServiceTransferAnswer(
        service=found,
        waiting=ServiceTransfer.model_validate(asked) if asked else None,
    )


@router.put("/services/{service_id}/transfer/acceptance")
async def put_service_transfer_acceptance(
    service_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> Service:
    """Take a service that is offered to your team."""
    await transfers.accept(tx, service_id, actor, now)
    return await one_service(tx, service_id, actor, now)


@router.delete("/services/{service_id}/transfer", status_code=204)
async def delete_service_transfer(
    service_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Decline what is offered to your team, or take your own team's offer back."""
    await transfers.end(tx, service_id, actor, now)
