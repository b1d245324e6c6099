"""Statements of the worker's own housekeeping."""

from datetime import datetime

from sqlalchemy import delete

from pagefree.infra.db import Tx
from pagefree.tables.accounts import sessions


async def delete_expired_sessions(tx: Tx, now: datetime) -> int:
    """Forget sessions that have expired; returns how many."""
    query = delete(sessions).where(sessions.c.expires_at <= now)
    return (await tx.execute(query)).rowcount
