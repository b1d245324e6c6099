"""Storing what became of steps, many at once, and going on from there."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pagefree.core.workflows import ENDED, SETTLED, StepStatus
from pagefree.infra.db import Tx
from pagefree.timeline.service import record
from pagefree.workflows import run_queries
from pagefree.workflows.performing import Outcome, apply
from pagefree.workflows.preparing import Work
from pagefree.workflows.run_queries import Run
from pagefree.workflows.running import go_on, told

APPROVAL = "wait_for_approval"
CALLBACK = "wait_for_callback"


async def settle(tx: Tx, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Store outcomes, and start what follows; what another worker has taken is left out."""
    runs = await run_queries.lock_runs(tx, {o.work.run.id for o in outcomes})
    moved = set()
    for outcome in outcomes:
        run = runs.get(outcome.work.run.id)
        if run is None or run.status in ENDED:
            continue  # cancelled meanwhile: its steps are
        if await run_queries.settle(tx, _values(outcome, now)):
            moved.add(run.id)
            await _tell(tx, run, outcome, now)
    await go_on(tx, {run_id: runs[run_id] for run_id in moved}, now)


async def settle_inside(tx: Tx, work: Work, now: datetime) -> None:
    """Do a step that changes PageFree itself, once, and go on from there."""
    runs = await run_queries.lock_runs(tx, [work.run.id])
    if runs[work.run.id].status in ENDED:
        return
    outcome = await apply(tx, work, now)
    outcome = _heard_before(outcome, runs[work.run.id])
    await settle(tx, [outcome], now)


def _heard_before(outcome: Outcome, run: Run) -> Outcome:
    """A callback that came before its step waited for it counts."""
    waiting = outcome.status is StepStatus.WAITING
    if waiting and outcome.work.node.type == CALLBACK and run.callback is not None:
        body = {"body": run.callback}
        return Outcome(outcome.work, StepStatus.SUCCEEDED, "out", body)
    return outcome


async def _tell(tx: Tx, run: Run, outcome: Outcome, now: datetime) -> None:
    step = {"step": outcome.work.node.id, "title": outcome.work.node.title}
    if outcome.status is StepStatus.FAILED:
        entry = told(run, "step_failed", {**step, "reason": outcome.error or ""})
        await run_queries.update_runs(tx, [run.id], {"error": outcome.error})
        await record(tx, [entry], now)
    if outcome.status is StepStatus.WAITING and outcome.work.node.type == APPROVAL:
        asked = {**step, "step_id": str(outcome.work.step.id), **(outcome.output or {})}
        await record(tx, [told(run, "waiting", asked)], now)


def _values(outcome: Outcome, now: datetime) -> Mapping[str, object]:
    step = outcome.work.step
    ended = outcome.status in SETTLED
    return {
        "id": step.id,
        "attempts": step.attempts,
        "status": outcome.status.value,
        "due_at": outcome.due_at,
        "port": outcome.port,
        "error": outcome.error,
        "output": _json(outcome.output),
        "input": _json(outcome.input),
        "external_id": outcome.external_id,
        "ended_at": now if ended else None,
        "in_doubt": outcome.in_doubt,
    }


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, default=str)


async def answer(
    tx: Tx, run_id: UUID, step_id: UUID, values: Mapping[str, object], now: datetime
) -> None:
    """Settle a waiting step of a locked run by what has come from outside."""
    given = {"status": StepStatus.SUCCEEDED.value, "due_at": None, "ended_at": now}
    await run_queries.update_steps(tx, [step_id], {**given, **values})
    await go_on(tx, await run_queries.lock_runs(tx, [run_id]), now)
