"""Statements on who has a second factor, and who has none."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, update

from pagefree.infra.db import Tx
from pagefree.tables.accounts import sessions, users
from pagefree.tables.factors import passkeys, sign_in_rules, totp_factors
from pagefree.tables.sign_in import identities


@dataclass(frozen=True, slots=True)
class Without:
    """Somebody who has no second factor."""

    id: UUID
    name: str
    email: str
    platform_admin: bool
    password: bool  # else they come from an identity provider, or not at all yet
    provider: bool  # has come from one
    reminded_at: datetime | None


async def by_password(tx: Tx, user_id: UUID) -> bool:
    """Whether a password, or a link that is mailed, lets the person in."""
    links = select(sign_in_rules.c.magic_links).scalar_subquery()
    mailed = func.coalesce(links, False) & ~users.c.platform_admin
    query = select(or_(users.c.password_hash.is_not(None), mailed))
    return bool(await tx.scalar(query.where(users.c.id == user_id)))


async def list_without(tx: Tx) -> list[Without]:
    """By name."""
    query = (
        select(
            users.c.id,
            users.c.name,
            users.c.email,
            users.c.platform_admin,
            users.c.password_hash.is_not(None),
            exists().where(identities.c.user_id == users.c.id),
            users.c.factor_reminded_at,
        )
        .where(users.c.deactivated_at.is_(None), ~users.c.service_account, ~_has())
        .order_by(func.lower(users.c.name), users.c.id)
    )
    return [Without(*row) for row in await tx.execute(query)]


async def note_reminded(tx: Tx, user_id: UUID, now: datetime) -> None:
    """They were asked to set one up."""
    mine = users.c.id == user_id
    await tx.execute(update(users).where(mine).values(factor_reminded_at=now))


async def open_sessions(tx: Tx, user_id: UUID) -> None:
    """Their sessions are held up no more."""
    held_up = (sessions.c.user_id == user_id) & sessions.c.enrolling
    await tx.execute(update(sessions).where(held_up).values(enrolling=False))


def _has() -> ColumnElement[bool]:
    app = exists().where(
        totp_factors.c.user_id == users.c.id, totp_factors.c.confirmed_at.is_not(None)
    )
    return or_(app, exists().where(passkeys.c.user_id == users.c.id))
