"""The statements on deliveries: each takes a whole batch as arrays, on a plain connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.infra.db import Connection

Key = tuple[UUID, UUID]  # integration, digest
Row = tuple[UUID, UUID, UUID, datetime]  # integration, digest, request, expiry

# A key that another transaction has just taken is waited for. Where nothing is updated the
# row is locked all the same, until this transaction ends.
CLAIM = """
INSERT INTO deliveries (integration_id, digest, request_id, expires_at)
SELECT integration_id, digest, request_id, expires_at
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[])
    AS new (integration_id, digest, request_id, expires_at)
ON CONFLICT (integration_id, digest) DO UPDATE
SET request_id = excluded.request_id, expires_at = excluded.expires_at
WHERE deliveries.expires_at <= $1
RETURNING integration_id, digest
"""

RENEW = """
UPDATE deliveries AS d
SET request_id = new.request_id, expires_at = new.expires_at
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[])
    AS new (integration_id, digest, request_id, expires_at)
WHERE d.integration_id = new.integration_id AND d.digest = new.digest
"""

# Untouched: whatever the request opened is still open, of an open incident, and nobody has
# said anything about it since. Changes open nothing.
FIRSTS = """
SELECT d.integration_id, d.digest, d.request_id,
    coalesce(opened.keys, '{}') AS dedup_keys,
    r.outcome = 'processed' AND coalesce(opened.untouched, true) AS untouched
FROM unnest($1::uuid[], $2::uuid[]) AS asked (integration_id, digest)
JOIN deliveries AS d
    ON d.integration_id = asked.integration_id AND d.digest = asked.digest
JOIN inbound_requests AS r ON r.id = d.request_id
LEFT JOIN LATERAL (
    SELECT array_agg(a.dedup_key ORDER BY event.place) AS keys,
        bool_and(
            event.outcome = 'change'
            OR (
                a.status = 'open' AND a.last_request_id = r.id
                AND i.status IS DISTINCT FROM 'resolved' AND i.id IS NOT NULL
            )
        ) AS untouched
    FROM unnest(r.alert_ids, r.event_outcomes) WITH ORDINALITY
        AS event (alert_id, outcome, place)
    LEFT JOIN alerts AS a ON a.id = event.alert_id
    LEFT JOIN incidents AS i ON i.id = a.incident_id
) AS opened ON true
"""

FORGET = """
DELETE FROM deliveries
WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM deliveries WHERE expires_at <= $1
    ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
))
"""


@dataclass(frozen=True, slots=True)
class First:
    """The request that took a key, and whether it still stands as it left things."""

    request_id: UUID
    dedup_keys: tuple[str | None, ...]
    untouched: bool


async def claim(
    connection: Connection, rows: Sequence[Row], now: datetime
) -> frozenset[Key]:
    """Take the keys of `rows`, sorted and all different; returns those that were free."""
    taken = await connection.fetch(CLAIM, now, *zip(*rows, strict=True))
    return frozenset((row[0], row[1]) for row in taken)


async def firsts(connection: Connection, keys: Sequence[Key]) -> dict[Key, First]:
    """Who has taken `keys`."""
    if not keys:
        return {}
    rows = await connection.fetch(FIRSTS, *zip(*keys, strict=True))
    return {
        (integration_id, digest): First(request_id, tuple(dedup_keys), bool(untouched))
        for integration_id, digest, request_id, dedup_keys, untouched in rows
    }


async def renew(connection: Connection, rows: Sequence[Row]) -> None:
    """Let the requests of `rows` be the first ones from now on; the keys are locked."""
    await connection.execute(RENEW, *zip(*rows, strict=True))


async def forget(connection: Connection, now: datetime, limit: int) -> int:
    """Remove up to `limit` keys whose time is over; returns how many there were."""
    tag = await connection.execute(FORGET, now, limit)
    return int(tag.rpartition(" ")[2])
