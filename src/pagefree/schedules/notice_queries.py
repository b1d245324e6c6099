"""Statements on what people are to be told about shifts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.handovers import shift_notices


async def insert(tx: Tx, texts: Sequence[tuple[UUID, str]], now: datetime) -> None:
    """Who is to be told what; notifications takes it from there."""
    rows = [
        {"id": new_id(), "user_id": user_id, "text": text, "created_at": now}
        for user_id, text in texts
    ]
    if rows:
        await tx.execute(shift_notices.insert(), rows)
