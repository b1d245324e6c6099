"""Counts incidents that are over, apart from everything that pages."""

from datetime import UTC, datetime, timedelta

from pagefree.infra.db import Tx, driver, transaction
from pagefree.infra.queue import Context, Job
from pagefree.insights import gathering_queries as queries

AT_ONCE = 50  # with all their alerts and events, within the time-out of a statement
EVERY_S = 15
# a transaction that resolved an incident has committed by then
SLOWEST_COMMIT = timedelta(minutes=10)
EVER = datetime.min.replace(tzinfo=UTC)


async def count_ended(ctx: Context) -> None:
    """Count until nothing is left that has ended."""
    counted = AT_ONCE
    while counted == AT_ONCE:
        async with transaction(ctx.engine) as tx:
            counted = await count_next(tx)


async def count_next(tx: Tx) -> int:
    """Count the next few; how many they were. Two workers may do so at a time."""
    connection = await driver(tx)
    newest = await queries.newest(connection)
    since = newest - SLOWEST_COMMIT if newest else EVER
    ended = await queries.list_over(connection, since, AT_ONCE)
    if ended:
        await queries.count(connection, ended)
    return len(ended)


JOBS = (Job("insights.count", every_s=EVERY_S, work=count_ended),)
