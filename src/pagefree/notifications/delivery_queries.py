"""The statements of the sending lane: lease what is due, write down what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from pagefree.channels import needs_config
from pagefree.channels.base import Weight
from pagefree.core.incidents import Life
from pagefree.core.incidents import Status as IncidentStatus
from pagefree.core.notifications import Kind, Situation, Skip, Status
from pagefree.infra.db import Connection
from pagefree.infra.ids import new_id

# For each channel the most important and most overdue first; the index serves each pair of
# channel and priority with one range, and priorities below are only looked at while slots
# are left. A row whose lease has ended is due again: its `sending` status is left behind.
_DUE = """
    SELECT picked.id
    FROM unnest($4::text[], $5::int[]) AS lane (channel, free)
    CROSS JOIN LATERAL (
        SELECT candidate.id
        FROM (VALUES (0), (1), (2)) AS importance (priority)
        CROSS JOIN LATERAL (
            SELECT d.id FROM notifications AS d
            WHERE d.channel = lane.channel AND d.priority = importance.priority
                AND d.due_at <= $1
            ORDER BY d.due_at LIMIT lane.free FOR UPDATE SKIP LOCKED
        ) AS candidate
        LIMIT lane.free
    ) AS picked
"""
_WAITING = """
    SELECT d.id FROM notifications AS d
    WHERE d.channel = $4 AND d.user_id = $5 AND d.contact_method_id = $6
        AND d.status = 'planned' AND d.attempt_count = 0 AND d.send_at <= $1
        AND d.due_at IS NOT NULL
        AND d.kind IN ('page', 'more', 'fallback') AND d.incident_id IS NOT NULL
    LIMIT $7 FOR UPDATE SKIP LOCKED
"""
# what decides about the rows of `claimed`, and what their messages tell; $1: now
FACTS = """
SELECT c.*, i.service_id, i.number, i.title, i.severity, i.priority AS incident_priority, i.urgency,
    i.opened_at, i.status AS incident_status, i.acknowledged_at, i.acknowledged_by_id,
    i.resolved_at, i.resolved_by_id, i.snoozed_until, i.merged_into_id,
    s.name AS service, coalesce(u.name, m.label) AS user_name,
    u.id IS NOT NULL AND u.deactivated_at IS NULL
        OR c.user_id = c.contact_method_id AS user_active,
    m.address::text AS address, m.secret,
    m.id IS NOT NULL AND m.disabled_at IS NULL AS method_enabled,
    m.unverified_since IS NULL AS verified,
    config.sealed AS config, config.channel IS NOT NULL AS configured,
    p.language, u.pronounced,
    CASE WHEN c.attempt_count > 1 THEN ARRAY(
        SELECT a.provider FROM attempts AS a
        WHERE a.notification_id = c.id AND a.outcome <> 'accepted' ORDER BY a.number
    ) END AS tried,
    ARRAY(
        SELECT r.provider FROM provider_states AS r
        WHERE r.channel = c.channel AND r.rests_until > $1
    ) AS resting,
    CASE WHEN c.attempt_count = 1 THEN 0 ELSE (
        SELECT count(*) FROM attempts AS a
        WHERE a.notification_id = c.id AND a.outcome = 'failed'
    ) END AS failures
FROM claimed AS c
LEFT JOIN incidents AS i ON i.id = c.incident_id
LEFT JOIN services AS s ON s.id = i.service_id
LEFT JOIN users AS u ON u.id = c.user_id
LEFT JOIN contact_methods AS m ON m.id = c.contact_method_id
LEFT JOIN notification_preferences AS p ON p.user_id = c.user_id
LEFT JOIN LATERAL (
    SELECT g.channel, g.sealed FROM channel_configs AS g
    WHERE g.channel = c.channel ORDER BY g.source DESC LIMIT 1
) AS config ON true
"""
_CLAIM = """
WITH claimed AS (
    UPDATE notifications AS n
    SET status = 'sending', lease = $3, due_at = $2, attempt_count = attempt_count + 1
    WHERE n.id = ANY (ARRAY({picked}))
    RETURNING n.id, n.incident_id, n.user_id, n.contact_method_id, n.channel, n.kind,
        n.cause, n.priority, n.attempt_count, n.created_at
)
"""
CLAIM = _CLAIM.format(picked=_DUE) + FACTS
CLAIM_WAITING = _CLAIM.format(picked=_WAITING) + FACTS
LINKS = """
INSERT INTO action_links (id, token_hash, incident_id, user_id, verb, created_at, expires_at)
SELECT id, token_hash, incident_id, user_id, verb, $1, $2
FROM unnest($3::uuid[], $4::bytea[], $5::uuid[], $6::uuid[], $7::text[])
    AS new (id, token_hash, incident_id, user_id, verb)
