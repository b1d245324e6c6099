"""Statements on what starts workflows later."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.workflows import workflow_timers

# workflow, version, trigger, incident, when
NewTimer = tuple[UUID, UUID, str, UUID | None, datetime]


@dataclass(frozen=True, slots=True)
class Timer:
    """A trigger that is due at an instant; without an incident it is a schedule."""

    id: UUID
    workflow_id: UUID
    version_id: UUID
    node: str
    incident_id: UUID | None
    due_at: datetime


async def put(tx: Tx, timers: Sequence[NewTimer]) -> None:
    """Set timers; one that is there already is set anew."""
    if not timers:
        return
    columns = ("workflow_id", "version_id", "node", "incident_id", "due_at")
    rows = [{"id": new_id(), **dict(zip(columns, t, strict=True))} for t in timers]
    row = insert(workflow_timers).values(rows)
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=["workflow_id", "node", "incident_id"],
            set_={"due_at": row.excluded.due_at, "version_id": row.excluded.version_id},
        )
    )


async def claim(tx: Tx, limit: int, now: datetime) -> list[Timer]:
    """Lock up to `limit` timers that are due until the transaction ends."""
    c = workflow_timers.c
    query = (
        select(c.id, c.workflow_id, c.version_id, c.node, c.incident_id, c.due_at)
        .where(c.due_at <= now)
        .order_by(c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Timer(**row) for row in (await tx.execute(query)).mappings()]


async def delete_timers(tx: Tx, ids: Collection[UUID]) -> None:
    """These are over."""
    if ids:
        await tx.execute(delete(workflow_timers).where(workflow_timers.c.id.in_(ids)))


async def set_due(tx: Tx, timer_id: UUID, due_at: datetime) -> None:
    """When a schedule comes up next."""
    c = workflow_timers.c
    await tx.execute(
        update(workflow_timers).where(c.id == timer_id).values(due_at=due_at)
    )


async def delete_of_workflow(tx: Tx, workflow_id: UUID) -> None:
    """Nothing starts this workflow later."""
    c = workflow_timers.c
    await tx.execute(delete(workflow_timers).where(c.workflow_id == workflow_id))


async def delete_of_incidents(tx: Tx, incident_ids: Collection[UUID]) -> None:
    """These incidents are over: they have not been open for long enough."""
    c = workflow_timers.c
    if incident_ids:
        await tx.execute(delete(workflow_timers).where(c.incident_id.in_(incident_ids)))
