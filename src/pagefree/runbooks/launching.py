"""Launching a run once, and finding out what became of a launch that was interrupted."""

from datetime import datetime, timedelta

from pagefree.core import runbook_runs as core
from pagefree.core.errors import PageFreeError
from pagefree.core.runbook_runs import Fate, RunState
from pagefree.infra.crypto import new_token, token_hash
from pagefree.infra.db import Tx, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.runbooks import connections, queries, run_queries, service
from pagefree.runbooks.endings import News, apply
from pagefree.runbooks.preparing import (
    AGAIN,
    Job,
    Means,
    can_look,
    client_of,
    end,
    job_of,
    look_again,
    order_of,
)
from pagefree.runbooks.run_queries import Run
from pagefree.targets.base import Launched, LaunchError, TargetError, Way

# after the launch: by then it shows at a target that answers, or stays unknown
SHOWN_BY, ASKED_UNTIL = timedelta(minutes=1), timedelta(minutes=10)


async def launch(means: Means, run: Run) -> None:
    """Commit that it may leave, let it leave, commit what came of it."""
    job = await _prepare(means, run)
    if job is None:
        return
    async with client_of(means, job) as http:
        now = means.clock()
        way = Way(http, job.connection, now)
        failpoint("runbooks.before_launch")
        try:
            launched = await job.target.launch(way, order_of(means, job, now))
        except LaunchError as e:
            await _not_launched(means, job, e)
            return
    failpoint("runbooks.after_launch")
    await _launched(means, job, launched)


async def _prepare(means: Means, run: Run) -> Job | None:
    """Commit that the request may leave now, if all that allowed the run still does."""
    now = means.clock()
    async with transaction(means.engine) as tx:
        held = await run_queries.lock_run(tx, run.id)
        if held is None or held.state != RunState.QUEUED or held.launching_at:
            return None
        why = await _refusal(tx, held, now)
        if why is not None:
            await apply(tx, held, News(RunState.FAILED, f"Not started: {why}"), now)
            return None
        token = new_token("rb_")
        job = await job_of(tx, means, held, token)
        if job is None:
            await apply(tx, held, News(RunState.FAILED, "Not started: unreadable"), now)
            return None
        values = {
            "launching_at": now,
            "tries": held.tries + 1,
            "token_hash": token_hash(token),
        }
        await run_queries.update_run(tx, run.id, values)
    return job


async def _refusal(tx: Tx, run: Run, now: datetime) -> str | None:
    """Why the run may no longer begin; none: it may."""
    version = await queries.get_version_by_id(tx, run.version_id)
    runbook = await queries.get_runbook(tx, run.runbook_id)
    if version is None or runbook is None or version.content_hash != run.content_hash:
        return "its version is gone"
    try:
        connection = await connections.get_connection(tx, run.connection_id)
    except PageFreeError:
        return "the connection is gone"
    stopped = await service.stop_for(tx, runbook)
    if stopped is not None:
        return f"runs are stopped: {stopped}"
    return await service.why_no_longer(tx, run, runbook, version, connection, now)


async def _not_launched(means: Means, job: Job, error: LaunchError) -> None:
    """Try again what was refused; ask about what was lost; end the rest."""
    now = means.clock()
    at = core.next_try(error.fate, job.run.tries + 1, error.retry_after_s, now)
    async with transaction(means.engine) as tx:
        held = await run_queries.lock_run(tx, job.run.id)
        if held is None or held.state != RunState.QUEUED:
            return  # the runner has called back meanwhile
        reason = str(error)[:200]
        if at is not None and at < held.ends_at:
            values = {"launching_at": None, "due_at": at, "outcome": reason}
            await run_queries.update_run(tx, held.id, values)
        elif error.fate is Fate.LOST and job.target.find is not None:
            values = {"due_at": now + AGAIN, "outcome": reason}
            await run_queries.update_run(tx, held.id, values)
        else:
            await apply(tx, held, News(core.end_of(error.fate), reason), now)


async def _launched(means: Means, job: Job, launched: Launched) -> None:
    now = means.clock()
    columns: dict[str, object] = {
        "external_id": launched.external_id,
        "external_url": launched.url,
        "external_revision": launched.revision,
    }
    async with transaction(means.engine) as tx:
        held = await run_queries.lock_run(tx, job.run.id)
        if held is None:
            return
        ends_at = now + job.timeout
        due_at = core.next_look(now, now) if can_look(job) else ends_at
        if held.cancelled_at is not None:
            due_at = now
        if held.finished_at is None:
            columns |= {"ends_at": ends_at, "due_at": min(due_at, ends_at)}
        if held.state != RunState.QUEUED:  # the runner was quicker than the answer
            await run_queries.update_run(tx, held.id, columns)
            return
        await apply(tx, held, News(RunState.RUNNING, columns=columns), now)
        if launched.outcome:
            held = await run_queries.lock_run(tx, held.id)
            if held is not None:
                await apply(tx, held, News(RunState.SUCCEEDED, launched.outcome), now)


async def recover(means: Means, run: Run) -> None:
    """Find out by our id whether it was launched; what cannot be found out stays unknown."""
    now = means.clock()
    async with transaction(means.engine) as tx:
        job = await job_of(tx, means, run, "")
        barred = run.cancelled_at or await _refusal(tx, run, now)
    if job is None or job.target.find is None or (job.target.find_starts and barred):
        await _unknown(
            means, run, "the answer was lost, and the target cannot be asked"
        )
        return
    patience, reason = (
        SHOWN_BY,
        "the answer was lost, and the target knows nothing of it",
    )
    try:
        async with client_of(means, job) as http:
            way = Way(http, job.connection, now)
            found = await job.target.find(way, order_of(means, job, now))
    except TargetError as e:
        found, patience, reason = None, ASKED_UNTIL, str(e)
    if found is not None:
        await _launched(means, job, found)
    elif now < (run.launching_at or now) + patience:
        await look_again(means, run)
    else:
        await _unknown(means, run, reason)


async def _unknown(means: Means, run: Run, reason: str) -> None:
    await end(means, run, News(RunState.UNKNOWN, f"It may have run: {reason}"))
