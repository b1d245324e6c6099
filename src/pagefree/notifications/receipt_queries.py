"""Statements on receipts: what they are about, and which have not come in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from pagefree.core.notifications import Kind, Status
from pagefree.core.receipts import Receipt
from pagefree.infra.db import Connection

_MESSAGE = """
    n.id, n.incident_id, n.user_id, n.contact_method_id, n.channel, n.kind, n.cause,
    n.priority, n.status, n.created_at
"""
# One message may be about many notifications. Those that are delivered are not asked for:
# nothing that comes later changes them.
LOCK = f"""
SELECT a.id AS attempt_id, a.receipt, {_MESSAGE},
    a.number = n.attempt_count AS newest
FROM attempts AS a JOIN notifications AS n ON n.id = a.notification_id
WHERE a.provider_id = $1 AND n.channel = $2 AND a.receipt IS DISTINCT FROM 'delivered'
ORDER BY a.id FOR UPDATE OF a, n
"""  # noqa: S608 - only names of columns are put in
SAVE_ATTEMPTS = """
UPDATE attempts SET receipt = $2, receipt_at = $3, error = coalesce($4, error)
WHERE id = ANY ($1::uuid[])
"""
SAVE = """
UPDATE notifications AS n
SET status = after.status, receipt_due_at = NULL, finished_at = $3,
    due_at = CASE WHEN after.status = 'delivered' THEN NULL ELSE n.due_at END
FROM unnest($1::uuid[], $2::text[]) AS after (id, status)
WHERE n.id = after.id
"""
PROVEN = """
UPDATE contact_methods SET proven_at = $2::timestamptz
WHERE id = ANY ($1::uuid[]) AND (proven_at IS NULL OR proven_at < $2::timestamptz - interval '1 hour')
"""
MISSED = f"""
UPDATE notifications AS n SET receipt_due_at = NULL, receipt_missed_at = $1
WHERE n.id = ANY (ARRAY(
    SELECT id FROM notifications WHERE receipt_due_at <= $1
    ORDER BY receipt_due_at LIMIT $2 FOR UPDATE SKIP LOCKED
)) AND n.status = 'accepted'
RETURNING {_MESSAGE}
"""  # noqa: S608 - only names of columns are put in


@dataclass(frozen=True, slots=True)
class Sending:
    """A notification that was handed over."""

    id: UUID
    incident_id: UUID | None
    user_id: UUID
    method_id: UUID | None
    channel: str
    kind: Kind
    cause: str
    priority: int
    status: Status
    created_at: datetime
    attempt_id: UUID | None = None
    receipt: Receipt | None = None  # known so far
    newest: bool = True  # this attempt is its last


async def lock_sendings(
    connection: Connection, channel: str, provider_id: str
) -> list[Sending]:
    """What a receipt is about, locked; without what is delivered already."""
    rows = await connection.fetch(LOCK, provider_id, channel)
    return [
        _sending(
            row,
            row["attempt_id"],
            Receipt(row["receipt"]) if row["receipt"] else None,
            newest=row["newest"],
        )
        for row in rows
    ]


async def save_receipt(
    connection: Connection,
    attempt_ids: Sequence[UUID],
    receipt: Receipt,
    reason: str | None,
    now: datetime,
) -> None:
    """Keep what the provider has told of these attempts."""
    await connection.execute(
        SAVE_ATTEMPTS, list(attempt_ids), receipt.value, now, reason
    )


async def save_statuses(
    connection: Connection, after: Sequence[tuple[UUID, Status]], now: datetime
) -> None:
    """Where these notifications stand now."""
    await connection.execute(
        SAVE, [i for i, _ in after], [status.value for _, status in after], now
    )


async def save_proofs(
    connection: Connection, method_ids: Sequence[UUID], now: datetime
) -> None:
    """Something has arrived at these addresses; kept to the hour, as storms are many."""
    await connection.execute(PROVEN, list(method_ids), now)


async def take_missed(
    connection: Connection, limit: int, now: datetime
) -> list[Sending]:
    """Those whose receipts have not come in time; they are marked, and not waited for."""
    return [_sending(row) for row in await connection.fetch(MISSED, now, limit)]


def _sending(
    row: asyncpg.Record,
    attempt_id: UUID | None = None,
    receipt: Receipt | None = None,
    *,
    newest: bool = True,
) -> Sending:
    return Sending(
        row["id"],
        row["incident_id"],
        row["user_id"],
        row["contact_method_id"],
        row["channel"],
        Kind(row["kind"]),
        row["cause"],
        row["priority"],
        Status(row["status"]),
        row["created_at"],
        attempt_id,
        receipt,
        newest,
    )
