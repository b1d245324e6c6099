"""Statements on those who follow a page."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from pagefree.core.subscriptions import Way
from pagefree.infra.db import Channel, Tx, notify
from pagefree.infra.ids import new_id
from pagefree.status_pages.queries import Ref
from pagefree.tables.status_pages import (
    components,
    status_messages,
    subscriber_components,
    subscribers,
)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who follows a page, or has asked to."""

    id: UUID
    page_id: UUID
    way: Way
    address: str
    language: str
    incidents: bool
    maintenances: bool
    every_component: bool
    components: tuple[Ref, ...]
    sealed_secret: bytes | None
    confirm_until: datetime | None
    confirmed_at: datetime | None
    bounces: int
    bounced_at: datetime | None
    stopped_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many follow a page, and how many messages wait."""

    confirmed: int
    unconfirmed: int
    stopped: int
    waiting: int


def _subscribers() -> Select[Any]:
    chosen = (
        select(
            func.json_agg(
                func.json_build_array(components.c.id, components.c.name)
            ).label("chosen")
        )
        .join(
            subscriber_components,
            subscriber_components.c.component_id == components.c.id,
        )
        .where(subscriber_components.c.subscriber_id == subscribers.c.id)
        .scalar_subquery()
    )
    return select(subscribers, chosen.label("chosen"))


def _subscriber(row: Row[Any]) -> Subscriber:
    chosen = [Ref(UUID(one), name) for one, name in row.chosen or ()]
    return Subscriber(
        id=row.id,
        page_id=row.page_id,
        way=Way(row.channel),
        address=row.address,
        language=row.language,
        incidents=row.incidents,
        maintenances=row.maintenances,
        every_component=row.every_component,
        components=tuple(sorted(chosen, key=lambda one: one.name)),
        sealed_secret=row.sealed_secret,
        confirm_until=row.confirm_until,
        confirmed_at=row.confirmed_at,
        bounces=row.bounces,
        bounced_at=row.bounced_at,
        stopped_at=row.stopped_at,
        created_at=row.created_at,
    )


async def get(tx: Tx, subscriber_id: UUID) -> Subscriber | None:
    """One of them."""
    query = _subscribers().where(subscribers.c.id == subscriber_id)
    row = (await tx.execute(query)).first()
    return None if row is None else _subscriber(row)


async def lock_address(
    tx: Tx, page_id: UUID, way: Way, address: str
) -> Subscriber | None:
    """Whoever follows the page at this address; locks the row."""
    query = _subscribers().where(
        subscribers.c.page_id == page_id,
        subscribers.c.channel == way,
        subscribers.c.address == address,
    )
    row = (await tx.execute(query.with_for_update(of=subscribers))).first()
    return None if row is None else _subscriber(row)


async def lock_to_confirm(
    tx: Tx, page_id: UUID, digest: bytes, now: datetime
) -> Subscriber | None:
    """Whom a link asks to confirm, if it still counts; locks the row."""
    query = _subscribers().where(
        subscribers.c.page_id == page_id,
        subscribers.c.confirm_hash == digest,
        subscribers.c.confirm_until > now,
    )
    row = (await tx.execute(query.with_for_update(of=subscribers))).first()
    return None if row is None else _subscriber(row)


async def add(tx: Tx, values: Mapping[str, object]) -> UUID | None:
    """Add somebody, by column; none: the address follows the page already."""
    adding = upsert(subscribers).values(id=new_id(), **values)
    added = await tx.execute(
        adding.on_conflict_do_nothing().returning(subscribers.c.id)
    )
    made: UUID | None = added.scalar_one_or_none()
    return made


async def change(tx: Tx, subscriber_id: UUID, values: Mapping[str, object]) -> None:
    """Change the columns in `values`."""
    where = subscribers.c.id == subscriber_id
    await tx.execute(update(subscribers).where(where).values(**values))


async def set_components(
    tx: Tx, subscriber_id: UUID, component_ids: Collection[UUID]
) -> None:
    """Follow these components instead of those before."""
    chosen = subscriber_components
    await tx.execute(delete(chosen).where(chosen.c.subscriber_id == subscriber_id))
    rows = [
        {"id": new_id(), "subscriber_id": subscriber_id, "component_id": one}
        for one in sorted(set(component_ids))
    ]
    if rows:
        await tx.execute(insert(chosen), rows)


async def remove(tx: Tx, subscriber_id: UUID) -> bool:
    """Forget somebody, and what they were sent; whether they were known."""
    where = subscribers.c.id == subscriber_id
    gone = await tx.execute(
        delete(subscribers).where(where).returning(subscribers.c.id)
    )
    return gone.first() is not None


async def remove_addresses(tx: Tx, way: Way, digests: Collection[bytes]) -> int:
    """Forget whoever follows any page at an address with one of these SHA-256 digests."""
    address = func.sha256(func.convert_to(subscribers.c.address, "UTF8"))
    where = (subscribers.c.channel == way, address.in_(digests))
    return (await tx.execute(delete(subscribers).where(*where))).rowcount


async def any_by(tx: Tx, way: Way) -> bool:
    """Whether anybody is told in this way."""
    query = select(subscribers.c.id).where(subscribers.c.channel == way).limit(1)
    return (await tx.execute(query)).first() is not None


async def ask_to_confirm(
    tx: Tx, subscriber_id: UUID, due_at: datetime, now: datetime
) -> None:
    """Have a message sent that asks to confirm."""
    row = {
        "id": new_id(),
        "subscriber_id": subscriber_id,
        "due_at": due_at,
        "created_at": now,
    }
    await tx.execute(insert(status_messages).values(**row))
    await notify(tx, Channel.SUBSCRIBERS)


async def last_asked_at(tx: Tx, subscriber_id: UUID) -> datetime | None:
    """When somebody was last asked to confirm."""
    query = select(func.max(status_messages.c.created_at)).where(
        status_messages.c.subscriber_id == subscriber_id,
        status_messages.c.mailing_id.is_(None),
    )
    last: datetime | None = (await tx.execute(query)).scalar_one()
    return last


async def list_subscribers(
    tx: Tx, page_id: UUID, words: str, before: UUID | None, limit: int
) -> list[Subscriber]:
    """Newest first, continuing before the id `before`; `words`: in the address."""
    query = _subscribers().where(subscribers.c.page_id == page_id)
    if words:
        query = query.where(subscribers.c.address.icontains(words, autoescape=True))
    if before is not None:
        query = query.where(subscribers.c.id < before)
    query = query.order_by(subscribers.c.id.desc()).limit(limit)
    return [_subscriber(row) for row in await tx.execute(query)]


async def count(tx: Tx, page_id: UUID) -> Counts:
    """How many follow a page."""
    confirmed, stopped = subscribers.c.confirmed_at, subscribers.c.stopped_at
    query = select(
        func.count().filter(confirmed.is_not(None), stopped.is_(None)),
        func.count().filter(confirmed.is_(None), stopped.is_(None)),
        func.count().filter(stopped.is_not(None)),
    ).where(subscribers.c.page_id == page_id)
    row = (await tx.execute(query)).one()
    waiting = (
        select(func.count())
        .select_from(status_messages)
        .join(subscribers, subscribers.c.id == status_messages.c.subscriber_id)
        .where(subscribers.c.page_id == page_id, status_messages.c.due_at.is_not(None))
    )
    return Counts(row[0], row[1], row[2], (await tx.execute(waiting)).scalar_one())


async def forget_before(tx: Tx, asked: datetime, told: datetime) -> None:
    """Forget who has not confirmed since `asked`, and messages that were over by `told`."""
    await tx.execute(
        delete(subscribers).where(
            subscribers.c.confirmed_at.is_(None),
            or_(
                subscribers.c.confirm_until < asked,
                subscribers.c.confirm_until.is_(None)
                & (subscribers.c.created_at < asked),
            ),
        )
    )
    await tx.execute(
        text("DELETE FROM status_messages WHERE due_at IS NULL AND created_at < :told"),
        {"told": told},
    )
