"""Statements on what people are to be told about shifts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.channels import notification_preferences
from pagefree.tables.handovers import shift_notices


async def insert(tx: Tx, texts: Sequence[tuple[UUID, str]], now: datetime) -> None:
    """Who is to be told what; notifications takes it from there."""
    rows = [
        {"id": new_id(), "user_id": user_id, "text": text, "created_at": now}
        for user_id, text in texts
    ]
    if rows:
        await tx.execute(shift_notices.insert(), rows)


async def list_languages(tx: Tx, user_ids: Collection[UUID]) -> dict[UUID, str]:
    """In which language each of these people wants to be told; left out: they never said."""
    c = notification_preferences.c
    query = select(c.user_id, c.language).where(c.user_id.in_(user_ids))
    return {row.user_id: row.language for row in await tx.execute(query)}
