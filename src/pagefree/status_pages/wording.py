"""Words that are ready before they are needed: templates, and what they say now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.core.access import Actor
from pagefree.core.errors import NotFound
from pagefree.core.status_pages import (
    USUAL_RULES,
    Component,
    OpenIncident,
    Override,
    Situation,
    Stage,
    State,
    component_state,
)
from pagefree.infra import templates
from pagefree.infra.db import Tx
from pagefree.status_pages import incident_queries, queries, service, situation_queries
from pagefree.status_pages.incident_queries import Template

TITLE = "Problems with {{components}}"
BODY = "We are looking into problems with {{components}}."


@dataclass(frozen=True, slots=True)
class Asked:
    """The words to fill in; what they are about is one of our incidents, or components."""

    title: str = TITLE
    body: str = BODY
    status: Stage = Stage.INVESTIGATING
    incident_id: UUID | None = None
    components: Mapping[UUID, State] | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be told: to be read by a person before it is."""

    name: str
    body: str
    status: Stage
    components: Mapping[UUID, State]


async def list_templates(tx: Tx, page_id: UUID) -> list[Template]:
    """The templates of a page by name."""
    await service.get_page(tx, page_id)
    return await incident_queries.list_templates(tx, page_id)


async def get_template(tx: Tx, template_id: UUID) -> Template:
    """One template. Raises NotFound."""
    found = await incident_queries.get_template(tx, template_id)
    if found is None:
        raise NotFound(f"no template {template_id}")
    return found


async def create_template(
    tx: Tx, page_id: UUID, values: Mapping[str, object], actor: Actor, now: datetime
) -> Template:
    """Keep words for later. Raises Forbidden, Invalid."""
    await service.editable(tx, page_id, actor)
    _check(values)
    row = {**values, "page_id": page_id, "created_at": now}
    return await get_template(tx, await queries.insert_row(tx, queries.TEMPLATE, row))


async def change_template(
    tx: Tx, template_id: UUID, values: Mapping[str, object], actor: Actor
) -> Template:
    """Change the words. Raises Forbidden, Invalid."""
    template = await get_template(tx, template_id)
    await service.editable(tx, template.page_id, actor)
    _check(values)
    await queries.update_row(tx, queries.TEMPLATE, template_id, values)
    return await get_template(tx, template_id)


async def delete_template(tx: Tx, template_id: UUID, actor: Actor) -> None:
    """Forget the words."""
    template = await get_template(tx, template_id)
    await service.editable(tx, template.page_id, actor)
    await queries.delete_row(tx, queries.TEMPLATE, template_id)


def _check(values: Mapping[str, object]) -> None:
    for name in ("title", "body"):
        templates.check(str(values.get(name, "")))


async def proposal(tx: Tx, page_id: UUID, asked: Asked, now: datetime) -> Proposal:
    """The words filled in with what may be published: nothing of our own incident is."""
    page = await service.get_page(tx, page_id)
    known = await queries.list_components(tx, page_id)
    states = asked.components
    if states is None and asked.incident_id:
        states = await touched(tx, page, known, asked.incident_id, now)
    states = states or {}
    names = [one.name for one in known if one.id in states]
    facts = {
        "page": page.name,
        "components": _listed(names) or page.name,
        "status": asked.status,
        "time": now.strftime("%H:%M UTC"),
    }
    templates.check(asked.title)
    templates.check(asked.body)
    return Proposal(
        templates.filled_in(asked.title, facts),
        templates.filled_in(asked.body, facts),
        asked.status,
        states,
    )


async def touched(
    tx: Tx,
    page: queries.Page,
    known: list[queries.Component],
    incident_id: UUID,
    now: datetime,
) -> dict[UUID, State]:
    """What the page's rules say that one of our incidents does to its components."""
    incident = await situation_queries.get_incident(tx, incident_id)
    if incident is None:
        raise NotFound(f"no incident {incident_id}")
    states: dict[UUID, State] = {}
    for one in known:
        state = component_state(core_component(one, page), Situation([incident]), now)
        if state is not State.OPERATIONAL:
            states[one.id] = state
        elif _is_about(one, incident):
            states[one.id] = State.DEGRADED
    return states


def core_component(
    kept: queries.Component, page: queries.Page, override: Override | None = None
) -> Component:
    """A component in the words of the core, with what was said by hand if that counts."""
    rules = kept.rules if kept.rules is not None else page.rules or USUAL_RULES
    return Component(kept.id, kept.behind, rules, override)


def _is_about(component: queries.Component, incident: OpenIncident) -> bool:
    return incident.service_id in component.behind


def _listed(names: list[str]) -> str:
    if len(names) < 2:  # noqa: PLR2004 -- one needs no "and"
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
