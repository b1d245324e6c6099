"""Components of status pages and their groups: add, change, order, override."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.core.access import Actor
from pagefree.core.errors import Invalid, NotFound
from pagefree.core.status_pages import State
from pagefree.infra import curtain
from pagefree.infra.cel import compiled
from pagefree.infra.db import Tx
from pagefree.status_pages import queries, service
from pagefree.status_pages.queries import Component, Group, Page

MOST_COMPONENTS = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Where a component stands."""

    component_id: UUID
    group_id: UUID | None


# -- groups -----------------------------------------------------------------------------


async def list_groups(tx: Tx, page_id: UUID) -> list[Group]:
    """The groups of a page, in order."""
    return await queries.list_groups(tx, page_id)


async def create_group(
    tx: Tx, page_id: UUID, values: Mapping[str, object], actor: Actor, now: datetime
) -> Group:
    """Add a heading at the end."""
    page = await service.editable(tx, page_id, actor)
    position = await queries.last_position(tx, queries.GROUP, page_id) + 1
    made = {
        "page_id": page_id,
        "position": position,
        "created_at": now,
        "updated_at": now,
    }
    group_id = await queries.insert_row(tx, queries.GROUP, {**values, **made})
    await service.page_changed(tx, page, "status_page.changed", actor, now)
    return await _group(tx, page_id, group_id)


async def change_group(
    tx: Tx, group_id: UUID, changes: Mapping[str, object], actor: Actor, now: datetime
) -> Group:
    """Rename a heading, describe it, fold it."""
    page = await page_of(tx, queries.GROUP, group_id, actor)
    await queries.update_row(
        tx, queries.GROUP, group_id, {**changes, "updated_at": now}
    )
    await service.page_changed(tx, page, "status_page.changed", actor, now)
    return await _group(tx, page.id, group_id)


async def delete_group(tx: Tx, group_id: UUID, actor: Actor, now: datetime) -> None:
    """Take a heading away; its components stay, without one."""
    page = await page_of(tx, queries.GROUP, group_id, actor)
    await queries.delete_row(tx, queries.GROUP, group_id)
    await service.page_changed(tx, page, "status_page.changed", actor, now)


async def _group(tx: Tx, page_id: UUID, group_id: UUID) -> Group:
    return next(g for g in await queries.list_groups(tx, page_id) if g.id == group_id)


async def page_of(tx: Tx, table: queries.Rows, row_id: UUID, actor: Actor) -> Page:
    """The page of a row, if the actor may set it up. Raises NotFound, Forbidden."""
    page_id = await queries.page_id_of(tx, table, row_id)
    if page_id is None:
        raise NotFound(f"there is no {row_id} on a status page")
    return await service.editable(tx, page_id, actor)


# -- components --------------------------------------------------------------------------


async def list_components(tx: Tx, page_id: UUID) -> list[Component]:
    """The components of a page, in order."""
    return await queries.list_components(tx, page_id)


async def create_component(
    tx: Tx, page_id: UUID, values: Mapping[str, object], actor: Actor, now: datetime
) -> Component:
    """Add a line at the end of its group; uptime is recorded from now on."""
    page = await service.editable(tx, page_id, actor)
    row, service_ids = await _component_row(tx, page_id, values)
    position = await queries.last_position(tx, queries.COMPONENT, page_id) + 1
    if position > MOST_COMPONENTS:
        raise Invalid(f"a page has at most {MOST_COMPONENTS} components")
    made = {
        "page_id": page_id,
        "position": position,
        "created_at": now,
        "updated_at": now,
    }
    component_id = await queries.insert_row(tx, queries.COMPONENT, {**row, **made})
    await queries.set_services(tx, component_id, service_ids or ())
    await queries.start_state(tx, component_id, State.OPERATIONAL, now)
    await service.page_changed(tx, page, "status_page.changed", actor, now)
    async with curtain.drawn(tx, actor):
        return await _component(tx, page_id, component_id)


