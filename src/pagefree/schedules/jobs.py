"""Background work of schedules."""

from datetime import datetime
from functools import partial

from pagefree.infra.crypto import Vault
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.queue import Context, Job
from pagefree.schedules import covers, handoffs, swaps, time_off_reading
from pagefree.schedules.time_off_reading import Reader

LOOK_S = 15
HOUR_S = 3600
BATCH = 200  # schedules in one transaction


async def expire(ctx: Context) -> None:
    """End the offers and requests for shifts that have begun."""
    now = ctx.clock()
    async with transaction(ctx.engine) as tx:
        await swaps.expire(tx, now)
        await covers.expire(tx, now)


async def tell_of_handoffs(ctx: Context) -> None:
    """Tell people of their handoffs."""
    now = ctx.clock()
    async with transaction(ctx.engine) as tx:
        people, ids = await handoffs.watched(tx, now)
    for first in range(0, len(ids), BATCH):
        async with transaction(ctx.engine) as tx:
            batch = ids[first : first + BATCH]
            await handoffs.tell_due(tx, batch, people, now)


async def clean_up(ctx: Context) -> None:
    """Forget what nobody needs to know any more."""
    now: datetime = ctx.clock()
    async with transaction(ctx.engine) as tx:
        await handoffs.forget(tx, now)


async def read_time_off(http: GuardedClient, vault: Vault, ctx: Context) -> None:
    """Read the calendars that say when people are away."""
    reader = Reader(http, vault, ctx.clock)
    while await time_off_reading.read_due(ctx.engine, reader):
        pass


def jobs(http: GuardedClient, vault: Vault) -> tuple[Job, ...]:
    """All of them; some read what is elsewhere."""
    read = partial(read_time_off, http, vault)
    return (
        Job("schedules.expire", every_s=LOOK_S, work=expire),
        Job("schedules.handoffs", every_s=LOOK_S, work=tell_of_handoffs),
        Job("schedules.time_off", every_s=LOOK_S, work=read),
        Job("schedules.clean_up", every_s=HOUR_S, work=clean_up),
    )
