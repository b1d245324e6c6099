"""Routes of retention: how long things are kept."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from pagefree.core.access import Can, require
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape
from pagefree.retention import keeping
from pagefree.retention.queries import Kept

router = APIRouter(prefix="/v1/retention", tags=["retention"])

RawRequestDays = Annotated[int, Field(ge=1, le=3660)]
NotificationDays = Annotated[int, Field(ge=30, le=3660)]


class RetentionIn(Shape):
    """For how many days things are kept; null: for ever."""

    raw_request_days: RawRequestDays | None
    notification_days: NotificationDays | None


class Retention(RetentionIn):
    """How long things are kept, and whether there is room for what comes."""

    partition_count: int
    days_ahead: int
    unplaced_count: int
    finding: str | None


@router.get("")
async def get_retention(tx: RequestTx, actor: CurrentActor, now: Now) -> Retention:
    """How long raw requests and notifications are kept; for platform admins."""
    require(actor, Can.ADMINISTER)
    kept = await keeping.get_kept(tx)
    room = await keeping.room(tx, now)
    return Retention(
        raw_request_days=kept.raw_request_days,
        notification_days=kept.notification_days,
        partition_count=room.partition_count,
        days_ahead=room.days_ahead,
        unplaced_count=room.unplaced,
        finding=room.finding,
    )


@router.put("", status_code=204)
async def put_retention(
    body: RetentionIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Keep raw requests and notifications for so many days; what is older goes within hours."""
    require(actor, Can.ADMINISTER)
    kept = Kept(body.raw_request_days, body.notification_days)
    await keeping.keep_for(tx, kept, now)
