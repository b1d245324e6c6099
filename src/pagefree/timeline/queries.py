"""Every statement on `events`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import select

from pagefree.infra.arrays import arrays, new_rows
from pagefree.infra.db import Channel, Tx
from pagefree.infra.writes import Write
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

ADVANCE = """
UPDATE incidents SET last_seq = after.seq
FROM unnest($1::uuid[], $2::int[]) AS after (id, seq)
WHERE incidents.id = after.id
"""

INSERT = f"""
INSERT INTO events (at, kind, incident_id, seq, team_id, actor_kind, actor_id, actor_name, data)
SELECT $1, kind, incident_id, seq, team_id, actor_kind, actor_id, actor_name, data::jsonb
FROM {
    new_rows(
        2,
        place="int",
        kind="text",
        incident_id="uuid",
        seq="int",
        team_id="uuid",
        actor_kind="text",
        actor_id="uuid",
        actor_name="text",
        data="text",
    )
}
ORDER BY place
"""  # noqa: S608 - nothing of it comes from outside


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


def advance(numbers: Mapping[UUID, int]) -> Write:
    """Store the last numbers of incidents whose rows the caller has locked."""
    return Write(ADVANCE, [list(numbers), list(numbers.values())])


def insertion(rows: Sequence[NewEvent], now: datetime) -> Write:
    """Append `rows` in order and notify once."""
    numbered = [
        (place, *row, msgspec.json.encode(data).decode())
        for place, (*row, data) in enumerate(rows)
    ]
    return Write(INSERT, [now, *arrays(numbered)], Channel.EVENTS)


async def list_of_incident(
    tx: Tx, incident_id: UUID, before: int | None, limit: int
) -> list[Event]:
    """Newest first, continuing before the sequence number `before`."""
    query = select(events).where(events.c.incident_id == incident_id)
    if before is not None:
        query = query.where(events.c.seq < before)
    rows = await tx.execute(query.order_by(events.c.seq.desc()).limit(limit))
    return [Event(**row) for row in rows.mappings()]


async def list_of_cause(
    tx: Tx, incident_id: UUID, kind: str, actor_id: UUID, limit: int
) -> list[Event]:
    """What one person or integration did to an incident, of one kind, newest first."""
    query = select(events).where(
        events.c.incident_id == incident_id,
        events.c.kind == kind,
        events.c.actor_id == actor_id,
    )
    rows = await tx.execute(query.order_by(events.c.seq.desc()).limit(limit))
    return [Event(**row) for row in rows.mappings()]
