"""What the stories about noise are told with: rules, planned work, what came of alerts."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert, select, update

from pagefree.alerts.requests import Source
from pagefree.core.access import Actor
from pagefree.core.alerts import Action, Outcome
from pagefree.infra.ids import new_id
from pagefree.invariants import service as invariants
from pagefree.maintenance import service as maintenance
from pagefree.maintenance.service import Draft as Work
from pagefree.routing import service as routing
from pagefree.routing.actions import RuleActions
from pagefree.routing.service import Draft
from pagefree.tables.alerts import alerts
from pagefree.tables.incidents import incidents
from pagefree.tables.services import services
from tests.simulation.world import World


def admin(world: World) -> Actor:
    return Actor(world.people["ana"], "ana", platform_admin=True)


async def rule(
    world: World, condition: str, *, team_id: UUID | None = None, **actions: object
) -> UUID:
    draft = Draft("rule", condition, None, RuleActions.model_validate(actions))
    made = await routing.create_rule(world.tx, team_id, draft, admin(world), world.now)
    return made.id


async def work(world: World, start: timedelta, length: timedelta) -> UUID:
    """Planned work on everything."""
    begins = world.now + start
    draft = Work("Upgrade", begins, begins + length, (), {}, None, "UTC", None)
    made = await maintenance.create_window(
        world.tx, None, draft, admin(world), world.now
    )
    return made.id


async def service(world: World, name: str, **columns: object) -> UUID:
    """One more service of the team."""
    service_id = new_id()
    row = {"id": service_id, "team_id": world.team_id, "name": name}
    await world.tx.execute(
        insert(services).values(**row, created_at=world.now, **columns)
    )
    return service_id


async def settings(world: World, service_id: UUID, **columns: object) -> None:
    await world.tx.execute(
        update(services).where(services.c.id == service_id).values(**columns)
    )


async def opened(world: World) -> list[tuple[str, int]]:
    """Every incident by title, with the number of its alerts."""
    c = incidents.c
    rows = await world.tx.execute(select(c.title, c.alert_count).order_by(c.number))
    return [(row.title, row.alert_count) for row in rows]


async def reasons(world: World) -> Mapping[str, str | None]:
    """Why nobody is told, by dedup key of what is open."""
    query = select(alerts).where(alerts.c.status == "open")
    return {a.dedup_key: a.suppressed_by for a in await world.tx.execute(query)}


async def sent(world: World, source: Source, *keys: str, **more: str) -> list[Outcome]:
    outcomes = await world.send(source, *keys, **more)  # type: ignore[arg-type]
    await world.work()
    assert await invariants.list_violations(world.tx, world.now) == []
    return outcomes


async def resolved(world: World, source: Source, key: str) -> None:
    await world.send(source, key, action=Action.RESOLVE)
    await world.work()
