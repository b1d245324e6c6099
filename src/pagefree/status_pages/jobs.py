"""Background work of status pages: tell what is due, move planned work on, render."""

from collections.abc import Sequence
from datetime import datetime

from pagefree.infra.db import Channel, Tx, transaction
from pagefree.infra.queue import Context, Job
from pagefree.status_pages import (
    access_queries,
    composing,
    listing_queries,
    queries,
    telling,
    works,
)
from pagefree.timeline.listening import Event, Listener

EVERY_S = 1.0
# what may change the state of a component
KINDS = frozenset(
    f"incident.{what}"
    for what in (
        *("triggered", "joined", "updated", "resolved", "reopened"),
        *("merged", "unmerged"),
    )
)


def jobs(base_url: str) -> tuple[Job, ...]:
    """The work of a worker for status pages; `base_url` is where they are served."""

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
        rendered = True
        while rendered:
            async with transaction(ctx.engine) as tx:
                rendered = await composing.refresh_due(tx, base_url, now)

    return (Job("status_pages", EVERY_S, look, Channel.STATUS_DUE),)


async def _mark(tx: Tx, events: Sequence[Event], now: datetime) -> None:
    """Have the pages rendered anew that these incidents may touch."""
    ids = {event.incident_id for event in events if event.incident_id}
    page_ids = await access_queries.pages_about(tx, ids)
    await queries.make_due(tx, page_ids, now)


LISTENER = Listener("status_pages", KINDS, _mark, access_queries.listened_to)
