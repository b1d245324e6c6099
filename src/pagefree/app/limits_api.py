"""Who wanted more than the limits allow, for admins."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from pagefree.app import limit_queries as queries
from pagefree.core.access import Can, require
from pagefree.infra.web import (
    CurrentActor,
    Cursor,
    Limit,
    Page,
    RequestTx,
    Shape,
    decode_cursor,
    next_cursor,
)

router = APIRouter(prefix="/v1/limits", tags=["limits"])


class LimitViolation(Shape):
    """How often one subject was above one limit in one hour.

    The `subject` is an address, or the id of an integration or a person, whose `name` is
    given where it is known.
    """

    id: UUID
    kind: str
    subject: str
    name: str | None
    hour: datetime
    count: int
    first_at: datetime
    last_at: datetime


@router.get("/violations")
async def list_limit_violations(
    actor: CurrentActor, tx: RequestTx, cursor: Cursor = None, limit: Limit = 50
) -> Page[LimitViolation]:
    """Who was above a limit in the last 90 days, the newest first. For platform admins."""
    require(actor, Can.ADMINISTER)
    rows = await queries.list_violations(tx, decode_cursor(cursor), limit)
    return Page(
        items=[LimitViolation.model_validate(row) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )
