"""Routes of services, integrations and their routing keys."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from pagefree.core.access import Can, require
from pagefree.core.errors import Invalid
from pagefree.core.routing import Lifecycle
from pagefree.infra.web import (
    BaseUrl,
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    Shape,
    decode_cursor,
    next_cursor,
)
from pagefree.integrations import all_kinds
from pagefree.integrations.base import Category, Kind
from pagefree.services import queries, service
from pagefree.services.queries import Filter
from pagefree.services.service import NewKey, NewService
from pagefree.services.setup import Here, HereNow

KEY_PLACEHOLDER = "<your routing key>"

Name = Annotated[str, Field(min_length=1, max_length=200)]
Description = Annotated[str, Field(max_length=4000)]


class ServiceRef(Shape):
    """A service to link to."""

    id: UUID
    name: str


class ServiceTeam(Shape):
    """The team that owns a service."""

    id: UUID
    name: str


class PolicyRef(Shape):
    """An escalation policy to link to."""

    id: UUID
    name: str


class Service(Shape):
    """What is monitored, and who owns it."""

    id: UUID
    name: str
    description: str
    team: ServiceTeam
    escalation_policy: PolicyRef | None
    lifecycle: Lifecycle
    created_at: datetime
    open_incidents: int  # at most 1001
    integration_count: int


class ServiceIn(Shape):
    """A service to create."""

    name: Name
    team_id: UUID
    description: Description = ""
    escalation_policy_id: UUID | None = None


class ServiceChanges(Shape):
    """What to change; what is left out stays."""

    name: Name | None = None
    team_id: UUID | None = None
    description: Description | None = None
    escalation_policy_id: UUID | None = None
    lifecycle: Lifecycle | None = None


class IntegrationKind(Shape):
    """A monitoring tool that PageFree understands."""

    kind: str
    title: str
    category: Category
    summary: str  # one line
    readme: str  # Markdown with {{url}} and {{key}}
    ingest_path: str
    sample: str  # the body of a test alert
    sample_headers: dict[str, str]  # that its parser needs beside the body
    settings_schema: dict[str, object] | None  # JSON Schema; null: nothing can be set
    signature: str | None  # how its requests are signed; null: not at all


class RoutingKey(Shape):
    """A routing key, as far as it can be shown."""

    id: UUID
    prefix: str
    created_at: datetime
    expires_at: datetime | None


class Integration(Shape):
    """One configured source of alerts on a service."""

    id: UUID
    kind: str
    title: str
    name: str
    service: ServiceRef
    created_at: datetime
    disabled_at: datetime | None
    url: str
    keys: list[RoutingKey]
    last_event_at: datetime | None


class NewIntegration(Integration):
    """An integration with its first routing key, which is shown this once."""

    routing_key: str
    setup: str  # Markdown, address and key filled in


class IntegrationIn(Shape):
    """An integration to create."""

    kind: str
    name: Name


class IntegrationChanges(Shape):
    """What to change; what is left out stays."""

    name: Name | None = None
    disabled: bool | None = None


class Setup(Shape):
    """How to set the sender up."""

    markdown: str


class NewRoutingKey(Shape):
    """A routing key, shown this once."""

    id: UUID
    prefix: str
    created_at: datetime
    routing_key: str
    setup: str


router = APIRouter(prefix="/v1", tags=["services"])


@router.get("/services")
async def list_services(
    tx: RequestTx,
    actor: CurrentActor,
    query: str = "",
    team_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Service]:
    """Services, newest first."""
    require(actor, Can.SEE)
    rows = await service.list_services(
        tx, Filter(query, team_id), decode_cursor(cursor), limit
    )
    return Page[Service](
        items=[Service.model_validate(row) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.post("/services", status_code=201)
async def create_service(
    body: ServiceIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> Service:
    """Add a service to a team."""
    new = NewService(**body.model_dump())
    return Service.model_validate(await service.create_service(tx, new, actor, now))


@router.get("/services/{service_id}")
async def get_service(service_id: UUID, tx: RequestTx, actor: CurrentActor) -> Service:
    """One service."""
    require(actor, Can.SEE)
    return Service.model_validate(await service.get_service(tx, service_id))


@router.patch("/services/{service_id}")
async def patch_service(
    service_id: UUID,
    body: ServiceChanges,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> Service:
    """Change a service; a null `escalation_policy_id` takes its policy away."""
    changes = body.model_dump(exclude_unset=True)
    _refuse_null(changes, except_for={"escalation_policy_id"})
    changed = await service.change_service(tx, service_id, changes, actor, now)
    return Service.model_validate(changed)


@router.delete("/services/{service_id}", status_code=204)
async def delete_service(
    service_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Remove a service; 409 while it has open incidents."""
    await service.delete_service(tx, service_id, actor, now)


@router.get("/integration-kinds")
async def list_integration_kinds(
    here: HereNow, actor: CurrentActor
) -> list[IntegrationKind]:
    """The monitoring tools that PageFree understands."""
    require(actor, Can.SEE)
    return [_kind(here, kind) for kind in all_kinds().values()]


