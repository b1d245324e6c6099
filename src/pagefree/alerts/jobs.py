"""Background work of alerts."""

from pagefree.alerts import due
from pagefree.infra.db import Channel, transaction
from pagefree.infra.queue import Context, Job

HOUR_S = 3600


async def sweep(ctx: Context) -> float | None:
    """Look again at every alert that something is due for.

    Returns in how many seconds the next one is due.
    """
    while True:
        now = ctx.clock()
        try:
            async with transaction(ctx.engine) as tx:
                done = await due.look_again(tx, now)
                more = done == due.BATCH
                next_at = None if more else await due.next_due_at(tx)
        except due.RACES:
            continue
        if done:
            ctx.log.info("alerts.due", looked_at=done)
        if not more:
            return None if next_at is None else (next_at - now).total_seconds()


async def clean_up(ctx: Context) -> None:
    """Forget what nothing counts any more."""
    async with transaction(ctx.engine) as tx:
        await due.forget_firings(tx, ctx.clock())


JOBS = (
    Job("alerts.due", every_s=1, work=sweep, wake=Channel.DUE),
    Job("alerts.clean_up", every_s=HOUR_S, work=clean_up),
)
