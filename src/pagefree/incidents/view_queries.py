"""Statements on what is shown beside an incident: its alerts, and people's saved views."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.alerts import alerts
from pagefree.tables.incidents import saved_views
from pagefree.tables.services import integrations


@dataclass(frozen=True, slots=True)
class Source:
    """The integration that reported an alert."""

    id: UUID
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One condition of an incident. All text is the tool's."""

    id: UUID
    dedup_key: str
    status: str
    severity: str
    title: str
    body: str
    source_url: str | None
    labels: dict[str, object]
    links: Sequence[dict[str, object]]
    occurrences: int
    opened_at: datetime
    last_at: datetime
    resolved_at: datetime | None
    integration: Source


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter of the incident list that somebody gave a name."""

    id: UUID
    name: str
    query: str  # the query string of the page


async def list_alerts(
    tx: Tx, incident_id: UUID, before: UUID | None, limit: int
) -> list[Alert]:
    """An incident's alerts, newest first."""
    query = (
        select(
            *alerts.c[
                "id",
                "dedup_key",
                "status",
                "severity",
                "title",
                "body",
                "source_url",
                "labels",
                "links",
                "occurrences",
                "opened_at",
                "last_at",
                "resolved_at",
            ],
            alerts.c.integration_id,
            integrations.c.name.label("integration_name"),
            integrations.c.kind.label("integration_kind"),
        )
        .outerjoin(integrations, integrations.c.id == alerts.c.integration_id)
        .where(alerts.c.incident_id == incident_id)
        .order_by(alerts.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(alerts.c.id < before)
    found = []
    for row in (await tx.execute(query)).mappings():
        values = dict(row)
        source = Source(
            values.pop("integration_id"),
            values.pop("integration_name") or "a deleted integration",
            values.pop("integration_kind") or "",
        )
        found.append(Alert(**values, integration=source))
    return found


async def list_saved_views(tx: Tx, user_id: UUID) -> list[SavedView]:
    """A person's saved views, by name."""
    c = saved_views.c
    query = select(c.id, c.name, c.query).where(c.user_id == user_id).order_by(c.name)
    return [SavedView(**row) for row in (await tx.execute(query)).mappings()]


async def insert_saved_view(
    tx: Tx, user_id: UUID, name: str, query: str, now: datetime
) -> SavedView | None:
    """The new view; none when the person has one of that name."""
    view = SavedView(new_id(), name, query)
    values = {
        "id": view.id,
        "user_id": user_id,
        "name": name,
        "query": query,
        "created_at": now,
    }
    row = upsert(saved_views).values(values).on_conflict_do_nothing()
    return view if (await tx.execute(row)).rowcount == 1 else None


async def delete_saved_view(tx: Tx, user_id: UUID, view_id: UUID) -> None:
    """Forget a view, if it is the person's."""
    c = saved_views.c
    await tx.execute(delete(saved_views).where(c.id == view_id, c.user_id == user_id))
