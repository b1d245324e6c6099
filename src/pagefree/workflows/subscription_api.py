"""Routes of subscriptions: machines that are told of events."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from pagefree.infra.web import (
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    SecretVault,
    Shape,
    decode_cursor,
    next_cursor,
)
from pagefree.workflows import subscribing
from pagefree.workflows.subscribing import NewSubscription
from pagefree.workflows.subscription_queries import Delivery, Subscription

router = APIRouter(prefix="/v1/event-subscriptions", tags=["subscriptions"])

Kind = Annotated[str, Field(max_length=60, pattern=r"^[a-z_]+\.[a-z_]*$")]


class EventSubscriptionIn(Shape):
    """A machine to tell: of which kinds of events, at which address, in which shape."""

    team_id: UUID | None = None
    name: str = Field(min_length=1, max_length=100)
    url: str = Field(min_length=1, max_length=2000)
    shape: Literal["standard", "pagerduty_v3"] = "standard"
    kinds: list[Kind] = Field(["incident."], min_length=1, max_length=30)


class EventSubscriptionOut(Shape):
    """A machine that is told of events."""

    id: UUID
    team_id: UUID | None
    name: str
    url: str
    shape: str
    kinds: list[str]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None


class NewEventSubscription(EventSubscriptionOut):
    """The new one, with the secret that signs what it is sent, shown only now."""

    secret: str


class EventSubscriptionSecret(Shape):
    """A new secret, shown only now; the one before signs too for a day."""

    secret: str


class EventSubscriptionChanges(Shape):
    """Whether anything is sent."""

    enabled: bool


class EventDeliveryOut(Shape):
    """One event that was sent, or waits to be."""

    id: UUID
    event_id: int
    kind: str
    incident_id: UUID | None
    sequence: int | None
    status: str
    attempts: int
    answer: str | None
    due_at: datetime | None
    created_at: datetime
    ended_at: datetime | None


@router.get("")
async def list_event_subscriptions(
    tx: RequestTx, actor: CurrentActor
) -> list[EventSubscriptionOut]:
    """Those that you may change."""
    found = await subscribing.list_all(tx, actor)
    return [EventSubscriptionOut(**_shown(one)) for one in found]


@router.post("", status_code=201)
async def create_event_subscription(
    body: EventSubscriptionIn,
    tx: RequestTx,
    actor: CurrentActor,
    vault: SecretVault,
    now: Now,
) -> NewEventSubscription:
    """Tell a machine of events from now on."""
    new = NewSubscription(body.team_id, body.name, body.url, body.shape, body.kinds)
    made, secret = await subscribing.create(tx, actor, new, vault, now)
    return NewEventSubscription(**_shown(made), secret=secret)


@router.get("/{subscription_id}")
async def get_event_subscription(
    subscription_id: UUID, tx: RequestTx, actor: CurrentActor
) -> EventSubscriptionOut:
    """One of them."""
    found = await subscribing.get(tx, actor, subscription_id)
    return EventSubscriptionOut(**_shown(found))


@router.patch("/{subscription_id}")
async def change_event_subscription(
    subscription_id: UUID,
    body: EventSubscriptionChanges,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> EventSubscriptionOut:
    """Switch it off, or on again."""
    found = await subscribing.set_enabled(
        tx, actor, subscription_id, now, enabled=body.enabled
    )
    return EventSubscriptionOut(**_shown(found))


@router.delete("/{subscription_id}", status_code=204)
async def delete_event_subscription(
    subscription_id: UUID, tx: RequestTx, actor: CurrentActor
) -> None:
    """Tell it nothing any more."""
    await subscribing.remove(tx, actor, subscription_id)


@router.post("/{subscription_id}/secret", status_code=201)
async def rotate_event_subscription_secret(
    subscription_id: UUID,
    tx: RequestTx,
    actor: CurrentActor,
    vault: SecretVault,
    now: Now,
) -> EventSubscriptionSecret:
    """A new secret; for a day what is sent is signed with both."""
    secret = await subscribing.rotate(tx, actor, subscription_id, vault, now)
    return EventSubscriptionSecret(secret=secret)


@router.get("/{subscription_id}/deliveries")
async def list_event_deliveries(
    subscription_id: UUID,
    tx: RequestTx,
    actor: CurrentActor,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[EventDeliveryOut]:
    """What it was sent, the newest first."""
    before = decode_cursor(cursor)
    found = await subscribing.list_deliveries(tx, actor, subscription_id, before, limit)
    items = [_delivery(one) for one in found]
    return Page(items=items, next_cursor=next_cursor(found, limit, lambda one: one.id))


@router.post("/{subscription_id}/deliveries/{delivery_id}/replay", status_code=202)
async def replay_event_delivery(
    subscription_id: UUID,
    delivery_id: UUID,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> None:
    """Send it once more, under the same id."""
    await subscribing.replay(tx, actor, subscription_id, delivery_id, now)


def _shown(one: Subscription) -> dict[str, Any]:
    names = EventSubscriptionOut.model_fields
    return {name: getattr(one, name) for name in names}


def _delivery(one: Delivery) -> EventDeliveryOut:
    names = EventDeliveryOut.model_fields
    return EventDeliveryOut(**{name: getattr(one, name) for name in names})
