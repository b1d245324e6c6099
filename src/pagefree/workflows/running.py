"""What follows when steps settle: the next ones start, runs end, waiting runs begin."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pagefree.core.workflow_graphs import NodeKind
from pagefree.core.workflows import ENDED, Key, Next, RunStatus, StepStatus, advance
from pagefree.infra.db import Channel, Tx, notify
from pagefree.infra.ids import new_id
from pagefree.timeline.service import Cause, CauseKind, Entry, record
from pagefree.workflows import queries, queue_queries, run_queries
from pagefree.workflows.content import Runnable, runnable_text
from pagefree.workflows.run_queries import NewStep, Run, StepRow


@dataclass(frozen=True, slots=True)
class _Course:
    """A run with its graph and its steps."""

    run: Run
    ready: Runnable
    steps: Sequence[StepRow]


def cause_of(run: Run) -> Cause:
    """The run as the cause of what it does; its id tells loops apart from new things."""
    return Cause(CauseKind.SYSTEM, run.id, f"Workflow “{run.workflow_name}”")


async def runnables(tx: Tx, runs: Collection[Run]) -> dict[UUID, Runnable]:
    """The versions of runs, by their ids."""
    found = await queries.contents(tx, {run.version_id for run in runs})
    return {version_id: runnable_text(text) for version_id, text in found.items()}


async def go_on(tx: Tx, runs: Mapping[UUID, Run], now: datetime) -> None:
    """Start what follows in these locked runs, and end those in which nothing does."""
    going = [run for run in runs.values() if run.status not in ENDED]
    ready = await runnables(tx, going)
    steps = await run_queries.list_steps(tx, [run.id for run in going])
    courses = [_Course(run, ready[run.version_id], steps[run.id]) for run in going]
    decided = [(course, _decide(course)) for course in courses]
    new = [row for course, following in decided for row in _new(course, following, now)]
    await run_queries.insert_steps(tx, new, now)
    await _finish_loops(tx, decided, now)
    await _end(tx, [(c.run, f) for c, f in decided if f.ended], now)
    if new:
        await notify(tx, Channel.STEPS)


def _decide(course: _Course) -> Next:
    steps = {row.key: row.step for row in course.steps}
    return advance(course.ready.graph, course.run.trigger, steps)


def _new(course: _Course, following: Next, now: datetime) -> list[NewStep]:
    run_id = course.run.id
    return [
        *(
            (new_id(), run_id, *key, StepStatus.DUE, _due(course.ready, key, now))
            for key in following.started
        ),
        *(
            (new_id(), run_id, *key, StepStatus.SKIPPED, None)
            for key in following.skipped
        ),
    ]


def _due(ready: Runnable, key: Key, now: datetime) -> datetime:
    node = ready.nodes[key[0]]
    if node.kind is NodeKind.DELAY:
        return now + timedelta(seconds=int(str(node.config["seconds"])))
    return now


async def _finish_loops(
    tx: Tx, decided: Sequence[tuple[_Course, Next]], now: datetime
) -> None:
    over = [
        row.id
        for course, following in decided
        for row in course.steps
        if row.key in following.finished
    ]
    values: dict[str, Any] = {
        "status": StepStatus.SUCCEEDED.value,
        "port": "done",
        "ended_at": now,
        "due_at": None,
    }
    await run_queries.update_steps(tx, over, values)


async def _end(tx: Tx, ended: Sequence[tuple[Run, Next]], now: datetime) -> None:
    failed = [run for run, following in ended if following.failed_at]
    fine = [run for run, following in ended if not following.failed_at]
    await run_queries.cancel_open_steps(tx, [run.id for run in failed], now)
    for runs, status in ((failed, RunStatus.FAILED), (fine, RunStatus.SUCCEEDED)):
        values = {"status": status.value, "ended_at": now}
        await run_queries.update_runs(tx, [run.id for run in runs], values)
    entries = [
        told(run, "failed" if f.failed_at else "finished", _where(f))
        for run, f in ended
    ]
    await record(tx, entries, now)
    keys = {(r.workflow_id, r.concurrency_key) for r, _ in ended if r.concurrency_key}
    await begin_queued(tx, keys, now)


def _where(following: Next) -> dict[str, object]:
    return {"step": following.failed_at[0]} if following.failed_at else {}


def told(run: Run, what: str, more: Mapping[str, object]) -> Entry:
    """What the timeline says of a run; in that of its incident, if it has one."""
    workflow = {"id": str(run.workflow_id), "name": run.workflow_name}
    data = {"workflow": workflow, "run_id": str(run.id), **more}
    return Entry(f"workflow.{what}", cause_of(run), run.incident_id, run.team_id, data)


async def cancel(tx: Tx, runs: Collection[Run], cause: Cause, now: datetime) -> None:
    """Do nothing more in these locked runs."""
    going = [run for run in runs if run.status not in ENDED]
    ids = [run.id for run in going]
    await run_queries.cancel_open_steps(tx, ids, now)
    values = {"status": RunStatus.CANCELLED.value, "ended_at": now}
    await run_queries.update_runs(tx, ids, values)
    entries = []
    for run in going:
        entry = told(run, "cancelled", {})
        entry.cause = cause
        entries.append(entry)
    await record(tx, entries, now)
    keys = {(r.workflow_id, r.concurrency_key) for r in going if r.concurrency_key}
    await begin_queued(tx, keys, now)


async def begin_queued(
    tx: Tx, keys: Collection[tuple[UUID, str]], now: datetime
) -> None:
    """Let the runs begin that have waited for these keys to become free."""
    if not keys:
        return
    ids = await queue_queries.next_queued(tx, keys)
    values = {"status": RunStatus.RUNNING.value, "started_at": now}
    await run_queries.update_runs(tx, ids, values)
    if ids:
        await go_on(tx, await run_queries.lock_runs(tx, ids), now)
