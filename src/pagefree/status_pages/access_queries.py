"""Statements on what opens private pages, and on which pages incidents touch."""

from collections.abc import Collection
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


async def pages_about(tx: Tx, incident_ids: Collection[UUID]) -> list[UUID]:
    """Pages with a component that one of these incidents may touch."""
    answer = await tx.execute(
        text(
            "SELECT DISTINCT page_id FROM components WHERE condition <> ''"
            " UNION SELECT c.page_id FROM incidents i"
            " JOIN component_services s ON s.service_id = i.service_id"
            " JOIN components c ON c.id = s.component_id WHERE i.id = ANY(:ids)"
        ),
        {"ids": list(incident_ids)},
    )
    return list(answer.scalars())
