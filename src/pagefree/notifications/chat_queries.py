"""Statements on the chats that incidents have of their own."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pagefree.channels import all_channels
from pagefree.infra.db import Connection
from pagefree.infra.ids import new_id

WANTED = """
INSERT INTO incident_chats (id, incident_id, room_id, created_at, due_at)
SELECT new.id, new.incident_id, new.room_id, $1, $1
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS new (id, incident_id, room_id)
JOIN contact_methods AS m ON m.id = new.room_id AND m.channel = ANY ($5::text[])
    AND (m.address ->> 'incident_chats')::boolean
ON CONFLICT (incident_id, room_id) DO NOTHING
"""


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