"""
# Only whoever still holds the lease may write: a sender that was thought dead and comes
# back late changes nothing.
SETTLE = """
WITH result AS (
    SELECT * FROM unnest(
        $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[],
        $6::uuid[], $7::int[], $8::text[], $9::text[], $10::text[], $11::bool[],
        $12::timestamptz[], $13::timestamptz[], $14::text[], $15::timestamptz[],
        $16::int[], $17::numeric[]
    ) AS r (
        id, lease, status, skip_reason, due_at,
        attempt_id, number, outcome, provider_id, error, possible_duplicate,
        started_at, finished_at, provider, receipt_due_at, segments, cost
    )
), kept AS (
    UPDATE notifications AS n
    SET status = r.status, skip_reason = r.skip_reason, due_at = r.due_at, lease = NULL,
        receipt_due_at = r.receipt_due_at,
        finished_at = CASE WHEN r.due_at IS NULL THEN r.finished_at END
    FROM result AS r WHERE n.id = r.id AND n.lease = r.lease
    RETURNING n.id
), tried AS (
    INSERT INTO attempts (
        id, notification_id, number, outcome, provider, provider_id, error,
        possible_duplicate, started_at, finished_at, segments, cost
    )
    SELECT r.attempt_id, r.id, r.number, r.outcome, r.provider, r.provider_id, r.error,
        r.possible_duplicate, r.started_at, r.finished_at, r.segments, r.cost
    FROM result AS r JOIN kept ON kept.id = r.id WHERE r.outcome IS NOT NULL
)
SELECT id FROM kept
"""
GIVE_BACK = """
UPDATE notifications AS n
SET status = 'planned', lease = NULL, due_at = $1, attempt_count = n.attempt_count - 1,
    bundled_with_id = NULL
FROM unnest($2::uuid[], $3::uuid[]) AS ours (id, lease)
WHERE n.id = ours.id AND n.lease = ours.lease
"""
OUTBOX = """
INSERT INTO outbox_messages (
    id, user_id, notification_id, channel, recipient, title, text, html, payload, at
)
SELECT id, user_id, notification_id, channel, recipient, title, body, html, payload::jsonb, at
FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::timestamptz[]
) AS new (id, user_id, notification_id, channel, recipient, title, body, html, payload, at)
"""


@dataclass(slots=True)  # not frozen, here and below: storms make many
class IncidentFacts:
    """What a message tells of its incident."""

    number: int
    title: str
    service_id: UUID
    service: str
    severity: str
    priority: str | None
    urgency: str
    opened_at: datetime


@dataclass(slots=True)
class Claimed:
    """A notification that is ours to send until the lease ends, and what decides about it."""

    id: UUID
    lease: UUID
    incident_id: UUID | None
    user_id: UUID
    method_id: UUID | None
    channel: str
    kind: Kind
    cause: str
    priority: int
    number: int  # of this attempt
    possible_duplicate: bool  # an earlier attempt may have reached the person
    created_at: datetime
    user_name: str
    address: str  # JSON
    secret: bytes | None  # sealed
    config: bytes | None  # of the channel, sealed
    tried: tuple[str, ...]  # providers that have failed with it, in order
    resting: frozenset[str]  # providers of the channel whose circuit breakers are open
    language: str
    situation: Situation
    incident: IncidentFacts | None
    spoken_name: str = ""  # as a voice says it; empty: it says none

    @property
    def to_room(self) -> bool:
        """Whether it is for a room of a team, which stands where a person stands elsewhere."""
        return self.user_id == self.method_id


@dataclass(slots=True)
class Outcome:
    """What came of a claimed notification."""

    claimed: Claimed
    status: Status
    started_at: datetime
    finished_at: datetime
    skip: Skip | None = None
    retry_at: datetime | None = None
    outcome: str | None = None  # accepted | failed | unknown; none: it was not tried
    provider_id: str | None = None
    error: str | None = None
    dead: bool = False  # nobody is at this address any more
    provider: str = ""  # of several that the channel has
    broken: bool = False  # the provider refuses us, whoever it is for
    doubted: bool = False  # the provider could not do it, whatever the address
    receipt_due_at: datetime | None = None
    shown: "Shown | None" = None
    weight: Weight | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A message for the outbox of demo mode."""

    recipient: str
    title: str
    text: str
    html: str | None
    payload: str | None  # JSON


@dataclass(frozen=True, slots=True)
class NewLink:
    """A one-press link that leaves with a message."""

    token_hash: bytes
    incident_id: UUID
    user_id: UUID
    verb: str


