"""Routes of figures by mail."""

from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import UserRef
from pagefree.accounts.shapes import TeamRefOut, TimeZone, UserRefOut
from pagefree.core.mailed_reports import Plan, Rhythm
from pagefree.infra.db import Tx
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape
from pagefree.insights import mailed
from pagefree.insights.mailed_queries import MailedReport

router = APIRouter(prefix="/v1/mailed-reports", tags=["insights"])
ONE = "/{mailed_report_id}"
MOST_READERS = 100


class MailedReportIn(Shape):
    """Figures to send, and when."""

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
    ]
    team_id: UUID | None = Field(None, description="None: of all teams.")
    rhythm: Rhythm
    day: int = Field(ge=1, le=28, description="1 is Monday, or the first of the month.")
    hour: int = Field(ge=0, le=23)
    time_zone: TimeZone
    reader_ids: list[UUID] = Field(min_length=1, max_length=MOST_READERS)


class MailedReportOut(Shape):
    """Figures that people get by mail."""

    id: UUID
    name: str
    team: TeamRefOut | None
    rhythm: Rhythm
    day: int
    hour: int
    time_zone: str
    readers: list[UserRefOut]
    due_at: datetime


@router.get("")
async def list_mailed_reports(
    actor: CurrentActor, tx: RequestTx
) -> list[MailedReportOut]:
    """Reports that leave by mail, by name."""
    return [await _out(tx, *one) for one in await mailed.listed(tx, actor)]


@router.post("", status_code=201)
async def create_mailed_report(
    body: MailedReportIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> MailedReportOut:
    """Send figures of a team, or of everything, to people from now on."""
    report = await mailed.create(tx, _wanted(body), actor, now)
    return await _out(tx, report, await mailed.readers_of(tx, report.id))


@router.put(ONE)
async def put_mailed_report(
    mailed_report_id: UUID,
    body: MailedReportIn,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> MailedReportOut:
    """Send it otherwise from now on."""
    report = await mailed.change(tx, mailed_report_id, _wanted(body), actor, now)
    return await _out(tx, report, await mailed.readers_of(tx, report.id))


@router.delete(ONE, status_code=204)
async def delete_mailed_report(
    mailed_report_id: UUID, actor: CurrentActor, tx: RequestTx
) -> None:
    """Send it no more."""
    await mailed.remove(tx, mailed_report_id, actor)


@router.post(ONE + "/copy", status_code=202)
async def send_mailed_report_copy(
    mailed_report_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Send the newest one to whoever asks, now."""
    await mailed.send_copy(tx, mailed_report_id, actor, now)


def _wanted(body: MailedReportIn) -> mailed.Wanted:
    plan = Plan(body.rhythm, body.day, body.hour, ZoneInfo(body.time_zone))
    readers = tuple(dict.fromkeys(body.reader_ids))
    return mailed.Wanted(body.team_id, body.name, plan, readers)


async def _out(
    tx: Tx, report: MailedReport, readers: tuple[UserRef, ...]
) -> MailedReportOut:
    plan = report.plan
    team = None
    if report.team_id:
        team = (await accounts.team_refs(tx, {report.team_id})).get(report.team_id)
    return MailedReportOut(
        id=report.id,
        name=report.name,
        team=TeamRefOut.model_validate(team) if team else None,
        rhythm=plan.rhythm,
        day=plan.day,
        hour=plan.hour,
        time_zone=plan.zone.key,
        readers=[UserRefOut.model_validate(one) for one in readers],
        due_at=report.due_at,
    )
