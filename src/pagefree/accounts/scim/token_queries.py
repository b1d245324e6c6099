"""Every statement on the tokens of provisioning."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, insert, select, update

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.sign_in import scim_tokens


@dataclass(frozen=True, slots=True)
class ScimToken:
    """A token, without the token itself."""

    id: UUID
    provider_id: UUID
    name: str
    prefix: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewScimToken:
    """What a token is made of."""

    provider_id: UUID
    name: str
    prefix: str
    token_hash: bytes = field(repr=False)
    created_by_id: UUID


async def list_tokens(tx: Tx, provider_id: UUID) -> Sequence[ScimToken]:
    """Those that count, newest first."""
    query = (
        _tokens()
        .where(scim_tokens.c.provider_id == provider_id)
        .order_by(scim_tokens.c.id.desc())
    )
    return [ScimToken(**row) for row in (await tx.execute(query)).mappings()]


async def get_token(tx: Tx, token_hash: bytes) -> ScimToken | None:
    """None: unknown, or revoked."""
    query = _tokens().where(scim_tokens.c.token_hash == token_hash)
    row = (await tx.execute(query)).mappings().one_or_none()
    return ScimToken(**row) if row else None


async def insert_token(tx: Tx, new: NewScimToken, now: datetime) -> UUID:
    """The id of the new token."""
    token_id = new_id()
    await tx.execute(
        insert(scim_tokens).values(
            id=token_id,
            provider_id=new.provider_id,
            name=new.name,
            prefix=new.prefix,
            token_hash=new.token_hash,
            created_by_id=new.created_by_id,
            created_at=now,
        )
    )
    return token_id


async def note_token(tx: Tx, token_id: UUID, now: datetime) -> None:
    """Set when it was last used; not if another request is just doing so."""
    free = (
        select(scim_tokens.c.id)
        .where(scim_tokens.c.id == token_id)
        .with_for_update(skip_locked=True)
    )
    query = update(scim_tokens).where(scim_tokens.c.id == free.scalar_subquery())
    await tx.execute(query.values(used_at=now))


async def revoke_token(
    tx: Tx, provider_id: UUID, token_id: UUID, now: datetime
) -> None:
    """It counts no more."""
    await tx.execute(
        update(scim_tokens)
        .where(
            scim_tokens.c.id == token_id,
            scim_tokens.c.provider_id == provider_id,
            scim_tokens.c.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def _tokens() -> Select[tuple[object, ...]]:
    return select(
        scim_tokens.c.id,
        scim_tokens.c.provider_id,
        scim_tokens.c.name,
        scim_tokens.c.prefix,
        scim_tokens.c.created_at,
        scim_tokens.c.used_at,
    ).where(scim_tokens.c.revoked_at.is_(None))
