"""Background work of retention; nothing of paging waits for it, or fails with it."""

from pagefree.infra.queue import Context, Job
from pagefree.retention import keeping

HOUR_S, DAY_S = 3600, 86_400


async def make_room(ctx: Context) -> None:
    """Make partitions long before they are needed."""
    made = await keeping.make_room(ctx.engine, ctx.clock())
    if made:
        ctx.log.info("retention.room_made", partitions=made)


async def forget_requests(ctx: Context) -> None:
    """Drop raw requests that were kept long enough."""
    await keeping.forget_requests(ctx.engine, ctx.clock())


async def forget_rows(ctx: Context) -> None:
    """Forget the rest that was kept long enough."""
    await keeping.forget_rows(ctx.engine, ctx.clock())


JOBS = (
    Job("retention.make_room", every_s=HOUR_S, work=make_room),
    Job("retention.forget_requests", every_s=HOUR_S, work=forget_requests),
    Job("retention.forget_rows", every_s=DAY_S, work=forget_rows),
)
