"""Statements on status incidents, and on the templates of their words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Row,
    Select,
    delete,
    insert,
    or_,
    select,
)

from pagefree.core.status_pages import Impact, Stage, State
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.status_pages.queries import Ref
from pagefree.status_pages.update_queries import Update, created_by, updates_of
from pagefree.tables.accounts import users
from pagefree.tables.incidents import incidents
from pagefree.tables.status_pages import (
    components,
    status_incident_components,
    status_incidents,
    status_templates,
    status_updates,
)


@dataclass(frozen=True, slots=True)
class Touched:
    """A component with the state that something gives it."""

    component_id: UUID
    name: str
    state: State


@dataclass(frozen=True, slots=True)
class StatusIncident:
    """What is told about an incident; updates newest first."""

    id: UUID
    page_id: UUID
    incident: Ref | None  # ours, by number and title: never published
    name: str
    chosen_impact: Impact | None
    postmortem_url: str | None
    status: Stage
    started_at: datetime
    resolved_at: datetime | None
    created_by: Ref | None
    created_at: datetime
    updated_at: datetime
    components: tuple[Touched, ...]
    updates: tuple[Update, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """Words that are ready before they are needed."""

    id: UUID
    page_id: UUID
    name: str
    title: str
    body: str
    status: Stage


def _incidents() -> Select[Any]:
    return (
        select(
            status_incidents,
            users.c.name.label("by_name"),
            incidents.c.number,
            incidents.c.title,
        )
        .outerjoin(users, users.c.id == status_incidents.c.created_by_id)
        .outerjoin(incidents, incidents.c.id == status_incidents.c.incident_id)
    )


async def list_incidents(
    tx: Tx, page_id: UUID, before: UUID | None, limit: int
) -> list[StatusIncident]:
    """Newest first, continuing before the id `before`."""
    query = _incidents().where(status_incidents.c.page_id == page_id)
    if before is not None:
        query = query.where(status_incidents.c.id < before)
    return await _with_updates(
        tx, query.order_by(status_incidents.c.id.desc()).limit(limit)
    )


async def list_published(
    tx: Tx, page_id: UUID, since: datetime, limit: int
) -> list[StatusIncident]:
    """Open ones, and those over since `since`; newest first."""
    shown = or_(
        status_incidents.c.resolved_at.is_(None),
        status_incidents.c.resolved_at >= since,
    )
    query = _incidents().where(status_incidents.c.page_id == page_id, shown)
    order = (status_incidents.c.started_at.desc(), status_incidents.c.id.desc())
    return await _with_updates(tx, query.order_by(*order).limit(limit))


async def list_about(tx: Tx, incident_id: UUID) -> list[StatusIncident]:
    """What is told, on any page, about an incident of ours."""
    query = _incidents().where(status_incidents.c.incident_id == incident_id)
    return await _with_updates(tx, query.order_by(status_incidents.c.id))


async def get_incident(tx: Tx, status_incident_id: UUID) -> StatusIncident | None:
    """One of them."""
    query = _incidents().where(status_incidents.c.id == status_incident_id)
    return next(iter(await _with_updates(tx, query)), None)


async def _with_updates(tx: Tx, query: Select[Any]) -> list[StatusIncident]:
    rows = list(await tx.execute(query))
    ids = [row.id for row in rows]
    about = status_updates.c.status_incident_id
    updates = await updates_of(tx, about, ids)
    touched = await _touched(tx, ids)
    return [
        StatusIncident(
            id=row.id,
            page_id=row.page_id,
            incident=Ref(row.incident_id, f"#{row.number} {row.title}")
            if row.number
            else None,
            name=row.name,
            chosen_impact=Impact(row.impact) if row.impact else None,
            postmortem_url=row.postmortem_url,
            status=Stage(row.status),
            started_at=row.started_at,
            resolved_at=row.resolved_at,
            created_by=created_by(row),
            created_at=row.created_at,
            updated_at=row.updated_at,
            components=tuple(touched.get(row.id, ())),
            updates=tuple(updates.get(row.id, ())),
        )
        for row in rows
    ]


async def _touched(tx: Tx, ids: Collection[UUID]) -> dict[UUID, list[Touched]]:
    link = status_incident_components
    query = (
        select(
            link.c.status_incident_id, link.c.state, components.c.id, components.c.name
        )
        .join(components, components.c.id == link.c.component_id)
        .where(link.c.status_incident_id.in_(ids))
        .order_by(components.c.position, components.c.id)
    )
    found: dict[UUID, list[Touched]] = {}
    for row in await tx.execute(query):
        touched = Touched(row.id, row.name, State(row.state))
        found.setdefault(row.status_incident_id, []).append(touched)
    return found


async def set_incident_components(
    tx: Tx, status_incident_id: UUID, states: Mapping[UUID, State]
) -> None:
    """Have the incident touch exactly these components."""
    link = status_incident_components
    await tx.execute(
        delete(link).where(link.c.status_incident_id == status_incident_id)
    )
    if states:
        rows = [
            {
                "id": new_id(),
                "status_incident_id": status_incident_id,
                "component_id": component_id,
                "state": state,
            }
            for component_id, state in states.items()
        ]
        await tx.execute(insert(link), rows)


async def known_components(tx: Tx, page_id: UUID) -> dict[UUID, State]:
    """The components of a page, with the state that each is in."""
    query = select(components.c.id, components.c.state)
    rows = await tx.execute(query.where(components.c.page_id == page_id))
    return {row.id: State(row.state) for row in rows}


async def list_templates(tx: Tx, page_id: UUID) -> list[Template]:
    """The templates of a page by name."""
    table = status_templates
    query = select(table).where(table.c.page_id == page_id).order_by(table.c.name)
    return [_template(row) for row in await tx.execute(query)]


async def get_template(tx: Tx, template_id: UUID) -> Template | None:
    """One template."""
    table = status_templates
    row = (await tx.execute(select(table).where(table.c.id == template_id))).first()
    return None if row is None else _template(row)


def _template(row: Row[Any]) -> Template:
    return Template(
        row.id, row.page_id, row.name, row.title, row.body, Stage(row.status)
    )
