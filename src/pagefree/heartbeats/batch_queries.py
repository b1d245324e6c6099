"""The statements of pings: each takes a whole batch as arrays, on a plain connection."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from pagefree.core.heartbeats import Heartbeat, Reason, State, due_at
from pagefree.heartbeats.expectations import Schedule
from pagefree.infra.db import Channel, Connection

KEPT_PINGS = 100

COLUMNS = """
h.id, h.ping_id, h.period, h.cron, h.time_zone, h.grace, h.post_only, h.manual_resume,
h.state, h.last_ping_at, h.expected_at, h.started_at, h.run_id, h.last_duration,
h.failures, h.reason, h.told, h.untold, h.ping_count
"""

# In the order of the ids, as everybody locks them.
LOCK = f"""
SELECT {COLUMNS} FROM heartbeats AS h
WHERE h.id = ANY ($1::uuid[]) ORDER BY h.id FOR UPDATE
"""  # noqa: S608 - nothing of it comes from outside

BY_PING_ID = """
SELECT ping_id, id FROM heartbeats WHERE ping_id = ANY ($1::uuid[])
"""

# A ping key is the routing key of the integration; Opsgenie's clients know the name, and
# have one key for all that is a team's. Grafana OnCall's know a key of an integration, of
# which there was one heartbeat.
BY_SLUG = """
SELECT asked.place, i.id AS integration_id, h.id AS heartbeat_id
FROM unnest($1::bytea[], $2::text[]) WITH ORDINALITY AS asked (token_hash, slug, place)
JOIN routing_keys AS k ON k.token_hash = asked.token_hash
JOIN integrations AS i ON i.id = k.integration_id
LEFT JOIN heartbeats AS h ON h.integration_id = i.id AND h.slug = asked.slug
WHERE (k.expires_at IS NULL OR k.expires_at > $3) AND i.disabled_at IS NULL
    AND i.kind = 'heartbeat'
ORDER BY h.id
"""

BY_NAME = """
SELECT asked.place, i.id AS integration_id, h.id AS heartbeat_id
FROM unnest($1::bytea[], $2::text[]) WITH ORDINALITY AS asked (token_hash, name, place)
JOIN routing_keys AS k ON k.token_hash = asked.token_hash
JOIN integrations AS i ON i.id = k.integration_id
JOIN services AS s ON s.id = i.service_id
LEFT JOIN (
    heartbeats AS h
    JOIN integrations AS hi ON hi.id = h.integration_id
    JOIN services AS hs ON hs.id = hi.service_id
) ON hs.team_id = s.team_id AND (
    coalesce(asked.name, i.name) IN (h.name, h.slug)
    OR (asked.name IS NULL AND h.integration_id = i.id)
)
WHERE (k.expires_at IS NULL OR k.expires_at > $3) AND i.disabled_at IS NULL
ORDER BY h.id
"""

LOCK_INTEGRATION = "SELECT 1 FROM integrations WHERE id = $1 FOR UPDATE"

INSERT = """
INSERT INTO heartbeats (
    id, integration_id, ping_id, name, slug, period, time_zone, grace, severity, state,
    created_at
)
VALUES ($1, $2, gen_random_uuid(), $3, $3, $4, 'UTC', $5, $6, 'new', $7)
"""

UPDATE = """
UPDATE heartbeats AS h
SET state = new.state, last_ping_at = new.last_ping_at, expected_at = new.expected_at,
    started_at = new.started_at, run_id = new.run_id, last_duration = new.last_duration,
    failures = new.failures, reason = new.reason, told = new.told,
    untold = new.untold, ping_count = new.ping_count, due_at = new.due_at
FROM unnest(
    $1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[],
    $6::uuid[], $7::interval[], $8::int[], $9::text[], $10::bool[], $11::bool[],
    $12::bigint[], $13::timestamptz[]
) AS new (
    id, state, last_ping_at, expected_at, started_at, run_id, last_duration, failures,
    reason, told, untold, ping_count, due_at
)
WHERE h.id = new.id
"""

INSERT_PINGS = """
INSERT INTO heartbeat_pings (
    heartbeat_id, slot, number, at, kind, exit_status, method, remote_address,
    user_agent, body, run_id, duration
)
SELECT * FROM unnest(
    $1::uuid[], $2::smallint[], $3::bigint[], $4::timestamptz[], $5::text[],
    $6::smallint[], $7::text[], $8::text[], $9::text[], $10::bytea[], $11::uuid[],
    $12::interval[]
)
ON CONFLICT (heartbeat_id, slot) DO UPDATE
SET number = excluded.number, at = excluded.at, kind = excluded.kind,
    exit_status = excluded.exit_status, method = excluded.method,
    remote_address = excluded.remote_address, user_agent = excluded.user_agent,
    body = excluded.body, run_id = excluded.run_id, duration = excluded.duration
"""

HEARD = """
INSERT INTO ping_lanes (name, heard_until, seen_at) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE
SET heard_until = excluded.heard_until, seen_at = excluded.seen_at
"""

LISTENING = """
INSERT INTO listening (id, since, until) VALUES (1, $1, $1)
ON CONFLICT (id) DO UPDATE
SET since = CASE WHEN listening.until < $2 THEN $1 ELSE listening.since END,
    until = greatest(listening.until, $1)
