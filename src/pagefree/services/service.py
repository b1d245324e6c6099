"""Services, their integrations and routing keys: create, change, end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.routing import Lifecycle
from pagefree.core.services import ServiceKind, tidy_tags
from pagefree.infra.crypto import token_hash
from pagefree.infra.db import Channel, Tx, notify
from pagefree.infra.ids import new_id
from pagefree.integrations import all_kinds
from pagefree.integrations.base import Kind
from pagefree.services import directory_queries as directory
from pagefree.services import queries, routing_keys
from pagefree.services.queries import Filter, Integration, Route, Service
from pagefree.timeline import service as timeline

MOST_KEYS = 2  # the old one and the new one, while senders are moved over


@dataclass(frozen=True, slots=True)
class NewKey:
    """A routing key, shown this once."""

    id: UUID
    routing_key: str
    prefix: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewService:
    """A service to create."""

    name: str
    team_id: UUID
    description: str = ""
    escalation_policy_id: UUID | None = None
    kind: ServiceKind = ServiceKind.TECHNICAL
    tags: Sequence[str] = ()
    tier: int | None = None  # 1 matters most, 4 least
    runbook_url: str | None = None


# -- services ---------------------------------------------------------------------


async def list_services(
    tx: Tx, wanted: Filter, before: UUID | None, limit: int
) -> list[Service]:
    """Newest first."""
    return await directory.list_services(tx, wanted, before, limit)


async def get_service(tx: Tx, service_id: UUID) -> Service:
    """One service. Raises NotFound."""
    service = await directory.get_service(tx, service_id)
    if service is None:
        raise NotFound(f"no service {service_id}")
    return service


async def list_tags(tx: Tx, limit: int) -> list[tuple[str, int]]:
    """The tags there are, each with how many services have it, the most used first."""
    return await directory.list_tags(tx, limit)


async def create_service(
    tx: Tx, new: NewService, actor: Actor, now: datetime
) -> Service:
    """Add a service to a team."""
    await accounts.require_team(tx, new.team_id)
    require(actor, Can.EDIT_TEAM, new.team_id)
    await _check(tx, new.name, new.escalation_policy_id, None)
    service_id = new_id()
    await queries.insert_service(
        tx,
        {
            "id": service_id,
            "name": new.name,
            "team_id": new.team_id,
            "description": new.description,
            "escalation_policy_id": new.escalation_policy_id,
            "lifecycle": Lifecycle.ACTIVE.value,
            "kind": new.kind.value,
            "tags": tidy_tags(new.tags),
            "tier": new.tier,
            "runbook_url": new.runbook_url,
            "created_at": now,
        },
    )
    service = await get_service(tx, service_id)
    await _changed(tx, "service.created", service, actor, now)
    return service


async def change_service(
    tx: Tx,
    service_id: UUID,
    changes: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> Service:
    """Change the named columns; moving it to another team needs the right in both."""
    service = await get_service(tx, service_id)
    require(actor, Can.EDIT_TEAM, service.team.id)
    team_id = changes.get("team_id")
    if isinstance(team_id, UUID):
        await accounts.require_team(tx, team_id)
        require(actor, Can.EDIT_TEAM, team_id)
    if not changes:
        return service
    name, policy_id = changes.get("name"), changes.get("escalation_policy_id")
    await _check(
        tx,
        name if isinstance(name, str) else None,
        policy_id if isinstance(policy_id, UUID) else None,
        service_id,
    )
    values = dict(changes)
    if tags := changes.get("tags"):
        values["tags"] = tidy_tags(cast("Sequence[str]", tags))
    if changes.get("kind") == ServiceKind.BUSINESS and service.integration_count:
        raise Conflict("tools report about this service: a business service has none")
    await queries.update_service(tx, service_id, values)
    service = await get_service(tx, service_id)
    await _changed(tx, "service.updated", service, actor, now)
    return service


async def policy_id(tx: Tx, service_id: UUID) -> str | None:
    """The id of the policy that a service has, if it is there and has one."""
    found = await queries.policy_of(tx, service_id)
    return str(found) if found else None


async def delete_service(tx: Tx, service_id: UUID, actor: Actor, now: datetime) -> None:
    """Remove a service with its integrations; refused while it has open incidents."""
    service = await get_service(tx, service_id)
    require(actor, Can.EDIT_TEAM, service.team.id)
    if service.open_incidents:
        raise Conflict("the service has open incidents: resolve them, or archive it")
    await queries.delete_service(tx, service_id)
    await _changed(tx, "service.deleted", service, actor, now)


async def _check(
    tx: Tx, name: str | None, policy_id: UUID | None, except_id: UUID | None
) -> None:
    if name is not None and await queries.name_taken(tx, name, except_id):
        raise Conflict(f"there already is a service called {name!r}")
    if policy_id is not None and not await queries.policy_exists(tx, policy_id):
        raise Invalid("there is no such escalation policy")


async def _changed(
    tx: Tx, kind: str, service: Service, actor: Actor, now: datetime
) -> None:
    data = {"service_id": str(service.id), "name": service.name}
    cause = timeline.by(actor)
    entry = timeline.Entry(kind, cause, team_id=service.team.id, data=data)
    await timeline.record(tx, [entry], now)
    await notify(tx, Channel.CONFIG)


# -- integrations -----------------------------------------------------------------


async def list_integrations(
    tx: Tx, service_id: UUID | None, before: UUID | None, limit: int, now: datetime
) -> list[Integration]:
    """Newest first; of one service, or of all."""
    return await queries.list_integrations(tx, service_id, before, limit, now)


async def get_integration(tx: Tx, integration_id: UUID, now: datetime) -> Integration:
    """One integration. Raises NotFound."""
    integration = await queries.get_integration(tx, integration_id, now)
    if integration is None:
        raise NotFound(f"no integration {integration_id}")
    return integration


async def editable(
    tx: Tx, integration_id: UUID, actor: Actor, now: datetime
) -> Integration:
    """One integration that `actor` may change. Raises NotFound and Forbidden."""
    integration = await get_integration(tx, integration_id, now)
    require(actor, Can.EDIT_TEAM, integration.team_id)
    return integration


async def create_integration(
    tx: Tx, service_id: UUID, kind: str, name: str, actor: Actor, now: datetime
) -> tuple[Integration, NewKey]:
    """Add a source of alerts to a service, with its first routing key."""
    service = await get_service(tx, service_id)
    require(actor, Can.EDIT_TEAM, service.team.id)
    if service.kind is ServiceKind.BUSINESS:
        raise Conflict("nothing reports about a business service itself")
    if kind not in all_kinds():
        raise Invalid(f"there is no kind of integration called {kind!r}")
    integration_id = new_id()
    await queries.insert_integration(
        tx,
        {
            "id": integration_id,
            "service_id": service_id,
            "kind": kind,
            "name": name,
            "created_at": now,
        },
    )
    key = await _new_key(tx, integration_id, all_kinds()[kind], now)
    integration = await get_integration(tx, integration_id, now)
    await integration_changed(tx, "integration.created", integration, actor, now)
    return integration, key


async def change_integration(
    tx: Tx,
    integration_id: UUID,
    changes: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> Integration:
    """Rename it, or switch it off and on again."""
    integration = await editable(tx, integration_id, actor, now)
    if not changes:
        return integration
    await queries.update_integration(tx, integration_id, changes)
    integration = await get_integration(tx, integration_id, now)
    await integration_changed(tx, "integration.updated", integration, actor, now)
    return integration


async def delete_integration(
    tx: Tx, integration_id: UUID, actor: Actor, now: datetime
) -> None:
    """Remove it with its keys; what it sent is kept."""
    integration = await editable(tx, integration_id, actor, now)
    await queries.delete_integration(tx, integration_id)
    await integration_changed(tx, "integration.deleted", integration, actor, now)


async def add_key(
    tx: Tx, integration_id: UUID, actor: Actor, now: datetime
) -> tuple[Integration, NewKey]:
    """A second routing key, so that senders can be moved over. Raises Conflict on a third."""
    await queries.lock_integration(tx, integration_id)
    integration = await editable(tx, integration_id, actor, now)
    if len(integration.keys) >= MOST_KEYS:
        raise Conflict("two keys are active: end the old one first")
    key = await _new_key(tx, integration_id, all_kinds()[integration.kind], now)
    await integration_changed(tx, "integration.key_added", integration, actor, now)
    return integration, key


async def end_key(
    tx: Tx, integration_id: UUID, key_id: UUID, actor: Actor, now: datetime
) -> None:
    """Refuse a routing key from now on. Raises NotFound."""
    integration = await editable(tx, integration_id, actor, now)
    if not await queries.delete_key(tx, integration_id, key_id):
        raise NotFound(f"no routing key {key_id}")
    await integration_changed(tx, "integration.key_ended", integration, actor, now)


async def _new_key(tx: Tx, integration_id: UUID, kind: Kind, now: datetime) -> NewKey:
    key = routing_keys.make(kind.integration.key_shape)
    new = NewKey(new_id(), key, routing_keys.shown(key), now)
    await queries.insert_key(
        tx,
        {
            "id": new.id,
            "integration_id": integration_id,
            "prefix": new.prefix,
            "token_hash": token_hash(key),
            "created_at": now,
        },
    )
    return new


async def integration_changed(
    tx: Tx, kind: str, integration: Integration, actor: Actor, now: datetime
) -> None:
    """Record a change of an integration, and let ingest know."""
    data = {
        "integration_id": str(integration.id),
        "service_id": str(integration.service.id),
        "name": integration.name,
    }
    cause = timeline.by(actor)
    entry = timeline.Entry(kind, cause, team_id=integration.team_id, data=data)
    await timeline.record(tx, [entry], now)
    await notify(tx, Channel.CONFIG)


# -- routes -----------------------------------------------------------------------


async def routes(
    tx: Tx, now: datetime, hashes: Sequence[bytes] | None = None
) -> dict[bytes, Route]:
    """Where requests belong, by the hash of their routing key; all, or those of `hashes`."""
    return await queries.list_routes(tx, now, hashes)
