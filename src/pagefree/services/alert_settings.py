"""How services treat their alerts, and what they depend on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.core.access import Actor, Can, require
from pagefree.core.dependencies import graph_of, makes_cycle, reversed_graph, upstream
from pagefree.core.errors import Conflict, Invalid
from pagefree.core.grouping import Mode
from pagefree.infra import curtain
from pagefree.infra.db import Channel, Tx, notify
from pagefree.services import alert_setting_queries as queries
from pagefree.services import service
from pagefree.services.alert_setting_queries import AlertSettings, Home
from pagefree.services.queries import Ref, Service
from pagefree.timeline import service as timeline

__all__ = ["AlertSettings", "Dependencies", "Home"]

MOST_DEPENDENCIES = 100


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What a service depends on and what depends on it, directly."""

    depends_on: Sequence[Ref]
    needed_by: Sequence[Ref]


async def get_settings(tx: Tx, service_id: UUID) -> AlertSettings:
    """How a service treats its alerts. Raises NotFound."""
    await service.get_service(tx, service_id)
    return await queries.get_settings(tx, service_id)


async def put_settings(
    tx: Tx, service_id: UUID, wanted: AlertSettings, actor: Actor, now: datetime
) -> AlertSettings:
    """Change it; which service is the catch-all is the platform admins' to say."""
    changed = await _editable(tx, service_id, actor)
    before = await queries.get_settings(tx, service_id)
    if wanted.catch_all != before.catch_all:
        require(actor, Can.ADMINISTER)
    if wanted.grouping.mode is Mode.LABELS and not wanted.grouping.labels:
        raise Invalid("say by which labels alerts are grouped")
    await queries.update_settings(tx, service_id, wanted)
    await _record(tx, "service.updated", changed, actor, now)
    return await queries.get_settings(tx, service_id)


async def get_dependencies(tx: Tx, service_id: UUID) -> Dependencies:
    """What a service depends on and what depends on it. Raises NotFound."""
    await service.get_service(tx, service_id)
    graph = graph_of(await queries.list_dependencies(tx))
    return Dependencies(
        await queries.list_refs(tx, graph.get(service_id, ())),
        await queries.list_refs(tx, reversed_graph(graph).get(service_id, ())),
    )


async def put_dependencies(
    tx: Tx, service_id: UUID, depends_on: Sequence[UUID], actor: Actor, now: datetime
) -> Dependencies:
    """Say what a service depends on. Raises Conflict where that would go in a circle."""
    changed = await _editable(tx, service_id, actor)
    wanted = list(dict.fromkeys(depends_on))
    if len(wanted) > MOST_DEPENDENCIES:
        raise Invalid(f"a service depends on at most {MOST_DEPENDENCIES} others")
    if len(await queries.list_refs(tx, wanted)) < len(wanted):
        raise Invalid("there is no such service")
    await queries.lock_graph(tx)
    graph = graph_of(await queries.list_dependencies(tx))
    wanted += await _unseen(tx, graph.get(service_id, ()), actor)
    if makes_cycle(graph, service_id, wanted):
        raise Conflict("the service would depend on itself")
    await queries.replace_dependencies(tx, service_id, wanted, now)
    await _record(tx, "service.updated", changed, actor, now)
    async with curtain.drawn(tx, actor):
        return await get_dependencies(tx, service_id)


async def upstream_of_all(tx: Tx) -> dict[UUID, tuple[UUID, ...]]:
    """Everything that each service depends on, the nearest first."""
    graph = graph_of(await queries.list_dependencies(tx))
    return {service_id: upstream(graph, service_id) for service_id in graph}


async def around(tx: Tx, service_id: UUID) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    """Everything above and below a service: what it depends on, what depends on it."""
    graph = graph_of(await queries.list_dependencies(tx))
    return upstream(graph, service_id), upstream(reversed_graph(graph), service_id)


async def homes(tx: Tx) -> list[Home]:
    """All services as the places where alerts belong, oldest first."""
    return await queries.list_homes(tx)


async def _unseen(tx: Tx, services: Sequence[UUID], actor: Actor) -> list[UUID]:
    """Those that the actor does not see: what is said by the actor is not about them."""
    async with curtain.drawn(tx, actor):
        seen = {ref.id for ref in await queries.list_refs(tx, services)}
    return [one for one in services if one not in seen]


async def _editable(tx: Tx, service_id: UUID, actor: Actor) -> Service:
    found = await service.get_service(tx, service_id)
    require(actor, Can.EDIT_TEAM, found.team.id)
    return found


async def _record(
    tx: Tx, kind: str, changed: Service, actor: Actor, now: datetime
) -> None:
    data = {"service_id": str(changed.id), "name": changed.name}
    cause = timeline.by(actor)
    entry = timeline.Entry(kind, cause, team_id=changed.team.id, data=data)
    await timeline.record(tx, [entry], now)
    await notify(tx, Channel.CONFIG)
