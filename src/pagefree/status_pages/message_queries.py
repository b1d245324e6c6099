"""Statements on mailings and their messages: made in one go, leased, settled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert as upsert

from pagefree.core.subscriptions import Telling, Way
from pagefree.infra.arrays import arrays, new_rows
from pagefree.infra.db import Channel, Tx, driver, notify
from pagefree.infra.ids import new_id
from pagefree.tables.status_pages import status_mailings

QUEUE_TIMEOUT = "60s"  # one statement for all who follow a page

# not before the page shows it: whoever is told of it comes to look
NEXT = """
SELECT m.id, m.page_id, m.update_id, m.maintenance_id, m.kind, m.created_at
FROM status_mailings AS m JOIN status_snapshots AS s ON s.page_id = m.page_id
WHERE m.queued_at IS NULL AND s.rendered_at >= m.created_at
ORDER BY m.created_at, m.id LIMIT 1 FOR UPDATE OF m SKIP LOCKED
"""
QUEUE = """
WITH touched AS (
    SELECT c.component_id FROM status_updates AS u
    JOIN status_incident_components AS c ON c.status_incident_id = u.status_incident_id
    WHERE u.id = $1
    UNION SELECT k::uuid FROM status_updates AS u, jsonb_object_keys(u.components) AS k
    WHERE u.id = $1
    UNION SELECT c.component_id FROM status_updates AS u
    JOIN status_maintenance_components AS c ON c.maintenance_id = u.maintenance_id
    WHERE u.id = $1
    UNION SELECT c.component_id FROM status_maintenance_components AS c
    WHERE c.maintenance_id = $2
), about AS (
    SELECT $2::uuid IS NULL AND EXISTS (SELECT FROM status_updates AS u
        WHERE u.id = $1 AND u.status_incident_id IS NOT NULL) AS incident
)
INSERT INTO status_messages (id, subscriber_id, mailing_id, due_at, created_at)
SELECT uuidv7(), s.id, $3, $6, $6
FROM subscribers AS s, about
WHERE s.page_id = $4 AND s.confirmed_at <= $5 AND s.stopped_at IS NULL
    AND CASE WHEN about.incident THEN s.incidents ELSE s.maintenances END
    AND (s.every_component OR NOT EXISTS (SELECT FROM touched) OR EXISTS (
        SELECT FROM subscriber_components AS c JOIN touched USING (component_id)
        WHERE c.subscriber_id = s.id))
ON CONFLICT (subscriber_id, mailing_id) DO NOTHING
"""
CLAIM = """
WITH due AS (
    SELECT id FROM status_messages WHERE due_at <= $1
    ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
)
UPDATE status_messages AS m
SET possible_duplicate = m.possible_duplicate OR m.leased, leased = true,
    attempts = m.attempts + 1, due_at = $3
FROM due JOIN status_messages AS before ON before.id = due.id
JOIN subscribers AS s ON s.id = before.subscriber_id
LEFT JOIN status_mailings AS l ON l.id = before.mailing_id
WHERE m.id = due.id
RETURNING m.id, m.attempts, m.created_at, s.id AS subscriber_id, s.page_id, s.channel,
    s.address, s.language, s.sealed_secret, s.stopped_at, s.confirmed_at,
    l.update_id, l.maintenance_id, l.kind
"""
SETTLE = f"""
UPDATE status_messages AS m
SET leased = false, due_at = new.due_at, sent_at = new.sent_at, error = new.error,
    possible_duplicate = m.possible_duplicate OR new.unknown
FROM {
    new_rows(
        1,
        id="uuid",
        attempts="int",
        due_at="timestamptz",
        sent_at="timestamptz",
        error="text",
        unknown="boolean",
    )
}
WHERE m.id = new.id AND m.attempts = new.attempts AND m.leased
"""  # noqa: S608 - nothing of it comes from outside


@dataclass(frozen=True, slots=True)
class Mailing:
    """Something that followers of a page are told of."""

    id: UUID
    page_id: UUID
    update_id: UUID | None
    maintenance_id: UUID | None
    kind: Telling
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Leased:
    """A message that is ours to send for a while."""

    id: UUID
    attempts: int
    created_at: datetime
    subscriber_id: UUID
    page_id: UUID
    way: Way
    address: str
    language: str
    sealed_secret: bytes | None
    stopped: bool
    confirmed: bool
    update_id: UUID | None
    maintenance_id: UUID | None
    kind: Telling | None  # none: it asks to confirm


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of a message."""

    message: Leased
    sent_at: datetime | None
    again_at: datetime | None = None
    error: str | None = None
    unknown: bool = False  # it may have arrived all the same
    dead: bool = False  # nobody is at the address
    refused: bool = False  # for good


