"""Following a page, as those outside do it: ask, confirm, change, end."""

import base64
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from pagefree.core.errors import NotFound
from pagefree.core.subscriptions import (
    CONFIRM_AGAIN,
    CONFIRM_LIFE,
    MESSAGES_KEPT,
    UNCONFIRMED_KEPT,
    Way,
)
from pagefree.infra.crypto import Unsealable, Vault, token_hash
from pagefree.infra.db import Tx
from pagefree.status_pages import incident_queries, subscriber_links
from pagefree.status_pages import subscriber_queries as queries
from pagefree.status_pages.queries import Page
from pagefree.status_pages.subscriber_queries import Subscriber
from pagefree.timeline.listening import Event

PURPOSE = "status webhook"
SECRET_PREFIX = "whsec_"  # noqa: S105 - names the format, is no secret
# those who wait to confirm do not wait behind a mailing to thousands
AHEAD = timedelta(days=1)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be told of."""

    incidents: bool = True
    maintenances: bool = True
    component_ids: frozenset[UUID] | None = None  # none: every one

    @property
    def columns(self) -> dict[str, object]:
        """The same as it is kept."""
        return {
            "incidents": self.incidents,
            "maintenances": self.maintenances,
            "every_component": self.component_ids is None,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """A subscription that somebody asks for."""

    way: Way
    address: str  # checked
    language: str
    wish: Wish


async def ask(tx: Tx, page: Page, asked: Asked, vault: Vault, now: datetime) -> None:
    """Ask the owner of an address whether they want this; whoever asks learns nothing.

    An address that follows the page already is not asked again, nor is one that was asked
    a moment ago.
    """
    values = {
        "page_id": page.id,
        "channel": asked.way,
        "address": asked.address,
        "language": asked.language,
        "sealed_secret": new_secret(vault) if asked.way is Way.WEBHOOK else None,
        "created_at": now,
        **asked.wish.columns,
    }
    added = await queries.add(tx, values)
    if added is not None:
        await choose(tx, page.id, added, asked.wish)
    known = await queries.lock_address(tx, page.id, asked.way, asked.address)
    if known is None or (known.confirmed_at and not known.stopped_at):
        return
    last = await queries.last_asked_at(tx, known.id)
    if last is None or now - last >= CONFIRM_AGAIN:
        if added is None:
            await queries.change(tx, known.id, asked.wish.columns)
            await choose(tx, page.id, known.id, asked.wish)
        await queries.ask_to_confirm(tx, known.id, now - AHEAD, now)


async def to_confirm(tx: Tx, page: Page, token: str, now: datetime) -> Subscriber:
    """Whom a link asks; nothing changes by looking. Raises NotFound."""
    found = await queries.lock_to_confirm(tx, page.id, token_hash(token), now)
    if found is None:
        raise NotFound("this link does nothing")
    return found


async def confirm(tx: Tx, page: Page, token: str, now: datetime) -> Subscriber:
    """Follow the page from now on; the link counts no more. Raises NotFound."""
    found = await to_confirm(tx, page, token, now)
    values: dict[str, object] = {
        "confirm_hash": None,
        "confirm_until": None,
        "confirmed_at": now,
        "stopped_at": None,
        "bounces": 0,
        "bounced_at": None,
    }
    await queries.change(tx, found.id, values)
    return found


async def holder(tx: Tx, page: Page, vault: Vault, token: str) -> Subscriber:
    """Who holds the link to their subscription. Raises NotFound."""
    subscriber_id = subscriber_links.CHANGES.read_one(vault, token)
    found = await queries.get(tx, subscriber_id) if subscriber_id else None
    if found is None or found.page_id != page.id:
        raise NotFound("this link does nothing")
    return found


async def change(tx: Tx, subscriber: Subscriber, wish: Wish) -> Subscriber:
    """Be told of something else from now on."""
    await queries.change(tx, subscriber.id, wish.columns)
    await choose(tx, subscriber.page_id, subscriber.id, wish)
    found = await queries.get(tx, subscriber.id)
    if found is None:
        raise NotFound("this link does nothing")
    return found


async def has_ended(tx: Tx, vault: Vault, token: str) -> bool:
    """Whether the link is one of ours, and whoever held it follows the page no more."""
    subscriber_id = subscriber_links.CHANGES.read_one(vault, token)
    return subscriber_id is not None and await queries.get(tx, subscriber_id) is None


async def end(tx: Tx, vault: Vault, token: str) -> None:
    """Follow the page no more, and be forgotten; twice is not an error."""
    subscriber_id = subscriber_links.CHANGES.read_one(vault, token)
    if subscriber_id is None:
        raise NotFound("this link does nothing")
    await queries.remove(tx, subscriber_id)


async def end_numbers(tx: Tx, events: Sequence[Event], now: datetime) -> None:
    """Numbers that have answered STOP follow no page any more."""
    del now
    digests = [
        bytes.fromhex(str(event.data["address"]))
        for event in events
        if event.data.get("channel") == Way.SMS
    ]
    gone = await queries.remove_addresses(tx, Way.SMS, digests)
    log.info("status_pages.opted_out", n=gone)


async def anybody_by_text(tx: Tx) -> bool:
    """Whether anybody follows a page by text message."""
    return await queries.any_by(tx, Way.SMS)


async def choose(tx: Tx, page_id: UUID, subscriber_id: UUID, wish: Wish) -> None:
    """Keep which components somebody wants; what the page does not have is left out."""
    known = await incident_queries.known_components(tx, page_id)
    chosen: Collection[UUID] = wish.component_ids or ()
    wanted = [one for one in chosen if one in known]
    await queries.set_components(tx, subscriber_id, wanted)


async def forget(tx: Tx, now: datetime) -> None:
    """Forget who never confirmed, and messages that are long over."""
    asked = now - CONFIRM_LIFE - UNCONFIRMED_KEPT
    await queries.forget_before(tx, asked, now - MESSAGES_KEPT)


def new_secret(vault: Vault) -> bytes:
    """A sealed secret that signs a webhook's deliveries."""
    secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    return vault.seal(secret.encode(), PURPOSE)


def secret_of(vault: Vault, sealed: bytes | None) -> str | None:
    """The secret that was sealed; none if there is none that can be read."""
    try:
        return vault.open(sealed, PURPOSE).decode() if sealed else None
    except Unsealable:
        return None
