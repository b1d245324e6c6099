"""Statements on pages, their components and what opens private ones."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Table, delete, func, insert, select, update

from pagefree.core.status_pages import State
from pagefree.infra.db import Channel, Tx, notify
from pagefree.infra.ids import new_id
from pagefree.status_pages import behind_queries
from pagefree.tables import status_pages as tables
from pagefree.tables.accounts import teams, users
from pagefree.tables.services import services
from pagefree.tables.status_pages import (
    component_groups,
    component_services,
    component_states,
    components,
    page_tokens,
    status_pages,
)

Rows = Table  # for those who only pass one on

# what `insert_row`, `update_row` and `delete_row` change
PAGE = status_pages
GROUP = component_groups
COMPONENT = components
TOKEN = page_tokens
INCIDENT = tables.status_incidents
UPDATE = tables.status_updates
CORRECTION = tables.status_corrections
TEMPLATE = tables.status_templates
WORK = tables.status_maintenances
SERIES = tables.maintenance_series

PICTURES = {"logo", "favicon"}


@dataclass(frozen=True, slots=True)
class Ref:
    """An id with the name to show for it."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Page:
    """A status page as it is set up."""

    id: UUID
    team: Ref | None  # none: the installation's
    name: str
    slug: str
    domain: str | None
    description: str
    footer: str
    support_url: str | None
    translations: Mapping[str, Mapping[str, str]]
    time_zone: str
    languages: tuple[str, ...]
    colour: str
    theme: str
    has_logo: bool
    has_favicon: bool
    rules: Mapping[str, State]
    uptime_shown: bool
    visibility: str
    has_password: bool
    signed_in: bool
    partners: bool
    networks: tuple[str, ...]
    created_at: datetime
    changed_at: datetime
    due_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Group:
    """A heading over components."""

    id: UUID
    name: str
    description: str
    position: int
    collapsed: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Component:
    """A line of a page, and what decides its state."""

    id: UUID
    group_id: UUID | None
    name: str
    description: str
    position: int
    condition: str
    rules: Mapping[str, State] | None
    showcase: bool
    only_show_if_degraded: bool
    started_on: date | None
    state: State
    override_state: State | None
    override_until: datetime | None
    override_by: Ref | None
    services: tuple[Ref, ...]
    behind: frozenset[UUID]  # theirs, and of what business services stand on
    created_at: datetime
    updated_at: datetime


# -- any row ------------------------------------------------------------------------


async def insert_row(tx: Tx, table: Table, values: Mapping[str, object]) -> UUID:
    """Add a row under a new id; `values` by column."""
    made = new_id()
    await tx.execute(insert(table).values(id=made, **values))
    return made


async def update_row(
    tx: Tx, table: Table, row_id: UUID, values: Mapping[str, object]
) -> None:
    """Change the columns in `values`."""
    await tx.execute(update(table).where(table.c.id == row_id).values(**values))


async def delete_row(tx: Tx, table: Table, row_id: UUID) -> None:
    """Remove a row, and what belongs to it."""
    await tx.execute(delete(table).where(table.c.id == row_id))


async def page_id_of(tx: Tx, table: Table, row_id: UUID) -> UUID | None:
    """The page that a row belongs to; none: there is no such row."""
    query = select(table.c.page_id).where(table.c.id == row_id)
    return (await tx.execute(query)).scalar_one_or_none()


# -- pages --------------------------------------------------------------------------


def _pages() -> Select[Any]:
    return select(status_pages, teams.c.name.label("team_name")).outerjoin(
        teams, teams.c.id == status_pages.c.team_id
    )


def _page(row: Row[Any]) -> Page:
    return Page(
        id=row.id,
        team=Ref(row.team_id, row.team_name) if row.team_id else None,
        name=row.name,
        slug=row.slug,
        domain=row.domain,
        description=row.description,
        footer=row.footer,
        support_url=row.support_url,
        translations=row.translations,
        time_zone=row.time_zone,
        languages=tuple(row.languages),
        colour=row.colour,
        theme=row.theme,
        has_logo=row.logo is not None,
        has_favicon=row.favicon is not None,
        rules=_rules(row.rules),
        uptime_shown=row.uptime_shown,
        visibility=row.visibility,
        has_password=row.password_hash is not None,
        signed_in=row.signed_in,
        partners=row.partners,
        networks=tuple(row.networks),
        created_at=row.created_at,
        changed_at=row.changed_at,
        due_at=row.due_at,
        version=row.version,
    )


def _rules(kept: Mapping[str, str]) -> dict[str, State]:
    return {name: State(state) for name, state in kept.items()}


async def list_pages(
    tx: Tx, team_id: UUID | None, before: UUID | None, limit: int
) -> list[Page]:
    """Newest first, continuing before the id `before`; of one team, or all."""
    query = _pages().order_by(status_pages.c.id.desc()).limit(limit)
    if team_id is not None:
        query = query.where(status_pages.c.team_id == team_id)
    if before is not None:
        query = query.where(status_pages.c.id < before)
    return [_page(row) for row in await tx.execute(query)]


async def get_page(tx: Tx, page_id: UUID) -> Page | None:
    """One page."""
    row = (await tx.execute(_pages().where(status_pages.c.id == page_id))).first()
    return None if row is None else _page(row)


async def page_of_slug(tx: Tx, slug: str) -> Page | None:
    """The page at `/s/<slug>/`."""
    row = (await tx.execute(_pages().where(status_pages.c.slug == slug))).first()
    return None if row is None else _page(row)


