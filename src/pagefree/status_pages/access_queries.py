"""Statements on what opens private pages, and on which pages incidents touch."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from pagefree.infra.db import Tx
from pagefree.tables.status_pages import (
    page_tokens,
)


@dataclass(frozen=True, slots=True)
class Token:
    """What opens a private page, without the secret."""

    id: UUID
    name: str
    prefix: str
    token_hash: bytes
    created_at: datetime
    expires_at: datetime | None


async def list_tokens(tx: Tx, page_id: UUID) -> list[Token]:
    """The tokens of a page, newest first."""
    query = (
        select(page_tokens)
        .where(page_tokens.c.page_id == page_id)
        .order_by(page_tokens.c.id.desc())
    )
    return [
        Token(
            row.id, row.name, row.prefix, row.token_hash, row.created_at, row.expires_at
        )
        for row in await tx.execute(query)
    ]


async def listened_to(tx: Tx) -> bool:
    """Whether there is any component at all that incidents could touch."""
    answer = await tx.execute(text("SELECT EXISTS (SELECT FROM components)"))
    return bool(answer.scalar_one())
