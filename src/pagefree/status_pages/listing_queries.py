"""Statements on many pages at once."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, text

from pagefree.core.status_pages import State, WorkStatus
from pagefree.infra.db import Tx
from pagefree.tables.status_pages import (
    components,
    status_incidents,
    status_maintenances,
)

SERIES_LOOK = timedelta(days=30)  # a series is planned at least so far ahead


async def component_states_of(
    tx: Tx, page_ids: Collection[UUID]
) -> dict[UUID, list[State]]:
    """The states of the components of these pages."""
    query = select(components.c.page_id, components.c.state).distinct()
    found: dict[UUID, list[State]] = {}
    for row in await tx.execute(query.where(components.c.page_id.in_(page_ids))):
        found.setdefault(row.page_id, []).append(State(row.state))
    return found


async def count_open_incidents(tx: Tx, page_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many status incidents of each page are not over."""
    table = status_incidents
    query = (
        select(table.c.page_id, func.count().label("n"))
        .where(table.c.page_id.in_(page_ids), table.c.resolved_at.is_(None))
        .group_by(table.c.page_id)
    )
    return {row.page_id: row.n for row in await tx.execute(query)}


async def count_planned_works(tx: Tx, page_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many maintenance windows of each page are to come or under way."""
    table = status_maintenances
    over = [WorkStatus.COMPLETED, WorkStatus.CANCELLED]
    query = (
        select(table.c.page_id, func.count().label("n"))
        .where(table.c.page_id.in_(page_ids), table.c.status.not_in(over))
        .group_by(table.c.page_id)
    )
    return {row.page_id: row.n for row in await tx.execute(query)}


async def list_override_ends(tx: Tx, page_id: UUID, now: datetime) -> list[datetime]:
    """When what was said by hand ends, of those that have not."""
    query = select(components.c.override_until).where(
        components.c.page_id == page_id, components.c.override_until > now
    )
    return list((await tx.execute(query)).scalars())


async def anything_due(tx: Tx, now: datetime) -> bool:
    """Whether a page, an update, planned work or a series waits for somebody to look."""
    answer = await tx.execute(
        text(
            "SELECT EXISTS (SELECT FROM status_pages WHERE due_at <= :now)"
            " OR EXISTS (SELECT FROM status_updates"
            " WHERE published_at IS NULL AND publish_at <= :now)"
            " OR EXISTS (SELECT FROM status_maintenances WHERE due_at <= :now)"
            " OR EXISTS (SELECT FROM maintenance_series"
            " WHERE ended_at IS NULL AND planned_until < :soon)"
        ),
        {"now": now, "soon": now + SERIES_LOOK},
    )
    return bool(answer.scalar_one())
