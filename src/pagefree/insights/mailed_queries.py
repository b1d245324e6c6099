"""Statements on figures by mail: which reports there are, who reads them, what is to leave."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, delete, insert, select, update

from pagefree.core.mailed_reports import Plan, Rhythm
from pagefree.infra.db import Connection, Tx
from pagefree.infra.ids import new_id
from pagefree.tables.insights import mailed_reports, report_mails, report_readers

DUE = """
SELECT id, rhythm, day, hour, time_zone FROM mailed_reports WHERE due_at <= $1
ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
"""
MOVE = "UPDATE mailed_reports SET due_at = $2, planned_until = $3 WHERE id = $1"
PLAN = """
INSERT INTO report_mails (id, report_id, user_id, end_at, due_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[])
ON CONFLICT (report_id, user_id, end_at) DO NOTHING
"""
# Leased: whoever dies while sending sends it again once the lease has ended.
TAKE = """
WITH due AS (
    SELECT id FROM report_mails WHERE due_at <= $1
    ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE report_mails AS m SET due_at = $3, tries = m.tries + 1
    FROM due WHERE m.id = due.id
    RETURNING m.id, m.report_id, m.user_id, m.end_at, m.tries
)
SELECT t.id, t.report_id, t.user_id, t.end_at, t.tries, r.name, r.team_id, r.rhythm, r.day,
    r.hour, r.time_zone, team.name AS team, u.email, u.name AS reader,
    coalesce(p.language, 'en') AS language,
    u.deactivated_at IS NULL AND NOT EXISTS (
        SELECT FROM contact_methods AS m
        WHERE m.user_id = u.id AND m.channel = 'email' AND m.disabled_at IS NOT NULL
            AND lower(m.address ->> 'email') = u.email
    ) AS wanted
FROM taken AS t JOIN mailed_reports AS r ON r.id = t.report_id
JOIN users AS u ON u.id = t.user_id
LEFT JOIN teams AS team ON team.id = r.team_id
LEFT JOIN notification_preferences AS p ON p.user_id = t.user_id
"""
AGAIN = "UPDATE report_mails SET due_at = $2 WHERE id = $1"
DONE = "DELETE FROM report_mails WHERE id = ANY ($1::uuid[])"


@dataclass(frozen=True, slots=True)
class MailedReport:
    """Which figures are sent, and when."""

    id: UUID
    team_id: UUID | None  # none: of everything
    name: str
    plan: Plan
    due_at: datetime
    planned_until: date | None = None  # the day on which the last planned period ended


@dataclass(frozen=True, slots=True)
class DueMail:
    """A mail that is to leave now."""

    id: UUID
    report_id: UUID
    user_id: UUID
    end_at: datetime
    tries: int  # with this one
    name: str
    team_id: UUID | None
    rhythm: str
    day: int
    hour: int
    time_zone: str
    team: str | None
    email: str
    reader: str
    language: str
    wanted: bool  # they are here, and there is a mailbox that takes it

    @property
    def plan(self) -> Plan:
        """When its report is due."""
        zone = ZoneInfo(self.time_zone)
        return Plan(Rhythm(self.rhythm), self.day, self.hour, zone)


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail to plan."""

    report_id: UUID
    user_id: UUID
    end_at: datetime


async def list_reports(tx: Tx) -> list[MailedReport]:
    """All of them, by name."""
    query = select(mailed_reports).order_by(mailed_reports.c.name, mailed_reports.c.id)
    return [_report(row) for row in await tx.execute(query)]


async def get_report(tx: Tx, report_id: UUID) -> MailedReport | None:
    """One of them; locked, so that a change and the job do not meet."""
    where = mailed_reports.c.id == report_id
    row = (
        await tx.execute(select(mailed_reports).where(where).with_for_update())
    ).first()
    return _report(row) if row else None


async def insert_report(
    tx: Tx, report: MailedReport, created_by_id: UUID, now: datetime
) -> None:
    """A new one."""
    values = _values(report, now)
    made = {"id": report.id, "created_by_id": created_by_id, "created_at": now}
    await tx.execute(insert(mailed_reports).values(**values, **made))


