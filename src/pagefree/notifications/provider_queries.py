"""Statements on providers: which fail, which rest, how well each does."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pagefree.infra.db import Connection
from pagefree.infra.ids import first_id_of

Provider = tuple[str, str]  # channel, provider

FORGET = """
DELETE FROM provider_states AS s
USING unnest($1::text[], $2::text[]) AS worked (channel, provider)
WHERE s.channel = worked.channel AND s.provider = worked.provider
"""
FORGET_CHANNEL = """
DELETE FROM provider_states WHERE channel = $1 RETURNING provider
"""
FAILED = """
INSERT INTO provider_states AS s (channel, provider, failures, broken_reason, since)
SELECT channel, provider, failures, reason, $1
FROM unnest($2::text[], $3::text[], $4::int[], $5::text[])
    AS failed (channel, provider, failures, reason)
ORDER BY channel, provider
ON CONFLICT (channel, provider) DO UPDATE
SET failures = s.failures + excluded.failures,
    broken_reason = coalesce(excluded.broken_reason, s.broken_reason)
RETURNING s.channel, s.provider, s.failures
"""
REST = """
UPDATE provider_states AS s SET rests_until = rest.until
FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS rest (channel, provider, until)
WHERE s.channel = rest.channel AND s.provider = rest.provider
"""
# Their rest is over, and nobody has asked them since. Leased by a short rest, so that one
# worker asks, and messages go another way meanwhile.
TAKE_DOUBTED = """
UPDATE provider_states AS s SET rests_until = $3
WHERE s.ctid = ANY (ARRAY(
    SELECT ctid FROM provider_states
    WHERE channel = ANY ($1::text[]) AND coalesce(rests_until, since) <= $2
    FOR UPDATE SKIP LOCKED
))
RETURNING s.channel, s.provider, coalesce(s.broken_reason, '') AS reason, (
    SELECT g.sealed FROM channel_configs AS g WHERE g.channel = s.channel
    ORDER BY g.source DESC LIMIT 1
) AS sealed
"""
# Ids are made of the time: the primary key finds what was tried since then.
HEALTH = """
SELECT coalesce(t.channel, s.channel) AS channel,
    coalesce(t.provider, s.provider) AS provider,
    coalesce(t.attempts, 0) AS attempts, coalesce(t.accepted, 0) AS accepted,
    coalesce(t.delivered, 0) AS delivered, coalesce(t.failed, 0) AS failed,
    coalesce(t.unknown, 0) AS unknown, t.median, t.slowest,
    coalesce(t.segments, 0) AS segments, t.cost::float AS cost,
    coalesce(s.failures, 0) AS failures, s.rests_until, s.broken_reason, s.since
FROM (
    SELECT n.channel, a.provider, count(*) AS attempts,
        count(*) FILTER (WHERE a.outcome = 'accepted') AS accepted,
        count(*) FILTER (WHERE a.receipt = 'delivered') AS delivered,
        count(*) FILTER (WHERE a.outcome = 'failed' OR a.receipt = 'failed') AS failed,
        count(*) FILTER (WHERE a.outcome = 'unknown') AS unknown,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY a.finished_at - a.started_at)
            AS median,
        percentile_cont(0.95) WITHIN GROUP (ORDER BY a.finished_at - a.started_at)
            AS slowest,
        sum(a.segments) AS segments, sum(a.cost) AS cost
    FROM attempts AS a JOIN notifications AS n ON n.id = a.notification_id
    WHERE a.id >= $1 GROUP BY n.channel, a.provider
) AS t FULL JOIN provider_states AS s
    ON s.channel = t.channel AND s.provider = t.provider
ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """How well a provider did since some time ago, and where its circuit breaker stands."""

    channel: str
    provider: str
    attempts: int
    accepted: int
    delivered: int
    failed: int
    unknown: int
    median_s: float | None
    slowest_s: float | None  # of 95 in 100
    segments: int  # of texts, as phone networks count and charge
    cost: float | None  # an estimate; none: nobody has given a price
    failures: int  # in a row, up to now
    rests_until: datetime | None
    broken_reason: str | None
    since: datetime | None  # it has failed


@dataclass(frozen=True, slots=True)
class Doubted:
    """A provider that has failed, and may work again."""

    channel: str
    provider: str
    reason: str  # it refuses us; empty: it does not
    sealed: bytes | None  # its credentials


async def take_doubted(
    connection: Connection, channels: Collection[str], until: datetime, now: datetime
) -> list[Doubted]:
    """Those of these channels that have rested; they are nobody else's until `until`."""
    rows = await connection.fetch(TAKE_DOUBTED, list(channels), now, until)
    return [Doubted(**row) for row in rows]


async def forget_failures(
    connection: Connection, providers: Sequence[Provider]
) -> None:
    """These have just worked."""
    await connection.execute(
        FORGET, [p[0] for p in providers], [p[1] for p in providers]
    )


async def forget_channel(connection: Connection, channel: str) -> list[Provider]:
    """Nothing is known of its providers any more; those that were in doubt."""
    rows = await connection.fetch(FORGET_CHANNEL, channel)
    return [(channel, row["provider"]) for row in rows]


async def add_failures(
    connection: Connection,
    failed: Mapping[Provider, tuple[int, str | None]],
    now: datetime,
) -> dict[Provider, int]:
    """Count failures, with the reason where a provider refuses us; how many in a row now."""
    rows = await connection.fetch(
        FAILED,
        now,
        [p[0] for p in failed],
        [p[1] for p in failed],
        [count for count, _ in failed.values()],
        [reason for _, reason in failed.values()],
    )
    return {(row["channel"], row["provider"]): row["failures"] for row in rows}


async def rest(connection: Connection, until: Mapping[Provider, datetime]) -> None:
    """Do not ask these before then."""
    await connection.execute(
        REST, [p[0] for p in until], [p[1] for p in until], list(until.values())
    )


async def list_health(connection: Connection, since: datetime) -> list[ProviderHealth]:
    """Every provider that was asked since then, or that is in doubt."""
    rows = await connection.fetch(HEALTH, first_id_of(since))
    return [
        ProviderHealth(
            **{k: v for k, v in row.items() if k not in {"median", "slowest"}},
            median_s=row["median"].total_seconds() if row["median"] else None,
            slowest_s=row["slowest"].total_seconds() if row["slowest"] else None,
        )
        for row in rows
    ]
