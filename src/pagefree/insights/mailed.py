"""Which figures are sent by mail, when and to whom; who may say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import UserRef
from pagefree.core.access import Actor, Can, allowed, require
from pagefree.core.errors import Forbidden, Invalid, NotFound
from pagefree.core.mailed_reports import (
    LAST_DAY_OF_EVERY_MONTH,
    Plan,
    Rhythm,
    due_by,
    newest_end,
    next_at,
)
from pagefree.infra.db import Tx, driver
from pagefree.infra.ids import new_id
from pagefree.insights import mailed_queries as queries
from pagefree.insights.mailed_queries import MailedReport, NewMail

LAST_WEEKDAY = 7


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is to be."""

    team_id: UUID | None
    name: str
    plan: Plan
    reader_ids: tuple[UUID, ...]


async def listed(
    tx: Tx, actor: Actor
) -> list[tuple[MailedReport, tuple[UserRef, ...]]]:
    """All reports, by name, with their readers."""
    require(actor, Can.SEE)
    known = await queries.list_reports(tx)
    reports = [one for one in known if allowed(actor, Can.SEE, one.team_id)]
    readers = await _readers(tx, [one.id for one in reports])
    return list(zip(reports, readers, strict=True))


async def create(tx: Tx, wanted: Wanted, actor: Actor, now: datetime) -> MailedReport:
    """A new report; its first mails leave when it is due next."""
    _require_may(actor, wanted.team_id)
    await _require_sound(tx, wanted)
    due_at = next_at(wanted.plan, now)
    report = MailedReport(new_id(), wanted.team_id, wanted.name, wanted.plan, due_at)
    await queries.insert_report(tx, report, actor.user_id, now)
    await queries.add_readers(tx, report.id, wanted.reader_ids)
    return report


async def change(
    tx: Tx, report_id: UUID, wanted: Wanted, actor: Actor, now: datetime
) -> MailedReport:
    """What it is from now on; whoever is no reader any more gets nothing that is on its way."""
    before = await _get(tx, report_id)
    _require_may(actor, before.team_id)
    _require_may(actor, wanted.team_id)
    await _require_sound(tx, wanted)
    due_at, planned = _due(before, wanted.plan, now)
    report = MailedReport(
        report_id, wanted.team_id, wanted.name, wanted.plan, due_at, planned
    )
    await queries.update_report(tx, report, now)
    held = (await queries.list_readers(tx, [report_id])).get(report_id, ())
    gone = [one for one in held if one not in wanted.reader_ids]
    new = [one for one in wanted.reader_ids if one not in held]
    await queries.remove_readers(tx, report_id, gone)
    await queries.add_readers(tx, report_id, new)
    return report


async def remove(tx: Tx, report_id: UUID, actor: Actor) -> None:
    """Send it no more."""
    _require_may(actor, (await _get(tx, report_id)).team_id)
    await queries.delete_report(tx, report_id)


async def send_copy(tx: Tx, report_id: UUID, actor: Actor, now: datetime) -> None:
    """Let the actor have the newest one now; pressing twice sends one."""
    require(actor, Can.KEEP)
    if actor.kind != "user":
        raise Forbidden("only a person has a mailbox to send it to")
    report = await _get(tx, report_id)
    require(actor, Can.SEE, report.team_id)
    mail = NewMail(report.id, actor.user_id, newest_end(report.plan, now))
    await queries.plan_mails(await driver(tx), [mail], now)


async def readers_of(tx: Tx, report_id: UUID) -> tuple[UserRef, ...]:
    """Who reads it."""
    (readers,) = await _readers(tx, [report_id])
    return readers


def _due(
    before: MailedReport, plan: Plan, now: datetime
) -> tuple[datetime, date | None]:
    """When the report is due by this plan: nothing is sent twice, and nothing is left out."""
    planned = before.planned_until
    if plan == before.plan:
        return before.due_at, planned
    if plan.rhythm is not before.plan.rhythm:
        planned = None  # a month is another period than the week that ended with it
    since = min(now, newest_end(before.plan, before.due_at))
    return due_by(plan, since, planned), planned


async def _get(tx: Tx, report_id: UUID) -> MailedReport:
    report = await queries.get_report(tx, report_id)
    if report is None:
        raise NotFound(f"no report {report_id}")
    return report


async def _readers(tx: Tx, report_ids: Sequence[UUID]) -> list[tuple[UserRef, ...]]:
    ids = await queries.list_readers(tx, report_ids)
    people = await accounts.user_refs(
        tx, {one for each in ids.values() for one in each}
    )
    return [
        tuple(people[one] for one in ids.get(report_id, ()) if one in people)
        for report_id in report_ids
    ]


def _require_may(actor: Actor, team_id: UUID | None) -> None:
    """Of a team its admins decide; of everything those of the installation."""
    require(actor, Can.EDIT_TEAM if team_id else Can.ADMINISTER, team_id)


async def _require_sound(tx: Tx, wanted: Wanted) -> None:
    weekly = wanted.plan.rhythm is Rhythm.WEEKLY
    if wanted.plan.day > (LAST_WEEKDAY if weekly else LAST_DAY_OF_EVERY_MONTH):
        raise Invalid("there is no such day in every week or month")
    if wanted.team_id:
        await accounts.require_team(tx, wanted.team_id)
    known = await accounts.user_refs(tx, wanted.reader_ids)
    if len(known) != len(wanted.reader_ids):
        raise Invalid("one of the readers is not here")
