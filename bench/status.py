"""A status page to read and to follow: made in a scenario's own database."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from bench.rig import Rig
from pagefree.core.access import Actor
from pagefree.core.status_pages import State
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Tx
from pagefree.status_pages import components, service, telling
from pagefree.status_pages.telling import NewIncident, NewUpdate

SLUG = "bench"
COMPONENTS = 20


@dataclass(frozen=True, slots=True)
class StatusPage:
    """Its ids."""

    page_id: UUID
    incident_id: UUID
    component_ids: tuple[UUID, ...]
    admin: Actor


async def build(tx: Tx, rig: Rig) -> StatusPage:
    """A page with components and an incident that is told of."""
    now = system_clock()
    first = await tx.execute(text("SELECT id FROM users ORDER BY id LIMIT 1"))
    admin = Actor(first.scalar_one(), "bench", platform_admin=True)
    values: dict[str, object] = {"name": "Bench", "slug": SLUG}
    page = await service.create_page(tx, None, values, admin, now)
    made = []
    for number in range(COMPONENTS):
        line: dict[str, object] = {
            "name": f"Component {number}",
            "service_ids": [rig.world.service_id],
        }
        component = await components.create_component(tx, page.id, line, admin, now)
        made.append(component.id)
    update = NewUpdate("investigating", "We look into it.")
    states = {made[0]: State.DEGRADED}
    incident = NewIncident("Slow answers", update, components=states)
    told = await telling.open_incident(tx, page.id, incident, admin, now)
    return StatusPage(page.id, told.id, tuple(made), admin)


async def tell(tx: Tx, page: StatusPage, body: str) -> None:
    """One more update."""
    update = NewUpdate("identified", body)
    await telling.add_update(tx, page.incident_id, update, page.admin, system_clock())
