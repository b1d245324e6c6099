"""Routes of statistics: tables that answer a question, as JSON and CSV, and what they count."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime

from pagefree.core.access import Can, require
from pagefree.core.errors import Invalid
from pagefree.core.insights import window
from pagefree.core.routing import Urgency
from pagefree.infra.db import driver
from pagefree.infra.web import CurrentActor, Limit, Now, RequestTx, Shape
from pagefree.insights import queries, service
from pagefree.insights.queries import Cell, Question
from pagefree.insights.reports import REPORTS, Unit

router = APIRouter(prefix="/v1/insights", tags=["insights"])

DAY_S = 86_400


class InsightColumn(Shape):
    """One column of a report."""

    key: str
    title: str
    unit: Unit
    meaning: str


class InsightReport(Shape):
    """A report that there is."""

    key: str
    title: str
    question: str
    columns: list[InsightColumn]


class InsightTable(InsightReport):
    """A report with its rows; each has a value for every column, in their order."""

    rows: list[list[Cell]]


class IncidentFact(Shape):
    """An incident that is over, as statistics count it."""

    incident_id: UUID
    service_id: UUID
    team_id: UUID
    urgency: Urgency
    opened_at: datetime
    acknowledged_at: datetime | None  # the first time
    resolved_at: datetime
    reopened: int
    steps: int  # the highest that paged anybody
    gave_up: bool


@dataclass(frozen=True, slots=True)
class Of:
    """Which incidents a report is of."""

    start: Annotated[AwareDatetime, Query(alias="from")]
    to: AwareDatetime
    team_id: UUID | None = None
    service_id: UUID | None = None
    urgency: Urgency | None = None


def _question(
    of: Annotated[Of, Depends()],
    time_zone: Annotated[str, Query(max_length=64)] = "UTC",
    within_s: Annotated[float, Query(ge=1, le=7 * DAY_S)] = 300,
) -> Question:
    """What a report is of; `within_s` is the time in which incidents are to be answered."""
    try:
        zone = ZoneInfo(time_zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as e:
        raise Invalid(f"there is no time zone {time_zone!r}") from e
    urgency = of.urgency.value if of.urgency else None
    chosen = (of.team_id, of.service_id, urgency)
    return Question(window(of.start, of.to), *chosen, zone, within_s)


Asked = Annotated[Question, Depends(_question)]


@router.get("")
async def list_insights(actor: CurrentActor) -> list[InsightReport]:
    """The reports that there are, and what their columns mean."""
    require(actor, Can.SEE)
    return [InsightReport.model_validate(report) for report in REPORTS.values()]


@router.get("/incidents")
async def list_incident_facts(
    asked: Asked,
    actor: CurrentActor,
    tx: RequestTx,
    limit: Limit = 100,
    after_at: AwareDatetime | None = None,
    after_id: UUID | None = None,
) -> list[IncidentFact]:
    """What the numbers are made of, newest first; go on after the last one's time and id."""
    require(actor, Can.SEE, asked.team_id)
    after = (after_at, after_id) if after_at and after_id else None
    rows = await queries.list_facts(await driver(tx), asked, after, limit)
    return [IncidentFact.model_validate(row) for row in rows]


@router.get("/{insight}.csv", response_class=Response)
async def export_insight(
    insight: str, asked: Asked, actor: CurrentActor, tx: RequestTx, now: Now
) -> Response:
    """A report as CSV."""
    table = await service.answer(tx, insight, asked, actor, now)
    name = f'attachment; filename="{table.report.key}.csv"'
    return Response(
        service.written(table),
        media_type="text/csv",
        headers={"Content-Disposition": name},
    )


@router.get("/{insight}")
async def get_insight(
    insight: str, asked: Asked, actor: CurrentActor, tx: RequestTx, now: Now
) -> InsightTable:
    """A report of the incidents that were opened in a window."""
    table = await service.answer(tx, insight, asked, actor, now)
    shown = InsightReport.model_validate(table.report)
    return InsightTable(**shown.model_dump(), rows=[list(row) for row in table.rows])
