"""Statements on subscriptions of machines, and on what they are sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select, text, update

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.workflows import event_deliveries, event_subscriptions

# What came first of an incident has to arrive first.
CLAIM = text("""
WITH picked AS (
    SELECT d.id
    FROM event_deliveries AS d
    JOIN event_subscriptions AS s ON s.id = d.subscription_id
    WHERE d.status = 'pending' AND d.due_at <= :now AND s.disabled_at IS NULL
        AND NOT EXISTS (
            SELECT FROM event_deliveries AS earlier
            WHERE earlier.subscription_id = d.subscription_id
                AND earlier.incident_id = d.incident_id
                AND earlier.event_id < d.event_id AND earlier.status = 'pending'
        )
    ORDER BY d.due_at, d.event_id
    LIMIT :limit
    FOR UPDATE OF d SKIP LOCKED
)
UPDATE event_deliveries AS d
SET due_at = CAST(:leased_until AS timestamptz), attempts = d.attempts + 1,
    first_tried_at = coalesce(d.first_tried_at, :now)
FROM picked WHERE d.id = picked.id
RETURNING d.id
""")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A machine that is told of events."""

    id: UUID
    team_id: UUID | None
    name: str
    url: str
    shape: str
    kinds: Sequence[str]
    sealed_secret: bytes
    sealed_old_secret: bytes | None
    old_secret_expires_at: datetime | None
    created_by_id: UUID | None
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None
    failures: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one subscription."""

    id: UUID
    subscription_id: UUID
    event_id: int
    kind: str
    incident_id: UUID | None
    sequence: int | None
    body: Mapping[str, Any]
    status: str
    due_at: datetime | None
    attempts: int
    answer: str | None
    created_at: datetime
    first_tried_at: datetime | None
    ended_at: datetime | None


def _subscriptions() -> Select[tuple[object, ...]]:
    return select(event_subscriptions)


async def insert_subscription(tx: Tx, values: Mapping[str, object]) -> UUID:
    """A new subscription; its id."""
    subscription_id = new_id()
    await tx.execute(event_subscriptions.insert().values(id=subscription_id, **values))
    return subscription_id


async def get(tx: Tx, subscription_id: UUID) -> Subscription | None:
    """One subscription."""
    query = _subscriptions().where(event_subscriptions.c.id == subscription_id)
    row = (await tx.execute(query)).mappings().one_or_none()
    return Subscription(**row) if row else None


async def list_subscriptions(tx: Tx, *, working: bool = False) -> list[Subscription]:
    """All, the oldest first; `working`: those that are not disabled."""
    query = _subscriptions().order_by(event_subscriptions.c.id)
    if working:
        query = query.where(event_subscriptions.c.disabled_at.is_(None))
    return [Subscription(**row) for row in (await tx.execute(query)).mappings()]


async def any_working(tx: Tx) -> bool:
    """Whether any machine is told anything."""
    c = event_subscriptions.c
    query = select(c.id).where(c.disabled_at.is_(None)).limit(1)
    return await tx.scalar(query) is not None


async def update_subscription(
    tx: Tx, subscription_id: UUID, values: Mapping[str, object]
) -> None:
    """Store the named columns."""
    c = event_subscriptions.c
    await tx.execute(
        update(event_subscriptions).where(c.id == subscription_id).values(**values)
    )


async def delete_subscription(tx: Tx, subscription_id: UUID) -> None:
    """Forget it, with all that it was sent."""
    c = event_subscriptions.c
    await tx.execute(delete(event_subscriptions).where(c.id == subscription_id))


async def insert_deliveries(tx: Tx, rows: Sequence[Mapping[str, object]]) -> None:
    """What is to be sent."""
    if rows:
        await tx.execute(event_deliveries.insert(), list(rows))


async def claim(tx: Tx, limit: int, lease: timedelta, now: datetime) -> list[Delivery]:
    """Lease up to `limit` deliveries that are due and have nothing before them."""
    given = {"now": now, "limit": limit, "leased_until": now + lease}
    ids = [row[0] for row in await tx.execute(CLAIM, given)]
    if not ids:
        return []
    query = select(event_deliveries).where(event_deliveries.c.id.in_(ids))
    return [Delivery(**row) for row in (await tx.execute(query)).mappings()]


async def update_delivery(
    tx: Tx, delivery_id: UUID, values: Mapping[str, object]
) -> None:
    """Store the named columns."""
    c = event_deliveries.c
    await tx.execute(
        update(event_deliveries).where(c.id == delivery_id).values(**values)
    )


async def count_failure(tx: Tx, subscription_id: UUID) -> int:
    """One more delivery was given up; how many in a row."""
    c = event_subscriptions.c
    query = (
        update(event_subscriptions)
        .where(c.id == subscription_id)
        .values(failures=c.failures + 1)
        .returning(c.failures)
    )
    return int(await tx.scalar(query) or 0)


async def list_deliveries(
    tx: Tx, subscription_id: UUID, before: UUID | None, limit: int
) -> list[Delivery]:
    """What it was sent, the newest first."""
    c = event_deliveries.c
    query = select(event_deliveries).where(c.subscription_id == subscription_id)
    if before is not None:
        query = query.where(c.id < before)
    rows = await tx.execute(query.order_by(c.id.desc()).limit(limit))
    return [Delivery(**row) for row in rows.mappings()]


async def get_delivery(
    tx: Tx, subscription_id: UUID, delivery_id: UUID
) -> Delivery | None:
    """One of them."""
    c = event_deliveries.c
    query = select(event_deliveries).where(
        c.subscription_id == subscription_id, c.id == delivery_id
    )
    row = (await tx.execute(query)).mappings().one_or_none()
    return Delivery(**row) if row else None


async def delete_deliveries_before(tx: Tx, before: datetime, limit: int) -> None:
    """Forget some of what was sent long ago."""
    c = event_deliveries.c
    old = select(c.id).where(c.created_at < before).limit(limit)
    await tx.execute(delete(event_deliveries).where(c.id.in_(old)))
