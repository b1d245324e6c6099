"""Background work of heartbeats."""

from pagefree.alerts.due import RACES
from pagefree.heartbeats import sweep
from pagefree.infra.db import Channel, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.queue import Context, Job

HOUR_S = 3600
EVERY_S = 1
UNHEARD_S = 0.2  # when something is due but pings up to then may still wait


async def look(ctx: Context) -> float | None:
    """Find the heartbeats that are late, down or back, and tell people.

    Returns in how many seconds the next one is due.
    """
    while True:
        now = ctx.clock()
        try:
            async with transaction(ctx.engine) as tx:
                hearing = await sweep.hearing(tx, now)
                done = await sweep.look(tx, hearing, now)
                more = done == sweep.BATCH
                next_at = None if more else await sweep.next_due_at(tx)
        except RACES:
            continue
        if not more:
            wait_s = (next_at - now).total_seconds() if next_at else EVERY_S
            return max(wait_s, UNHEARD_S)


async def clean_up(ctx: Context) -> None:
    """Forget processes that are long gone."""
    async with transaction(ctx.engine) as tx:
        await sweep.forget_lanes(tx, ctx.clock())
        failpoint("lanes.before_commit")


JOBS = (
    Job("heartbeats.look", every_s=EVERY_S, work=look, wake=Channel.HEARTBEATS),
    Job("heartbeats.clean_up", every_s=HOUR_S, work=clean_up),
)
