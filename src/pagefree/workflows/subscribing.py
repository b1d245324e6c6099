"""Machines that are told of events: set up by people, told by a listener, sent in a lane."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from pagefree.core.access import Actor
from pagefree.core.deliveries import matches
from pagefree.core.errors import Conflict, Forbidden, Invalid, NotFound
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Channel, Tx, notify
from pagefree.infra.ids import new_id
from pagefree.timeline.listening import Event, Listener
from pagefree.workflows import fact_queries
from pagefree.workflows import subscription_queries as queries
from pagefree.workflows.secrets import require_writer
from pagefree.workflows.subscription_queries import Delivery, Subscription
from pagefree.workflows.webhook_bodies import SECRET_PREFIX, body_of

FAMILIES = ("incident.", "escalation.", "postmortem.", "workflow.", "runbook_run.")
OVERLAP = timedelta(hours=24)  # in which the secret before still signs


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """What somebody wants a machine to be told."""

    team_id: UUID | None
    name: str
    url: str
    shape: str
    kinds: Sequence[str]


# -- set up -----------------------------------------------------------------------------


async def create(
    tx: Tx, actor: Actor, new: NewSubscription, vault: Vault, now: datetime
) -> tuple[Subscription, str]:
    """A subscription, and the secret that signs what it is sent, shown only now."""
    require_writer(actor, new.team_id)
    parts = urlsplit(new.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Invalid("the address is not one of the web")
    if not all(kind.startswith(FAMILIES) for kind in new.kinds):
        raise Invalid(f"kinds begin with {', '.join(FAMILIES)}")
    secret = _new_secret()
    values = {
        "team_id": new.team_id,
        "name": new.name,
        "url": new.url,
        "shape": new.shape,
        "kinds": list(new.kinds),
        "sealed_secret": vault.seal(secret.encode(), purpose()),
        "created_by_id": actor.user_id,
        "created_at": now,
    }
    subscription_id = await queries.insert_subscription(tx, values)
    return await find(tx, subscription_id), secret


async def list_all(tx: Tx, actor: Actor) -> list[Subscription]:
    """Those that the actor may change."""
    found = await queries.list_subscriptions(tx)
    return [one for one in found if _may(actor, one)]


async def get(tx: Tx, actor: Actor, subscription_id: UUID) -> Subscription:
    """One that the actor may change. Raises NotFound and Forbidden."""
    found = await find(tx, subscription_id)
    require_writer(actor, found.team_id)
    return found


async def set_enabled(
    tx: Tx, actor: Actor, subscription_id: UUID, now: datetime, *, enabled: bool
) -> Subscription:
    """Send again, or nothing any more; what was not sent meanwhile is sent then."""
    await get(tx, actor, subscription_id)
    values: dict[str, object] = {"disabled_at": now, "disabled_reason": "by hand"}
    if enabled:
        values = {"disabled_at": None, "disabled_reason": None, "failures": 0}
    await queries.update_subscription(tx, subscription_id, values)
    return await find(tx, subscription_id)


async def rotate(
    tx: Tx, actor: Actor, subscription_id: UUID, vault: Vault, now: datetime
) -> str:
    """A new secret; the one before signs too for a day."""
    before = await get(tx, actor, subscription_id)
    secret = _new_secret()
    values = {
        "sealed_secret": vault.seal(secret.encode(), purpose()),
        "sealed_old_secret": before.sealed_secret,
        "old_secret_expires_at": now + OVERLAP,
    }
    await queries.update_subscription(tx, subscription_id, values)
    return secret


async def remove(tx: Tx, actor: Actor, subscription_id: UUID) -> None:
    """Tell it nothing any more, and forget what it was sent."""
    await get(tx, actor, subscription_id)
    await queries.delete_subscription(tx, subscription_id)


async def list_deliveries(
    tx: Tx, actor: Actor, subscription_id: UUID, before: UUID | None, limit: int
) -> list[Delivery]:
    """What it was sent, the newest first."""
    await get(tx, actor, subscription_id)
    return await queries.list_deliveries(tx, subscription_id, before, limit)


async def replay(
    tx: Tx, actor: Actor, subscription_id: UUID, delivery_id: UUID, now: datetime
) -> None:
    """Send it once more, under the same id."""
    subscription = await get(tx, actor, subscription_id)
    if subscription.disabled_at is not None:
        raise Conflict("the subscription is switched off")
    if await queries.get_delivery(tx, subscription_id, delivery_id) is None:
        raise NotFound("there is no such delivery")
    again = {
        "status": "pending",
        "due_at": now,
        "attempts": 0,
        "first_tried_at": None,
        "ended_at": None,
    }
    await queries.update_delivery(tx, delivery_id, again)
    await notify(tx, Channel.STEPS)


def _may(actor: Actor, one: Subscription) -> bool:
    try:
        require_writer(actor, one.team_id)
    except Forbidden:
        return False
    return True


async def find(tx: Tx, subscription_id: UUID) -> Subscription:
    """One of them. Raises NotFound."""
    found = await queries.get(tx, subscription_id)
    if found is None:
        raise NotFound("there is no such subscription")
    return found


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def purpose() -> str:
    """What secrets of subscriptions are sealed for."""
    return "event subscription"


# -- telling ----------------------------------------------------------------------------


def listener(base_url: str) -> Listener:
    """Who makes deliveries of events; a team's subscriptions hear of that team alone."""

    async def hear(tx: Tx, events: Sequence[Event], now: datetime) -> None:
        subscriptions = await queries.list_subscriptions(tx, working=True)
        ids = {event.incident_id for event in events if event.incident_id}
        incidents = await fact_queries.incident_facts(tx, ids, base_url)
        rows = []
        for event in events:
            incident = incidents.get(event.incident_id, {}) if event.incident_id else {}
            for one in subscriptions:
                body = (
                    body_of(one.shape, event, incident)
                    if one.team_id in {None, event.team_id}
                    and any(matches(event.kind, kind) for kind in one.kinds)
                    else None
                )
                if body is not None:
                    rows.append(_row(one, event, body, now))
        await queries.insert_deliveries(tx, rows)
        if rows:
            await notify(tx, Channel.STEPS)

    return Listener("subscriptions", frozenset(FAMILIES), hear, queries.any_working)


def _row(
    one: Subscription, event: Event, body: dict[str, object], now: datetime
) -> dict[str, object]:
    return {
        "id": new_id(),
        "subscription_id": one.id,
        "event_id": event.id,
        "kind": event.kind,
        "incident_id": event.incident_id,
        "sequence": event.seq,
        "body": body,
        "status": "pending",
        "due_at": now,
        "created_at": now,
    }
