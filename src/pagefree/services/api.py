"""Routes of integrations and their routing keys."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from pagefree.core.access import Can, require
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
from pagefree.services.directory_api import refuse_null
from pagefree.services.service import NewKey
from pagefree.services.setup import Here, HereNow

KEY_PLACEHOLDER = "<your routing key>"

Name = Annotated[str, Field(min_length=1, max_length=200)]


class ServiceRef(Shape):
    """A service to link to."""

    id: UUID
    name: str


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
    refuse_null(changes, except_for=set())
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
