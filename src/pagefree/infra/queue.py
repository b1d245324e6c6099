"""Background work: declared beside its feature, run by the worker, woken by notices."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.infra.clock import Clock
from pagefree.infra.db import Channel
from pagefree.infra.listen import Listener, wait_for
from pagefree.infra.metrics import JOB_FAILURES


@dataclass(frozen=True, slots=True)
class Context:
    """What a job may use."""

    engine: AsyncEngine
    clock: Clock
    log: structlog.typing.FilteringBoundLogger


# Answers in how many seconds it must look again, if that may be sooner than it always does.
Work = Callable[[Context], Awaitable[float | None]]
LEAST_WAIT_S = 0.01  # what is due but held by another worker is not asked for in a spin


@dataclass(frozen=True, slots=True)
class Job:
    """Something to look after every `every_s` seconds, and at once when `wake` is heard.

    A job only looks: rows say what is due. A missed run is caught up by the next.
    """

    name: str
    every_s: float
    work: Work
    wake: Channel | None = None


async def run_job(job: Job, ctx: Context, listener: Listener) -> None:
    """Run `job` again and again until cancelled; a failure is logged and tried again."""
    woken = listener.subscribe(job.wake) if job.wake else asyncio.Event()
    while True:
        woken.clear()
        wait_s = job.every_s
        try:
            sooner_s = await job.work(ctx)
            if sooner_s is not None:
                wait_s = min(wait_s, max(sooner_s, LEAST_WAIT_S))
        except Exception:
            ctx.log.exception("job.failed", job=job.name)
            JOB_FAILURES.labels(job.name).inc()
        await wait_for(woken, wait_s)


async def run_jobs(jobs: Sequence[Job], ctx: Context, listener: Listener) -> None:
    """Run all `jobs` side by side until cancelled."""
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(run_job(job, ctx, listener), name=job.name)
