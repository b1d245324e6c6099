"""What came of the requests of an integration lately, and requests nobody could read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, literal, select

from pagefree.infra.db import Tx
from pagefree.infra.ids import first_id_of
from pagefree.tables.alerts import inbound_requests
from pagefree.tables.services import integrations

MOST_COUNTED = 20_000  # counting more would keep the page waiting


@dataclass(frozen=True, slots=True)
class HourCount:
    """Requests of one hour that ended the same way."""

    hour_at: datetime
    outcome: str
    count: int
    first_at: datetime


@dataclass(frozen=True, slots=True)
class Unread:
    """A request that could not be read, and whose it was."""

    id: UUID
    integration_id: UUID
    integration_name: str
    kind: str
    received_at: datetime
    error: str | None
    size: int  # bytes


async def list_hour_counts(
    tx: Tx, integration_id: UUID, since: datetime
) -> Sequence[HourCount]:
    """The newest requests since then, at most MOST_COUNTED, by hour and outcome."""
    latest = (
        select(inbound_requests.c.received_at, inbound_requests.c.outcome)
        .where(
            inbound_requests.c.integration_id == integration_id,
            inbound_requests.c.id >= first_id_of(since),
        )
        .order_by(inbound_requests.c.id.desc())
        .limit(MOST_COUNTED)
        .subquery()
    )
    hour = func.date_trunc("hour", latest.c.received_at, "UTC")
    query = select(
        hour, latest.c.outcome, func.count(), func.min(latest.c.received_at)
    ).group_by(hour, latest.c.outcome)
    return [HourCount(*row) for row in await tx.execute(query)]


async def last_received_at(tx: Tx, integration_id: UUID) -> datetime | None:
    """When it sent its last request, whatever came of it."""
    query = (
        select(inbound_requests.c.received_at)
        .where(
            inbound_requests.c.integration_id.between(integration_id, integration_id)
        )
        .order_by(inbound_requests.c.integration_id, inbound_requests.c.id.desc())
        .limit(1)
    )
    found: datetime | None = await tx.scalar(query)
    return found


async def list_unread(tx: Tx, before: UUID | None, limit: int) -> list[Unread]:
    """Newest first, continuing before the id `before`."""
    query = (
        select(
            inbound_requests.c.id,
            inbound_requests.c.integration_id,
            integrations.c.name,
            integrations.c.kind,
            inbound_requests.c.received_at,
            inbound_requests.c.error,
            func.length(inbound_requests.c.body),
        )
        .join(integrations, integrations.c.id == inbound_requests.c.integration_id)
        # as a value, not a parameter: else the plan for any outcome looks through all
        .where(
            inbound_requests.c.outcome == literal("quarantined", literal_execute=True)
        )
        .order_by(inbound_requests.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(inbound_requests.c.id < before)
    return [Unread(*row) for row in await tx.execute(query)]
