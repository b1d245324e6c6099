"""Statements that count how runs went."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, true

from pagefree.core.workflows import RunStatus, StepStatus
from pagefree.infra.db import Tx
from pagefree.tables.workflows import workflow_runs, workflow_steps


@dataclass(frozen=True, slots=True)
class Summary:
    """How many runs a workflow has had lately, how many failed, and the newest one."""

    workflow_id: UUID
    runs: int
    failed: int
    last_id: UUID
    last_status: str
    last_at: datetime


async def summaries(tx: Tx, since: datetime) -> list[Summary]:
    """Of every workflow that has run since then."""
    c = workflow_runs.c
    counted = (
        select(
            c.workflow_id,
            func.count().label("runs"),
            func.count().filter(c.status == RunStatus.FAILED.value).label("failed"),
        )
        .where(c.created_at > since)
        .group_by(c.workflow_id)
        .subquery()
    )
    newest = (
        select(c.id, c.status, c.created_at)
        .where(c.workflow_id == counted.c.workflow_id)
        .order_by(c.id.desc())
        .limit(1)
        .lateral()
    )
    query = select(counted, newest).join(newest, true())
    return [Summary(*row) for row in await tx.execute(query)]


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
