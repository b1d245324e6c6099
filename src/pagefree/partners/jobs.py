"""Background work of partners: send links, forget what is over."""

from datetime import timedelta

from pagefree.infra.db import Channel, transaction
from pagefree.infra.queue import Context, Job
from pagefree.notifications.handing_over import Gateway
from pagefree.partners import (
    access_log,
    log_queries,
    requests,
    sending,
    session_queries,
)
from pagefree.timeline.listening import Listener

EVERY_S = 1.0
HOUR_S = 3600.0


def jobs(gateway: Gateway, log_kept: timedelta = access_log.KEPT) -> tuple[Job, ...]:
    """The work of a worker for partners; their looks stay on record for `log_kept`."""

    async def send(ctx: Context) -> None:
        """Send the links that are due."""
        await sending.send_due(gateway, ctx.engine)

    async def forget(ctx: Context) -> None:
        """Delete looks, sessions and links that are long over."""
        now = ctx.clock()
        async with transaction(ctx.engine) as tx:
            await log_queries.delete_before(tx, now - log_kept)
            await session_queries.delete_expired_before(tx, now - log_kept)
            await sending.forget(tx, now)

    return (
        Job("partners.links", EVERY_S, send, Channel.PARTNERS),
        Job("partners.clean_up", HOUR_S, forget),
    )


LISTENER = Listener(
    "partner_requests", frozenset({requests.MADE}), requests.tell_admins
)
