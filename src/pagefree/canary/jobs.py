"""The canary's own lane: nobody waits for it, and its failure harms nothing else."""

from functools import partial

from pagefree.canary import queries, service
from pagefree.canary.service import Means
from pagefree.core.canary import EVERY, KEPT
from pagefree.infra.db import transaction
from pagefree.infra.queue import Context, Job

HOUR_S = 3600


async def fly(means: Means, ctx: Context) -> float:
    """Fly if it is this worker's turn; in how many seconds it may be again."""
    now = ctx.clock()
    async with transaction(ctx.engine) as tx:
        key, then = await service.take_turn(tx, means.vault, now)
    if key is not None:
        await service.fly(ctx, means, key)
    return max((then - ctx.clock()).total_seconds(), 0)


async def forget(ctx: Context) -> None:
    """Forget flights of days ago, and all that came of them."""
    async with transaction(ctx.engine) as tx:
        await queries.delete_before(tx, ctx.clock() - KEPT)


def jobs(means: Means | None) -> tuple[Job, ...]:
    """All of them; none: the canary is switched off."""
    if means is None:
        return ()
    every_s = EVERY.total_seconds()
    return (
        Job("canary.fly", every_s=every_s, work=partial(fly, means)),
        Job("canary.forget", every_s=HOUR_S, work=forget),
    )
