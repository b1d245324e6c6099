"""The map of services: which depend on which, and how each is doing."""

from uuid import UUID

from pagefree.core.dependencies import graph_of, reversed_graph, upstream
from pagefree.core.service_maps import ServiceMap, Spot, Wanted, derived, map_of
from pagefree.infra.db import Tx
from pagefree.services import alert_setting_queries as dependencies
from pagefree.services import map_queries as queries
from pagefree.services import service


async def draw(tx: Tx, wanted: Wanted) -> ServiceMap:
    """The part of the map that is wanted. Raises NotFound."""
    if wanted.around is not None:
        await service.get_service(tx, wanted.around)
    pairs = await dependencies.list_dependencies(tx)
    return map_of(derived(await queries.list_spots(tx), pairs), pairs, wanted)


async def below(tx: Tx, service_id: UUID) -> list[Spot]:
    """Everything that depends on a service, directly or not, the nearest first."""
    graph = graph_of(await dependencies.list_dependencies(tx))
    ids = upstream(reversed_graph(graph), service_id)
    found = {spot.id: spot for spot in await queries.list_spots(tx, list(ids))}
    return [found[one] for one in ids if one in found]
