"""Statements on what leaves with messages: one-press links, and the outbox of demo mode."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.notifications import action_links, outbox_messages


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """What would have been sent."""

    id: UUID
    at: datetime
    channel: str
    recipient: str
    user_id: UUID | None
    title: str
    text: str
    html: str | None
    payload: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class NewOutboxMessage:
    """What would be sent, and is no notification."""

    channel: str
    recipient: str
    title: str
    text: str
    html: str | None = None
    payload: dict[str, object] | None = None
    user_id: UUID | None = None  # none: to somebody who is no user


@dataclass(frozen=True, slots=True)
class ActionLink:
    """What the bearer of a link may do, once."""

    user_id: UUID
    incident_id: UUID
    verb: str
    expires_at: datetime
    used_at: datetime | None


async def list_outbox(tx: Tx, after: UUID | None, limit: int) -> list[OutboxMessage]:
    """What would have been sent, newest first."""
    c = outbox_messages.c
    query = (
        select(
            c.id,
            c.at,
            c.channel,
            c.recipient,
            c.user_id,
            c.title,
            c.text,
            c.html,
            c.payload,
        )
        .order_by(c.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(c.id < after)
    return [OutboxMessage(**row) for row in (await tx.execute(query)).mappings()]


async def insert_outbox(
    tx: Tx, messages: Sequence[NewOutboxMessage], now: datetime
) -> None:
    """Keep what would have been sent."""
    rows = [{"id": new_id(), "at": now, **asdict(one)} for one in messages]
    if rows:
        await tx.execute(insert(outbox_messages), rows)


async def get_link(tx: Tx, token_hash: bytes, *, lock: bool) -> ActionLink | None:
    """The link with this hash, locked until the transaction ends if asked."""
    c = action_links.c
    query = select(c.user_id, c.incident_id, c.verb, c.expires_at, c.used_at).where(
        c.token_hash == token_hash
    )
    if lock:
        query = query.with_for_update()
    row = (await tx.execute(query)).mappings().one_or_none()
    return ActionLink(**row) if row else None


async def update_link_used(tx: Tx, token_hash: bytes, now: datetime) -> None:
    """The link has done its work."""
    await tx.execute(
        update(action_links)
        .where(action_links.c.token_hash == token_hash)
        .values(used_at=now)
    )


async def delete_expired_links(tx: Tx, before: datetime) -> int:
    """Forget links that ended before then; returns how many."""
    query = delete(action_links).where(action_links.c.expires_at < before)
    return (await tx.execute(query)).rowcount
