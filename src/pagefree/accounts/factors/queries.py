"""Statements on authenticator apps, recovery codes and sign-ins that are half done."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from pagefree.core.sign_in import SignInWay
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import users
from pagefree.tables.factors import (
    half_sessions,
    known_devices,
    passkey_challenges,
    passkeys,
    recovery_codes,
    sign_in_links,
    totp_factors,
)


@dataclass(frozen=True, slots=True)
class Totp:
    """An authenticator app."""

    secret: bytes = field(repr=False)  # sealed
    last_step: int | None
    created_at: datetime
    confirmed_at: datetime | None
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Has:
    """What somebody can give after the first proof."""

    totp: bool
    passkeys: int
    recovery_codes: int

    @property
    def any(self) -> bool:
        """Whether a second factor is asked for; recovery codes alone are none."""
        return self.totp or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody whose first proof was right."""

    id: UUID
    user_id: UUID
    way: SignInWay
    tries: int
    expires_at: datetime


async def get_totp(tx: Tx, user_id: UUID) -> Totp | None:
    """The person's authenticator app, also one that is not confirmed yet."""
    c = totp_factors.c
    columns = (c.secret, c.last_step, c.created_at, c.confirmed_at, c.used_at)
    query = select(*columns).where(c.user_id == user_id)
    row = (await tx.execute(query)).mappings().one_or_none()
    return Totp(**row) if row else None


async def save_totp(tx: Tx, user_id: UUID, secret: bytes, now: datetime) -> bool:
    """Keep a secret to be confirmed; false if there is a confirmed one."""
    values = {"secret": secret, "created_at": now}
    query = upsert(totp_factors).values(id=new_id(), user_id=user_id, **values)
    query = query.on_conflict_do_update(
        index_elements=["user_id"],
        set_=values,
        where=totp_factors.c.confirmed_at.is_(None),
    )
    return (await tx.execute(query)).rowcount > 0


async def use_totp_step(
    tx: Tx, user_id: UUID, secret: bytes, step: int, now: datetime
) -> bool:
    """Take the code of this step; false if it, or a newer one, was taken already.

    `secret` as it was read: of another one the code says nothing.
    """
    c = totp_factors.c
    query = (
        update(totp_factors)
        .where(c.user_id == user_id, c.secret == secret)
        .where(or_(c.last_step.is_(None), c.last_step < step))
        .values(
            last_step=step,
            used_at=now,
            confirmed_at=func.coalesce(c.confirmed_at, now),
        )
    )
    return (await tx.execute(query)).rowcount > 0


async def delete_totp(tx: Tx, user_id: UUID) -> bool:
    """False if there is none."""
    query = delete(totp_factors).where(totp_factors.c.user_id == user_id)
    return (await tx.execute(query)).rowcount > 0


async def get_has(tx: Tx, user_id: UUID) -> Has:
    """What this person can give."""
    app = select(totp_factors.c.id).where(
        totp_factors.c.user_id == user_id, totp_factors.c.confirmed_at.is_not(None)
    )
    keys = select(func.count()).where(passkeys.c.user_id == user_id)
    codes = select(func.count()).where(
        recovery_codes.c.user_id == user_id, recovery_codes.c.used_at.is_(None)
    )
    query = select(app.exists(), keys.scalar_subquery(), codes.scalar_subquery())
    return Has(*(await tx.execute(query)).one())


async def lock_person(tx: Tx, user_id: UUID) -> None:
    """Let nobody else change this person's factors until the transaction ends."""
    await tx.execute(
        select(users.c.id).where(users.c.id == user_id).with_for_update(key_share=True)
    )


async def replace_codes(
    tx: Tx, user_id: UUID, hashes: Collection[bytes], now: datetime
) -> None:
    """These recovery codes count from now on, and no others; none: there are none."""
    c = recovery_codes.c
    await tx.execute(delete(recovery_codes).where(c.user_id == user_id))
    rows = [
        {"id": new_id(), "user_id": user_id, "code_hash": one, "created_at": now}
        for one in hashes
    ]
    if rows:
        await tx.execute(insert(recovery_codes), rows)


