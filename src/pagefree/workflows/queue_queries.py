"""Statements on runs that wait for others of the same key."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from pagefree.infra.db import Tx
from pagefree.tables.workflows import workflow_runs


async def busy_keys(
    tx: Tx, keys: Collection[tuple[UUID, str]]
) -> set[tuple[UUID, str]]:
    """Those (workflow, key) of which a run is going on."""
    c = workflow_runs.c
    query = select(c.workflow_id, c.concurrency_key).where(
        c.workflow_id.in_({workflow for workflow, _ in keys}),
        c.concurrency_key.in_({key for _, key in keys}),
        c.status.in_(("running", "paused")),
    )
    return {(row[0], row[1]) for row in await tx.execute(query)}


async def next_queued(tx: Tx, keys: Collection[tuple[UUID, str]]) -> list[UUID]:
    """Of each (workflow, key) the run that has waited longest, if nothing is going on."""
    busy = await busy_keys(tx, keys)
    c = workflow_runs.c
    found = []
    for workflow_id, key in sorted(set(keys) - busy, key=str):
        query = (
            select(c.id)
            .where(
                c.workflow_id == workflow_id,
                c.concurrency_key == key,
                c.status == "queued",
            )
            .order_by(c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        run_id: UUID | None = await tx.scalar(query)
        if run_id is not None:
            found.append(run_id)
    return found


async def list_stranded_keys(tx: Tx, limit: int) -> list[tuple[UUID, str]]:
    """(workflow, key) of runs that wait although nothing is going on."""
    c, other = workflow_runs.c, workflow_runs.alias("other")
    going = (
        select(other.c.id)
        .where(
            other.c.workflow_id == c.workflow_id,
            other.c.concurrency_key == c.concurrency_key,
            other.c.status.in_(("running", "paused")),
        )
        .exists()
    )
    query = select(c.workflow_id, c.concurrency_key).distinct()
    query = query.where(c.status == "queued", ~going).limit(limit)
    return [(row[0], row[1]) for row in await tx.execute(query)]
