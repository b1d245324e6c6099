"""Figures by mail: planned when a report is due, sent by a job of their own.

The mails of a period are rows, made in the transaction that sets when the report is due next:
however many workers there are, each is planned once. They leave one after the other, in no
transaction; nothing that pages anybody waits for them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import service as accounts
from pagefree.channels.letters import Mail
from pagefree.core import mailed_reports as core
from pagefree.core.access import Can, allowed
from pagefree.core.errors import NotFound
from pagefree.core.insights import Window
from pagefree.infra import curtain
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Connection, Tx, driver, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.queue import Context, Job
from pagefree.infra.signed_ids import SignedIds
from pagefree.insights import mailed_queries as queries
from pagefree.insights.mailed_queries import DueMail, NewMail
from pagefree.insights.queries import Question, Row, rows
from pagefree.insights.report_letters import Figures, Head, Links, write
from pagefree.insights.reports import NOISE, SERVICES, SUMMARY, Report
from pagefree.notifications import letter_box
from pagefree.notifications.handing_over import Gateway

AT_ONCE = 20
EVERY_S = 15
LEASE = timedelta(minutes=30)  # longer than so many mails to a slow server take
# what ends a report for one person, and nothing else
ENDS = SignedIds("end report {} for {}")


@dataclass(frozen=True, slots=True)
class Post:
    """A report to send."""

    due: DueMail
    mail: Mail


async def send_due(gateway: Gateway, engine: AsyncEngine) -> None:
    """Plan, gather and send until nothing is due; no row is locked while mails leave."""
    if gateway.transports.smtp is None and not gateway.demo:
        return
    planned = AT_ONCE
    while planned == AT_ONCE:
        async with transaction(engine) as tx:
            planned = await plan(tx, gateway.clock())
    posts: list[Post] | None = None
    while posts is None or posts:
        async with transaction(engine) as tx:
            posts = await take(tx, gateway, gateway.clock())
        for one in posts:
            error = await letter_box.send(gateway, one.mail)
            failpoint("reports.after_mail")
            async with transaction(engine) as tx:
                await settle(tx, gateway, one, gateway.clock(), sent=error is None)


async def plan(tx: Tx, now: datetime) -> int:
    """Plan the mails of reports that are due; how many reports they were."""
    connection = await driver(tx)
    due = await queries.lock_due(connection, AT_ONCE, now)
    readers = await queries.list_readers(tx, [report_id for report_id, _ in due])
    for report_id, when in due:
        end = core.newest_end(when, now)
        mails = [NewMail(report_id, one, end) for one in readers.get(report_id, ())]
        await queries.plan_mails(connection, mails, now)
        next_at, planned = core.next_at(when, now), core.end_day(when, now)
        await queries.move_report(connection, report_id, next_at, planned)
    return len(due)


async def take(tx: Tx, gateway: Gateway, now: datetime) -> list[Post]:
    """Lease what is due, and write it."""
    connection = await driver(tx)
    due = await queries.take(connection, AT_ONCE, now + LEASE, now)
    posts = []
    gathered: dict[tuple[UUID, datetime, frozenset[UUID]], Figures] = {}
    for one in due:
        reader = await accounts.actor_of(tx, one.user_id)
        if not one.wanted or not reader or not allowed(reader, Can.SEE, one.team_id):
            await queries.forget(connection, [one.id])
            continue
        key = (one.report_id, one.end_at, reader.hidden)
        if key not in gathered:
            async with curtain.drawn(tx, reader):
                gathered[key] = await _gather(connection, one, now)
        posts.append(Post(one, _written(gateway, one, gathered[key])))
    return posts


async def settle(
    tx: Tx, gateway: Gateway, one: Post, now: datetime, *, sent: bool
) -> None:
    """Write down what came of a mail; one that could not be sent is tried again for a while."""
    connection = await driver(tx)
    again = None if sent else core.try_again_at(one.due.tries, now)
    if again is not None:
        await queries.try_again(connection, one.due.id, again)
        return
    await queries.forget(connection, [one.due.id])
    if sent:
        await letter_box.keep_shown(tx, gateway, one.mail, now, to=one.due.user_id)


async def refuse(tx: Tx, vault: Vault, token: str) -> UUID:
    """Whoever got this link reads that report no more; who that is. Raises NotFound."""
    found = ENDS.read(vault, token)
    if found is None:
        raise NotFound("this link does nothing")
    report_id, user_id = found
    await queries.remove_readers(tx, report_id, [user_id])
    return user_id


async def _gather(connection: Connection, due: DueMail, now: datetime) -> Figures:
    window = core.period(due.plan, due.end_at)
    earlier = core.period(due.plan, window.start)

    async def read(report: Report, of: Window) -> list[Row]:
        assert report.statement is not None  # noqa: S101 -- these three have one
        asked = Question(of, due.team_id, zone=due.time_zone)
        return list(await rows(connection, report.statement, asked, now))

    return Figures(
        now=(await read(SUMMARY, window))[0],
        before=(await read(SUMMARY, earlier))[0],
        services=await read(SERVICES, window),
        alerts=await read(NOISE, window),
    )


def _written(gateway: Gateway, due: DueMail, figures: Figures) -> Mail:
    window, zone = core.period(due.plan, due.end_at), due.plan.zone
    about = (due.name, due.team, window, zone)
    head = Head(f"report-{due.id}", *about, due.email, due.language)
    stop = ENDS.token(gateway.vault, due.report_id, due.user_id)
    query = (
        ("from", window.start.astimezone(zone).date().isoformat()),
        ("to", window.last.astimezone(zone).date().isoformat()),
        *((("team", str(due.team_id)),) if due.team_id else ()),
    )
    links = Links(gateway.base_url, query, f"{gateway.base_url}/act/report/{stop}")
    return write(head, figures, links)


async def _look(gateway: Gateway, ctx: Context) -> None:
    await send_due(gateway, ctx.engine)


def jobs(gateway: Gateway) -> tuple[Job, ...]:
    """The one that sends reports."""
    look = partial(_look, gateway)
    return (Job("insights.reports", every_s=EVERY_S, work=look),)
