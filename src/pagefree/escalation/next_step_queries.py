"""The statement with which a person asks for the next step now."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from pagefree.infra.db import Tx
from pagefree.tables.escalation import escalations


async def hasten(tx: Tx, incident_id: UUID, now: datetime) -> bool:
    """The next look at this escalation is due now; false if none is to come."""
    c = escalations.c
    query = (
        update(escalations)
        .where(c.incident_id == incident_id, c.due_at > now)
        .values(due_at=now)
    )
    return (await tx.execute(query)).rowcount > 0
