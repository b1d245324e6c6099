"""Routes of how well integrations do, and of what could not be read."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from pagefree.alerts import health
from pagefree.alerts.requests import Disposition
from pagefree.core.access import Can, require
from pagefree.infra.web import (
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    Shape,
    decode_cursor,
    next_cursor,
)


class HourOfRequests(Shape):
    """How many requests came in one hour."""

    at: datetime
    count: int


class IntegrationHealth(Shape):
    """What came of the requests since `since`: a day, or less where there are very many."""

    since: datetime
    last_at: datetime | None
    outcomes: dict[Disposition, int]
    hours: list[HourOfRequests]  # that have any, oldest first


class UnreadRequest(Shape):
    """A request that could not be read; it is kept as it came."""

    id: UUID
    integration_id: UUID
    integration_name: str
    kind: str
    received_at: datetime
    error: str | None
    size: int  # bytes


router = APIRouter(prefix="/v1", tags=["alerts"])


@router.get("/integrations/{integration_id}/health")
async def get_integration_health(
    integration_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> IntegrationHealth:
    """How much an integration sent in the last 24 hours, and what came of it."""
    require(actor, Can.SEE)
    found = await health.health_of(tx, integration_id, now)
    return IntegrationHealth(
        since=found.since,
        last_at=found.last_at,
        outcomes={Disposition(name): count for name, count in found.outcomes.items()},
        hours=[HourOfRequests(at=at, count=count) for at, count in found.hours],
    )


@router.get("/unread-requests")
async def list_unread_requests(
    tx: RequestTx, actor: CurrentActor, cursor: Cursor = None, limit: Limit = 50
) -> Page[UnreadRequest]:
    """Requests of all integrations that could not be read, newest first."""
    require(actor, Can.SEE)
    rows = await health.list_unread(tx, decode_cursor(cursor), limit)
    return Page[UnreadRequest](
        items=[UnreadRequest.model_validate(row) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )
