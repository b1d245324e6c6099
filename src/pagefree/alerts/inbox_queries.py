"""The statements behind what needs a hand: requests nobody could read, alerts nobody routed."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, func, select, update

from pagefree.alerts.requests import Disposition, Stored
from pagefree.core.rules import RoutedBy
from pagefree.infra.db import Tx
from pagefree.tables.alerts import alerts
from pagefree.tables.alerts import inbound_requests as requests
from pagefree.tables.services import integrations, services


@dataclass(frozen=True, slots=True)
class Ended:
    """How a request ended."""

    outcome: Disposition
    error: str | None


@dataclass(frozen=True, slots=True)
class Unrouted:
    """An open alert that only the catch-all took, and the last request that told of it."""

    id: UUID
    incident_id: UUID | None
    title: str
    dedup_key: str
    integration_id: UUID
    kind: str
    integration: str
    settings: dict[str, Any]
    service_id: UUID  # of the integration
    team_id: UUID
    stored: Stored


async def lock_ends(tx: Tx, *ids: UUID) -> dict[UUID, Ended]:
    """How these requests ended; nobody else settles them until the transaction ends."""
    query = (
        select(requests.c.id, requests.c.outcome, requests.c.error)
        .where(requests.c.id.in_(ids))
        .order_by(requests.c.id)
        .with_for_update()
    )
    rows = await tx.execute(query)
    return {row.id: Ended(Disposition(row.outcome), row.error) for row in rows}


async def update_replayed(tx: Tx, request_id: UUID, became: UUID) -> None:
    """Say that a request was taken in later, as another one."""
    context = func.coalesce(requests.c.context, func.jsonb_build_object())
    told = func.jsonb_build_object("replayed_as", str(became))
    await tx.execute(
        update(requests)
        .where(requests.c.id == request_id)
        .values(outcome=Disposition.REPLAYED.value, context=context.concat(told))
    )


async def update_end(tx: Tx, request_id: UUID, ended: Ended) -> None:
    """Say how a request ended."""
    values = {"outcome": ended.outcome.value, "error": ended.error}
    await tx.execute(update(requests).where(requests.c.id == request_id).values(values))


async def list_unrouted(tx: Tx, limit: int) -> list[Unrouted]:
    """Open ones, the newest first."""
    query = (
        select(
            *alerts.c["id", "incident_id", "title", "dedup_key", "integration_id"],
            *integrations.c["kind", "name", "settings", "service_id"],
            services.c.team_id,
            *requests.c["body", "content_type"],
            cast(requests.c.context, String),
            requests.c.received_at,
        )
        .join(requests, requests.c.id == alerts.c.last_request_id)
        .join(integrations, integrations.c.id == alerts.c.integration_id)
        .join(services, services.c.id == integrations.c.service_id)
        .where(
            alerts.c.status == "open",
            alerts.c.routed_by == RoutedBy.CATCH_ALL.value,
        )
        .order_by(alerts.c.id.desc())
        .limit(limit)
    )
    return [_unrouted(row) for row in (await tx.execute(query)).all()]


def _unrouted(row: Sequence[Any]) -> Unrouted:
    *told, body, content_type, context, received_at = row
    stored = Stored(body, content_type, context, received_at)
    names = [each.name for each in fields(Unrouted)]
    return Unrouted(**dict(zip(names, [*told, stored], strict=True)))


async def update_routed_since(tx: Tx, ids: list[UUID]) -> list[UUID]:
    """Say that alerts like these have found their place; returns those that had none."""
    changed = await tx.execute(
        update(alerts)
        .where(alerts.c.id.in_(ids), alerts.c.routed_by == RoutedBy.CATCH_ALL.value)
        .values(routed_by=RoutedBy.SINCE.value)
        .returning(alerts.c.id)
    )
    return list(changed.scalars())
