"""Statements that count how runs went."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from pagefree.core.workflows import StepStatus
from pagefree.infra.db import Tx
from pagefree.tables.workflows import workflow_runs, workflow_steps


async def statistics(
    tx: Tx, workflow_id: UUID, since: datetime
) -> tuple[dict[str, int], float | None]:
    """How many runs ended how since then, and the median of their seconds."""
    c = workflow_runs.c
    mine = (c.workflow_id == workflow_id, c.created_at > since)
    counted = select(c.status, func.count()).where(*mine).group_by(c.status)
    seconds = func.extract("epoch", c.ended_at - c.started_at)
    median = select(func.percentile_cont(0.5).within_group(seconds)).where(
        *mine, c.ended_at.is_not(None), c.started_at.is_not(None)
    )
    by_status = {row[0]: row[1] for row in await tx.execute(counted)}
    found = await tx.scalar(median)
    return by_status, None if found is None else float(found)


async def failing_nodes(
    tx: Tx, workflow_id: UUID, since: datetime
) -> list[tuple[str, int]]:
    """The nodes at which runs failed since then, the worst first."""
    s, r = workflow_steps.c, workflow_runs.c
    query = (
        select(s.node, func.count())
        .join(workflow_runs, r.id == s.run_id)
        .where(
            r.workflow_id == workflow_id,
            r.created_at > since,
            s.status == StepStatus.FAILED.value,
        )
        .group_by(s.node)
        .order_by(func.count().desc(), s.node)
        .limit(20)
    )
    return [(row[0], row[1]) for row in await tx.execute(query)]