async def use_code(tx: Tx, user_id: UUID, code_hash: bytes, now: datetime) -> bool:
    """Use a recovery code up, in this one statement; false: it does not count."""
    c = recovery_codes.c
    query = (
        update(recovery_codes)
        .where(c.user_id == user_id, c.code_hash == code_hash, c.used_at.is_(None))
        .values(used_at=now)
    )
    return (await tx.execute(query)).rowcount > 0


async def insert_half(
    tx: Tx,
    user_id: UUID,
    token_hash: bytes,
    way: SignInWay,
    expires_at: datetime,
    now: datetime,
) -> None:
    """Note that the first proof was right."""
    await tx.execute(
        insert(half_sessions).values(
            id=new_id(),
            token_hash=token_hash,
            user_id=user_id,
            signed_in_by=way,
            created_at=now,
            expires_at=expires_at,
        )
    )


async def get_half(tx: Tx, token_hash: bytes, now: datetime) -> Half | None:
    """None once it has expired, was used up, or its person is deactivated."""
    c = half_sessions.c
    query = (
        select(c.id, c.user_id, c.signed_in_by, c.tries, c.expires_at)
        .join(users, users.c.id == c.user_id)
        .where(c.token_hash == token_hash, c.expires_at > now)
        .where(users.c.deactivated_at.is_(None))
    )
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        return None
    return Half(
        row.id, row.user_id, SignInWay(row.signed_in_by), row.tries, row.expires_at
    )


async def count_try(tx: Tx, half_id: UUID, most: int) -> bool:
    """Count a try at the second factor; false: there is none left, or it has ended."""
    c = half_sessions.c
    query = (
        update(half_sessions)
        .where(c.id == half_id, c.tries < most)
        .values(tries=c.tries + 1)
    )
    return (await tx.execute(query)).rowcount > 0


async def delete_half(tx: Tx, half_id: UUID) -> bool:
    """False if somebody else has used it, or it has ended: of many one wins."""
    query = delete(half_sessions).where(half_sessions.c.id == half_id)
    return (await tx.execute(query)).rowcount > 0


async def delete_halves(tx: Tx, user_id: UUID) -> None:
    """End all that is half done of a person."""
    await tx.execute(delete(half_sessions).where(half_sessions.c.user_id == user_id))


async def note_device(
    tx: Tx, user_id: UUID, device_hash: bytes, now: datetime
) -> tuple[bool, int]:
    """Note a sign-in; whether the device was known before, and how many others are."""
    c = known_devices.c
    seen = update(known_devices).where(
        c.user_id == user_id, c.device_hash == device_hash
    )
    if (await tx.execute(seen.values(seen_at=now))).rowcount:
        return True, 0
    others = select(func.count()).where(c.user_id == user_id)
    count = (await tx.execute(others)).scalar_one()
    new = upsert(known_devices).values(
        id=new_id(),
        user_id=user_id,
        device_hash=device_hash,
        created_at=now,
        seen_at=now,
    )
    await tx.execute(new.on_conflict_do_nothing())
    return False, count


async def delete_expired(tx: Tx, now: datetime) -> None:
    """Forget what nobody can answer any more."""
    for table in (half_sessions, passkey_challenges):
        await tx.execute(delete(table).where(table.c.expires_at <= now))


async def delete_links_before(tx: Tx, before: datetime) -> None:
    """Forget links that were asked for before then."""
    old = sign_in_links.c.created_at < before
    await tx.execute(delete(sign_in_links).where(old))


async def delete_devices_before(tx: Tx, before: datetime) -> None:
    """Forget browsers that nobody has signed in with since then."""
    old = known_devices.c.seen_at < before
    await tx.execute(delete(known_devices).where(old))
