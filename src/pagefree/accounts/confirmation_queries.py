"""Every statement on sessions whose holder has proven again who they are."""

from datetime import datetime

from sqlalchemy import select, update

from pagefree.infra.db import Tx
from pagefree.tables.accounts import sessions


async def set_confirmed(tx: Tx, token_hash: bytes, now: datetime) -> None:
    """Note that the holder of this session has just proven it."""
    mine = sessions.c.token_hash == token_hash
    await tx.execute(update(sessions).where(mine).values(confirmed_at=now))


async def get_confirmed(tx: Tx, token_hash: bytes, now: datetime) -> datetime | None:
    """When the holder last did; none: never, or the session has ended."""
    return await tx.scalar(
        select(sessions.c.confirmed_at).where(
            sessions.c.token_hash == token_hash, sessions.c.expires_at > now
        )
    )
