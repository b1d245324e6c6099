"""Statements on people's saved views of the incident list."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.incidents import saved_views


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter of the incident list that somebody gave a name."""

    id: UUID
    name: str
    query: str  # the query string of the page


async def list_saved_views(tx: Tx, user_id: UUID) -> list[SavedView]:
    """A person's saved views, by name."""
    c = saved_views.c
    query = select(c.id, c.name, c.query).where(c.user_id == user_id).order_by(c.name)
    return [SavedView(**row) for row in (await tx.execute(query)).mappings()]


async def insert_saved_view(
    tx: Tx, user_id: UUID, name: str, query: str, now: datetime
) -> SavedView | None:
    """The new view; none when the person has one of that name."""
    view = SavedView(new_id(), name, query)
    values = {
        "id": view.id,
        "user_id": user_id,
        "name": name,
        "query": query,
        "created_at": now,
    }
    row = upsert(saved_views).values(values).on_conflict_do_nothing()
    return view if (await tx.execute(row)).rowcount == 1 else None


async def delete_saved_view(tx: Tx, user_id: UUID, view_id: UUID) -> None:
    """Forget a view, if it is the person's."""
    c = saved_views.c
    await tx.execute(delete(saved_views).where(c.id == view_id, c.user_id == user_id))
