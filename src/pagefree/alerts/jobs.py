"""Background work of alerts."""

from pagefree.alerts import deliveries, due
from pagefree.infra.db import driver, transaction
from pagefree.infra.queue import Context, Job

MINUTE_S, HOUR_S = 60, 3600


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


async def forget_deliveries(ctx: Context) -> float | None:
    """Forget deliveries that may come again as new ones; at once again if there are more."""
    async with transaction(ctx.engine) as tx:
        more = await deliveries.forget(await driver(tx), ctx.clock())
    return 0 if more else None


JOBS = (
    Job("alerts.due", every_s=1, work=sweep),
    Job("alerts.forget_deliveries", every_s=MINUTE_S, work=forget_deliveries),
    Job("alerts.clean_up", every_s=HOUR_S, work=clean_up),
)
