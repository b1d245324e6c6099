"""Background work of status pages: tell what is due, move planned work on, render."""

from collections.abc import Sequence
from datetime import datetime

from pagefree.infra.db import Channel, Tx, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.queue import Context, Job
from pagefree.notifications.handing_over import Gateway
from pagefree.status_pages import (
    access_queries,
    behind_queries,
    composing,
    listing_queries,
    mailing,
    pushing,
    queries,
    subscribing,
    telling,
    works,
)
from pagefree.timeline.listening import Event, Listener

EVERY_S = 1.0
HOUR_S = 3600.0
PUSH_S = 10.0
# what may change the state of a component
DEPENDENCIES = "service.updated"  # and whatever else of a service was changed
KINDS = frozenset(
    f"incident.{what}"
    for what in (
        *("triggered", "joined", "updated", "resolved", "reopened"),
        *("merged", "unmerged"),
    )
) | {DEPENDENCIES}


def jobs(base_url: str, *, mails: bool = True) -> tuple[Job, ...]:
    """The work of a worker for status pages; `base_url` is where they are served.

    `mails`: whether there is a mail server, so that pages can offer to mail.
    """

    async def look(ctx: Context) -> None:
        """Tell, begin, finish and render what is due: one transaction each."""
        now = ctx.clock()
        async with transaction(ctx.engine) as tx:
            due = await listing_queries.anything_due(tx, now)
        if not due:
            return
        async with transaction(ctx.engine) as tx:
            await telling.publish_due(tx, now)
            await works.advance_due(tx, now)
            await works.plan_ahead(tx, now)
        failpoint("status.told")
        rendered = True
        while rendered:
            async with transaction(ctx.engine) as tx:
                rendered = await composing.refresh_due(tx, base_url, now, mails=mails)

    return (Job("status_pages", EVERY_S, look, Channel.STATUS_DUE),)


def following_jobs(gateway: Gateway, per_second: float) -> tuple[Job, ...]:
    """The work for those who follow pages: at most so many messages in a second."""
    lane = mailing.Lane(gateway, per_second)

    async def queue(ctx: Context) -> None:
        """Make the messages of what pages show by now."""
        await mailing.queue_due(ctx.engine, ctx.clock())

    async def send(ctx: Context) -> None:
        """Send what is due."""
        await lane.send_due(ctx.engine)

    async def forget(ctx: Context) -> None:
        """Forget who never confirmed, and messages that are long over."""
        async with transaction(ctx.engine) as tx:
            await subscribing.forget(tx, ctx.clock())

    return (
        Job("status_pages.mailings", EVERY_S, queue, Channel.STATUS),
        Job("status_pages.messages", EVERY_S, send, Channel.SUBSCRIBERS),
        Job("status_pages.clean_up", HOUR_S, forget),
    )


def pushing_jobs(pusher: pushing.Pusher | None) -> tuple[Job, ...]:
    """The work where pages are copied to a bucket; none where there is none."""
    if pusher is None:
        return ()

    async def push(ctx: Context) -> None:
        """Copy what has been rendered."""
        await pusher.push_due(ctx.engine)

    return (Job("status_pages.push", PUSH_S, push, Channel.STATUS),)


async def _mark(tx: Tx, events: Sequence[Event], now: datetime) -> None:
    """Have the pages rendered anew that these incidents may touch."""
    ids = {event.incident_id for event in events if event.incident_id}
    page_ids = await behind_queries.pages_about(tx, ids)
    if any(event.kind == DEPENDENCIES for event in events):
        page_ids += await behind_queries.pages_of_business(tx)
    await queries.make_due(tx, page_ids, now)


LISTENER = Listener("status_pages", KINDS, _mark, access_queries.listened_to)
OPTED_OUT = Listener(
    "status_subscribers",
    frozenset({"channel.opted_out"}),
    subscribing.end_numbers,
    subscribing.anybody_by_text,
)
