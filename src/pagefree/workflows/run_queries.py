"""Statements on runs and their steps."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, func, select, text, update

from pagefree.core.workflows import Key, RunStatus, Step, StepStatus
from pagefree.infra.db import Tx
from pagefree.tables.accounts import users
from pagefree.tables.workflows import (
    workflow_runs,
    workflow_steps,
    workflow_versions,
    workflows,
)

# A row that was being worked on when its worker died is due again once its lease is over.
CLAIM = text("""
WITH picked AS (
    SELECT s.id, s.status AS was
    FROM workflow_steps AS s
    JOIN workflow_runs AS r ON r.id = s.run_id
    WHERE s.due_at <= :now AND r.status = 'running'
        AND s.status IN ('due', 'running', 'waiting')
    ORDER BY s.due_at
    LIMIT :limit
    FOR UPDATE OF s SKIP LOCKED
)
UPDATE workflow_steps AS s
SET status = 'running', due_at = CAST(:leased_until AS timestamptz),
    attempts = s.attempts + 1, started_at = coalesce(s.started_at, :now),
    in_doubt = s.in_doubt OR picked.was = 'running'
FROM picked
WHERE s.id = picked.id
RETURNING s.id, s.run_id, s.node, s.turn, s.attempts, picked.was, s.output
""")

SETTLE = text("""
UPDATE workflow_steps
SET status = :status, due_at = :due_at, port = :port, error = :error,
    output = coalesce(CAST(:output AS jsonb), output),
    input = coalesce(CAST(:input AS jsonb), input),
    external_id = coalesce(:external_id, external_id), ended_at = :ended_at,
    in_doubt = in_doubt OR :in_doubt
WHERE id = :id AND status = 'running' AND attempts = :attempts
RETURNING id
""")

RUNS_SINCE = text("""
SELECT w.id, (
    SELECT count(*) FROM (
        SELECT FROM workflow_runs AS r
        WHERE r.workflow_id = w.id AND r.created_at > :since
        LIMIT :most
    ) AS counted)