"""

# heartbeat, slot, number, at, kind, exit status, method, remote address, user agent, body,
# run id, duration
NewPing = tuple[
    UUID,
    int,
    int,
    datetime,
    str,
    int | None,
    str,
    str,
    str,
    bytes,
    UUID | None,
    timedelta | None,
]


@dataclass(frozen=True, slots=True)
class NewHeartbeat:
    """A heartbeat that its first ping makes."""

    id: UUID
    integration_id: UUID
    slug: str  # and its name
    period: timedelta
    grace: timedelta
    severity: str


@dataclass(slots=True)
class Kept:
    """A heartbeat as the database has it, locked; `state` is what a batch makes of it."""

    id: UUID
    schedule: Schedule
    post_only: bool
    state: Heartbeat
    ping_count: int


@dataclass(frozen=True, slots=True)
class Named:
    """What a key and a slug, or a name, lead to."""

    integration_id: UUID
    heartbeat_ids: tuple[UUID, ...]


async def lock(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, Kept]:
    """Hold these heartbeats until the transaction ends."""
    return {row["id"]: kept(row) for row in await connection.fetch(LOCK, ids)}


def kept(row: asyncpg.Record) -> Kept:
    """A row with COLUMNS."""
    reason = row["reason"]
    return Kept(
        id=row["id"],
        schedule=Schedule(row["period"], row["cron"], row["time_zone"]),
        post_only=row["post_only"],
        ping_count=row["ping_count"],
        state=Heartbeat(
            grace=row["grace"],
            manual_resume=row["manual_resume"],
            state=State(row["state"]),
            last_ping_at=row["last_ping_at"],
            expected_at=row["expected_at"],
            started_at=row["started_at"],
            run_id=row["run_id"],
            last_duration=row["last_duration"],
            failures=row["failures"],
            reason=Reason(reason) if reason else None,
            told=row["told"],
            untold=row["untold"],
        ),
    )


async def by_ping_id(
    connection: Connection, ping_ids: Sequence[UUID]
) -> dict[UUID, UUID]:
    """Ids of heartbeats by the secret in their address."""
    rows = await connection.fetch(BY_PING_ID, ping_ids)
    return {row["ping_id"]: row["id"] for row in rows}


async def by_name(
    connection: Connection, asked: Sequence[tuple[bytes, str | None]], now: datetime
) -> dict[int, Named]:
    """Heartbeats of the team that a key (its hash) belongs to, by name or slug.

    No name: those that are called like the key's integration, or are its own.
    """
    return await _named(connection, BY_NAME, asked, now)


async def by_slug(
    connection: Connection, asked: Sequence[tuple[bytes, str]], now: datetime
) -> dict[int, Named]:
    """Heartbeats by the hash of a ping key and their slug; an unknown key is left out."""
    return await _named(connection, BY_SLUG, asked, now)


async def _named(
    connection: Connection,
    statement: str,
    asked: Sequence[tuple[bytes, str | None]],
    now: datetime,
) -> dict[int, Named]:
    hashes, names = zip(*asked, strict=True)
    found: dict[int, Named] = {}
    for row in await connection.fetch(statement, hashes, names, now):
        place, heartbeat_id = row["place"] - 1, row["heartbeat_id"]
        before = found.get(place)
        ids = () if before is None else before.heartbeat_ids
        ids = ids if heartbeat_id is None else (*ids, heartbeat_id)
        found[place] = Named(row["integration_id"], ids)
    return found


async def lock_integration(connection: Connection, integration_id: UUID) -> None:
    """Hold the integration, so that two pings do not make the same heartbeat."""
    await connection.execute(LOCK_INTEGRATION, integration_id)


async def insert(connection: Connection, new: NewHeartbeat, now: datetime) -> None:
    """Add a heartbeat."""
    await connection.execute(INSERT, *astuple(new), now)


async def update(
    connection: Connection, changed: Sequence[Kept], since: datetime
) -> None:
    """Store what became of locked heartbeats; `since`: pings are heard without a break."""
    if changed:
        rows = [_row(one, since) for one in changed]
        await connection.execute(UPDATE, *zip(*rows, strict=True))


def _row(one: Kept, since: datetime) -> tuple[object, ...]:
    state = one.state
    return (
        one.id,
        state.state.value,
        state.last_ping_at,
        state.expected_at,
        state.started_at,
        state.run_id,
        state.last_duration,
        state.failures,
        state.reason.value if state.reason else None,
        state.told,
        state.untold,
        one.ping_count,
        due_at(state, since),
    )


async def insert_pings(connection: Connection, pings: Sequence[NewPing]) -> None:
    """Keep pings, in place of the oldest; at most KEPT_PINGS of one heartbeat."""
    if pings:
        await connection.execute(INSERT_PINGS, *zip(*pings, strict=True))


async def note_hearing(
    connection: Connection,
    name: str,
    heard_until: datetime,
    broken_off_before: datetime,
    now: datetime,
) -> None:
    """Every ping that reached this process before `heard_until` is on disk."""
    await connection.execute(HEARD, name, heard_until, now)
    await connection.execute(LISTENING, now, broken_off_before)


async def notify_due(connection: Connection) -> None:
    """Wake whoever looks at what is due, once this transaction commits."""
    await connection.execute("SELECT pg_notify($1, '')", Channel.HEARTBEATS.value)
