"""Statements on codes that prove whose address it is, and on who owns a sender."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update

from pagefree.infra.db import Tx
from pagefree.tables.accounts import contact_methods
from pagefree.tables.channels import contact_codes


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code that somebody is to give back; `method_id` is none where a chat is linked."""

    id: UUID
    user_id: UUID
    method_id: UUID | None
    channel: str
    code_hash: bytes = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it is kept."""

    id: UUID
    user_id: UUID
    code_hash: bytes = field(repr=False)
    tries: int
    expires_at: datetime


async def count_codes(tx: Tx, user_id: UUID, since: datetime) -> int:
    """How many codes this person has asked for since then."""
    c = contact_codes.c
    query = (
        select(func.count())
        .select_from(contact_codes)
        .where(c.user_id == user_id, c.created_at > since)
    )
    return (await tx.execute(query)).scalar_one()


async def insert_code(tx: Tx, code: NewCode, now: datetime) -> None:
    """Keep a code; those for the same contact method or channel count no longer."""
    c = contact_codes.c
    same = c.contact_method_id.is_not_distinct_from(code.method_id)
    await tx.execute(
        update(contact_codes)
        .where(c.user_id == code.user_id, c.channel == code.channel, same)
        .where(c.used_at.is_(None))
        .values(used_at=now)
    )
    await tx.execute(
        insert(contact_codes).values(
            id=code.id,
            user_id=code.user_id,
            contact_method_id=code.method_id,
            channel=code.channel,
            code_hash=code.code_hash,
            created_at=now,
            expires_at=code.expires_at,
        )
    )


async def lock_code(tx: Tx, method_id: UUID) -> Code | None:
    """The code of this contact method that counts, locked until the transaction ends."""
    c = contact_codes.c
    query = (
        select(c.id, c.user_id, c.code_hash, c.tries, c.expires_at)
        .where(c.contact_method_id == method_id, c.used_at.is_(None))
        .order_by(c.created_at.desc())
        .limit(1)
        .with_for_update()
    )
    row = (await tx.execute(query)).mappings().one_or_none()
    return Code(**row) if row else None


async def lock_link(tx: Tx, channel: str, code_hash: bytes) -> Code | None:
    """The code with which a chat is linked, locked until the transaction ends."""
    c = contact_codes.c
    query = (
        select(c.id, c.user_id, c.code_hash, c.tries, c.expires_at)
        .where(c.channel == channel, c.code_hash == code_hash)
        .where(c.contact_method_id.is_(None), c.used_at.is_(None))
        .with_for_update()
    )
    row = (await tx.execute(query)).mappings().one_or_none()
    return Code(**row) if row else None


async def update_code(tx: Tx, code_id: UUID, values: Mapping[str, object]) -> None:
    """Set these columns."""
    await tx.execute(
        update(contact_codes).where(contact_codes.c.id == code_id).values(**values)
    )


async def list_owners(tx: Tx, channel: str, sender: str) -> list[UUID]:
    """The people whose proven address this sender is: one, if all is well."""
    c = contact_methods.c
    query = (
        select(c.user_id)
        .where(c.channel == channel, c.identity == sender)
        .where(c.unverified_since.is_(None))
        .distinct()
    )
    return list((await tx.execute(query)).scalars())


async def update_opted(
    tx: Tx, channel: str, sender: str, reason: str, at: datetime | None
) -> int:
    """Switch the addresses of this sender off, or on again if that was why; returns how many.

    `at`: since when they are off; none: on.
    """
    c = contact_methods.c
    was = c.disabled_at.is_(None) if at else c.disabled_reason == reason
    query = (
        update(contact_methods)
        .where(c.channel == channel, c.identity == sender, was)
        .values(disabled_at=at, disabled_reason=reason if at else None)
    )
    return (await tx.execute(query)).rowcount
