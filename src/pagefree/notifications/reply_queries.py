"""Statements on what people answer, and the short codes by which they mean incidents."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core.replies import Given, Told
from pagefree.infra.db import Connection
from pagefree.infra.ids import new_id

LOOKED_BACK = timedelta(days=7)  # nobody answers to older pages by a short code

# Locks, so that two senders do not give the same code to two incidents of one person.
GIVEN = """
SELECT c.user_id, c.code, c.incident_id, c.given_at,
    coalesce(i.status = 'resolved', true) AS over
FROM reply_codes AS c LEFT JOIN incidents AS i ON i.id = c.incident_id
WHERE c.user_id = ANY ($1::uuid[])
"""
LOCK = "SELECT id FROM users WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"
GIVE = """
INSERT INTO reply_codes (user_id, code, incident_id, given_at)
SELECT user_id, code, incident_id, $1
FROM unnest($2::uuid[], $3::int[], $4::uuid[]) AS new (user_id, code, incident_id)
ON CONFLICT (user_id, code) DO UPDATE
SET incident_id = excluded.incident_id, given_at = excluded.given_at
"""
TOLD = """
SELECT i.id, i.number, c.code, max(n.created_at) AS at
FROM notifications AS n JOIN incidents AS i ON i.id = n.incident_id
LEFT JOIN reply_codes AS c ON c.user_id = n.user_id AND c.incident_id = i.id
WHERE n.user_id = $1 AND n.created_at > $2 AND i.status <> 'resolved'
    AND i.merged_into_id IS NULL
    AND n.status IN ('sending', 'accepted', 'delivered', 'unknown')
GROUP BY i.id, i.number, c.code ORDER BY i.number
"""
WAS_TOLD = """
SELECT EXISTS (
    SELECT FROM notifications WHERE incident_id = $1 AND user_id = $2
)
"""
# In a room many read what was meant for none of them in particular.
WAS_POSTED = """
SELECT EXISTS (
    SELECT FROM notifications
    WHERE incident_id = $1 AND channel = $2 AND user_id = contact_method_id
)
"""
OF_NOTIFICATION = "SELECT incident_id FROM notifications WHERE id = $1 AND user_id = $2"
MAILED = """
SELECT n.user_id, n.created_at, (
    SELECT a.provider_id FROM attempts AS a
    WHERE a.notification_id = n.id AND a.provider_id IS NOT NULL
    ORDER BY a.number DESC LIMIT 1
) AS provider_id
FROM notifications AS n WHERE n.id = $1 AND n.channel = 'email'
"""
# An answer that comes twice, as providers repeat what they think was lost, counts once.
INSERT = """
INSERT INTO replies (
    id, channel, provider_id, sender, text, verb, user_id, outcome, at
) VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8)
ON CONFLICT (channel, provider_id) DO NOTHING RETURNING id
"""
FINISH = "UPDATE replies SET incident_id = $2, outcome = $3 WHERE id = $1"


@dataclass(frozen=True, slots=True)
class NewReply:
    """An answer as it has come."""

    channel: str
    provider_id: str | None
    sender: str
    text: str
    verb: str
    user_id: UUID | None


@dataclass(frozen=True, slots=True)
class Mailed:
    """A notification that left as a mail."""

    user_id: UUID
    created_at: datetime
    provider_id: str | None


async def lock_given(
    connection: Connection, user_ids: Collection[UUID]
) -> dict[UUID, list[Given]]:
    """The short codes of these people, who are locked until the transaction ends."""
    await connection.execute(LOCK, list(user_ids))
    found: dict[UUID, list[Given]] = {user_id: [] for user_id in user_ids}
    for row in await connection.fetch(GIVEN, list(user_ids)):
        given = Given(row["code"], row["incident_id"], row["over"], row["given_at"])
        found[row["user_id"]].append(given)
    return found


async def give(
    connection: Connection, codes: Sequence[tuple[UUID, int, UUID]], now: datetime
) -> None:
    """Give these (person, code, incident)."""
    await connection.execute(GIVE, now, *zip(*codes, strict=True))


async def list_told(connection: Connection, user_id: UUID, now: datetime) -> list[Told]:
    """What is not over of what this person was told of lately."""
    rows = await connection.fetch(TOLD, user_id, now - LOOKED_BACK)
    return [Told(row["id"], row["number"], row["code"], row["at"]) for row in rows]


async def was_told(connection: Connection, incident_id: UUID, user_id: UUID) -> bool:
    """Whether anything of this incident was meant for this person."""
    return bool(await connection.fetchval(WAS_TOLD, incident_id, user_id))


async def was_posted(connection: Connection, incident_id: UUID, channel: str) -> bool:
    """Whether any room there was told of this incident."""
    return bool(await connection.fetchval(WAS_POSTED, incident_id, channel))


async def incident_of(
    connection: Connection, notification_id: UUID, user_id: UUID
) -> UUID | None:
    """What a notification of this person is about."""
    found: UUID | None = await connection.fetchval(
        OF_NOTIFICATION, notification_id, user_id
    )
    return found


async def get_mailed(connection: Connection, notification_id: UUID) -> Mailed | None:
    """Whom a mail was for, and by which name its receipts are known."""
    row = await connection.fetchrow(MAILED, notification_id)
    return Mailed(**row) if row else None


async def insert_reply(
    connection: Connection, reply: NewReply, now: datetime
) -> UUID | None:
    """Keep an answer; none if it has come before."""
    made: UUID | None = await connection.fetchval(
        INSERT,
        new_id(),
        reply.channel,
        reply.provider_id,
        reply.sender,
        reply.text,
        reply.verb,
        reply.user_id,
        now,
    )
    return made


async def finish_reply(
    connection: Connection, reply_id: UUID, incident_id: UUID | None, outcome: str
) -> None:
    """Keep what came of it."""
    await connection.execute(FINISH, reply_id, incident_id, outcome)
