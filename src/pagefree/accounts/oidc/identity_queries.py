"""Statements on one person's identities at providers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select

from pagefree.infra.db import Tx
from pagefree.tables.accounts import users
from pagefree.tables.sign_in import identities, identity_providers, sign_in_settings


@dataclass(frozen=True, slots=True)
class OwnIdentity:
    """Who somebody is at a provider."""

    id: UUID
    provider_id: UUID
    provider: str
    issuer: str
    email: str
    created_at: datetime
    used_at: datetime | None


async def list_own(tx: Tx, user_id: UUID) -> list[OwnIdentity]:
    """In the order in which they were linked."""
    c = identities.c
    query = (
        select(
            c.id,
            c.provider_id,
            identity_providers.c.name,
            c.issuer,
            c.email,
            c.created_at,
            c.used_at,
        )
        .join(identity_providers, identity_providers.c.id == c.provider_id)
        .where(c.user_id == user_id)
        .order_by(c.id)
    )
    return [OwnIdentity(*row) for row in await tx.execute(query)]


async def is_of(tx: Tx, user_id: UUID, issuer: str, subject: str) -> bool:
    """Whether the person is this subject of the issuer."""
    c = identities.c
    query = select(c.id).where(
        c.user_id == user_id, c.issuer == issuer, c.subject == subject
    )
    return await tx.scalar(query) is not None


async def any_usable(tx: Tx, user_id: UUID) -> bool:
    """Whether the person signs in by one of them: its provider is switched on."""
    c = identities.c
    query = (
        select(c.id)
        .join(identity_providers, identity_providers.c.id == c.provider_id)
        .where(c.user_id == user_id, identity_providers.c.enabled)
        .limit(1)
    )
    return await tx.scalar(query) is not None


async def delete_identity(tx: Tx, user_id: UUID, identity_id: UUID) -> None:
    """Nobody is that person by it any more."""
    c = identities.c
    await tx.execute(
        delete(identities).where(c.user_id == user_id, c.id == identity_id)
    )


async def password_counts(tx: Tx, user_id: UUID) -> bool:
    """Whether the person signs in with a password: has one, and may."""
    only = select(sign_in_settings.c.only_providers).scalar_subquery()
    query = select(users.c.id).where(
        users.c.id == user_id,
        users.c.password_hash.is_not(None),
        or_(users.c.platform_admin, ~func.coalesce(only, False)),
    )
    return await tx.scalar(query) is not None
