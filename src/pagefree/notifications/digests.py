"""Weekly digests: planned for each person's own Monday, sent by a job of their own.

Nothing that pages anybody waits for them: they leave one after the other, over a connection
of their own, in no transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.channels.smtp import hand_in
from pagefree.core import digests as core
from pagefree.core.errors import DeliveryError, NotFound
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx, driver, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.signed_ids import SignedIds
from pagefree.notifications import digest_queries as queries
from pagefree.notifications.digest_mails import Letter, Reader, compose, write
from pagefree.notifications.digest_queries import Due, Moved, Shown
from pagefree.notifications.digest_weeks import gather
from pagefree.notifications.handing_over import Gateway

AT_ONCE = 20
PLANNED_AT_ONCE = 500
LEASE = timedelta(minutes=30)  # longer than so many mails to a slow server take
# what ends a person's digests, and nothing else
ENDS = SignedIds("end digests {}")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Post:
    """A digest to send."""

    due: Due
    letter: Letter


async def send_due(gateway: Gateway, engine: AsyncEngine) -> None:
    """Plan, gather and send until nothing is due; no row is locked while mails leave."""
    if gateway.transports.smtp is None and not gateway.demo:
        return
    async with transaction(engine) as tx:
        await plan(tx, gateway.clock())
    posts: list[Post] | None = None
    while posts is None or posts:
        async with transaction(engine) as tx:
            posts = await take(tx, gateway, gateway.clock())
        for post in posts:
            sent = await hand_over(gateway, post)
            failpoint("digests.after_mail")
            async with transaction(engine) as tx:
                await settle(tx, gateway, post, gateway.clock(), sent=sent)


async def plan(tx: Tx, now: datetime) -> None:
    """Set the next Monday of whoever has none, or whose clocks have changed."""
    connection = await driver(tx)
    people = await queries.list_unplanned(connection, PLANNED_AT_ONCE)
    planned = [(one, core.next_monday(_zone(one.time_zone), now)) for one in people]
    if planned:
        await queries.plan(connection, planned)


async def take(tx: Tx, gateway: Gateway, now: datetime) -> list[Post]:
    """Lease what is due, and write it; who has a quiet week behind them gets nothing."""
    connection = await driver(tx)
    due = await queries.take(connection, AT_ONCE, now + LEASE, now)
    wanted = [one for one in due if one.wanted and not _is_over(one, now)]
    weeks = await gather(tx, wanted, now) if wanted else {}
    posts = [
        Post(one, _written(gateway, one, weeks[one.user_id]))
        for one in wanted
        if core.worth_telling(weeks[one.user_id])
    ]
    kept = {post.due.user_id for post in posts}
    silent = [_next_week(one, now) for one in due if one.user_id not in kept]
    if silent:
        await queries.move(connection, silent, now)
    return posts


async def hand_over(gateway: Gateway, post: Post) -> bool:
    """Send a digest; whether it is done with."""
    server = gateway.transports.smtp
    if gateway.demo:
        return True
    if server is None:
        return False
    now, sender = gateway.clock(), parseaddr(server.sender)[1]
    domain = sender.rpartition("@")[2] or "pagefree.invalid"
    # the same in every try of this week's, so that copies can be told
    name = f"<digest-{post.due.user_id}-{core.week_of(now)}@{domain}>"
    mail = compose(post.letter, server.sender, name, now)
    try:
        await hand_in(server, mail, sender, post.letter.recipient)
    except DeliveryError as e:
        log.warning("digest.not_sent", user=str(post.due.user_id), error=str(e))
        return e.unknown  # it may have arrived: rather none than two
    return True


async def settle(
    tx: Tx, gateway: Gateway, post: Post, now: datetime, *, sent: bool
) -> None:
    """Write down what came of a mail; one that could not be sent is tried again for a while."""
    connection = await driver(tx)
    again = None if sent else core.try_again_at(post.due.tries, now)
    moved = _next_week(post.due, now, sent=sent)
    if again is not None:
        moved = Moved(post.due.user_id, again, again=True)
    await queries.move(connection, [moved], now)
    if sent and gateway.demo:
        one = post.letter
        shown = Shown(post.due.user_id, one.recipient, one.title, one.text, one.html)
        await queries.insert_outbox(connection, shown, now)


async def refuse(tx: Tx, vault: Vault, token: str) -> UUID:
    """Whoever got this link wants no digest any more; who that is. Raises NotFound."""
    user_id = ENDS.read_one(vault, token)
    if user_id is None or not await queries.refuse(await driver(tx), user_id):
        raise NotFound("this link does nothing")
    return user_id


def _written(gateway: Gateway, due: Due, week: core.Week) -> Letter:
    reader = Reader(due.email, due.name, _zone(due.time_zone), due.language)
    stop = f"{gateway.base_url}/act/digest/{ENDS.token(gateway.vault, due.user_id)}"
    return write(week, reader, gateway.base_url, stop)


def _is_over(due: Due, now: datetime) -> bool:
    return core.is_stale(due.was_due_at, now)


def _next_week(due: Due, now: datetime, *, sent: bool = False) -> Moved:
    return Moved(due.user_id, core.next_monday(_zone(due.time_zone), now), sent=sent)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
