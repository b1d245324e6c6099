"""The lane in which runs are launched, looked at, cancelled and timed out.

A run that is due is leased; what is done with it is decided by core. Before a request may
leave, `launching_at` is committed, so that whoever finds the run after a crash asks the
target by our id and never launches it a second time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from uuid import UUID

import structlog

from pagefree.core import runbook_runs as core
from pagefree.core.runbook_runs import RunState, Step
from pagefree.infra.db import transaction
from pagefree.runbooks import launching, looking, run_queries, service
from pagefree.runbooks.preparing import Means
from pagefree.runbooks.run_queries import Run

LEASE = timedelta(minutes=3)  # longer than all requests of one step may take together
AT_ONCE = 20

log = structlog.get_logger()


STEPS: Mapping[Step, Callable[[Means, Run], Awaitable[None]]] = {
    Step.LAUNCH: launching.launch,
    Step.RECOVER: launching.recover,
    Step.LOOK: looking.look,
    Step.CANCEL: looking.cancel,
    Step.TIME_OUT: looking.time_out,
    Step.END_CANCELLED: looking.end_cancelled,
    Step.END_UNLAUNCHED: looking.end_unlaunched,
}


class Lane:
    """Works runs side by side, so that one slow target holds up nobody else."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._tasks: set[asyncio.Task[None]] = set()

    async def look(self) -> float | None:
        """Begin with what is due; answers in how many seconds something else is."""
        free = AT_ONCE - len(self._tasks)
        now = self._means.clock()
        async with transaction(self._means.engine) as tx:
            ids = await run_queries.claim_due(tx, now, LEASE, free) if free > 0 else []
            due_at = await run_queries.next_due_at(tx)
        for run_id in ids:
            task = asyncio.create_task(self._work(run_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if due_at is None or free <= len(ids):
            return None
        return (due_at - now).total_seconds()

    async def idle(self) -> None:
        """Wait for what was begun."""
        await asyncio.gather(*self._tasks)

    async def _work(self, run_id: UUID) -> None:
        try:
            await work(self._means, run_id)
        except Exception:
            log.exception("runbook_run.step_failed", run=str(run_id))


async def work(means: Means, run_id: UUID) -> None:
    """Do what is due for a run that was leased."""
    async with transaction(means.engine) as tx:
        run = await service.get_run(tx, run_id)
    step = core.next_step(
        RunState(run.state),
        means.clock(),
        run.ends_at,
        launching=run.launching_at is not None,
        cancelled=run.cancelled_at is not None,
    )
    if step is not None:
        await STEPS[step](means, run)
