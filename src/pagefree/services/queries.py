"""Every statement on services, integrations and their routing keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from pagefree.core import canary
from pagefree.core.service_setup import Facts
from pagefree.core.services import ServiceKind, ServiceState
from pagefree.infra.db import Tx
from pagefree.tables.alerts import inbound_requests
from pagefree.tables.escalation import escalation_policies
from pagefree.tables.services import integrations, routing_keys, services

MOST_COUNTED = 1001  # "1,000+" is enough to know


@dataclass(frozen=True, slots=True)
class Ref:
    """An id with the name to show for it."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Service:
    """What is monitored, and who owns it."""

    id: UUID
    name: str
    description: str
    team: Ref
    escalation_policy: Ref | None
    lifecycle: str
    created_at: datetime
    kind: ServiceKind
    tags: tuple[str, ...]
    tier: int | None
    runbook_url: str | None
    open_incidents: int  # at most MOST_COUNTED
    state: ServiceState
    because_of: Ref | None  # of a business service: the worst that it stands on
    integration_count: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class RoutingKey:
    """One secret of an integration, as far as it can be shown."""

    id: UUID
    prefix: str
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Integration:
    """One configured source of alerts on a service."""

    id: UUID
    kind: str
    name: str
    service: Ref
    team_id: UUID
    created_at: datetime
    disabled_at: datetime | None
    last_event_at: datetime | None
    keys: tuple[RoutingKey, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Where the requests with one routing key belong."""

    integration_id: UUID
    kind: str
    name: str
    service_id: UUID
    lifecycle: str
    team_id: UUID
    policy_id: UUID | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which services to list."""

    query: str = ""  # in the name, the description or a tag
    team_id: UUID | None = None
    tag: str | None = None
    tier: int | None = None
    kind: str | None = None
    lifecycle: str | None = None
    burning: bool = False  # only those with an open incident of their own


# -- services ---------------------------------------------------------------------


async def insert_service(tx: Tx, values: Mapping[str, object]) -> None:
    """Add a service; `values` by column."""
    await tx.execute(insert(services).values(**values))


async def update_service(
    tx: Tx, service_id: UUID, values: Mapping[str, object]
) -> None:
    """Change the columns in `values`, at least one."""
    await tx.execute(
        update(services).where(services.c.id == service_id).values(**values)
    )


async def delete_service(tx: Tx, service_id: UUID) -> None:
    """Remove a service with its integrations and keys."""
    await tx.execute(delete(services).where(services.c.id == service_id))


async def name_taken(tx: Tx, name: str, except_id: UUID | None) -> bool:
    """Whether another service than `except_id` is called `name`."""
    taken: ColumnElement[bool] = services.c.name == name
    if except_id is not None:
        taken = and_(taken, services.c.id != except_id)
    return bool(await tx.scalar(select(exists().where(taken))))


async def policy_of(tx: Tx, service_id: UUID) -> UUID | None:
    """The escalation policy of a service, if it has one."""
    query = select(services.c.escalation_policy_id).where(services.c.id == service_id)
    found: UUID | None = await tx.scalar(query)
    return found


async def policy_exists(tx: Tx, policy_id: UUID) -> bool:
    """Whether there is such an escalation policy."""
    there = exists().where(escalation_policies.c.id == policy_id)
    return bool(await tx.scalar(select(there)))


# -- integrations -----------------------------------------------------------------


def _integrations() -> Select[Any]:
    last_event = (
        select(inbound_requests.c.received_at)
        # a range and its order, which only one index has: by `=` a quiet integration would
        # be looked for among all requests of the others
        .where(inbound_requests.c.integration_id >= integrations.c.id)
        .where(inbound_requests.c.integration_id <= integrations.c.id)
        .order_by(inbound_requests.c.integration_id, inbound_requests.c.id.desc())
        .limit(1)
        .correlate(integrations)
        .scalar_subquery()
    )
    return select(
        integrations,
        services.c.name.label("service_name"),
        services.c.team_id,
        last_event.label("last_event_at"),
    ).join(services, services.c.id == integrations.c.service_id)


async def list_integrations(
    tx: Tx, service_id: UUID | None, before: UUID | None, limit: int, now: datetime
) -> list[Integration]:
    """Newest first, continuing before the id `before`; of one service, or of all."""
    query = _integrations().order_by(integrations.c.id.desc()).limit(limit)
    query = query.where(integrations.c.id != canary.INTEGRATION_ID)
    if service_id is not None:
        query = query.where(integrations.c.service_id == service_id)
    if before is not None:
        query = query.where(integrations.c.id < before)
    return await _with_keys(tx, query, now)


async def get_integration(
    tx: Tx, integration_id: UUID, now: datetime
) -> Integration | None:
    """One integration with the keys that are valid at `now`."""
    query = _integrations().where(integrations.c.id == integration_id)
    return next(iter(await _with_keys(tx, query, now)), None)


async def _with_keys(tx: Tx, query: Select[Any], now: datetime) -> list[Integration]:
    rows = (await tx.execute(query)).all()
    keys: dict[UUID, list[RoutingKey]] = {row.id: [] for row in rows}
    valid = (
        select(routing_keys)
        .where(routing_keys.c.integration_id.in_(list(keys)), _valid(now))
        .order_by(routing_keys.c.id)
    )
    for key in await tx.execute(valid):
        keys[key.integration_id].append(
            RoutingKey(key.id, key.prefix, key.created_at, key.expires_at)
        )
    return [
        Integration(
            id=row.id,
            kind=row.kind,
            name=row.name,
            service=Ref(row.service_id, row.service_name),
            team_id=row.team_id,
            created_at=row.created_at,
            disabled_at=row.disabled_at,
            last_event_at=row.last_event_at,
            keys=tuple(keys[row.id]),
        )
        for row in rows
    ]


async def insert_integration(tx: Tx, values: Mapping[str, object]) -> None:
    """Add an integration; `values` by column."""
    await tx.execute(insert(integrations).values(**values))


async def update_integration(
    tx: Tx, integration_id: UUID, values: Mapping[str, object]
) -> None:
    """Change the columns in `values`, at least one."""
    await tx.execute(
        update(integrations).where(integrations.c.id == integration_id).values(**values)
    )


async def delete_integration(tx: Tx, integration_id: UUID) -> None:
    """Remove an integration with its keys; its alerts and requests stay."""
    await tx.execute(delete(integrations).where(integrations.c.id == integration_id))


async def lock_integration(tx: Tx, integration_id: UUID) -> None:
    """Hold the integration until the transaction ends, so that its keys can be counted."""
    row = select(integrations.c.id).where(integrations.c.id == integration_id)
    await tx.execute(row.with_for_update())


async def insert_key(tx: Tx, values: Mapping[str, object]) -> None:
    """Add a routing key; `values` by column."""
    await tx.execute(insert(routing_keys).values(**values))


async def delete_key(tx: Tx, integration_id: UUID, key_id: UUID) -> bool:
    """End a routing key at once; returns whether there was one."""
    ended = await tx.execute(
        delete(routing_keys).where(
            routing_keys.c.id == key_id,
            routing_keys.c.integration_id == integration_id,
        )
    )
    return ended.rowcount > 0


# -- routes -----------------------------------------------------------------------


async def list_routes(
    tx: Tx, now: datetime, hashes: Sequence[bytes] | None = None
) -> dict[bytes, Route]:
    """Routes by the hash of their key: all that are valid at `now`, or those of `hashes`."""
    query = (
        select(
            routing_keys.c.token_hash,
            integrations.c.id,
            integrations.c.kind,
            integrations.c.name,
            integrations.c.service_id,
            services.c.lifecycle,
            services.c.team_id,
            services.c.escalation_policy_id,
        )
        .join(integrations, integrations.c.id == routing_keys.c.integration_id)
        .join(services, services.c.id == integrations.c.service_id)
        .where(_valid(now), integrations.c.disabled_at.is_(None))
    )
    if hashes is not None:
        query = query.where(routing_keys.c.token_hash.in_(hashes))
    return {row.token_hash: Route(*row[1:]) for row in await tx.execute(query)}


def _valid(now: datetime) -> ColumnElement[bool]:
    return or_(routing_keys.c.expires_at.is_(None), routing_keys.c.expires_at > now)
