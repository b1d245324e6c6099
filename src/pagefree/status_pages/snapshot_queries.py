"""Statements on renderings, and on which page is to be rendered next."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from pagefree.infra.db import Channel, Tx, notify
from pagefree.tables.status_pages import status_pages, status_snapshots


@dataclass(frozen=True, slots=True)
class Kept:
    """A rendering as it is kept."""

    page_id: UUID
    version: int


async def claim_due(tx: Tx, now: datetime) -> UUID | None:
    """Lock the page that has been due for longest; those that others hold are skipped."""
    query = (
        select(status_pages.c.id)
        .where(status_pages.c.due_at <= now)
        .order_by(status_pages.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await tx.execute(query)).scalar_one_or_none()


async def list_versions(tx: Tx) -> list[Kept]:
    """Every rendering by its version."""
    query = select(status_snapshots.c.page_id, status_snapshots.c.version)
    return [Kept(row.page_id, row.version) for row in await tx.execute(query)]


async def get_version(tx: Tx, page_id: UUID) -> int | None:
    """The version of the newest rendering of a page."""
    query = select(status_snapshots.c.version)
    found = await tx.execute(query.where(status_snapshots.c.page_id == page_id))
    return found.scalar_one_or_none()


async def get_content(tx: Tx, page_id: UUID) -> bytes | None:
    """The newest rendering of a page."""
    query = select(status_snapshots.c.content)
    found = await tx.execute(query.where(status_snapshots.c.page_id == page_id))
    return found.scalar_one_or_none()


async def store(
    tx: Tx, kept: Kept, content: bytes, due_at: datetime, now: datetime
) -> None:
    """Keep a rendering, say when the next one is due, and tell who serves it."""
    values = {"version": kept.version, "content": content, "rendered_at": now}
    adding = insert(status_snapshots).values(page_id=kept.page_id, **values)
    replacing = adding.on_conflict_do_update(index_elements=["page_id"], set_=values)
    await tx.execute(replacing)
    await tx.execute(
        update(status_pages)
        .where(status_pages.c.id == kept.page_id)
        .values(version=kept.version, due_at=due_at)
    )
    await notify(tx, Channel.STATUS)
