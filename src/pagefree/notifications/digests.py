"""Weekly digests: planned for each person's own Monday, sent by a job of their own.

Nothing that pages anybody waits for them: they leave one after the other, over a connection
of their own, in no transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.channels.letters import Mail
from pagefree.core import digests as core
from pagefree.core.errors import NotFound
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx, driver, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.signed_ids import SignedIds
from pagefree.notifications import digest_queries as queries
from pagefree.notifications import letter_box
from pagefree.notifications.digest_mails import Reader, write
from pagefree.notifications.digest_queries import Due, Moved
from pagefree.notifications.digest_weeks import gather
from pagefree.notifications.handing_over import Gateway

AT_ONCE = 20
PLANNED_AT_ONCE = 500
LEASE = timedelta(minutes=30)  # longer than so many mails to a slow server take
# what ends a person's digests, and nothing else
ENDS = SignedIds("end digests {}")


@dataclass(frozen=True, slots=True)
class Post:
    """A digest to send."""

    due: Due
    mail: Mail


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
        for one in posts:
            error = await letter_box.send(gateway, one.mail)
            failpoint("digests.after_mail")
            async with transaction(engine) as tx:
                await settle(tx, gateway, one, gateway.clock(), sent=error is None)


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
        Post(one, _written(gateway, one, weeks[one.user_id], now))
        for one in wanted
        if core.worth_telling(weeks[one.user_id])
    ]
    kept = {one.due.user_id for one in posts}
    silent = [_next_week(one, now) for one in due if one.user_id not in kept]
    if silent:
        await queries.move(connection, silent, now)
    return posts


async def settle(
    tx: Tx, gateway: Gateway, one: Post, now: datetime, *, sent: bool
) -> None:
    """Write down what came of a mail; one that could not be sent is tried again for a while."""
    connection = await driver(tx)
    again = None if sent else core.try_again_at(one.due.tries, now)
    moved = _next_week(one.due, now, sent=sent)
    if again is not None:
        moved = Moved(one.due.user_id, again, again=True)
    await queries.move(connection, [moved], now)
    if sent:
        await letter_box.keep_shown(tx, gateway, one.mail, now, to=one.due.user_id)


async def refuse(tx: Tx, vault: Vault, token: str) -> UUID:
    """Whoever got this link wants no digest any more; who that is. Raises NotFound."""
    user_id = ENDS.read_one(vault, token)
    if user_id is None or not await queries.refuse(await driver(tx), user_id):
        raise NotFound("this link does nothing")
    return user_id


def _written(gateway: Gateway, due: Due, week: core.Week, now: datetime) -> Mail:
    name = f"digest-{due.user_id}-{core.week_of(now)}"
    zone = _zone(due.time_zone)
    reader = Reader(name, due.email, due.name, zone, due.language)
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
