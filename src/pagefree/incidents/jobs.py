"""Background work on incidents."""

from pagefree.incidents import likeness_queries
from pagefree.infra.db import driver, transaction
from pagefree.infra.queue import Context, Job

BATCH = 500
EVERY_S = 10


async def remember(ctx: Context) -> None:
    """Keep the words of what was resolved, so that later incidents find it.

    Apart from resolving, which must not wait for an index of words. Catches up by itself
    after an upgrade, a batch at a time.
    """
    while True:
        async with transaction(ctx.engine) as tx:
            kept = await likeness_queries.remember(await driver(tx), BATCH)
        if kept < BATCH:
            return


JOBS = (Job("incidents.remember", every_s=EVERY_S, work=remember),)
