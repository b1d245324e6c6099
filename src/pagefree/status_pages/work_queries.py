"""Statements on planned work, once or in series."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Row,
    Select,
    delete,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from pagefree.core.status_pages import WorkStatus
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.status_pages.queries import Ref
from pagefree.status_pages.update_queries import Update, created_by, updates_of
from pagefree.tables.accounts import users
from pagefree.tables.status_pages import (
    components,
    maintenance_series,
    status_maintenance_components,
    status_maintenances,
    status_updates,
)


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """One maintenance window of a page; updates newest first."""

    id: UUID
    page_id: UUID
    series_id: UUID | None
    rrule: str | None
    name: str
    body: str
    status: WorkStatus
    scheduled_for: datetime
    scheduled_until: datetime
    automatic: bool
    remind: timedelta | None
    reminded_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    sequence: int
    created_by: Ref | None
    created_at: datetime
    updated_at: datetime
    components: tuple[Ref, ...]
    updates: tuple[Update, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """Work that comes again and again."""

    id: UUID
    page_id: UUID
    rrule: str
    time_zone: str
    first_start_at: datetime
    length: timedelta
    draft: Mapping[str, Any]
    planned_until: datetime


def _works() -> Select[Any]:
    return (
        select(
            status_maintenances,
            users.c.name.label("by_name"),
            maintenance_series.c.rrule.label("rrule"),
            maintenance_series.c.ended_at.label("series_ended_at"),
        )
        .outerjoin(users, users.c.id == status_maintenances.c.created_by_id)
        .outerjoin(
            maintenance_series,
            maintenance_series.c.id == status_maintenances.c.series_id,
        )
    )


async def list_works(
    tx: Tx, page_id: UUID, before: UUID | None, limit: int
) -> list[PlannedWork]:
    """The latest first, continuing before the id `before`."""
    works = status_maintenances
    query = _works().where(works.c.page_id == page_id)
    if before is not None:
        at = select(works.c.scheduled_for).where(works.c.id == before).scalar_subquery()
        here = tuple_(works.c.scheduled_for, works.c.id)
        query = query.where(here < tuple_(at, before))
    order = (works.c.scheduled_for.desc(), works.c.id.desc())
    return await _with_components(tx, query.order_by(*order).limit(limit))


async def list_works_since(
    tx: Tx, page_id: UUID, since: datetime, limit: int
) -> list[PlannedWork]:
    """Those that end at `since` or later, or are not over; the latest first."""
    works = status_maintenances
    shown = or_(
        works.c.scheduled_until >= since,
        works.c.status.not_in([WorkStatus.COMPLETED, WorkStatus.CANCELLED]),
    )
    query = _works().where(works.c.page_id == page_id, shown)
    order = (works.c.scheduled_for.desc(), works.c.id.desc())
    return await _with_components(tx, query.order_by(*order).limit(limit))


async def get_work(tx: Tx, work_id: UUID) -> PlannedWork | None:
    """One maintenance window."""
    query = _works().where(status_maintenances.c.id == work_id)
    return next(iter(await _with_components(tx, query)), None)


async def claim_due_works(tx: Tx, now: datetime, limit: int = 50) -> list[PlannedWork]:
    """Lock work to which something happens by itself at `now`."""
    works = status_maintenances
    query = (
        select(works.c.id)
        .where(works.c.due_at <= now)
        .order_by(works.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list((await tx.execute(query)).scalars())
    if not ids:
        return []
    return await _with_components(tx, _works().where(works.c.id.in_(ids)))


async def _with_components(tx: Tx, query: Select[Any]) -> list[PlannedWork]:
    rows = list(await tx.execute(query))
    ids = [row.id for row in rows]
    updates = await updates_of(tx, status_updates.c.maintenance_id, ids)
    link = status_maintenance_components
    linked = (
        select(link.c.maintenance_id, components.c.id, components.c.name)
        .join(components, components.c.id == link.c.component_id)
        .where(link.c.maintenance_id.in_(ids))
        .order_by(components.c.position, components.c.id)
    )
    on: dict[UUID, list[Ref]] = {}
    for row in await tx.execute(linked):
        on.setdefault(row.maintenance_id, []).append(Ref(row.id, row.name))
    return [
        _work(row, tuple(on.get(row.id, ())), tuple(updates.get(row.id, ())))
        for row in rows
    ]


def _work(
    row: Row[Any], on: tuple[Ref, ...], updates: tuple[Update, ...]
) -> PlannedWork:
    remind = None if row.remind_s is None else timedelta(seconds=row.remind_s)
    return PlannedWork(
        id=row.id,
        page_id=row.page_id,
        series_id=row.series_id,
        rrule=row.rrule if row.series_ended_at is None else None,
        name=row.name,
        body=row.body,
        status=WorkStatus(row.status),
        scheduled_for=row.scheduled_for,
        scheduled_until=row.scheduled_until,
        automatic=row.automatic,
        remind=remind,
        reminded_at=row.reminded_at,
        started_at=row.started_at,
        completed_at=row.completed_at,
        sequence=row.sequence,
        created_by=created_by(row),
        created_at=row.created_at,
        updated_at=row.updated_at,
        components=on,
        updates=updates,
    )


async def set_work_components(
    tx: Tx, work_id: UUID, component_ids: Collection[UUID]
) -> None:
    """Have the work concern exactly these components."""
    link = status_maintenance_components
    await tx.execute(delete(link).where(link.c.maintenance_id == work_id))
    if component_ids:
        rows = [
            {"id": new_id(), "maintenance_id": work_id, "component_id": one}
            for one in component_ids
        ]
        await tx.execute(insert(link), rows)


async def claim_series(tx: Tx, before: datetime, limit: int = 20) -> list[Series]:
    """Lock series of which nothing is planned from `before` on."""
    series = maintenance_series
    query = (
        select(series)
        .where(series.c.ended_at.is_(None), series.c.planned_until < before)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_series(row) for row in await tx.execute(query)]


async def get_series(tx: Tx, series_id: UUID) -> Series | None:
    """One series that has not ended."""
    series = maintenance_series
    query = select(series).where(series.c.id == series_id, series.c.ended_at.is_(None))
    row = (await tx.execute(query)).first()
    return None if row is None else _series(row)


def _series(row: Row[Any]) -> Series:
    return Series(
        row.id,
        row.page_id,
        row.rrule,
        row.time_zone,
        row.first_start_at,
        timedelta(seconds=row.length_s),
        row.draft,
        row.planned_until,
    )


async def end_series(tx: Tx, series_id: UUID, now: datetime) -> None:
    """Plan nothing more of a series, and call off what has not begun."""
    series, works = maintenance_series, status_maintenances
    await tx.execute(
        update(series).where(series.c.id == series_id).values(ended_at=now)
    )
    await tx.execute(
        update(works)
        .where(works.c.series_id == series_id, works.c.status == WorkStatus.SCHEDULED)
        .values(
            status=WorkStatus.CANCELLED,
            due_at=None,
            sequence=works.c.sequence + 1,
            updated_at=now,
        )
    )
