"""Every statement on action items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, insert, select, update

from pagefree.infra.db import Tx
from pagefree.tables.accounts import users
from pagefree.tables.postmortems import action_items, postmortems

_I = action_items.c


@dataclass(frozen=True, slots=True)
class ActionItem:
    """What is to be done, and by whom."""

    id: UUID
    postmortem_id: UUID
    postmortem_title: str
    team_id: UUID
    text: str
    owner_id: UUID | None
    owner_name: str | None
    due_on: date | None
    status: str
    ticket_url: str | None
    ticket_key: str | None
    created_at: datetime
    closed_at: datetime | None
    remind_at: datetime | None


@dataclass(frozen=True, slots=True)
class WantedItems:
    """Which action items to list; nothing set: all."""

    postmortem_id: UUID | None = None
    owner_id: UUID | None = None
    team_id: UUID | None = None
    status: str | None = None


def _items() -> Select[Any]:
    return (
        select(
            action_items,
            postmortems.c.title.label("postmortem_title"),
            postmortems.c.team_id,
            users.c.name.label("owner_name"),
        )
        .join(postmortems, postmortems.c.id == _I.postmortem_id)
        .outerjoin(users, users.c.id == _I.owner_id)
        .where(postmortems.c.deleted_at.is_(None))
    )


def _item(row: Row[Any]) -> ActionItem:
    return ActionItem(**{name: getattr(row, name) for name in ActionItem.__slots__})


async def list_items(
    tx: Tx, wanted: WantedItems, after: UUID | None, limit: int
) -> list[ActionItem]:
    """In the order in which they were written down, continuing after the item `after`."""
    query = _items()
    if wanted.postmortem_id is not None:
        query = query.where(_I.postmortem_id == wanted.postmortem_id)
    if wanted.owner_id is not None:
        query = query.where(_I.owner_id == wanted.owner_id)
    if wanted.team_id is not None:
        query = query.where(postmortems.c.team_id == wanted.team_id)
    if wanted.status is not None:
        query = query.where(_I.status == wanted.status)
    if after is not None:
        query = query.where(_I.id > after)
    rows = await tx.execute(query.order_by(_I.id).limit(limit))
    return [_item(row) for row in rows]


async def get_item(tx: Tx, postmortem_id: UUID, item_id: UUID) -> ActionItem | None:
    """One of a postmortem."""
    query = _items().where(_I.postmortem_id == postmortem_id, _I.id == item_id)
    row = (await tx.execute(query)).first()
    return None if row is None else _item(row)


async def claim_due(tx: Tx, now: datetime, limit: int) -> list[ActionItem]:
    """Lock those whose owners are to be reminded, the most overdue first.

    What another worker has is skipped; the lock lasts until the transaction ends.
    """
    query = (
        _items()
        .where(_I.remind_at <= now)
        .order_by(_I.remind_at)
        .limit(limit)
        .with_for_update(of=action_items, skip_locked=True)
    )
    return [_item(row) for row in await tx.execute(query)]


async def insert_item(tx: Tx, values: Mapping[str, object]) -> None:
    """Add an item; `values` by column."""
    await tx.execute(insert(action_items).values(**values))


async def update_item(tx: Tx, item_id: UUID, values: Mapping[str, object]) -> None:
    """Change the columns in `values`."""
    await tx.execute(update(action_items).where(_I.id == item_id).values(**values))


async def remind_nobody_of(tx: Tx, postmortem_id: UUID) -> None:
    """Nobody is reminded of what this postmortem asks for any more."""
    mine = _I.postmortem_id == postmortem_id
    await tx.execute(update(action_items).where(mine).values(remind_at=None))


async def delete_item(tx: Tx, item_id: UUID) -> None:
    """Forget it."""
    await tx.execute(delete(action_items).where(_I.id == item_id))


async def count(tx: Tx, postmortem_id: UUID) -> int:
    """How many a postmortem has."""
    found: Sequence[UUID] = (
        await tx.scalars(select(_I.id).where(_I.postmortem_id == postmortem_id))
    ).all()
    return len(found)