async def taken(tx: Tx, column: str, value: str, except_id: UUID | None) -> bool:
    """Whether another page has this slug or domain."""
    query = select(status_pages.c.id).where(status_pages.c[column] == value)
    found = (await tx.execute(query)).scalar_one_or_none()
    return found is not None and found != except_id


async def get_picture(tx: Tx, page_id: UUID, which: str) -> tuple[bytes, str] | None:
    """The logo or the favicon, with its media type."""
    content, kind = status_pages.c[which], status_pages.c[f"{which}_type"]
    query = select(content, kind).where(status_pages.c.id == page_id)
    row = (await tx.execute(query)).first()
    return (row[0], row[1]) if row is not None and row[0] is not None else None


async def get_password_hash(tx: Tx, page_id: UUID) -> str | None:
    """What the password of a page must match."""
    query = select(status_pages.c.password_hash).where(status_pages.c.id == page_id)
    return (await tx.execute(query)).scalar_one_or_none()


async def make_due(tx: Tx, page_ids: Collection[UUID], now: datetime) -> None:
    """Have these pages rendered anew at once."""
    if not page_ids:
        return
    where = status_pages.c.id.in_(page_ids)
    await tx.execute(update(status_pages).where(where).values(due_at=now))
    await notify(tx, Channel.STATUS_DUE)


# -- groups and components ------------------------------------------------------------


async def list_groups(tx: Tx, page_id: UUID) -> list[Group]:
    """The groups of a page, in order."""
    query = (
        select(component_groups)
        .where(component_groups.c.page_id == page_id)
        .order_by(component_groups.c.position, component_groups.c.id)
    )
    return [
        Group(
            row.id,
            row.name,
            row.description,
            row.position,
            row.collapsed,
            row.created_at,
            row.updated_at,
        )
        for row in await tx.execute(query)
    ]


async def list_components(tx: Tx, page_id: UUID) -> list[Component]:
    """The components of a page: those without a group first, then group by group."""
    query = (
        select(components, users.c.name.label("override_by"))
        .outerjoin(component_groups, component_groups.c.id == components.c.group_id)
        .outerjoin(users, users.c.id == components.c.override_by_id)
        .where(components.c.page_id == page_id)
        .order_by(
            component_groups.c.position.asc().nulls_first(),
            component_groups.c.id.asc().nulls_first(),
            components.c.position,
            components.c.id,
        )
    )
    rows = list(await tx.execute(query))
    mapped = await _services_of(tx, page_id)
    behind = await behind_queries.list_behind(tx, page_id)
    return [
        _component(row, tuple(mapped.get(row.id, ())), behind.get(row.id, frozenset()))
        for row in rows
    ]


async def _services_of(tx: Tx, page_id: UUID) -> dict[UUID, list[Ref]]:
    query = (
        select(component_services.c.component_id, services.c.id, services.c.name)
        .join(services, services.c.id == component_services.c.service_id)
        .join(components, components.c.id == component_services.c.component_id)
        .where(components.c.page_id == page_id)
        .order_by(services.c.name)
    )
    found: dict[UUID, list[Ref]] = {}
    for row in await tx.execute(query):
        found.setdefault(row.component_id, []).append(Ref(row.id, row.name))
    return found


def _component(
    row: Row[Any], mapped: tuple[Ref, ...], behind: frozenset[UUID]
) -> Component:
    by = row.override_by_id
    return Component(
        id=row.id,
        group_id=row.group_id,
        name=row.name,
        description=row.description,
        position=row.position,
        condition=row.condition,
        rules=None if row.rules is None else _rules(row.rules),
        showcase=row.showcase,
        only_show_if_degraded=row.only_show_if_degraded,
        started_on=row.started_on,
        state=State(row.state),
        override_state=State(row.override_state) if row.override_state else None,
        override_until=row.override_until,
        override_by=Ref(by, row.override_by) if by else None,
        services=mapped,
        behind=behind,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


async def last_position(tx: Tx, table: Table, page_id: UUID) -> int:
    """The highest position in use; zero if there is none."""
    query = select(func.max(table.c.position)).where(table.c.page_id == page_id)
    return (await tx.execute(query)).scalar_one_or_none() or 0


async def known_services(tx: Tx, service_ids: Collection[UUID]) -> set[UUID]:
    """Those of these services that exist."""
    query = select(services.c.id).where(services.c.id.in_(service_ids))
    return set((await tx.execute(query)).scalars())


async def list_services_of(tx: Tx, component_id: UUID) -> list[UUID]:
    """The services behind a component that are seen."""
    query = (
        select(services.c.id)
        .join(component_services, component_services.c.service_id == services.c.id)
        .where(component_services.c.component_id == component_id)
    )
    return list(await tx.scalars(query))


async def set_services(
    tx: Tx, component_id: UUID, service_ids: Collection[UUID]
) -> None:
    """Map a component to exactly these services."""
    where = component_services.c.component_id == component_id
    await tx.execute(delete(component_services).where(where))
    if service_ids:
        rows = [
            {"id": new_id(), "component_id": component_id, "service_id": one}
            for one in service_ids
        ]
        await tx.execute(insert(component_services), rows)


async def start_state(tx: Tx, component_id: UUID, state: State, now: datetime) -> None:
    """End the component's recorded state and begin another; one that lasted no time goes."""
    open_one = (
        component_states.c.component_id == component_id,
        component_states.c.end_at.is_(None),
    )
    empty = component_states.c.start_at >= now
    await tx.execute(delete(component_states).where(*open_one, empty))
    await tx.execute(update(component_states).where(*open_one).values(end_at=now))
    values = {"component_id": component_id, "state": state, "start_at": now}
    await insert_row(tx, component_states, values)
