"""Background work of postmortems."""

from pagefree.infra.db import transaction
from pagefree.infra.queue import Context, Job
from pagefree.postmortems import items

LOOK_S = 60


async def remind(ctx: Context) -> None:
    """Remind people of the action items that they own."""
    while True:
        async with transaction(ctx.engine) as tx:
            done = await items.remind_due(tx, ctx.clock())
        if done < items.AT_ONCE:
            return


JOBS = (Job("postmortems.reminders", every_s=LOOK_S, work=remind),)
