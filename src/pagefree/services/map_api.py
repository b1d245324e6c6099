"""The route of the map of services."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from pagefree.core.access import Can, require
from pagefree.core.routing import Lifecycle
from pagefree.core.service_maps import HIDDEN, Wanted
from pagefree.core.service_maps import ServiceMap as Drawn
from pagefree.core.services import ServiceKind, ServiceState
from pagefree.infra.web import CurrentActor, RequestTx, Shape
from pagefree.services import service_map


class MapTeam(Shape):
    """The team that owns a service."""

    id: UUID
    name: str


class MappedService(Shape):
    """One service on the map; a neighbour only touches what was asked for."""

    id: UUID
    name: str
    team: MapTeam
    kind: ServiceKind
    tier: int | None
    lifecycle: Lifecycle
    state: ServiceState
    neighbour: bool


class MappedDependency(Shape):
    """The first depends on the second."""

    service_id: UUID
    depends_on_id: UUID


class ServiceMap(Shape):
    """Services and what they depend on; `alone` hang together with nothing and are not drawn.

    In `dependencies` the id `hidden_id` stands for all services that you do not see.
    """

    services: list[MappedService]
    dependencies: list[MappedDependency]
    hidden_id: UUID | None  # null: nothing hidden hangs together with these
    alone: int
    left_out: int  # more than a map can show


class MapFilter(Shape):
    """Which part to show; nothing set: all services that hang together."""

    team_id: UUID | None = None
    tier: Annotated[int, Field(ge=1, le=4)] | None = None
    tag: str | None = None
    around: UUID | None = None


router = APIRouter(prefix="/v1", tags=["services"])


@router.get("/service-map")
async def get_service_map(
    asked: Annotated[MapFilter, Query()], tx: RequestTx, actor: CurrentActor
) -> ServiceMap:
    """Which services depend on which, and how each is doing now."""
    require(actor, Can.SEE)
    return _out(await service_map.draw(tx, Wanted(**asked.model_dump())))


def _out(drawn: Drawn) -> ServiceMap:
    return ServiceMap(
        services=[
            MappedService(
                id=spot.id,
                name=spot.name,
                team=MapTeam(id=spot.team_id, name=spot.team),
                kind=spot.kind,
                tier=spot.tier,
                lifecycle=spot.lifecycle,
                state=spot.state,
                neighbour=spot.id in drawn.neighbours,
            )
            for spot in drawn.spots
        ],
        dependencies=[
            MappedDependency(service_id=down, depends_on_id=up)
            for down, up in drawn.pairs
        ],
        hidden_id=HIDDEN if any(HIDDEN in pair for pair in drawn.pairs) else None,
        alone=drawn.alone,
        left_out=drawn.left_out,
    )
