"""Room for what comes, and an end for what was kept long enough."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.partitions import DAY, days_to_make, expired, first_id
from pagefree.infra.db import Connection, Tx, driver, transaction
from pagefree.retention import partition_queries as partitions
from pagefree.retention import queries
from pagefree.retention.queries import Kept

AHEAD = 7  # days: a week without this job, and nobody notices
LEAST_AHEAD = 2  # days: fewer, and somebody should look
EPISODES_KEPT = timedelta(days=30)
MOST_COUNTED = 10_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Room:
    """How far ahead there are partitions, and how much found none."""

    partition_count: int
    days_ahead: int
    unplaced: int  # raw requests in the default partition, up to MOST_COUNTED
    in_the_way: str | None = None  # a detached one of a day to come

    @property
    def finding(self) -> str | None:
        """What somebody should look at. Nothing is lost by it: it is slower to forget."""
        if self.in_the_way:
            return (
                f"{self.in_the_way} was detached, so its day has no partition:"
                " attach it again, rename it or drop it."
            )
        if self.days_ahead < LEAST_AHEAD:
            return "There are no partitions of raw requests for the days to come."
        return None


async def make_room(engine: AsyncEngine, now: datetime) -> int:
    """Make the partitions of the days to come that are missing; how many."""
    made = 0
    async with transaction(engine) as tx:
        there = await partitions.list_partitions(await driver(tx))
    for day, first, last in days_to_make(there, AHEAD, now):
        async with transaction(engine) as tx:  # a lock is held for one of them only
            connection = await driver(tx)
            if not await partitions.is_alone(connection):
                return made
            if await partitions.make(connection, day, first, last):
                made += 1
            else:
                log.warning("retention.left_in_default", day=f"{day:%Y-%m-%d}")
    return made


async def forget_requests(engine: AsyncEngine, now: datetime) -> int:
    """Drop the partitions that were kept long enough; how many.

    What open alerts and open incidents show of them stays readable in the default partition.
    """
    async with transaction(engine) as tx:
        days = (await queries.get(tx)).raw_request_days
        there = await partitions.list_partitions(await driver(tx))
    if days is None:
        return 0
    before = now - timedelta(days=days)
    for old in expired(there, before):
        async with transaction(engine) as tx:
            connection = await driver(tx)
            if await partitions.is_alone(connection):
                await partitions.detach(connection, old.name)
    dropped = await _drop_detached(engine, before)
    await _until_done(engine, lambda c: _forget_default(c, before))
    return dropped


async def _drop_detached(engine: AsyncEngine, before: datetime) -> int:
    """Those of a run that was cut off, too."""
    border = first_id(before)
    async with transaction(engine) as tx:
        names = await partitions.list_detached(await driver(tx))
    for name in names:
        async with transaction(engine) as tx:
            connection = await driver(tx)
            if not await partitions.is_alone(connection):
                return 0
            last = await partitions.newest(connection, name)
            if last is not None and last >= border:
                continue  # not ours: somebody took it out by hand
            needed = await partitions.list_needed(connection, border)
            await partitions.drop(connection, name, needed)
            log.info("retention.dropped", partition=name)
    return len(names)


async def _forget_default(connection: Connection, before: datetime) -> bool:
    border = first_id(before)
    needed = await partitions.list_needed(connection, border)
    done = await partitions.forget_default(connection, border, needed)
    return done == partitions.MOST_FORGOTTEN


async def forget_rows(engine: AsyncEngine, now: datetime) -> None:
    """Forget notifications and ends of episodes that were kept long enough."""

    async def episodes(connection: Connection) -> bool:
        done = await queries.forget_episodes(connection, now - EPISODES_KEPT)
        return done == queries.MOST_FORGOTTEN

    async def notifications(connection: Connection) -> bool:
        if days is None:
            return False
        border = first_id(now - timedelta(days=days))
        done = await queries.forget_notifications(connection, border)
        return done == queries.MOST_FORGOTTEN

    async with transaction(engine) as tx:
        days = (await queries.get(tx)).notification_days
    await _until_done(engine, episodes)
    await _until_done(engine, notifications)


async def _until_done(
    engine: AsyncEngine, forget_some: Callable[[Connection], Awaitable[bool]]
) -> None:
    more = True
    while more:
        async with transaction(engine) as tx:
            connection = await driver(tx)
            alone = await partitions.is_alone(connection)
            more = alone and await forget_some(connection)


async def get_kept(tx: Tx) -> Kept:
    """For how long things are kept."""
    return await queries.get(tx)


async def keep_for(tx: Tx, kept: Kept, now: datetime) -> None:
    """Keep things for so long from now on."""
    values = {name: getattr(kept, name) for name in Kept.__slots__}
    await queries.save(tx, values, now)


async def room(tx: Tx, now: datetime) -> Room:
    """Whether raw requests have a partition to go to."""
    connection = await driver(tx)
    there = await partitions.list_partitions(connection)
    missing = [day for day, _, _ in days_to_make(there, AHEAD, now)]
    detached = await partitions.list_detached(connection)
    names = map(partitions.name_of, missing)
    ahead = min(((day - now) // DAY + 1 for day in missing), default=AHEAD + 1) - 1
    unplaced = await partitions.count_unplaced(
        connection, first_id(now - DAY), MOST_COUNTED
    )
    in_the_way = next((name for name in names if name in detached), None)
    return Room(len(there), max(ahead, 0), unplaced, in_the_way)
