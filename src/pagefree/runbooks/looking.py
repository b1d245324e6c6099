"""Looking at runs, and ending them."""

import structlog

from pagefree.core import runbook_runs as core
from pagefree.core.runbook_runs import RunState
from pagefree.infra.db import transaction
from pagefree.runbooks import run_queries
from pagefree.runbooks.endings import News, append_lines, apply
from pagefree.runbooks.preparing import (
    Job,
    Means,
    client_of,
    end,
    job_of,
    look_again,
    order_of,
)
from pagefree.runbooks.run_queries import Run
from pagefree.targets.base import Seen, TargetError, Way

log = structlog.get_logger()


async def look(means: Means, run: Run) -> None:
    """Read how far it is."""
    job, seen = await _seen(means, run)
    if job is None or seen is None:
        await look_again(means, run)
        return
    await _tell(means, job, seen)


async def cancel(means: Means, run: Run) -> None:
    """Tell the target, then read what came of it."""
    async with transaction(means.engine) as tx:
        job = await job_of(tx, means, run, "")
    if job is None or job.target.cancel is None:
        why = "Cancelled here; the runner could not be told"
        await end(means, run, News(RunState.CANCELLED, why))
        return
    await _stop(means, job)
    await look(means, run)


async def time_out(means: Means, run: Run) -> None:
    """Look a last time; then tell the target to stop."""
    job, seen = await _seen(means, run)
    if job is not None and seen is not None and seen.state in core.OVER:
        await _tell(means, job, seen)
        return
    if job is not None and job.target.cancel is not None:
        await _stop(means, job)
    await end(means, run, News(RunState.TIMED_OUT, "It took too long"))


async def end_cancelled(means: Means, run: Run) -> None:
    """Nothing has left yet."""
    why = "Cancelled before it was started"
    await end(means, run, News(RunState.CANCELLED, why))


async def end_unlaunched(means: Means, run: Run) -> None:
    """It was refused for too long."""
    why = f"Never started: {run.outcome or 'it waited too long'}"
    await end(means, run, News(RunState.TIMED_OUT, why))


async def _seen(means: Means, run: Run) -> tuple[Job | None, Seen | None]:
    """What the target shows; none where it cannot be asked, now or ever."""
    async with transaction(means.engine) as tx:
        job = await job_of(tx, means, run, "")
    if job is None or job.target.poll is None:
        return job, None
    now = means.clock()
    async with client_of(means, job) as http:
        way = Way(http, job.connection, now)
        try:
            if run.external_id is None:
                await _find_id(means, job, way)
                return job, None
            return job, await job.target.poll(way, job.running)
        except TargetError as e:
            log.info("runbook_run.not_seen", run=str(run.id), why=str(e))
            return job, None


async def _find_id(means: Means, job: Job, way: Way) -> None:
    """What the target calls a run whose launch it has answered without a name."""
    if job.target.find is None:
        return
    found = await job.target.find(way, order_of(means, job, way.now))
    if found is not None:
        values = {"external_id": found.external_id, "external_url": found.url}
        async with transaction(means.engine) as tx:
            await run_queries.update_run(tx, job.run.id, values)


async def _tell(means: Means, job: Job, seen: Seen) -> None:
    """Keep what a look has shown."""
    now = means.clock()
    async with transaction(means.engine) as tx:
        held = await run_queries.lock_run(tx, job.run.id)
        if held is None or held.cursor != job.run.cursor:
            return  # somebody else has read the same meanwhile
        lines = [*seen.lines]
        await append_lines(tx, held, "target", lines, job.secrets, now)
        if seen.state in core.OVER:
            columns = {"cursor": seen.cursor, "external_revision": seen.revision}
            news = News(seen.state, seen.outcome, seen.result, columns)
            await apply(tx, held, news, now)
            return
        due_at = core.next_look(held.started_at or now, now)
        values = {
            "cursor": seen.cursor,
            "due_at": min(due_at, held.ends_at),
            "external_revision": seen.revision or held.external_revision,
        }
        await run_queries.update_run(tx, held.id, values)


async def _stop(means: Means, job: Job) -> None:
    if job.target.cancel is None or not job.run.external_id:
        return
    async with client_of(means, job) as http:
        try:
            way = Way(http, job.connection, means.clock())
            await job.target.cancel(way, job.running)
        except TargetError as e:
            log.info("runbook_run.not_stopped", run=str(job.run.id), why=str(e))
