"""Somebody who was paged passes it on: the next step begins now."""

from datetime import datetime
from uuid import UUID

from pagefree.escalation import next_step_queries as queries
from pagefree.infra.db import Channel, Tx, notify


async def hasten(tx: Tx, incident_id: UUID, now: datetime) -> bool:
    """Look at the escalation at once instead of after its time-out; false if it has ended."""
    hastened = await queries.hasten(tx, incident_id, now)
    if hastened:
        await notify(tx, Channel.DUE)
    return hastened
