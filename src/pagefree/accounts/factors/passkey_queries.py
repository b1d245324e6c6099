"""Statements on passkeys and what they are to sign."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import users
from pagefree.tables.factors import passkey_challenges, passkeys


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey of somebody."""

    id: UUID
    user_id: UUID
    name: str
    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int
    transports: Sequence[str]
    backed_up: bool
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that was just made."""

    user_id: UUID
    name: str
    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int
    transports: Sequence[str]
    backed_up: bool


@dataclass(frozen=True, slots=True)
class NewChallenge:
    """What a passkey is to sign; `user_id` is none where it is to say who signs in."""

    purpose: str
    user_id: UUID | None
    challenge: bytes = field(repr=False)
    expires_at: datetime


async def insert_challenge(tx: Tx, new: NewChallenge) -> UUID:
    """Keep a challenge; its id."""
    made = new_id()
    await tx.execute(
        insert(passkey_challenges).values(
            id=made,
            user_id=new.user_id,
            purpose=new.purpose,
            challenge=new.challenge,
            expires_at=new.expires_at,
        )
    )
    return made


async def take_challenge(
    tx: Tx, challenge_id: UUID, purpose: str, user_id: UUID | None, now: datetime
) -> bytes | None:
    """Use a challenge up, in this one statement; none: it does not count."""
    c = passkey_challenges.c
    query = (
        delete(passkey_challenges)
        .where(c.id == challenge_id, c.purpose == purpose, c.expires_at > now)
        .where(c.user_id.is_not_distinct_from(user_id))
        .returning(c.challenge)
    )
    return await tx.scalar(query)


async def list_passkeys(tx: Tx, user_id: UUID) -> list[Passkey]:
    """A person's, the oldest first."""
    c = passkeys.c
    query = select(passkeys).where(c.user_id == user_id).order_by(c.id)
    return [Passkey(**row) for row in (await tx.execute(query)).mappings()]


async def lock_passkey(tx: Tx, credential_id: bytes) -> Passkey | None:
    """The passkey, locked until the transaction ends; none if its person is deactivated."""
    query = (
        select(passkeys)
        .join(users, users.c.id == passkeys.c.user_id)
        .where(
            passkeys.c.credential_id == credential_id, users.c.deactivated_at.is_(None)
        )
        .with_for_update(of=passkeys)
    )
    row = (await tx.execute(query)).mappings().one_or_none()
    return Passkey(**row) if row else None


async def insert_passkey(tx: Tx, new: NewPasskey, now: datetime) -> Passkey:
    """Keep a passkey. The credential's id is unique: whose it is, is never in doubt."""
    values = {
        "id": new_id(),
        "user_id": new.user_id,
        "name": new.name,
        "credential_id": new.credential_id,
        "public_key": new.public_key,
        "sign_count": new.sign_count,
        "transports": list(new.transports),
        "backed_up": new.backed_up,
        "created_at": now,
    }
    query = insert(passkeys).values(**values).returning(passkeys)
    return Passkey(**(await tx.execute(query)).mappings().one())


async def note_use(
    tx: Tx, passkey_id: UUID, sign_count: int, now: datetime, *, backed_up: bool
) -> None:
    """Note that a passkey was used."""
    values = {"sign_count": sign_count, "used_at": now, "backed_up": backed_up}
    query = update(passkeys).where(passkeys.c.id == passkey_id)
    await tx.execute(query.values(**values))


async def rename(tx: Tx, user_id: UUID, passkey_id: UUID, name: str) -> bool:
    """False if the person has no such passkey."""
    c = passkeys.c
    query = update(passkeys).where(c.user_id == user_id, c.id == passkey_id)
    return (await tx.execute(query.values(name=name))).rowcount > 0


async def delete_passkey(tx: Tx, user_id: UUID, passkey_id: UUID) -> str | None:
    """The name of the one that is gone; none if the person has no such passkey."""
    c = passkeys.c
    query = delete(passkeys).where(c.user_id == user_id, c.id == passkey_id)
    return await tx.scalar(query.returning(c.name))


async def delete_passkeys(tx: Tx, user_id: UUID) -> bool:
    """All of a person's; false if there is none."""
    query = delete(passkeys).where(passkeys.c.user_id == user_id)
    return (await tx.execute(query)).rowcount > 0
