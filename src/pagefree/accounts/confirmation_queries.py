"""Every statement on sessions whose holder has proven again who they are."""

from datetime import datetime

from sqlalchemy import and_, case, exists, func, select, update

from pagefree.infra.db import Tx
from pagefree.tables.accounts import sessions, users
from pagefree.tables.factors import passkeys, totp_factors


async def set_confirmed(tx: Tx, token_hash: bytes, now: datetime) -> None:
    """Note that the holder of this session has just proven it."""
    mine = sessions.c.token_hash == token_hash
    await tx.execute(update(sessions).where(mine).values(confirmed_at=now))


async def get_confirmed(tx: Tx, token_hash: bytes, now: datetime) -> datetime | None:
    """When the holder last did; none: never, or the session has ended.

    Whoever has nothing here to prove it with does so by signing in again elsewhere.
    """
    nothing_else = and_(
        users.c.password_hash.is_(None),
        ~exists().where(
            totp_factors.c.user_id == users.c.id,
            totp_factors.c.confirmed_at.is_not(None),
        ),
        ~exists().where(passkeys.c.user_id == users.c.id),
    )
    signed_in = case((nothing_else, sessions.c.created_at))
    query = (
        select(func.coalesce(sessions.c.confirmed_at, signed_in))
        .join(users, users.c.id == sessions.c.user_id)
        .where(sessions.c.token_hash == token_hash, sessions.c.expires_at > now)
    )
    found: datetime | None = await tx.scalar(query)
    return found
