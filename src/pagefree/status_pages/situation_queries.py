"""Statements on what decides the states of components: open incidents, their alerts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select

from pagefree.core.intervals import Interval
from pagefree.core.status_pages import OpenIncident, State
from pagefree.infra.db import Tx
from pagefree.tables.alerts import alerts
from pagefree.tables.incidents import incidents
from pagefree.tables.services import services
from pagefree.tables.status_pages import component_states, components

MOST_ALERTS = 5000


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """What a condition may look at."""

    incident_id: UUID
    facts: dict[str, object]


async def get_incident(tx: Tx, incident_id: UUID) -> OpenIncident | None:
    """One of our incidents, open or not."""
    query = select(incidents).where(incidents.c.id == incident_id)
    row = (await tx.execute(query)).first()
    return None if row is None else _incident(row)


async def list_open(
    tx: Tx, service_ids: Collection[UUID], ids: Collection[UUID]
) -> dict[UUID, OpenIncident]:
    """Open incidents of these services, and those of `ids`; by id."""
    mine = or_(incidents.c.service_id.in_(service_ids), incidents.c.id.in_(ids))
    query = select(incidents).where(incidents.c.status != "resolved", mine)
    return {row.id: _incident(row) for row in await tx.execute(query)}


def _incident(row: Row[Any]) -> OpenIncident:
    return OpenIncident(row.service_id, row.priority, row.severity)


async def list_alerts(tx: Tx) -> list[OpenAlert]:
    """Open alerts of open incidents, newest first; at most 5,000."""
    query = (
        select(alerts, services.c.name.label("service"))
        .join(incidents, incidents.c.id == alerts.c.incident_id)
        .join(services, services.c.id == alerts.c.service_id)
        .where(alerts.c.status == "open", incidents.c.status != "resolved")
        .order_by(alerts.c.id.desc())
        .limit(MOST_ALERTS)
    )
    return [
        OpenAlert(
            row.incident_id,
            {
                "service": row.service,
                "severity": row.severity,
                "title": row.title,
                "labels": row.labels,
                "dedup_key": row.dedup_key,
            },
        )
        for row in await tx.execute(query)
    ]


async def list_states(
    tx: Tx, page_id: UUID, since: datetime, now: datetime
) -> dict[UUID, list[tuple[State, Interval]]]:
    """Recorded states of a page's components that reach beyond `since`, in order."""
    states = component_states
    query = (
        select(states)
        .join(components, components.c.id == states.c.component_id)
        .where(
            components.c.page_id == page_id,
            or_(states.c.end_at.is_(None), states.c.end_at > since),
            states.c.start_at < now,
        )
        .order_by(states.c.component_id, states.c.start_at)
    )
    found: dict[UUID, list[tuple[State, Interval]]] = {}
    for row in await tx.execute(query):
        interval = Interval(row.start_at, min(row.end_at or now, now))
        found.setdefault(row.component_id, []).append((State(row.state), interval))
    return found
