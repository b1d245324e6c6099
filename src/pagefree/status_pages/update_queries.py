"""Statements on updates: what is told about an incident or planned work."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    func,
    select,
)

from pagefree.core.status_pages import State
from pagefree.core.status_views import ToldTo
from pagefree.infra.db import Tx
from pagefree.status_pages.queries import Ref
from pagefree.tables.accounts import users
from pagefree.tables.status_pages import (
    status_corrections,
    status_updates,
)


@dataclass(frozen=True, slots=True)
class Correction:
    """What an update said before it was corrected."""

    id: UUID
    before: Mapping[str, str]
    reason: str
    corrected_by: Ref | None
    corrected_at: datetime


@dataclass(frozen=True, slots=True)
class Update:
    """One thing that is told, or will be at `publish_at`."""

    id: UUID
    about_id: UUID
    status: str
    body: str
    told_to: ToldTo
    quiet: bool
    components: Mapping[UUID, State]
    display_at: datetime
    publish_at: datetime
    published_at: datetime | None
    created_by: Ref | None
    created_at: datetime
    updated_at: datetime
    corrections: tuple[Correction, ...] = ()


def created_by(row: Row[Any]) -> Ref | None:
    """Who made a row, if they are still known."""
    return Ref(row.created_by_id, row.by_name) if row.created_by_id else None


async def updates_of(
    tx: Tx, about: ColumnElement[Any], ids: Collection[UUID]
) -> dict[UUID, list[Update]]:
    """Updates by what they are about, newest first, with their corrections."""
    query = (
        select(status_updates, about.label("about_id"), users.c.name.label("by_name"))
        .outerjoin(users, users.c.id == status_updates.c.created_by_id)
        .where(about.in_(ids))
        .order_by(status_updates.c.display_at.desc(), status_updates.c.id.desc())
    )
    rows = list(await tx.execute(query))
    corrections = await _corrections(tx, [row.id for row in rows])
    found: dict[UUID, list[Update]] = {}
    for row in rows:
        update_ = _update(row, tuple(corrections.get(row.id, ())))
        found.setdefault(row.about_id, []).append(update_)
    return found


def _update(row: Row[Any], corrections: tuple[Correction, ...] = ()) -> Update:
    return Update(
        id=row.id,
        about_id=row.about_id,
        status=row.status,
        body=row.body,
        told_to=ToldTo(row.audience),
        quiet=row.quiet,
        components={UUID(one): State(state) for one, state in row.components.items()},
        display_at=row.display_at,
        publish_at=row.publish_at,
        published_at=row.published_at,
        created_by=created_by(row),
        created_at=row.created_at,
        updated_at=row.updated_at,
        corrections=corrections,
    )


async def _corrections(tx: Tx, ids: Collection[UUID]) -> dict[UUID, list[Correction]]:
    query = (
        select(status_corrections, users.c.name.label("by_name"))
        .outerjoin(users, users.c.id == status_corrections.c.corrected_by_id)
        .where(status_corrections.c.update_id.in_(ids))
        .order_by(status_corrections.c.id.desc())
    )
    found: dict[UUID, list[Correction]] = {}
    for row in await tx.execute(query):
        by = Ref(row.corrected_by_id, row.by_name) if row.corrected_by_id else None
        one = Correction(row.id, row.before, row.reason, by, row.corrected_at)
        found.setdefault(row.update_id, []).append(one)
    return found


async def get_update(tx: Tx, update_id: UUID) -> tuple[Update, bool] | None:
    """One update, and whether it is about an incident (else about planned work)."""
    about = func.coalesce(
        status_updates.c.status_incident_id, status_updates.c.maintenance_id
    )
    query = (
        select(status_updates, about.label("about_id"), users.c.name.label("by_name"))
        .outerjoin(users, users.c.id == status_updates.c.created_by_id)
        .where(status_updates.c.id == update_id)
    )
    row = (await tx.execute(query)).first()
    return None if row is None else (_update(row), row.status_incident_id is not None)


async def claim_due_updates(tx: Tx, now: datetime, limit: int = 50) -> list[UUID]:
    """Lock updates whose time has come and that are not published, in order of time."""
    query = (
        select(status_updates.c.id)
        .where(
            status_updates.c.published_at.is_(None), status_updates.c.publish_at <= now
        )
        .order_by(status_updates.c.publish_at, status_updates.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list((await tx.execute(query)).scalars())


async def newest_published(tx: Tx, status_incident_id: UUID) -> Update | None:
    """What was told last about an incident, as its times are shown."""
    about = status_updates.c.status_incident_id
    query = (
        select(status_updates, about.label("about_id"), users.c.name.label("by_name"))
        .outerjoin(users, users.c.id == status_updates.c.created_by_id)
        .where(about == status_incident_id, status_updates.c.published_at.is_not(None))
        .order_by(status_updates.c.display_at.desc(), status_updates.c.id.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    return None if row is None else _update(row)
