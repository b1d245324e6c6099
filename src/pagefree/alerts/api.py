"""Routes of alerts and of the requests they came in; ingest itself is in ingest.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from pagefree.alerts import inboxes, service
from pagefree.alerts.ingest import Ingest
from pagefree.alerts.queries import Filter
from pagefree.alerts.requests import Disposition
from pagefree.core.access import Can, require
from pagefree.core.alerts import Severity
from pagefree.core.rules import Reason, RoutedBy
from pagefree.core.verification import Check
from pagefree.incidents import reading as incidents
from pagefree.incidents.api import IncidentId
from pagefree.infra.web import (
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    Shape,
    decode_cursor,
    next_cursor,
)
from pagefree.services import service as services


class AlertIntegration(Shape):
    """The source of an alert."""

    id: UUID
    name: str
    kind: str


class AlertLink(Shape):
    """A page worth opening, as the source gave it."""

    href: str
    text: str


class AlertSuppression(Shape):
    """Why nobody is told of an alert, and when it is looked at again, if that is known."""

    reason: Reason
    says: str
    by_id: UUID | None  # the rule or the maintenance window
    until: datetime | None


class ReportedAlert(Shape):
    """One condition a tool reported, open until it resolves. All text is the tool's.

    It has an incident, or a reason why nobody is told.
    """

    id: UUID
    service_id: UUID
    incident_id: UUID | None
    suppression: AlertSuppression | None
    routed_by: RoutedBy
    dedup_key: str
    status: Literal["open", "resolved"]
    severity: Severity
    title: str
    body: str
    source_url: str | None
    labels: dict[str, object]
    links: list[AlertLink]
    occurrences: int
    opened_at: datetime
    last_at: datetime
    resolved_at: datetime | None
    integration: AlertIntegration


class AlertDetail(ReportedAlert):
    """An alert with the last request that concerned it."""

    last_payload: str | None  # at most 64 KiB of it


class InboundRequest(Shape):
    """One request that a monitoring tool sent."""

    id: UUID
    integration_id: UUID
    received_at: datetime
    outcome: Disposition
    error: str | None  # why it was not processed
    signature: Check
    event_outcomes: list[str]  # one an event, in the order of the body
    content_type: str
    user_agent: str
    size: int  # bytes


class InboundRequestDetail(InboundRequest):
    """A request with what it said."""

    body: str  # at most 64 KiB; what is not UTF-8 is replaced
    alert_ids: list[UUID | None]  # one an event; null where no alert was touched
    replayed_as: UUID | None  # the request that it was taken in as, later


class SampleSent(Shape):
    """A sample or a stored request was taken in like any other."""

    request_id: UUID
    event_outcomes: list[str]


class RequestReplayed(SampleSent):
    """A stored request was taken in again; still unreadable, it stays where it was."""

    outcome: Disposition
    error: str | None


class UnroutedReviewed(Shape):
    """How many alerts have left the inbox: rules route alerts like them by now."""

    settled: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which alerts to list."""

    status: Literal["open", "resolved", "all"] = "open"
    service_id: UUID | None = None
    severity: Severity | None = None
    query: str = ""  # words in the title
    suppressed: bool | None = None  # of which nobody is told, or somebody is
    unrouted: bool = False  # that nothing but the catch-all took


router = APIRouter(prefix="/v1", tags=["alerts"])


@router.get("/alerts")
async def list_alerts(
    tx: RequestTx,
    actor: CurrentActor,
    wanted: Annotated[Wanted, Depends()],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ReportedAlert]:
    """Alerts, newest first."""
    require(actor, Can.SEE)
    status = None if wanted.status == "all" else wanted.status
    asked = Filter(
        status,
        wanted.service_id,
        wanted.severity,
        wanted.query,
        suppressed=wanted.suppressed,
        unrouted=wanted.unrouted,
    )
    return await _page(tx, asked, cursor, limit)


@router.get("/incidents/{incident_id}/alerts")
async def list_incident_alerts(
    incident_id: IncidentId,
    tx: RequestTx,
    actor: CurrentActor,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ReportedAlert]:
    """An incident's alerts, newest first."""
    require(actor, Can.SEE)
    await incidents.get(tx, incident_id)
    return await _page(tx, Filter(incident_id=incident_id), cursor, limit)


async def _page(
    tx: RequestTx, asked: Filter, cursor: str | None, limit: int
) -> Page[ReportedAlert]:
    rows = await service.list_alerts(tx, asked, decode_cursor(cursor), limit)
    return Page[ReportedAlert](
        items=[ReportedAlert.model_validate(row) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.get("/alerts/{alert_id}")
async def get_alert(alert_id: UUID, tx: RequestTx, actor: CurrentActor) -> AlertDetail:
    """One alert, with the last request that concerned it."""
    require(actor, Can.SEE)
    return AlertDetail.model_validate(await service.get_alert(tx, alert_id))


@router.post("/integrations/{integration_id}/test", status_code=202)
async def send_test_alert(
    integration_id: UUID, request: Request, tx: RequestTx, actor: CurrentActor, now: Now
) -> SampleSent:
    """Send the integration's own sample through ingest: it pages like a real one."""
    integration = await services.editable(tx, integration_id, actor, now)
    ingest: Ingest = request.app.state.ingest
    taken = await ingest.send_sample(integration.id)
    return SampleSent(request_id=taken.request_id, event_outcomes=list(taken.outcomes))


@router.get("/integrations/{integration_id}/requests")
async def list_requests(
    integration_id: UUID,
    tx: RequestTx,
    actor: CurrentActor,
    outcome: Disposition | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[InboundRequest]:
    """What an integration sent, newest first."""
    require(actor, Can.SEE)
    rows = await service.list_requests(
        tx, integration_id, outcome, decode_cursor(cursor), limit
    )
    return Page[InboundRequest](
        items=[InboundRequest.model_validate(row) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.get("/requests/{request_id}")
async def get_request(
    request_id: UUID, tx: RequestTx, actor: CurrentActor
) -> InboundRequestDetail:
    """One request with what it said."""
    require(actor, Can.SEE)
    found = await service.get_request(tx, request_id)
    return InboundRequestDetail.model_validate(found)


@router.post("/requests/{request_id}/replay", status_code=202)
async def replay_request(
    request_id: UUID, request: Request, tx: RequestTx, actor: CurrentActor, now: Now
) -> RequestReplayed:
    """Take in a stored request again, as today's settings read it: it pages like a new one."""
    integration_id, stored = await service.get_stored(tx, request_id)
    await services.editable(tx, integration_id, actor, now)
    ingest: Ingest = request.app.state.ingest
    taken = await ingest.replay(integration_id, stored)
    ended = await inboxes.settle_replay(tx, request_id, taken.request_id)
    return RequestReplayed(
        request_id=taken.request_id,
        event_outcomes=list(taken.outcomes),
        outcome=ended.outcome,
        error=ended.error,
    )


@router.post("/unrouted-alerts/review")
async def review_unrouted_alerts(
    tx: RequestTx, actor: CurrentActor, now: Now
) -> UnroutedReviewed:
    """Let open alerts leave the inbox whose likes today's rules route."""
    return UnroutedReviewed(settled=await inboxes.review_unrouted(tx, actor, now))
