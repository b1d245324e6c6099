"""Background work of notifications besides sending, which has a lane of its own."""

from datetime import timedelta
from functools import partial

from pagefree.infra.db import driver, transaction
from pagefree.infra.queue import Context, Job
from pagefree.notifications import (
    chats,
    digests,
    notices,
    probing,
    readiness,
    receipts,
    service,
    throttling,
    withdrawing,
)
from pagefree.notifications.handing_over import Gateway

HOUR_S = 3600
RECEIPTS_S = 1
UPDATES_S = 1
CHATS_S = 2
DIGESTS_S = 60
PROBES_S = 30
SOON_S = 5  # what is only worth knowing can wait so long
KEEP_LINKS = timedelta(days=7)  # an expired link still says that it has expired


async def clean_up(ctx: Context) -> None:
    """Forget links that expired long ago."""
    now = ctx.clock()
    async with transaction(ctx.engine) as tx:
        await service.forget_links(tx, now - KEEP_LINKS)


async def plan_notices(ctx: Context) -> None:
    """Plan what people are to be told about shifts."""
    planned = True
    while planned:
        async with transaction(ctx.engine) as tx:
            planned = bool(await notices.plan_notices(tx, ctx.clock()))


async def look_for_missing_receipts(ctx: Context) -> None:
    """Use the next way to reach people whose message is not known to have arrived."""
    found = receipts.AT_ONCE
    while found == receipts.AT_ONCE:
        async with transaction(ctx.engine) as tx:
            found = await receipts.look_for_missing(tx, ctx.clock())


async def look_ahead(ctx: Context) -> None:
    """Test quietly whoever is on call soon, and find those who are not proven."""
    now = ctx.clock()
    async with transaction(ctx.engine) as tx:
        await readiness.look_ahead(tx, now)
        await throttling.end_old(await driver(tx), now)


async def probe_providers(gateway: Gateway, ctx: Context) -> None:
    """Ask providers that have failed whether they work again; no page waits for it."""
    await probing.probe_due(gateway, ctx.engine)


async def update_messages(gateway: Gateway, ctx: Context) -> None:
    """Let messages say what has become of their incidents."""
    await withdrawing.update_due(gateway, ctx.engine)


async def send_digests(gateway: Gateway, ctx: Context) -> None:
    """Send the weekly digests that are due; no page waits for it."""
    await digests.send_due(gateway, ctx.engine)


async def tend_chats(gateway: Gateway, ctx: Context) -> None:
    """Make the chats of incidents, and keep them up to date; no page waits for it."""
    await chats.tend_due(gateway, ctx.engine)


def jobs(gateway: Gateway) -> tuple[Job, ...]:
    """All of them; some speak to providers."""
    update = partial(update_messages, gateway)
    tell = partial(send_digests, gateway)
    probe = partial(probe_providers, gateway)
    tend = partial(tend_chats, gateway)
    return (
        *JOBS,
        Job("notifications.updates", every_s=UPDATES_S, work=update),
        Job("notifications.providers", every_s=PROBES_S, work=probe),
        Job("notifications.digests", every_s=DIGESTS_S, work=tell),
        Job("notifications.chats", every_s=CHATS_S, work=tend),
    )


JOBS = (
    Job("notifications.readiness", every_s=HOUR_S, work=look_ahead),
    Job(
        "notifications.receipts",
        every_s=RECEIPTS_S,
        work=look_for_missing_receipts,
    ),
    Job("notifications.notices", every_s=SOON_S, work=plan_notices),
    Job("notifications.clean_up", every_s=HOUR_S, work=clean_up),
)
