"""Background work of signing in: send links, forget what is over."""

from datetime import timedelta

from pagefree.accounts.factors import queries
from pagefree.accounts.factors.links import Sender
from pagefree.infra.db import Channel, transaction
from pagefree.infra.queue import Context, Job

EVERY_S = 5.0  # a notice wakes it at once
HOUR_S = 3600.0
LINKS_KEPT = timedelta(days=7)
DEVICES_KEPT = timedelta(days=400)  # browsers keep no cookie for longer


def jobs(sender: Sender) -> tuple[Job, ...]:
    """The work of a worker for who signs in."""

    async def send(ctx: Context) -> None:
        """Send the links that are due."""
        await sender.send_due(ctx.engine)

    return (
        Job("sign_in.links", EVERY_S, send, Channel.LINKS),
        Job("sign_in.clean_up", HOUR_S, forget),
    )


async def forget(ctx: Context) -> None:
    """Delete links, devices and halves that are long over."""
    now = ctx.clock()
    async with transaction(ctx.engine) as tx:
        await queries.delete_expired(tx, now)
        await queries.delete_links_before(tx, now - LINKS_KEPT)
        await queries.delete_devices_before(tx, now - DEVICES_KEPT)