async def change_component(
    tx: Tx,
    component_id: UUID,
    changes: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> Component:
    """Change what `changes` names, by column, and `service_ids`."""
    page = await page_of(tx, queries.COMPONENT, component_id, actor)
    row, service_ids = await _component_row(tx, page.id, changes)
    values = {**row, "updated_at": now}
    await queries.update_row(tx, queries.COMPONENT, component_id, values)
    if service_ids is not None:
        unseen = await _unseen(tx, component_id, actor)
        await queries.set_services(tx, component_id, {*service_ids, *unseen})
    await service.page_changed(tx, page, "status_page.changed", actor, now)
    async with curtain.drawn(tx, actor):
        return await _component(tx, page.id, component_id)


async def _unseen(tx: Tx, component_id: UUID, actor: Actor) -> set[UUID]:
    """Services of hidden teams behind it: what is said by the actor is not about them."""
    behind = await queries.list_services_of(tx, component_id)
    async with curtain.drawn(tx, actor):
        return set(behind) - set(await queries.list_services_of(tx, component_id))


async def delete_component(
    tx: Tx, component_id: UUID, actor: Actor, now: datetime
) -> None:
    """Take a line away, with its recorded uptime."""
    page = await page_of(tx, queries.COMPONENT, component_id, actor)
    await queries.delete_row(tx, queries.COMPONENT, component_id)
    await service.page_changed(tx, page, "status_page.changed", actor, now)


async def _component_row(
    tx: Tx, page_id: UUID, values: Mapping[str, object]
) -> tuple[dict[str, object], list[UUID] | None]:
    """The columns in `values`, checked, and the services to map to. Raises Invalid."""
    row = {name: value for name, value in values.items() if name != "service_ids"}
    if group_id := row.get("group_id"):
        groups = await queries.list_groups(tx, page_id)
        if group_id not in {group.id for group in groups}:
            raise Invalid("the page has no such group")
    service.check_rules(row.get("rules"))
    compiled(str(row.get("condition") or ""))
    given = values.get("service_ids")
    if not isinstance(given, Sequence):
        return row, None
    service_ids = list(dict.fromkeys(given))
    if len(await queries.known_services(tx, service_ids)) < len(service_ids):
        raise Invalid("there is no such service")
    return row, service_ids


async def _component(tx: Tx, page_id: UUID, component_id: UUID) -> Component:
    found = await queries.list_components(tx, page_id)
    return next(one for one in found if one.id == component_id)


async def get_component(tx: Tx, component_id: UUID) -> tuple[UUID, Component]:
    """A component with the id of its page. Raises NotFound."""
    page_id = await queries.page_id_of(tx, queries.COMPONENT, component_id)
    if page_id is None:
        raise NotFound(f"no component {component_id}")
    return page_id, await _component(tx, page_id, component_id)


async def put_layout(
    tx: Tx,
    page_id: UUID,
    group_ids: Sequence[UUID],
    places: Sequence[Place],
    actor: Actor,
    now: datetime,
) -> None:
    """Put all groups and all components of a page in this order. Raises Invalid."""
    page = await service.editable(tx, page_id, actor)
    groups = {group.id for group in await queries.list_groups(tx, page_id)}
    known = {one.id for one in await queries.list_components(tx, page_id)}
    ids = [place.component_id for place in places]
    if sorted(group_ids) != sorted(groups) or sorted(ids) != sorted(known):
        raise Invalid("name every group and every component of the page once")
    if not {place.group_id for place in places} <= groups | {None}:
        raise Invalid("the page has no such group")
    for position, group_id in enumerate(group_ids, 1):
        changes: dict[str, object] = {"position": position}
        await queries.update_row(tx, queries.GROUP, group_id, changes)
    for position, place in enumerate(places, 1):
        changes = {"position": position, "group_id": place.group_id}
        await queries.update_row(tx, queries.COMPONENT, place.component_id, changes)
    await service.page_changed(tx, page, "status_page.changed", actor, now)


async def override(
    tx: Tx,
    component_id: UUID,
    said: tuple[State, datetime | None] | None,
    actor: Actor,
    now: datetime,
) -> Component:
    """Say by hand how a component is, until then or for good; none: believe incidents again.

    Raises Invalid when the time has passed.
    """
    page_id, _ = await get_component(tx, component_id)
    page = await service.publishable(tx, page_id, actor)
    state, until = said or (None, None)
    if until is not None and until <= now:
        raise Invalid("the override would have ended already")
    await queries.update_row(
        tx,
        queries.COMPONENT,
        component_id,
        {
            "override_state": state,
            "override_until": until,
            "override_by_id": actor.user_id if state else None,
            "updated_at": now,
        },
    )
    kind = "status_page.overridden" if state else "status_page.override_ended"
    await service.page_changed(tx, page, kind, actor, now)
    async with curtain.drawn(tx, actor):
        return await _component(tx, page_id, component_id)