def _kind(here: Here, kind: Kind) -> IntegrationKind:
    told = kind.integration
    return IntegrationKind(
        kind=kind.name,
        title=told.title,
        category=told.category,
        summary=told.summary,
        readme=here.placed(kind.readme),
        ingest_path=kind.path,
        sample=kind.sample,
        sample_headers=dict(kind.test.headers),
        settings_schema=told.Settings.model_json_schema() if told.Settings else None,
        signature=told.signature.name if told.signature else None,
    )


@router.get("/services/{service_id}/integrations")
async def list_service_integrations(
    service_id: UUID, address: BaseUrl, tx: RequestTx, actor: CurrentActor, now: Now
) -> list[Integration]:
    """The integrations of a service, newest first."""
    require(actor, Can.SEE)
    await service.get_service(tx, service_id)
    rows = await service.list_integrations(tx, service_id, None, 1000, now)
    return [_integration(address, row) for row in rows]


@router.post("/services/{service_id}/integrations", status_code=201)
async def create_integration(
    service_id: UUID,
    body: IntegrationIn,
    here: HereNow,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> NewIntegration:
    """Add a source of alerts; its routing key is in this answer and nowhere else."""
    row, key = await service.create_integration(
        tx, service_id, body.kind, body.name, actor, now
    )
    shown = _integration(here.address, row)
    return NewIntegration(
        **shown.model_dump(),
        routing_key=key.routing_key,
        setup=here.setup(row.kind, key.routing_key),
    )


@router.get("/integrations")
async def list_integrations(
    address: BaseUrl,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Integration]:
    """All integrations, newest first."""
    require(actor, Can.SEE)
    rows = await service.list_integrations(tx, None, decode_cursor(cursor), limit, now)
    return Page[Integration](
        items=[_integration(address, row) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.get("/integrations/{integration_id}")
async def get_integration(
    integration_id: UUID, address: BaseUrl, tx: RequestTx, actor: CurrentActor, now: Now
) -> Integration:
    """One integration."""
    require(actor, Can.SEE)
    row = await service.get_integration(tx, integration_id, now)
    return _integration(address, row)


@router.patch("/integrations/{integration_id}")
async def patch_integration(
    integration_id: UUID,
    body: IntegrationChanges,
    address: BaseUrl,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> Integration:
    """Rename an integration, or switch it off and on: off, its keys are unknown."""
    changes = body.model_dump(exclude_unset=True)
    _refuse_null(changes, except_for=set())
    if "disabled" in changes:
        changes["disabled_at"] = now if changes.pop("disabled") else None
    row = await service.change_integration(tx, integration_id, changes, actor, now)
    return _integration(address, row)


@router.delete("/integrations/{integration_id}", status_code=204)
async def delete_integration(
    integration_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Remove an integration with its keys; what it sent is kept."""
    await service.delete_integration(tx, integration_id, actor, now)


@router.get("/integrations/{integration_id}/setup")
async def get_integration_setup(
    integration_id: UUID, here: HereNow, tx: RequestTx, actor: CurrentActor, now: Now
) -> Setup:
    """How to set the sender up, with a placeholder for the key."""
    require(actor, Can.SEE)
    row = await service.get_integration(tx, integration_id, now)
    return Setup(markdown=here.setup(row.kind, KEY_PLACEHOLDER))


@router.post("/integrations/{integration_id}/keys", status_code=201)
async def create_routing_key(
    integration_id: UUID, here: HereNow, tx: RequestTx, actor: CurrentActor, now: Now
) -> NewRoutingKey:
    """A second routing key for moving senders over; 409 when two are active."""
    row, key = await service.add_key(tx, integration_id, actor, now)
    return _new_key(here, row.kind, key)


@router.delete("/integrations/{integration_id}/keys/{key_id}", status_code=204)
async def delete_routing_key(
    integration_id: UUID, key_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Refuse a routing key from now on."""
    await service.end_key(tx, integration_id, key_id, actor, now)


def _refuse_null(changes: dict[str, object], *, except_for: set[str]) -> None:
    for name, value in changes.items():
        if value is None and name not in except_for:
            raise Invalid(f"{name} may be left out but not null")


def _integration(address: str, row: queries.Integration) -> Integration:
    kind = all_kinds().get(row.kind)
    return Integration(
        id=row.id,
        kind=row.kind,
        title=kind.integration.title if kind else row.kind,
        name=row.name,
        service=ServiceRef.model_validate(row.service),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        url=address + kind.path if kind else "",
        keys=[RoutingKey.model_validate(key) for key in row.keys],
        last_event_at=row.last_event_at,
    )


def _new_key(here: Here, kind: str, key: NewKey) -> NewRoutingKey:
    return NewRoutingKey(
        id=key.id,
        prefix=key.prefix,
        created_at=key.created_at,
        routing_key=key.routing_key,
        setup=here.setup(kind, key.routing_key),
    )
