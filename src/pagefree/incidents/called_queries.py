"""The incidents that somebody was paged for and that nobody has."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select

from pagefree.infra.db import Tx
from pagefree.tables.incidents import incidents
from pagefree.tables.notifications import notifications
from pagefree.tables.services import services


@dataclass(frozen=True, slots=True)
class Called:
    """An incident that still wants this person."""

    id: UUID
    number: int
    title: str
    service: str


async def list_called(tx: Tx, user_id: UUID, limit: int) -> list[Called]:
    """What nobody has of what this person was paged for, newest first."""
    paged = exists().where(
        notifications.c.incident_id == incidents.c.id,
        notifications.c.user_id == user_id,
    )
    query = (
        select(*incidents.c["id", "number", "title"], services.c.name)
        .outerjoin(services, services.c.id == incidents.c.service_id)
        .where(incidents.c.status == "triggered")
        .where(paged)
        .order_by(incidents.c.id.desc())
        .limit(limit)
    )
    rows = await tx.execute(query)
    return [Called(row.id, row.number, row.title, row.name or "") for row in rows]
