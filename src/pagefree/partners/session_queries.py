"""Statements on where partners are signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, insert, select, update

from pagefree.core.partners import Account
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.partners import partner_sessions, partners


@dataclass(frozen=True, slots=True)
class Session:
    """Where a partner is, or was, signed in."""

    id: UUID
    partner_id: UUID
    email: str
    name: str
    account: Account
    address: str
    user_agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to start."""

    partner_id: UUID
    token_hash: bytes
    address: str
    user_agent: str
    expires_at: datetime


def _sessions() -> Select[Any]:
    partner = partners.c
    return select(
        partner_sessions,
        partner.email,
        partner.name,
        partner.set_up_at,
        partner.expires_at.label("partner_until"),
        partner.deactivated_at,
    ).join(partners, partner.id == partner_sessions.c.partner_id)


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        partner_id=row.partner_id,
        email=row.email,
        name=row.name,
        account=Account(row.set_up_at, row.partner_until, row.deactivated_at),
        address=row.address,
        user_agent=row.user_agent,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
    )


async def insert_session(tx: Tx, new: NewSession, now: datetime) -> UUID:
    """Sign a browser in."""
    made = new_id()
    values = {
        "id": made,
        "partner_id": new.partner_id,
        "token_hash": new.token_hash,
        "address": new.address,
        "user_agent": new.user_agent,
        "created_at": now,
        "seen_at": now,
        "expires_at": new.expires_at,
    }
    await tx.execute(insert(partner_sessions).values(**values))
    return made


async def get_session(tx: Tx, token_hash: bytes) -> Session | None:
    """The session with this token, also one that has ended."""
    query = _sessions().where(partner_sessions.c.token_hash == token_hash)
    row = (await tx.execute(query)).first()
    return None if row is None else _session(row)


async def note_session(tx: Tx, session_id: UUID, now: datetime) -> None:
    """It was used at `now`."""
    where = partner_sessions.c.id == session_id
    await tx.execute(update(partner_sessions).where(where).values(seen_at=now))


async def list_sessions(
    tx: Tx, partner_id: UUID | None, now: datetime, limit: int = 500
) -> list[Session]:
    """Those that have neither ended nor expired, newest first; of one partner, or all."""
    query = (
        _sessions()
        .where(
            partner_sessions.c.ended_at.is_(None), partner_sessions.c.expires_at > now
        )
        .order_by(partner_sessions.c.id.desc())
        .limit(limit)
    )
    if partner_id is not None:
        query = query.where(partner_sessions.c.partner_id == partner_id)
    return [_session(row) for row in await tx.execute(query)]


async def end_session(tx: Tx, session_id: UUID, now: datetime) -> UUID | None:
    """End a session before its time; whose it is, none if there is none to end."""
    ending = (
        update(partner_sessions)
        .where(
            partner_sessions.c.id == session_id, partner_sessions.c.ended_at.is_(None)
        )
        .values(ended_at=now)
        .returning(partner_sessions.c.partner_id)
    )
    found: UUID | None = (await tx.execute(ending)).scalar_one_or_none()
    return found


async def end_sessions(tx: Tx, partner_id: UUID, now: datetime) -> None:
    """Sign a partner out everywhere."""
    await tx.execute(
        update(partner_sessions)
        .where(
            partner_sessions.c.partner_id == partner_id,
            partner_sessions.c.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


async def delete_expired_before(tx: Tx, before: datetime) -> None:
    """Forget sessions that expired before `before`."""
    await tx.execute(
        delete(partner_sessions).where(partner_sessions.c.expires_at < before)
    )
