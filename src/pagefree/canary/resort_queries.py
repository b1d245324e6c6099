"""What the last resort keeps: who is on call, and how they are reached without a database."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import any_, literal, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import Uuid

from pagefree.infra.db import Tx, transaction
from pagefree.tables.accounts import contact_methods, users


@dataclass(frozen=True, slots=True)
class Method:
    """One address of one person; secrets stay sealed."""

    id: UUID
    name: str  # of the person
    channel: str
    address: dict[str, object]
    secret: bytes | None


async def list_methods(
    tx: Tx, user_ids: Collection[UUID], channels: Collection[str]
) -> list[Method]:
    """How these people are reached by these channels; platform admins where nobody is named."""
    c = contact_methods.c
    named = users.c.id == any_(literal(list(user_ids), ARRAY(Uuid)))
    who = named if user_ids else users.c.platform_admin
    query = (
        select(c.id, users.c.name, c.channel, c.address, c.secret)
        .join(users, users.c.id == c.user_id)
        .where(
            who,
            users.c.deactivated_at.is_(None),
            ~users.c.service_account,
            c.disabled_at.is_(None),
            or_(c.unverified_since.is_(None), c.proven_at.is_not(None)),
            c.channel.in_(channels),
        )
        .order_by(c.id)
    )
    return [Method(*row) for row in await tx.execute(query)]


async def answers(engine: AsyncEngine) -> bool:
    """Whether the database answers; what it raises where it does not."""
    async with transaction(engine) as tx:
        return await tx.scalar(text("SELECT true")) is True