async def update_report(tx: Tx, report: MailedReport, now: datetime) -> None:
    """What it is from now on."""
    where = mailed_reports.c.id == report.id
    await tx.execute(update(mailed_reports).where(where).values(**_values(report, now)))


async def delete_report(tx: Tx, report_id: UUID) -> None:
    """With its readers, and what has not left yet."""
    await tx.execute(delete(mailed_reports).where(mailed_reports.c.id == report_id))


async def list_readers(
    tx: Tx, report_ids: Collection[UUID]
) -> dict[UUID, tuple[UUID, ...]]:
    """Who reads each of these."""
    c = report_readers.c
    query = select(c.report_id, c.user_id).where(c.report_id.in_(report_ids))
    found: dict[UUID, tuple[UUID, ...]] = {}
    for row in await tx.execute(query.order_by(c.id)):
        found[row.report_id] = (*found.get(row.report_id, ()), row.user_id)
    return found


async def add_readers(tx: Tx, report_id: UUID, user_ids: Sequence[UUID]) -> None:
    """These read it, too."""
    rows = [
        {"id": new_id(), "report_id": report_id, "user_id": user_id}
        for user_id in user_ids
    ]
    if rows:
        await tx.execute(insert(report_readers), rows)


async def remove_readers(tx: Tx, report_id: UUID, user_ids: Sequence[UUID]) -> None:
    """These read it no more, and what was on its way to them stays here."""
    mails, readers = report_mails.c, report_readers.c
    await tx.execute(
        delete(report_mails).where(
            mails.report_id == report_id, mails.user_id.in_(user_ids)
        )
    )
    await tx.execute(
        delete(report_readers).where(
            readers.report_id == report_id, readers.user_id.in_(user_ids)
        )
    )


async def lock_due(
    connection: Connection, limit: int, now: datetime
) -> list[tuple[UUID, Plan]]:
    """Reports that are due; what another worker has locked is skipped."""
    rows = await connection.fetch(DUE, now, limit)
    return [
        (
            row["id"],
            Plan(
                Rhythm(row["rhythm"]),
                row["day"],
                row["hour"],
                ZoneInfo(row["time_zone"]),
            ),
        )
        for row in rows
    ]


async def move_report(
    connection: Connection, report_id: UUID, due_at: datetime, planned: date
) -> None:
    """Set when its next mails are planned; the period that ended on `planned` is."""
    await connection.execute(MOVE, report_id, due_at, planned)


async def plan_mails(
    connection: Connection, mails: Sequence[NewMail], now: datetime
) -> None:
    """Let these leave; one that is on its way already is not planned twice."""
    await connection.execute(
        PLAN,
        [new_id() for _ in mails],
        [one.report_id for one in mails],
        [one.user_id for one in mails],
        [one.end_at for one in mails],
        [now for _ in mails],
    )


async def take(
    connection: Connection, limit: int, lease_ends: datetime, now: datetime
) -> list[DueMail]:
    """Lease those that are due; what another worker has taken is skipped."""
    rows = await connection.fetch(TAKE, now, limit, lease_ends)
    return [DueMail(**row) for row in rows]


async def try_again(connection: Connection, mail_id: UUID, at: datetime) -> None:
    """It could not be sent now."""
    await connection.execute(AGAIN, mail_id, at)


async def forget(connection: Connection, mail_ids: Sequence[UUID]) -> None:
    """These are done with."""
    await connection.execute(DONE, mail_ids)


def _values(report: MailedReport, now: datetime) -> dict[str, object]:
    plan = report.plan
    return {
        "team_id": report.team_id,
        "name": report.name,
        "rhythm": plan.rhythm.value,
        "day": plan.day,
        "hour": plan.hour,
        "time_zone": plan.zone.key,
        "due_at": report.due_at,
        "planned_until": report.planned_until,
        "updated_at": now,
    }


def _report(row: Row[Any]) -> MailedReport:
    plan = Plan(Rhythm(row.rhythm), row.day, row.hour, ZoneInfo(row.time_zone))
    return MailedReport(
        row.id, row.team_id, row.name, plan, row.due_at, row.planned_until
    )
