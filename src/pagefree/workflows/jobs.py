"""Background work of workflows."""

from datetime import timedelta

from pagefree.infra.db import Channel, transaction
from pagefree.infra.queue import Context, Job
from pagefree.workflows import (
    queue_queries,
    run_queries,
    running,
    subscription_queries,
    timers,
)
from pagefree.workflows.delivering import Deliveries
from pagefree.workflows.lane import Lane
from pagefree.workflows.preparing import Surroundings

KEPT = timedelta(days=90)
KEPT_DELIVERIES = timedelta(days=30)
FORGET_AT_ONCE = 500
HOUR_S = 3600


def jobs(around: Surroundings) -> tuple[Job, ...]:
    """All of them; the steps are done in a lane of their own."""
    lane = Lane(around)
    sending = Deliveries(around.transports.http, around.vault)
    return (
        Job("workflows.steps", every_s=1, work=lane.work, wake=Channel.STEPS),
        Job("subscriptions.send", every_s=1, work=sending.work, wake=Channel.STEPS),
        Job("workflows.timers", every_s=1, work=_start_due),
        Job("workflows.queued", every_s=60, work=_begin_stranded),
        Job("workflows.forget", every_s=HOUR_S, work=_forget),
    )


async def _start_due(ctx: Context) -> None:
    """Start what was to start by now."""
    while True:
        async with transaction(ctx.engine) as tx:
            if await timers.start_due(tx, ctx.clock()) == 0:
                return


async def _begin_stranded(ctx: Context) -> None:
    """Begin runs that wait for nothing: whoever was to begin them has died."""
    async with transaction(ctx.engine) as tx:
        keys = await queue_queries.list_stranded_keys(tx, FORGET_AT_ONCE)
        await running.begin_queued(tx, keys, ctx.clock())


async def _forget(ctx: Context) -> None:
    """Forget runs that ended long ago."""
    async with transaction(ctx.engine) as tx:
        before = ctx.clock() - KEPT
        await run_queries.delete_ended_before(tx, before, FORGET_AT_ONCE)
        month = ctx.clock() - KEPT_DELIVERIES
        await subscription_queries.delete_deliveries_before(tx, month, FORGET_AT_ONCE)
