"""Background work of notifications besides sending, which has a lane of its own."""

from datetime import timedelta

from pagefree.infra.db import transaction
from pagefree.infra.queue import Context, Job
from pagefree.notifications import service

HOUR_S = 3600
KEEP_LINKS = timedelta(days=7)  # an expired link still says that it has expired


async def clean_up(ctx: Context) -> None:
    """Forget links that expired long ago."""
    now = ctx.clock()
    async with transaction(ctx.engine) as tx:
        await service.forget_links(tx, now - KEEP_LINKS)


JOBS = (Job("notifications.clean_up", every_s=HOUR_S, work=clean_up),)
