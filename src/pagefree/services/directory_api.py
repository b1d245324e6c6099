"""Routes of the directory of services."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from pagefree.core import service_setup
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Invalid
from pagefree.core.routing import Lifecycle
from pagefree.core.service_setup import Need
from pagefree.core.services import LONGEST_TAG, MOST_TAGS, ServiceKind, ServiceState
from pagefree.infra import curtain
from pagefree.infra.db import Tx
from pagefree.infra.web import (
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
from pagefree.services import queries, service
from pagefree.services.queries import Filter
from pagefree.services.service import NewService

MOST_SHOWN_TAGS = 200

Name = Annotated[str, Field(min_length=1, max_length=200)]
Description = Annotated[str, Field(max_length=4000)]
Tag = Annotated[str, Field(min_length=1, max_length=LONGEST_TAG)]
Tags = Annotated[list[Tag], Field(max_length=MOST_TAGS)]
Tier = Annotated[int, Field(ge=1, le=4)]
WebAddress = Annotated[str, Field(max_length=2000, pattern=r"^https?://\S+$")]


class ServiceTeam(Shape):
    """The team that owns a service."""

    id: UUID
    name: str


class PolicyRef(Shape):
    """An escalation policy to link to."""

    id: UUID
    name: str


class StateCause(Shape):
    """The service that a business service stands on and that is worst off."""

    id: UUID
    name: str


class SetUpCheck(Shape):
    """One thing that a service needs, and whether it is there."""

    check: Need
    done: bool


class ServiceSetUp(Shape):
    """How well a service is set up; `next` is what to put right first."""

    done: int
    checks: list[SetUpCheck]
    next: Need | None


class Service(Shape):
    """What is monitored, who owns it, how it is doing and how well it is set up."""

    id: UUID
    name: str
    description: str
    team: ServiceTeam
    escalation_policy: PolicyRef | None
    lifecycle: Lifecycle
    created_at: datetime
    kind: ServiceKind
    tags: list[str]
    tier: int | None  # 1 matters most, 4 least
    runbook_url: str | None
    open_incidents: int  # at most 1001
    state: ServiceState
    because_of: StateCause | None  # of a business service, where others are the reason
    integration_count: int
    set_up: ServiceSetUp


class ServiceIn(Shape):
    """A service to create."""

    name: Name
    team_id: UUID
    description: Description = ""
    escalation_policy_id: UUID | None = None
    kind: ServiceKind = ServiceKind.TECHNICAL
    tags: Tags = Field(default_factory=list)
    tier: Tier | None = None
    runbook_url: WebAddress | None = None


class ServiceChanges(Shape):
    """What to change; what is left out stays."""

    name: Name | None = None
    team_id: UUID | None = None
    description: Description | None = None
    escalation_policy_id: UUID | None = None
    lifecycle: Lifecycle | None = None
    kind: ServiceKind | None = None
    tags: Tags | None = None
    tier: Tier | None = None
    runbook_url: WebAddress | None = None


class ServiceFilter(Shape):
    """Which services to list; `query` is looked for in name, description and tags."""

    query: str = ""
    team_id: UUID | None = None
    tag: str | None = None
    tier: Tier | None = None
    kind: ServiceKind | None = None
    lifecycle: Lifecycle | None = None
    burning: bool = False
    cursor: Cursor = None
    limit: Limit = 50


class ServiceTag(Shape):
    """A tag, and how many services have it."""

    tag: str
    services: int


router = APIRouter(prefix="/v1", tags=["services"])


@router.get("/services")
async def list_services(
    asked: Annotated[ServiceFilter, Query()],
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> Page[Service]:
    """Services, newest first."""
    require(actor, Can.SEE)
    wanted = Filter(**asked.model_dump(exclude={"cursor", "limit"}))
    rows = await service.list_services(
        tx, wanted, decode_cursor(asked.cursor), asked.limit
    )
    return Page[Service](
        items=[service_out(row, now) for row in rows],
        next_cursor=next_cursor(rows, asked.limit, lambda row: row.id),
    )


@router.get("/service-tags")
async def list_service_tags(tx: RequestTx, actor: CurrentActor) -> list[ServiceTag]:
    """The tags that services have, the most used first."""
    require(actor, Can.SEE)
    found = await service.list_tags(tx, MOST_SHOWN_TAGS)
    return [ServiceTag(tag=tag, services=count) for tag, count in found]


@router.post("/services", status_code=201)
async def create_service(
    body: ServiceIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> Service:
    """Add a service to a team."""
    new = NewService(**body.model_dump())
    made = await service.create_service(tx, new, actor, now)
    return await one_service(tx, made.id, actor, now)


@router.get("/services/{service_id}")
async def get_service(
    service_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> Service:
    """One service."""
    require(actor, Can.SEE)
    return await one_service(tx, service_id, actor, now)


async def _policy(tx: Tx, path: Mapping[str, str], _: object) -> object:
    """The policy that a service has, which may be said again by who does not see it."""
    return await service.policy_id(tx, UUID(path["service_id"]))


@router.patch("/services/{service_id}")
@curtain.keeps(_policy)
async def patch_service(
    service_id: UUID,
    body: ServiceChanges,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> Service:
    """Change a service; null takes its policy, tier or runbook away."""
    changes = body.model_dump(exclude_unset=True)
    refuse_null(changes, except_for={"escalation_policy_id", "tier", "runbook_url"})
    await service.change_service(tx, service_id, changes, actor, now)
    return await one_service(tx, service_id, actor, now)


@router.delete("/services/{service_id}", status_code=204)
async def delete_service(
    service_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Remove a service; 409 while it has open incidents."""
    await service.delete_service(tx, service_id, actor, now)


def refuse_null(changes: dict[str, object], *, except_for: set[str]) -> None:
    """Raise Invalid where a change says null that has to say something."""
    for name, value in changes.items():
        if value is None and name not in except_for:
            raise Invalid(f"{name} may be left out but not null")


async def one_service(tx: Tx, service_id: UUID, actor: Actor, now: datetime) -> Service:
    """One service as the actor sees it. Raises NotFound."""
    async with curtain.drawn(tx, actor):
        return service_out(await service.get_service(tx, service_id), now)


def service_out(row: queries.Service, now: datetime) -> Service:
    """A service as it is shown; whether a proof is fresh depends on `now`."""
    found = service_setup.set_up(row.facts, now)
    return Service(
        id=row.id,
        name=row.name,
        description=row.description,
        team=ServiceTeam.model_validate(row.team),
        escalation_policy=(
            PolicyRef.model_validate(row.escalation_policy)
            if row.escalation_policy
            else None
        ),
        lifecycle=Lifecycle(row.lifecycle),
        created_at=row.created_at,
        kind=row.kind,
        tags=list(row.tags),
        tier=row.tier,
        runbook_url=row.runbook_url,
        open_incidents=row.open_incidents,
        state=row.state,
        because_of=StateCause.model_validate(row.because_of)
        if row.because_of
        else None,
        integration_count=row.integration_count,
        set_up=ServiceSetUp.model_validate(found),
    )