async def tell_of_update(tx: Tx, page_id: UUID, update_id: UUID, now: datetime) -> None:
    """Have an update told to all who follow the page; once, however often it is asked."""
    row = {"page_id": page_id, "update_id": update_id, "kind": Telling.UPDATE}
    adding = upsert(status_mailings).values(id=new_id(), created_at=now, **row)
    await tx.execute(adding.on_conflict_do_nothing())


async def tell_of_work(
    tx: Tx, page_id: UUID, maintenance_id: UUID, kind: Telling, now: datetime
) -> None:
    """Have what happens to planned work told to all who follow the page."""
    row = {"page_id": page_id, "maintenance_id": maintenance_id, "kind": kind}
    await tx.execute(upsert(status_mailings).values(id=new_id(), created_at=now, **row))


async def claim_mailing(tx: Tx) -> Mailing | None:
    """Lock the mailing that has waited for longest, of those that the page shows."""
    row = (await tx.execute(text(NEXT))).first()
    if row is None:
        return None
    return Mailing(
        row.id,
        row.page_id,
        row.update_id,
        row.maintenance_id,
        Telling(row.kind),
        row.created_at,
    )


async def queue(tx: Tx, mailing: Mailing, now: datetime) -> int:
    """Make a message for everybody whom a mailing concerns; returns how many."""
    connection = await driver(tx)
    await connection.execute(f"SET LOCAL statement_timeout = '{QUEUE_TIMEOUT}'")
    answer: str = await connection.execute(
        QUEUE,
        mailing.update_id,
        mailing.maintenance_id,
        mailing.id,
        mailing.page_id,
        mailing.created_at,
        now,
    )
    await connection.execute(
        "UPDATE status_mailings SET queued_at = $2 WHERE id = $1", mailing.id, now
    )
    await notify(tx, Channel.SUBSCRIBERS)
    return int(answer.rpartition(" ")[2])


async def claim(tx: Tx, limit: int, until: datetime, now: datetime) -> list[Leased]:
    """Lease messages that are due. One whose lease has run out may have left already."""
    rows = await (await driver(tx)).fetch(CLAIM, now, limit, until)
    return [
        Leased(
            id=row["id"],
            attempts=row["attempts"],
            created_at=row["created_at"],
            subscriber_id=row["subscriber_id"],
            page_id=row["page_id"],
            way=Way(row["channel"]),
            address=row["address"],
            language=row["language"],
            sealed_secret=row["sealed_secret"],
            stopped=row["stopped_at"] is not None,
            confirmed=row["confirmed_at"] is not None,
            update_id=row["update_id"],
            maintenance_id=row["maintenance_id"],
            kind=Telling(row["kind"]) if row["kind"] else None,
        )
        for row in rows
    ]


async def settle(tx: Tx, outcomes: Sequence[Settled]) -> None:
    """Write down what came of messages, unless somebody else has taken them over."""
    rows = [
        (
            one.message.id,
            one.message.attempts,
            one.again_at,
            one.sent_at,
            one.error,
            one.unknown,
        )
        for one in outcomes
    ]
    if rows:
        await (await driver(tx)).execute(SETTLE, *arrays(rows))


async def set_confirm_hashes(
    tx: Tx, tokens: Collection[tuple[UUID, bytes, datetime]]
) -> None:
    """Keep what the links that leave now have to match, by subscriber, and until when."""
    await (await driver(tx)).executemany(
        "UPDATE subscribers SET confirm_hash = $2, confirm_until = $3 WHERE id = $1",
        list(tokens),
    )
