"""The lane of those who follow pages: messages are made in one go and leave at a pace.

Nothing that pages anybody waits for it: it has a task of its own, holds no row while a
message leaves, and takes only so many in a second. What was being sent when a process died
is sent once more after its lease, and flagged: it may have arrived.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import channel_configs
from pagefree.channels.base import AddressDead
from pagefree.core.errors import DeliveryError, NotFound
from pagefree.core.status_views import PUBLIC, PageView, visible
from pagefree.core.subscriptions import (
    CONFIRM_LIFE,
    Way,
    bounces_after,
    suspended,
    try_again_at,
)
from pagefree.infra.crypto import token_hash
from pagefree.infra.db import Tx, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.notifications.handing_over import Gateway
from pagefree.notifications.link_queries import insert_outbox
from pagefree.status_pages import (
    letters,
    message_queries,
    snapshot_queries,
    subscriber_links,
)
from pagefree.status_pages import subscriber_queries as people
from pagefree.status_pages.letters import Letter, Links
from pagefree.status_pages.message_queries import Leased, Settled
from pagefree.status_pages.posting import Parcel, hand_over, shown
from pagefree.status_pages.snapshots import Unreadable, unpacked

BATCH = 50
SIDE_BY_SIDE = 10
LEASE = timedelta(seconds=60)
PATIENCE_S = 10.0  # for one message: a batch is over long before its lease
NOT_SHOWN = "the page does not show it"
OVER = "nobody follows the page at this address any more"

log = structlog.get_logger()


async def queue_due(engine: AsyncEngine, now: datetime) -> int:
    """Make the messages of every mailing that its page shows by now; returns how many."""
    made = 0
    while True:
        async with transaction(engine) as tx:
            mailing = await message_queries.claim_mailing(tx)
            if mailing is None:
                return made
            made += await message_queries.queue(tx, mailing, now)


class Lane:
    """Sends what is due, at most `per_second`."""

    def __init__(self, gateway: Gateway, per_second: float) -> None:
        self._gateway = gateway
        self._per_second = per_second
        self._views: dict[UUID, tuple[int, PageView]] = {}  # by page, of which version

    async def send_due(self, engine: AsyncEngine) -> None:
        """Send until nothing is due."""
        loop = asyncio.get_running_loop()
        limit = max(1, min(BATCH, int(self._per_second)))
        while True:
            begun = loop.time()
            taken = await self._send_batch(engine, limit)
            if taken < limit:
                return
            # evenly: whoever takes our mail is not to be flooded
            await asyncio.sleep(
                max(0.0, begun + taken / self._per_second - loop.time())
            )

    async def _send_batch(self, engine: AsyncEngine, limit: int) -> int:
        now = self._gateway.clock()
        async with transaction(engine) as tx:
            leased = await message_queries.claim(tx, limit, now + LEASE, now)
            parcels, settled = await self._written(tx, leased, now)
        free = asyncio.Semaphore(SIDE_BY_SIDE)
        sent = await asyncio.gather(*(self._send(one, free) for one in parcels))
        outcomes = [*settled, *sent]
        if outcomes:
            async with transaction(engine) as tx:
                await message_queries.settle(tx, outcomes)
                await _learn(tx, outcomes, self._gateway.clock())
                if self._gateway.demo:
                    kept = [shown(parcel) for parcel in parcels]
                    await insert_outbox(tx, kept, self._gateway.clock())
        return len(leased)

    async def _written(
        self, tx: Tx, leased: Sequence[Leased], now: datetime
    ) -> tuple[list[Parcel], list[Settled]]:
        """The letters, and what is over without one."""
        views = {one: await self._view(tx, one) for one in {m.page_id for m in leased}}
        config = None
        if any(one.way is Way.SMS for one in leased):
            config = await self._sms_config(tx)
        parcels, settled, tokens = [], [], []
        for message in leased:
            view = views[message.page_id]
            if (message.stopped or not message.confirmed) and message.kind is not None:
                settled.append(Settled(message, None, error=OVER))
                continue
            letter = self._letter(view, message) if view else None
            if view is None or letter is None:
                settled.append(_later(message, NOT_SHOWN, now))
                continue
            links = None
            if message.kind is None:
                token = self._confirms(message)
                until = message.created_at + CONFIRM_LIFE
                tokens.append((message.subscriber_id, token_hash(token), until))
            else:
                links = self._links(view, message)
            language = _language(view, message)
            parcels.append(Parcel(message, letter, links, language, config))
        if tokens:
            await message_queries.set_confirm_hashes(tx, tokens)
        return parcels, settled

    async def _view(self, tx: Tx, page_id: UUID) -> PageView | None:
        """What everyone sees of a page; none if it has not been rendered."""
        version = await snapshot_queries.get_version(tx, page_id)
        kept = self._views.get(page_id)
        if version is None or (kept and kept[0] == version):
            return kept[1] if kept else None
        content = await snapshot_queries.get_content(tx, page_id)
        try:
            snapshot = await asyncio.to_thread(unpacked, content or b"")
        except Unreadable:
            return None
        view = visible(snapshot.view, PUBLIC)
        self._views[page_id] = (snapshot.version, view)
        return view

    async def _sms_config(self, tx: Tx) -> Any:  # noqa: ANN401 - the channel's Config
        try:
            return await channel_configs.opened(tx, Way.SMS, self._gateway.vault)
        except NotFound:
            return None

    def _letter(self, view: PageView, message: Leased) -> Letter | None:
        if message.kind is None:
            url = f"{view.url}/confirm/{self._confirms(message)}"
            return letters.to_confirm(view, url, message.language)
        if message.update_id is not None:
            return letters.about_update(view, message.update_id, message.language)
        if message.maintenance_id is None:
            return None
        return letters.about_work(
            view, message.maintenance_id, message.kind, message.language
        )

    def _confirms(self, message: Leased) -> str:
        # of the message: the same in every try, another one each time somebody asks
        return subscriber_links.CONFIRMS.token(self._gateway.vault, message.id)

    def _links(self, view: PageView, message: Leased) -> Links:
        token = subscriber_links.CHANGES.token(
            self._gateway.vault, message.subscriber_id
        )
        return Links(
            f"{view.url}/subscription/{token}", f"{view.url}/unsubscribe/{token}"
        )

    async def _send(self, parcel: Parcel, free: asyncio.Semaphore) -> Settled:
        message = parcel.message
        async with free:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    failpoint("status.before_mail")
                    await hand_over(self._gateway, parcel)
                    failpoint("status.after_mail")
            except TimeoutError:
                error = DeliveryError("it took too long", permanent=False, unknown=True)
                return _failed(message, error, self._gateway.clock())
            except DeliveryError as e:
                return _failed(message, e, self._gateway.clock())
        return Settled(message, self._gateway.clock())


def _failed(message: Leased, error: DeliveryError, now: datetime) -> Settled:
    log.warning(
        "status_message.not_sent",
        message=str(message.id),
        way=message.way.value,
        error=str(error),
    )
    if error.permanent:
        dead = isinstance(error, AddressDead)
        return Settled(message, None, error=str(error), dead=dead, refused=True)
    again = try_again_at(message.attempts, error.retry_after_s, message.created_at, now)
    return Settled(message, None, again, str(error), unknown=error.unknown)


def _later(message: Leased, why: str, now: datetime) -> Settled:
    again = try_again_at(message.attempts, None, message.created_at, now)
    return Settled(message, None, again, why)


def _language(view: PageView, message: Leased) -> str:
    spoken = [one.language for one in view.texts]
    return message.language if message.language in spoken else spoken[0]


async def _learn(tx: Tx, outcomes: Sequence[Settled], now: datetime) -> None:
    """Stop sending to where nobody is."""
    for one in outcomes:
        if one.refused:
            await bounced(tx, one.message.subscriber_id, now, dead=one.dead)


async def bounced(tx: Tx, subscriber_id: UUID, now: datetime, *, dead: bool) -> None:
    """Count a message that did not arrive; too many, and nothing more is sent."""
    known = await people.get(tx, subscriber_id)
    if known is None or known.stopped_at is not None:
        return
    bounces = bounces_after(known.bounces, known.bounced_at, now)
    values: dict[str, object] = {"bounces": bounces, "bounced_at": now}
    if suspended(bounces, dead=dead):
        values["stopped_at"] = now
    await people.change(tx, subscriber_id, values)