async def claim(
    connection: Connection, free: Mapping[str, int], until: datetime, now: datetime
) -> list[Claimed]:
    """Lease what is due at `now`, at most `free[channel]` of each channel, until `until`.

    Rows that another sender is claiming are skipped, not waited for.
    """
    lease = new_id()
    rows = await connection.fetch(
        CLAIM, now, until, lease, list(free), list(free.values())
    )
    return [claimed_of(row, lease) for row in rows]


async def claim_waiting(
    connection: Connection, like: Claimed, limit: int, until: datetime, now: datetime
) -> list[Claimed]:
    """Lease up to `limit` more pages that wait for the same address as `like`.

    Those that were put off because of too many others too, but no retries.
    """
    lease = new_id()
    address = like.channel, like.user_id, like.method_id
    rows = await connection.fetch(CLAIM_WAITING, now, until, lease, *address, limit)
    return [claimed_of(row, lease) for row in rows]


def claimed_of(row: asyncpg.Record, lease: UUID) -> Claimed:
    """A row of `FACTS`."""
    life = None
    facts = None
    if row["incident_status"] is not None:
        life = Life(
            IncidentStatus(row["incident_status"]),
            row["acknowledged_at"],
            row["acknowledged_by_id"],
            row["resolved_at"],
            row["resolved_by_id"],
            row["snoozed_until"],
            row["merged_into_id"],
        )
        facts = IncidentFacts(
            row["number"],
            row["title"],
            row["service_id"],
            row["service"] or "",
            row["severity"],
            row["incident_priority"],
            row["urgency"],
            row["opened_at"],
        )
    return Claimed(
        id=row["id"],
        lease=lease,
        incident_id=row["incident_id"],
        user_id=row["user_id"],
        method_id=row["contact_method_id"],
        channel=row["channel"],
        kind=Kind(row["kind"]),
        cause=row["cause"],
        priority=row["priority"],
        number=row["attempt_count"],
        possible_duplicate=row["failures"] < row["attempt_count"] - 1,
        created_at=row["created_at"],
        user_name=row["user_name"] or "",
        address=row["address"] or "{}",
        secret=row["secret"],
        config=row["config"],
        tried=tuple(row["tried"] or ()),
        resting=frozenset(row["resting"] or ()),
        language=row["language"] or "en",
        situation=Situation(
            row["user_active"],
            row["method_enabled"],
            life,
            set_up=row["configured"] or not needs_config(row["channel"]),
            verified=row["verified"],
        ),
        incident=facts,
        spoken_name=row["pronounced"] or "",
    )


async def insert_links(
    connection: Connection,
    links: Sequence[NewLink],
    expires_at: datetime,
    now: datetime,
) -> None:
    """Store links that acknowledge."""
    await connection.execute(
        LINKS,
        now,
        expires_at,
        [new_id() for _ in links],
        [link.token_hash for link in links],
        [link.incident_id for link in links],
        [link.user_id for link in links],
        [link.verb for link in links],
    )


async def give_back(
    connection: Connection, claimed: Sequence[Claimed], now: datetime
) -> None:
    """End these leases, where they are still ours: nothing was tried."""
    ids = [one.id for one in claimed]
    await connection.execute(GIVE_BACK, now, ids, [one.lease for one in claimed])


async def settle(connection: Connection, outcomes: Sequence[Outcome]) -> set[UUID]:
    """Write down what came of them; returns those whose lease was still ours."""
    rows = await connection.fetch(
        SETTLE,
        [o.claimed.id for o in outcomes],
        [o.claimed.lease for o in outcomes],
        [o.status.value for o in outcomes],
        [o.skip.value if o.skip else None for o in outcomes],
        [o.retry_at for o in outcomes],
        [new_id() for _ in outcomes],
        [o.claimed.number for o in outcomes],
        [o.outcome for o in outcomes],
        [o.provider_id for o in outcomes],
        [o.error for o in outcomes],
        [o.claimed.possible_duplicate for o in outcomes],
        [o.started_at for o in outcomes],
        [o.finished_at for o in outcomes],
        [o.provider for o in outcomes],
        [o.receipt_due_at for o in outcomes],
        [o.weight.segments if o.weight else None for o in outcomes],
        [o.weight.cost if o.weight else None for o in outcomes],
    )
    return {row["id"] for row in rows}


async def insert_outbox(
    connection: Connection, shown: Sequence[tuple[Outcome, Shown]]
) -> None:
    """Keep what would have been sent."""
    await connection.execute(
        OUTBOX,
        [new_id() for _ in shown],
        [None if o.claimed.to_room else o.claimed.user_id for o, _ in shown],
        [o.claimed.id for o, _ in shown],
        [o.claimed.channel for o, _ in shown],
        [s.recipient for _, s in shown],
        [s.title for _, s in shown],
        [s.text for _, s in shown],
        [s.html for _, s in shown],
        [s.payload for _, s in shown],
        [o.finished_at for o, _ in shown],
    )
