"""Background work of escalation."""

from pagefree.escalation import service
from pagefree.infra.db import Channel, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.queue import Context, Job


async def sweep(ctx: Context) -> float | None:
    """Page whoever is next for every incident whose wait is over.

    Where a policy says whom to page, before all others: a storm on a service without one
    only tells admins, and holds nobody else's page up for longer than a few of it take.
    Returns in how many seconds the next one is due.
    """
    while True:
        now = ctx.clock()
        async with transaction(ctx.engine) as tx:
            done = await service.escalate_due(tx, now, pages_first=True)
            more = done >= service.BATCH
            if not done:
                done = await service.escalate_due(tx, now, service.FEW)
                more = done >= service.FEW
            if done:
                failpoint("escalation.before_commit")
        if done:
            failpoint("escalation.after_commit")
            ctx.log.info("escalation.sweep", escalated=done)
        if not more:
            return await _wait_s(ctx)


async def _wait_s(ctx: Context) -> float | None:
    """Asked by itself: whoever is to be paged does not wait for the answer."""
    async with transaction(ctx.engine) as tx:
        next_at = await service.next_due_at(tx)
    return None if next_at is None else (next_at - ctx.clock()).total_seconds()


JOBS = (Job("escalation.sweep", every_s=1, work=sweep, wake=Channel.DUE),)
