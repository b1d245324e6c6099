"""Statements on what one person is to be told of their account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.channels import notification_preferences
from pagefree.tables.handovers import shift_notices


async def insert_notice(tx: Tx, user_id: UUID, text: str, now: datetime) -> None:
    """Have the person told once the transaction commits; notifications takes it from there."""
    values = {"id": new_id(), "user_id": user_id, "text": text, "created_at": now}
    await tx.execute(insert(shift_notices).values(**values))


async def language_of(tx: Tx, user_id: UUID) -> str:
    """In which language the person is told of things."""
    c = notification_preferences.c
    found = await tx.scalar(select(c.language).where(c.user_id == user_id))
    return found or "en"