FROM unnest(CAST(:ids AS uuid[])) AS w (id)
""")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A step that is ours until its lease ends."""

    id: UUID
    run_id: UUID
    node: str
    turn: int
    attempts: int
    was: StepStatus  # waiting: nobody has answered in time
    output: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Run:
    """A run with the names of what it belongs to."""

    id: UUID
    workflow_id: UUID
    workflow_name: str
    version_id: UUID
    version_number: int
    team_id: UUID | None
    status: RunStatus
    trigger: str
    trigger_kind: str
    incident_id: UUID | None
    input: Mapping[str, Any]
    concurrency_key: str | None
    chain: Sequence[UUID]
    error: str | None
    callback: Any
    cause_kind: str
    cause_id: UUID | None
    cause_name: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as it is stored."""

    id: UUID
    run_id: UUID
    node: str
    turn: int
    status: StepStatus
    due_at: datetime | None
    attempts: int
    in_doubt: bool  # an attempt may have arrived, and nobody knows
    port: str | None
    input: Any
    output: Any
    error: str | None
    external_id: UUID | None
    answered_by_id: UUID | None
    answered_by_name: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def key(self) -> Key:
        """Which step it is."""
        return self.node, self.turn

    @property
    def step(self) -> Step:
        """As core sees it."""
        turns = self.output.get("count", 0) if isinstance(self.output, dict) else 0
        looping = self.status is StepStatus.LOOPING
        return Step(self.status, self.port, turns if looping else 0)


NewRun = Mapping[str, object]
NewStep = tuple[UUID, UUID, str, int, StepStatus, datetime | None]


async def insert_runs(tx: Tx, rows: Sequence[NewRun]) -> None:
    """New runs."""
    if rows:
        await tx.execute(workflow_runs.insert(), list(rows))


async def insert_steps(tx: Tx, rows: Sequence[NewStep], now: datetime) -> None:
    """New steps: id, run, node, turn, status, when they are due."""
    if not rows:
        return
    settled = {StepStatus.SKIPPED}
    await tx.execute(
        workflow_steps.insert(),
        [
            {
                "id": id_,
                "run_id": run_id,
                "node": node,
                "turn": turn,
                "status": status.value,
                "due_at": due_at,
                "created_at": now,
                "ended_at": now if status in settled else None,
            }
            for id_, run_id, node, turn, status, due_at in rows
        ],
    )


async def claim(tx: Tx, limit: int, lease: timedelta, now: datetime) -> list[Claimed]:
    """Lease up to `limit` steps that are due, the most overdue first."""
    given = {"now": now, "limit": limit, "leased_until": now + lease}
    rows = await tx.execute(CLAIM, given)
    return [
        Claimed(
            row.id,
            row.run_id,
            row.node,
            row.turn,
            row.attempts,
            StepStatus(row.was),
            row.output,
        )
        for row in rows
    ]


def _runs() -> Select[tuple[object, ...]]:
    r = workflow_runs.c
    return (
        select(
            r.id,
            r.workflow_id,
            workflows.c.name.label("workflow_name"),
            r.version_id,
            workflow_versions.c.number.label("version_number"),
            r.team_id,
            r.status,
            r.trigger,
            r.trigger_kind,
            r.incident_id,
            r.input,
            r.concurrency_key,
            r.chain,
            r.error,
            r.callback,
            r.cause_kind,
            r.cause_id,
            r.cause_name,
            r.created_at,
            r.started_at,
            r.ended_at,
        )
        .join(workflows, workflows.c.id == r.workflow_id)
        .join(workflow_versions, workflow_versions.c.id == r.version_id)
    )


def _run(row: Mapping[Any, Any]) -> Run:
    return Run(**{**row, "status": RunStatus(row["status"])})


async def get_runs(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Run]:
    """Runs by id; locks nothing."""
    query = _runs().where(workflow_runs.c.id.in_(ids))
    return {row["id"]: _run(row) for row in (await tx.execute(query)).mappings()}


async def lock_runs(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Run]:
    """The same, locked in the order of their ids until the transaction ends."""
    query = _runs().where(workflow_runs.c.id.in_(ids)).order_by(workflow_runs.c.id)
    rows = await tx.execute(query.with_for_update(of=workflow_runs))
    return {row["id"]: _run(row) for row in rows.mappings()}


async def list_runs(
    tx: Tx, where: Mapping[str, object], before: UUID | None, limit: int
) -> list[Run]:
    """Newest first, of which the named columns have these values."""
    c = workflow_runs.c
    query = _runs().where(*(c[name] == value for name, value in where.items()))
    if before is not None:
        query = query.where(c.id < before)
    rows = await tx.execute(query.order_by(c.id.desc()).limit(limit))
    return [_run(row) for row in rows.mappings()]


async def list_steps(tx: Tx, run_ids: Collection[UUID]) -> dict[UUID, list[StepRow]]:
    """The steps of runs, by run, in the order in which they were made."""
    s = workflow_steps.c
    query = (
        select(
            s.id,
            s.run_id,
            s.node,
            s.turn,
            s.status,
            s.due_at,
            s.attempts,
            s.in_doubt,
            s.port,
            s.input,
            s.output,
            s.error,
            s.external_id,
            s.answered_by_id,
            users.c.name.label("answered_by_name"),
            s.created_at,
            s.started_at,
            s.ended_at,
        )
        .outerjoin(users, users.c.id == s.answered_by_id)
        .where(s.run_id.in_(run_ids))
        .order_by(s.id)
    )
    found: dict[UUID, list[StepRow]] = {run_id: [] for run_id in run_ids}
    for row in (await tx.execute(query)).mappings():
        step = StepRow(**{**row, "status": StepStatus(row["status"])})
        found[step.run_id].append(step)
    return found


async def settle(tx: Tx, values: Mapping[str, object]) -> bool:
    """Store what became of a claimed step; false if somebody else has it by now."""
    return (await tx.execute(SETTLE, values)).one_or_none() is not None


async def update_steps(
    tx: Tx, ids: Collection[UUID], values: Mapping[str, object]
) -> None:
    """Store the named columns of steps."""
    if ids:
        await tx.execute(
            update(workflow_steps).where(workflow_steps.c.id.in_(ids)).values(**values)
        )


async def cancel_open_steps(tx: Tx, run_ids: Collection[UUID], now: datetime) -> None:
    """Nothing more is done in these runs."""
    s = workflow_steps.c
    if run_ids:
        await tx.execute(
            update(workflow_steps)
            .where(
                s.run_id.in_(run_ids),
                s.status.in_(("due", "running", "waiting", "looping")),
            )
            .values(status="cancelled", due_at=None, ended_at=now)
        )


async def update_runs(
    tx: Tx, ids: Collection[UUID], values: Mapping[str, object]
) -> None:
    """Store the named columns of runs."""
    if ids:
        await tx.execute(
            update(workflow_runs).where(workflow_runs.c.id.in_(ids)).values(**values)
        )


async def recent_runs(
    tx: Tx, pairs: Collection[tuple[UUID, UUID]], since: datetime
) -> dict[tuple[UUID, UUID], int]:
    """How many runs each (workflow, incident) has had since then."""
    c = workflow_runs.c
    query = (
        select(c.workflow_id, c.incident_id, func.count())
        .where(
            c.workflow_id.in_({one for one, _ in pairs}),
            c.incident_id.in_({two for _, two in pairs}),
            c.created_at > since,
        )
        .group_by(c.workflow_id, c.incident_id)
    )
    return {(row[0], row[1]): row[2] for row in await tx.execute(query)}


async def runs_since(
    tx: Tx, workflow_ids: Collection[UUID], most: int, since: datetime
) -> dict[UUID, int]:
    """How many runs each workflow has had since then, counted up to `most`."""
    values = {"ids": list(workflow_ids), "most": most, "since": since}
    return {row[0]: row[1] for row in await tx.execute(RUNS_SINCE, values)}


async def chains(tx: Tx, run_ids: Collection[UUID]) -> dict[UUID, Sequence[UUID]]:
    """The workflows that led to each of these runs, itself last."""
    c = workflow_runs.c
    query = select(c.id, c.chain).where(c.id.in_(run_ids))
    return {row[0]: row[1] for row in await tx.execute(query)}


async def any_waiting(tx: Tx) -> bool:
    """Whether a step waits for something else of ours."""
    s = workflow_steps.c
    query = select(s.id).where(s.external_id.is_not(None), s.status == "waiting")
    return await tx.scalar(query.limit(1)) is not None


async def find_waiting(
    tx: Tx, external_ids: Collection[UUID]
) -> dict[UUID, tuple[UUID, UUID]]:
    """The run and the step that wait for each of these."""
    s = workflow_steps.c
    query = select(s.external_id, s.run_id, s.id).where(
        s.external_id.in_(external_ids), s.status == StepStatus.WAITING.value
    )
    return {row[0]: (row[1], row[2]) for row in await tx.execute(query)}


async def delete_ended_before(tx: Tx, before: datetime, limit: int) -> None:
    """Forget some runs that ended long ago, with their steps."""
    c = workflow_runs.c
    old = select(c.id).where(c.ended_at < bindparam("before")).limit(limit)
    await tx.execute(delete(workflow_runs).where(c.id.in_(old)), {"before": before})
