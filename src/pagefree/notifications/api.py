"""Routes of notification rules, what was sent, and the outbox."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from pagefree.accounts import service as accounts
from pagefree.core.access import Can, require
from pagefree.core.errors import NotFound
from pagefree.core.notifications import Kind, Rule, Skip, Status
from pagefree.core.routing import Urgency
from pagefree.infra.web import (
    CurrentActor,
    Cursor,
    DemoMode,
    Limit,
    Now,
    Page,
    RequestTx,
    Shape,
    decode_cursor,
    next_cursor,
)
from pagefree.notifications import rooms, service
from pagefree.notifications.rule_queries import RuleRow

LONGEST_DELAY_S = 24 * 3600

router = APIRouter(prefix="/v1", tags=["notifications"])


class NotificationRuleIn(Shape):
    """Use this contact method, so many seconds after the page."""

    urgency: Urgency
    delay_s: Annotated[int, Field(ge=0, le=LONGEST_DELAY_S)]
    contact_method_id: UUID


class NotificationRule(Shape):
    """A stored notification rule."""

    id: UUID
    urgency: Urgency
    delay_s: int
    contact_method_id: UUID


class TestSent(Shape):
    """A test is on its way."""

    notification_id: UUID


class RecipientKind(StrEnum):
    """What was told."""

    USER = "user"
    ROOM = "room"


class Recipient(Shape):
    """The person who was told, or the room of a team."""

    id: UUID
    name: str
    kind: RecipientKind = RecipientKind.USER


class NotificationAttempt(Shape):
    """One call to one provider."""

    number: int
    outcome: str  # accepted | failed | unknown
    error: str | None
    started_at: datetime
    finished_at: datetime
    possible_duplicate: bool
    provider: str  # "": the channel has only one
    receipt: str | None  # accepted | delivered | failed


class Notification(Shape):
    """One message to one address, and what became of it."""

    id: UUID
    user: Recipient
    channel: str
    label: str
    cause: str
    kind: Kind
    status: Status
    skip_reason: Skip | None
    created_at: datetime
    send_at: datetime
    finished_at: datetime | None
    attempts: list[NotificationAttempt]


class NoticeIncident(Shape):
    """The incident that a notice is about."""

    id: UUID
    number: int
    title: str


class Notice(Shape):
    """A notification in the web app; `incident` is null on tests and on notices of shifts."""

    id: UUID
    at: datetime
    kind: Kind
    incident: NoticeIncident | None
    cause: str
    read_at: datetime | None


class OutboxMessage(Shape):
    """What would have been sent, as the person would see it."""

    id: UUID
    at: datetime
    channel: str
    recipient: str
    user: Recipient | None
    title: str
    text: str
    html: str | None
    payload: dict[str, Any] | None


@router.post(
    "/users/{user_id}/contact-methods/{method_id}/test",
    status_code=status.HTTP_202_ACCEPTED,
)
async def test_contact_method(
    user_id: UUID, method_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> TestSent:
    """Send a test message there."""
    made = await service.test_method(tx, actor, user_id, method_id, now)
    return TestSent(notification_id=made)


@router.get("/users/{user_id}/notification-rules")
async def list_notification_rules(
    user_id: UUID, actor: CurrentActor, tx: RequestTx
) -> list[NotificationRule]:
    """How a person wants to be told, by urgency and delay."""
    return [_rule(row) for row in await service.rules(tx, actor, user_id)]


@router.put("/users/{user_id}/notification-rules")
async def put_notification_rules(
    user_id: UUID,
    wanted: list[NotificationRuleIn],
    actor: CurrentActor,
    tx: RequestTx,
) -> list[NotificationRule]:
    """Replace all of a person's rules."""
    rules = [
        Rule(item.urgency, timedelta(seconds=item.delay_s), item.contact_method_id)
        for item in wanted
    ]
    return [_rule(row) for row in await service.put_rules(tx, actor, user_id, rules)]


@router.get("/incidents/{incident_id}/notifications", tags=["incidents"])
async def list_incident_notifications(
    incident_id: UUID, actor: CurrentActor, tx: RequestTx
) -> list[Notification]:
    """Who was told how, newest first, and what became of it."""
    require(actor, Can.SEE)
    sent = await service.of_incident(tx, incident_id)
    people = await recipients(tx, {item.user_id for item in sent})
    return [
        Notification(
            user=people[item.user_id],
            attempts=[NotificationAttempt.model_validate(a) for a in item.attempts],
            **{
                name: getattr(item, name)
                for name in Notification.model_fields
                if name not in {"user", "attempts"}
            },
        )
        for item in sent
    ]


@router.get("/me/notifications")
async def list_my_notifications(
    actor: CurrentActor,
    tx: RequestTx,
    cursor: Cursor = None,
    limit: Limit = 50,
    *,
    unread: bool = False,
) -> Page[Notice]:
    """What is under the bell in the web app, newest first."""
    require(actor, Can.SEE)
    after = decode_cursor(cursor)
    rows = await service.notices(
        tx, actor.user_id, unread=unread, after=after, limit=limit
    )
    return Page(
        items=[Notice.model_validate(row) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.put("/me/notifications/read", status_code=status.HTTP_204_NO_CONTENT)
async def put_my_notifications_read(
    actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Mark everything under the bell as read."""
    require(actor, Can.KEEP)
    await service.mark_read(tx, actor.user_id, now)


@router.get("/outbox")
async def list_outbox(
    demo: DemoMode,
    actor: CurrentActor,
    tx: RequestTx,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[OutboxMessage]:
    """What would have been sent, newest first; only in demo mode."""
    require(actor, Can.SEE)
    if not demo:
        raise NotFound("the outbox is only there in demo mode")
    rows = await service.outbox(tx, decode_cursor(cursor), limit)
    people = await recipients(tx, {row.user_id for row in rows if row.user_id})
    items = [
        OutboxMessage(
            user=people.get(row.user_id) if row.user_id else None,
            **{
                name: getattr(row, name)
                for name in OutboxMessage.model_fields
                if name != "user"
            },
        )
        for row in rows
    ]
    return Page(items=items, next_cursor=next_cursor(rows, limit, lambda row: row.id))


async def recipients(tx: RequestTx, ids: set[UUID]) -> dict[UUID, Recipient]:
    """These people and rooms by name, even those who are gone."""
    refs = await accounts.user_refs(tx, ids)
    names = await rooms.names(tx, ids - refs.keys())
    people = {
        user_id: Recipient(
            id=user_id, name=refs[user_id].name if user_id in refs else "(deleted)"
        )
        for user_id in ids
    }
    told = {
        room_id: Recipient(id=room_id, name=name, kind=RecipientKind.ROOM)
        for room_id, name in names.items()
    }
    return people | told


def _rule(row: RuleRow) -> NotificationRule:
    return NotificationRule(
        id=row.id,
        urgency=row.urgency,
        delay_s=int(row.delay.total_seconds()),
        contact_method_id=row.contact_method_id,
    )
