"""Every statement on alerts and on the requests they came in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    Uuid,
    cast,
    func,
    literal,
    select,
    text,
)

from pagefree.alerts.requests import Stored
from pagefree.core import canary
from pagefree.core.alerts import Severity
from pagefree.core.rules import RoutedBy
from pagefree.infra.db import Tx
from pagefree.tables.alerts import alerts, inbound_requests
from pagefree.tables.services import integrations

# a plan for any values takes all alerts for a match, or none: of words, and of one integration
PLAN_FOR_THESE = text("SET LOCAL plan_cache_mode = force_custom_plan")
SHOWN_BYTES = 64 * 1024  # of a request's body
# Some senders carry the key in the body, where everybody may look; so much of it tells
# keys apart.
ROUTING_KEY = re.compile(
    r'("(?:routing_key|service_key|apiKey)"\s*:\s*"[^"]{0,8})[^"]*'
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which alerts to list."""

    status: str | None = None
    service_id: UUID | None = None
    severity: Severity | None = None
    query: str = ""
    incident_id: UUID | None = None
    suppressed: bool | None = None
    unrouted: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """The integration an alert came from."""

    id: UUID
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why nobody is told of an alert, and when it is looked at again."""

    reason: str
    says: str
    by_id: UUID | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Alert:
    """One condition a tool reported."""

    id: UUID
    service_id: UUID
    incident_id: UUID | None
    suppression: Suppression | None
    routed_by: str
    dedup_key: str
    status: str
    severity: str
    title: str
    body: str
    source_url: str | None
    labels: dict[str, object]
    links: list[dict[str, str]]
    occurrences: int
    opened_at: datetime
    last_at: datetime
    resolved_at: datetime | None
    integration: Source
    last_payload: str | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """One request that a monitoring tool sent, without its body."""

    id: UUID
    integration_id: UUID
    received_at: datetime
    outcome: str
    error: str | None
    signature: str
    event_outcomes: Sequence[str]
    content_type: str
    user_agent: str
    size: int
    alert_ids: Sequence[UUID | None] = ()
    replayed_as: UUID | None = None  # the request that it was taken in as
    start: bytes = b""  # of the body

    @property
    def body(self) -> str:
        """What is known of the body; not UTF-8 is replaced, a routing key cut short."""
        return ROUTING_KEY.sub(r"\1…", self.start.decode(errors="replace"))


def _alerts() -> Select[Any]:
    return select(
        alerts,
        func.coalesce(integrations.c.name, "(deleted)").label("integration_name"),
        func.coalesce(integrations.c.kind, "").label("kind"),
    ).outerjoin(integrations, integrations.c.id == alerts.c.integration_id)


def _alert(row: Row[Any], last_payload: str | None = None) -> Alert:
    return Alert(
        id=row.id,
        service_id=row.service_id,
        incident_id=row.incident_id,
        suppression=_suppression(row),
        routed_by=row.routed_by,
        dedup_key=row.dedup_key,
        status=row.status,
        severity=row.severity,
        title=row.title,
        body=row.body,
        source_url=row.source_url,
        labels=row.labels,
        links=row.links,
        occurrences=row.occurrences,
        opened_at=row.opened_at,
        last_at=row.last_at,
        resolved_at=row.resolved_at,
        integration=Source(row.integration_id, row.integration_name, row.kind),
        last_payload=last_payload,
    )


def _suppression(row: Row[Any]) -> Suppression | None:
    if row.suppression is None:
        return None
    return Suppression(
        row.suppression, row.suppressed_by, row.suppressed_by_id, row.due_at
    )


async def list_alerts(
    tx: Tx, wanted: Filter, before: UUID | None, limit: int
) -> list[Alert]:
    """Newest first, continuing before the id `before`."""
    await tx.execute(PLAN_FOR_THESE)
    query = _alerts().where(*_filters(wanted)).order_by(alerts.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(alerts.c.id < before)
    return [_alert(row) for row in await tx.execute(query)]


def _filters(wanted: Filter) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (alerts.c.service_id, wanted.service_id),
            (alerts.c.incident_id, wanted.incident_id),
            (alerts.c.severity, wanted.severity),
        )
        if value is not None
    ]
    filters.append(alerts.c.integration_id != canary.INTEGRATION_ID)
    if wanted.status is not None:
        # as a value, not a parameter: few are open, and an index has only those
        filters.append(alerts.c.status == literal(wanted.status, literal_execute=True))
    if wanted.suppressed is not None:
        alone = alerts.c.incident_id.is_(None)
        filters.append(alone if wanted.suppressed else ~alone)
    if wanted.unrouted:
        filters.append(alerts.c.routed_by == RoutedBy.CATCH_ALL.value)
    if wanted.query:
        filters.append(alerts.c.title.icontains(wanted.query, autoescape=True))
    return filters


async def get_alert(tx: Tx, alert_id: UUID) -> Alert | None:
    """One alert, with the last request that concerned it."""
    row = (await tx.execute(_alerts().where(alerts.c.id == alert_id))).first()
    if row is None:
        return None
    request = await get_request(tx, row.last_request_id)
    return _alert(row, None if request is None else request.body)


def _inbound(*more: Any) -> Select[Any]:  # noqa: ANN401 - any column will do
    return select(
        inbound_requests.c.id,
        inbound_requests.c.integration_id,
        inbound_requests.c.received_at,
        inbound_requests.c.outcome,
        inbound_requests.c.error,
        inbound_requests.c.signature,
        inbound_requests.c.event_outcomes,
        inbound_requests.c.content_type,
        inbound_requests.c.user_agent,
        func.length(inbound_requests.c.body).label("size"),
        *more,
    )


async def list_requests(
    tx: Tx, integration_id: UUID, outcome: str | None, before: UUID | None, limit: int
) -> list[Inbound]:
    """Newest first, continuing before the id `before`."""
    query = (
        _inbound()
        # a range and its order, which only one index has: by `=` a quiet integration would
        # be looked for among all requests of the others
        .where(
            inbound_requests.c.integration_id.between(integration_id, integration_id)
        )
        .order_by(inbound_requests.c.integration_id, inbound_requests.c.id.desc())
        .limit(limit)
    )
    if outcome is not None:
        query = query.where(inbound_requests.c.outcome == outcome)
    if before is not None:
        query = query.where(inbound_requests.c.id < before)
    return [Inbound(*row) for row in await tx.execute(query)]


async def get_request(tx: Tx, request_id: UUID) -> Inbound | None:
    """One request with at most SHOWN_BYTES of its body."""
    body = func.substr(inbound_requests.c.body, 1, SHOWN_BYTES)
    became = cast(inbound_requests.c.context["replayed_as"].astext, Uuid)
    query = _inbound(inbound_requests.c.alert_ids, became, body)
    row = (await tx.execute(query.where(inbound_requests.c.id == request_id))).first()
    return None if row is None else Inbound(*row)


async def get_stored(tx: Tx, request_id: UUID) -> tuple[UUID, Stored] | None:
    """The integration and the whole of one request, to be read again."""
    query = select(
        inbound_requests.c.integration_id,
        inbound_requests.c.body,
        inbound_requests.c.content_type,
        cast(inbound_requests.c.context, String),
        inbound_requests.c.received_at,
    ).where(inbound_requests.c.id == request_id)
    row = (await tx.execute(query)).first()
    return None if row is None else (row[0], Stored(*row[1:]))
