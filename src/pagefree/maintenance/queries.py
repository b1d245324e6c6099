"""Every statement on maintenance windows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, insert, literal, or_, select, update

from pagefree.infra.db import Tx
from pagefree.tables.accounts import teams, users
from pagefree.tables.alerts import alerts
from pagefree.tables.routing import maintenance_windows as windows
from pagefree.tables.services import services


@dataclass(frozen=True, slots=True)
class Ref:
    """An id with the name to show for it."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class StoredWindow:
    """Planned work as it is kept."""

    id: UUID
    name: str
    team: Ref | None  # none: the installation's
    service_ids: tuple[UUID, ...]
    labels: Mapping[str, str]
    start_at: datetime
    end_at: datetime
    repeat_days: int | None
    time_zone: str
    until_at: datetime | None
    created_by: Ref | None
    created_at: datetime


def _windows() -> Select[Any]:
    return (
        select(
            windows, teams.c.name.label("team_name"), users.c.name.label("user_name")
        )
        .outerjoin(teams, teams.c.id == windows.c.team_id)
        .outerjoin(users, users.c.id == windows.c.created_by_id)
    )


def _window(row: Row[Any]) -> StoredWindow:
    by = row.created_by_id
    return StoredWindow(
        id=row.id,
        name=row.name,
        team=Ref(row.team_id, row.team_name) if row.team_id else None,
        service_ids=tuple(row.service_ids),
        labels=row.labels,
        start_at=row.start_at,
        end_at=row.end_at,
        repeat_days=row.repeat_days,
        time_zone=row.time_zone,
        until_at=row.until_at,
        created_by=Ref(by, row.user_name) if by else None,
        created_at=row.created_at,
    )


async def list_windows(
    tx: Tx, team_id: UUID | None, before: UUID | None, limit: int
) -> list[StoredWindow]:
    """Newest first, continuing before the id `before`; of one team, or all."""
    query = _windows().order_by(windows.c.id.desc()).limit(limit)
    if team_id is not None:
        query = query.where(windows.c.team_id == team_id)
    if before is not None:
        query = query.where(windows.c.id < before)
    return [_window(row) for row in await tx.execute(query)]


async def list_unfinished(tx: Tx, now: datetime) -> list[StoredWindow]:
    """Those that may be under way at `now` or later, oldest first; names are left out.

    Ingest reads them: it must not wait for whoever locks the tables of people.
    """
    no_name = literal("")
    query = select(
        windows, no_name.label("team_name"), no_name.label("user_name")
    ).where(or_(windows.c.end_at > now, windows.c.repeat_days.is_not(None)))
    return [_window(row) for row in await tx.execute(query.order_by(windows.c.id))]


async def get_window(tx: Tx, window_id: UUID) -> StoredWindow | None:
    """One window."""
    row = (await tx.execute(_windows().where(windows.c.id == window_id))).first()
    return None if row is None else _window(row)


async def insert_window(tx: Tx, values: Mapping[str, object]) -> None:
    """Add a window; `values` by column."""
    await tx.execute(insert(windows).values(**values))


async def update_window(tx: Tx, window_id: UUID, values: Mapping[str, object]) -> None:
    """Change the columns in `values`."""
    await tx.execute(update(windows).where(windows.c.id == window_id).values(**values))


async def delete_window(tx: Tx, window_id: UUID) -> None:
    """Remove a window."""
    await tx.execute(delete(windows).where(windows.c.id == window_id))


async def list_teams_of(tx: Tx, service_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The team of each of these services that exists."""
    query = select(services.c.id, services.c.team_id)
    rows = await tx.execute(query.where(services.c.id.in_(service_ids)))
    return {row.id: row.team_id for row in rows}


async def make_due(tx: Tx, window_id: UUID, now: datetime) -> None:
    """Have open alerts that this window explains looked at again."""
    await tx.execute(
        update(alerts)
        .where(
            alerts.c.suppressed_by_id == window_id,
            alerts.c.status == "open",
            alerts.c.incident_id.is_(None),
        )
        .values(due_at=now)
    )
