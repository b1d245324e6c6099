"""Every statement on `events`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import select

from pagefree.infra.db import Channel, Tx
from pagefree.tables.timeline import events

# kind, incident, seq, team, cause kind, cause id, cause name, data
NewEvent = tuple[
    str,
    UUID | None,
    int | None,
    UUID | None,
    str,
    UUID | None,
    str,
    Mapping[str, object],
]

NEXT_NUMBERS = """
UPDATE incidents SET last_seq = last_seq + added.n
FROM (
    SELECT id, n FROM unnest($1::uuid[], $2::int[]) AS asked (id, n) ORDER BY id
) AS added
WHERE incidents.id = added.id
RETURNING incidents.id, incidents.last_seq, added.n
"""

# the rows and the notice in one round trip
INSERT = """
WITH added AS (
    INSERT INTO events (at, kind, incident_id, seq, team_id, actor_kind, actor_id, actor_name, data)
    SELECT $1, kind, incident_id, seq, team_id, actor_kind, actor_id, actor_name, data::jsonb
    FROM unnest($2::text[], $3::uuid[], $4::int[], $5::uuid[], $6::text[], $7::uuid[], $8::text[], $9::text[])
        WITH ORDINALITY
        AS new (kind, incident_id, seq, team_id, actor_kind, actor_id, actor_name, data, place)
    ORDER BY place
)
SELECT pg_notify($10, '')
"""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    id: int
    at: datetime
    kind: str
    incident_id: UUID | None
    seq: int | None
    team_id: UUID | None
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    data: dict[str, object]


async def next_numbers(
    connection: asyncpg.Connection, incident_ids: Sequence[UUID]
) -> dict[UUID, Iterator[int]]:
    """Sequence numbers for new events, as many as each incident is named; locks those rows."""
    wanted = Counter(incident_ids)
    if not wanted:
        return {}
    rows = await connection.fetch(NEXT_NUMBERS, list(wanted), list(wanted.values()))
    return {
        row["id"]: iter(range(row["last_seq"] - row["n"] + 1, row["last_seq"] + 1))
        for row in rows
    }


async def insert(
    connection: asyncpg.Connection, rows: Sequence[NewEvent], now: datetime
) -> None:
    """Append `rows` in order and notify once."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    columns[7] = [msgspec.json.encode(data).decode() for data in columns[7]]
    await connection.execute(INSERT, now, *columns, Channel.EVENTS.value)


async def list_of_incident(
    tx: Tx, incident_id: UUID, before: int | None, limit: int
) -> list[Event]:
    """Newest first, continuing before the sequence number `before`."""
    query = select(events).where(events.c.incident_id == incident_id)
    if before is not None:
        query = query.where(events.c.seq < before)
    rows = await tx.execute(query.order_by(events.c.seq.desc()).limit(limit))
    return [Event(**row) for row in rows.mappings()]
