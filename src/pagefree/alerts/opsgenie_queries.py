"""The statements behind the Opsgenie API: requests and alerts of one integration."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, select, update

from pagefree.alerts.requests import Request
from pagefree.infra.db import Tx
from pagefree.tables.alerts import alerts, inbound_requests
from pagefree.tables.incidents import incidents


@dataclass(frozen=True, slots=True)
class Done:
    """A request, and what became of it."""

    id: UUID
    received_at: datetime
    outcome: str
    error: str | None
    event_outcomes: Sequence[str]
    rest: str | None  # of its path
    method: str | None  # none: POST
    dedup_key: str | None  # of the alert it concerned


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert with the state of its incident."""

    id: UUID
    dedup_key: str
    status: str
    severity: str
    title: str
    body: str
    labels: dict[str, object]
    occurrences: int
    opened_at: datetime
    last_at: datetime
    incident_id: UUID | None
    incident_number: int | None
    incident_status: str | None
    snoozed_until: datetime | None


async def get_done(tx: Tx, integration_id: UUID, request_id: UUID) -> Done | None:
    """One request of an integration."""
    columns = inbound_requests.c
    query = (
        select(
            columns.id,
            columns.received_at,
            columns.outcome,
            columns.error,
            columns.event_outcomes,
            columns.context["rest"].astext,
            columns.context["method"].astext,
            alerts.c.dedup_key,
        )
        .outerjoin(alerts, alerts.c.id == columns.alert_ids[1])
        .where(columns.id == request_id, columns.integration_id == integration_id)
    )
    row: Sequence[Any] | None = (await tx.execute(query)).first()
    return None if row is None else Done(*row)


def _alerts(integration_id: UUID) -> Select[Any]:
    columns = alerts.c
    return (
        select(
            columns.id,
            columns.dedup_key,
            columns.status,
            columns.severity,
            columns.title,
            columns.body,
            columns.labels,
            columns.occurrences,
            columns.opened_at,
            columns.last_at,
            columns.incident_id,
            incidents.c.number,
            incidents.c.status,
            incidents.c.snoozed_until,
        )
        .outerjoin(incidents, incidents.c.id == columns.incident_id)
        .where(columns.integration_id == integration_id)
        .order_by(columns.id.desc())
    )


async def get_alert(tx: Tx, integration_id: UUID, dedup_key: str) -> Alert | None:
    """The newest alert with this key."""
    query = _alerts(integration_id).where(alerts.c.dedup_key == dedup_key)
    row = (await tx.execute(query.limit(1))).first()
    return None if row is None else _alert(row)


async def insert_request(
    tx: Tx, request: Request, alert_id: UUID | None, now: datetime
) -> None:
    """Keep a request that was no event, with the alert it concerned."""
    values = {
        "id": request.id,
        "integration_id": request.source.integration_id,
        "received_at": now,
        "content_type": request.content_type,
        "user_agent": request.user_agent,
        "body": request.body,
        "outcome": request.outcome.value,
        "error": request.error,
        "signature": request.signature.value,
        "context": json.loads(request.context) if request.context else None,
        "event_outcomes": [],
        "alert_ids": [alert_id] if alert_id else [],
    }
    await tx.execute(insert(inbound_requests).values(values))


async def lock_alert(tx: Tx, alert_id: UUID) -> None:
    """Hold an alert until the transaction ends."""
    await tx.execute(
        select(alerts.c.id).where(alerts.c.id == alert_id).with_for_update()
    )


async def update_alert(tx: Tx, alert_id: UUID, values: Mapping[str, object]) -> None:
    """Change what a locked alert says."""
    await tx.execute(update(alerts).where(alerts.c.id == alert_id).values(values))


async def list_alerts(
    tx: Tx, integration_id: UUID, offset: int, limit: int
) -> list[Alert]:
    """Newest first."""
    query = _alerts(integration_id).offset(offset).limit(limit)
    return [_alert(row) for row in await tx.execute(query)]


def _alert(row: Sequence[Any]) -> Alert:
    return Alert(*row)
