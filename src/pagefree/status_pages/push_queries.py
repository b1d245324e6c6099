"""Statements on copies of pages in a bucket."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update

from pagefree.infra.db import Tx
from pagefree.status_pages.snapshot_queries import Kept
from pagefree.tables.status_pages import status_snapshots


@dataclass(frozen=True, slots=True)
class Push:
    """How far the bucket is."""

    current: bool  # it has what the page shows
    pushed_at: datetime | None
    error: str | None


async def list_due(tx: Tx, now: datetime) -> list[Kept]:
    """Renderings that the bucket does not have."""
    kept = status_snapshots.c
    query = select(kept.page_id, kept.version).where(
        kept.pushed_version.is_distinct_from(kept.version),
        or_(kept.push_due_at.is_(None), kept.push_due_at <= now),
    )
    return [Kept(row.page_id, row.version) for row in await tx.execute(query)]


async def pushed(
    tx: Tx, kept: Kept, error: str | None, again: datetime | None, now: datetime
) -> None:
    """Write down what came of a copy, and after a failure when it is tried again."""
    values: dict[str, object] = {"push_error": error, "push_due_at": again}
    if error is None:
        values |= {"pushed_version": kept.version, "pushed_at": now}
    where = status_snapshots.c.page_id == kept.page_id
    await tx.execute(update(status_snapshots).where(where).values(**values))


async def get(tx: Tx, page_id: UUID) -> Push | None:
    """How far the bucket is with a page; none if it was never tried."""
    kept = status_snapshots.c
    query = select(
        kept.version, kept.pushed_version, kept.pushed_at, kept.push_error
    ).where(
        kept.page_id == page_id,
        or_(kept.pushed_at.is_not(None), kept.push_error.is_not(None)),
    )
    row = (await tx.execute(query)).first()
    if row is None:
        return None
    return Push(row.version == row.pushed_version, row.pushed_at, row.push_error)
