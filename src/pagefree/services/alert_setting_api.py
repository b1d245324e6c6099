"""Routes of how services treat their alerts, and of what they depend on."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from pagefree.core.access import Can, require
from pagefree.core.grouping import Grouping, Mode
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape
from pagefree.services import alert_settings as service
from pagefree.services.alert_settings import AlertSettings, Dependencies

DAY_S = 86_400
Label = Annotated[str, Field(min_length=1, max_length=200)]


class GroupingSettings(Shape):
    """Which alerts share an incident: `window_s` counts by time, `labels` by labels."""

    mode: Mode = Mode.SOURCE
    window_s: int = Field(300, ge=10, le=DAY_S)
    labels: list[Label] = Field(default_factory=list, max_length=20)


class ServiceAlertSettings(Shape):
    """How a service treats its alerts; tier 1 matters most, 4 least.

    The catch-all takes what nothing else routes. An alert without an event for
    `auto_resolve_s` is over.
    """

    grouping: GroupingSettings = GroupingSettings()
    auto_resolve_s: int | None = Field(None, ge=60, le=30 * DAY_S)
    tier: int | None = Field(None, ge=1, le=4)
    catch_all: bool = False


class DependencyRef(Shape):
    """A service to link to."""

    id: UUID
    name: str


class ServiceDependenciesIn(Shape):
    """The services that it depends on, directly."""

    depends_on: list[UUID]


class ServiceDependencies(Shape):
    """What a service depends on and what depends on it, directly."""

    depends_on: list[DependencyRef]
    needed_by: list[DependencyRef]


router = APIRouter(prefix="/v1/services/{service_id}", tags=["services"])


@router.get("/alert-settings")
async def get_service_alert_settings(
    service_id: UUID, tx: RequestTx, actor: CurrentActor
) -> ServiceAlertSettings:
    """How a service treats its alerts."""
    require(actor, Can.SEE)
    return _out(await service.get_settings(tx, service_id))


@router.put("/alert-settings")
async def put_service_alert_settings(
    service_id: UUID,
    body: ServiceAlertSettings,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> ServiceAlertSettings:
    """Change how a service treats its alerts; the catch-all is the platform admins' to say."""
    wanted = AlertSettings(
        Grouping(
            body.grouping.mode,
            timedelta(seconds=body.grouping.window_s),
            tuple(body.grouping.labels),
        ),
        timedelta(seconds=body.auto_resolve_s) if body.auto_resolve_s else None,
        body.tier,
        body.catch_all,
    )
    return _out(await service.put_settings(tx, service_id, wanted, actor, now))


@router.get("/dependencies")
async def get_service_dependencies(
    service_id: UUID, tx: RequestTx, actor: CurrentActor
) -> ServiceDependencies:
    """What a service depends on and what depends on it."""
    require(actor, Can.SEE)
    return _dependencies(await service.get_dependencies(tx, service_id))


@router.put("/dependencies")
async def put_service_dependencies(
    service_id: UUID,
    body: ServiceDependenciesIn,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> ServiceDependencies:
    """Say what a service depends on; 409 where that would go in a circle."""
    found = await service.put_dependencies(tx, service_id, body.depends_on, actor, now)
    return _dependencies(found)


def _out(found: AlertSettings) -> ServiceAlertSettings:
    return ServiceAlertSettings(
        grouping=GroupingSettings(
            mode=found.grouping.mode,
            window_s=int(found.grouping.window.total_seconds()),
            labels=list(found.grouping.labels),
        ),
        auto_resolve_s=(
            int(found.auto_resolve.total_seconds()) if found.auto_resolve else None
        ),
        tier=found.tier,
        catch_all=found.catch_all,
    )


def _dependencies(found: Dependencies) -> ServiceDependencies:
    return ServiceDependencies(
        depends_on=[DependencyRef.model_validate(ref) for ref in found.depends_on],
        needed_by=[DependencyRef.model_validate(ref) for ref in found.needed_by],
    )
