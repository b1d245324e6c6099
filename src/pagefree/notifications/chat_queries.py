"""Statements on the chats that incidents have of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from pagefree.channels import all_channels
from pagefree.core.incident_chats import Chat
from pagefree.core.incidents import Status
from pagefree.infra.db import Connection
from pagefree.infra.ids import new_id

MOST_NEWS = 30  # entries of the timeline told at a time

WANTED = """
INSERT INTO incident_chats (id, incident_id, room_id, created_at, due_at)
SELECT new.id, new.incident_id, new.room_id, $1, $1
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS new (id, incident_id, room_id)
JOIN contact_methods AS m ON m.id = new.room_id AND m.channel = ANY ($5::text[])
    AND (m.address ->> 'incident_chats')::boolean
ON CONFLICT (incident_id, room_id) DO NOTHING
"""
# Whoever was paged or asked for help belongs in there, by what they are reached by there.
TAKE = """
WITH taken AS (
    UPDATE incident_chats SET due_at = $2
    WHERE id = ANY (ARRAY(
        SELECT id FROM incident_chats WHERE due_at <= $1
        ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
    ))
    RETURNING *
)
SELECT t.id, t.incident_id, t.place, t.topic, t.invited, t.told_seq, t.tries,
    m.channel, m.id AS room_id, m.label AS room, i.number, i.title, i.severity, i.status,
    i.resolved_at, i.team_id, s.name AS service, u.name AS has_it,
    config.sealed AS config, ARRAY(
        SELECT c.address::text FROM contact_methods AS c
        WHERE c.channel = m.channel AND c.disabled_at IS NULL
            AND c.unverified_since IS NULL AND c.user_id IN (
                SELECT n.user_id FROM notifications AS n WHERE n.incident_id = i.id
                UNION
                SELECT r.user_id FROM incident_responders AS r WHERE r.incident_id = i.id
            )
        ORDER BY c.id
    ) AS people
FROM taken AS t
JOIN contact_methods AS m ON m.id = t.room_id
JOIN incidents AS i ON i.id = t.incident_id
JOIN services AS s ON s.id = i.service_id
LEFT JOIN users AS u ON u.id = i.acknowledged_by_id
LEFT JOIN LATERAL (
    SELECT g.sealed FROM channel_configs AS g
    WHERE g.channel = m.channel ORDER BY g.source DESC LIMIT 1
) AS config ON true
"""
NEWS = """
SELECT seq, kind, actor_name, data::text AS data FROM events
WHERE incident_id = $1 AND seq > $2 ORDER BY seq LIMIT $3
"""
SAVE = """
UPDATE incident_chats SET place = $3, topic = $4, invited = $5, told_seq = $6, tries = $7,
    error = $8, due_at = $9, archived_at = $10
WHERE id = $1 AND due_at = $2
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """A chat that is ours to look after until the lease ends, and what decides about it."""

    id: UUID
    incident_id: UUID
    team_id: UUID
    room_id: UUID
    room: str
    channel: str
    config: bytes | None  # of the channel, sealed
    chat: Chat
    told_seq: int
    tries: int
    people: tuple[str, ...]  # addresses, JSON
    number: int
    title: str
    service: str
    severity: str
    status: Status
    has_it: str | None
    resolved_at: datetime | None
    lease: datetime


@dataclass(frozen=True, slots=True)
class News:
    """An entry of the timeline."""

    seq: int
    kind: str
    actor_name: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class After:
    """How far a chat has got now."""

    chat: Chat
    told_seq: int
    tries: int
    error: str | None
    due_at: datetime | None
    archived_at: datetime | None = None


async def insert_wanted(
    connection: Connection, pairs: Sequence[tuple[UUID, UUID]], now: datetime
) -> None:
    """A chat for each (incident, room) whose room asks for one, once."""
    kinds = [kind for kind, one in all_channels().items() if one.chats is not None]
    incident_ids, room_ids = zip(*pairs, strict=True)
    ids = [new_id() for _ in pairs]
    await connection.execute(
        WANTED, now, ids, list(incident_ids), list(room_ids), kinds
    )


async def take(
    connection: Connection, limit: int, until: datetime, now: datetime
) -> list[Taken]:
    """Lease chats that are due, until then."""
    return [
        Taken(
            chat=Chat(row["place"], row["topic"], frozenset(row["invited"])),
            status=Status(row["status"]),
            people=tuple(row["people"]),
            lease=until,
            **{
                name: row[name]
                for name in (
                    *("id", "incident_id", "team_id", "room_id", "room", "channel"),
                    *("config", "told_seq", "tries", "number", "title", "service"),
                    *("severity", "has_it", "resolved_at"),
                )
            },
        )
        for row in await connection.fetch(TAKE, now, until, limit)
    ]


async def list_news(
    connection: Connection, incident_id: UUID, after_seq: int
) -> list[News]:
    """What has happened since then, oldest first."""
    rows = await connection.fetch(NEWS, incident_id, after_seq, MOST_NEWS)
    return [
        News(
            row["seq"], row["kind"], row["actor_name"], msgspec.json.decode(row["data"])
        )
        for row in rows
    ]


async def save(connection: Connection, taken: Taken, after: After) -> None:
    """How far it has got, unless somebody else has taken it meanwhile."""
    await connection.execute(
        SAVE,
        taken.id,
        taken.lease,
        after.chat.place,
        after.chat.topic,
        sorted(after.chat.invited),
        after.told_seq,
        after.tries,
        after.error,
        after.due_at,
        after.archived_at,
    )
