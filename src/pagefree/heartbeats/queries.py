"""Every statement on heartbeats as people see and change them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, String, delete, insert, or_, select, update

from pagefree.core.heartbeats import Heartbeat, Reason, State
from pagefree.heartbeats.expectations import Schedule
from pagefree.infra.db import Tx
from pagefree.tables.accounts import teams
from pagefree.tables.alerts import alerts
from pagefree.tables.heartbeats import heartbeat_pings, heartbeats
from pagefree.tables.services import integrations, services


@dataclass(frozen=True, slots=True)
class Ref:
    """An id with the name to show for it."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A heartbeat with all that people see of it."""

    id: UUID
    ping_id: UUID
    name: str
    slug: str
    tags: Sequence[str]
    severity: str
    schedule: Schedule
    post_only: bool
    state: Heartbeat
    ping_count: int
    integration_id: UUID
    service: Ref
    team: Ref
    created_at: datetime
    incident_id: UUID | None  # of its open alert


@dataclass(frozen=True, slots=True)
class StoredPing:
    """One of the last pings of a heartbeat."""

    number: int
    at: datetime
    kind: str
    exit_status: int | None
    method: str
    remote_address: str
    user_agent: str
    body: bytes
    run_id: UUID | None
    duration: timedelta | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which heartbeats to list."""

    query: str = ""
    service_id: UUID | None = None
    team_id: UUID | None = None
    states: Sequence[str] = ()
    tag: str | None = None


def _heartbeats() -> Select[Any]:
    incident = (
        select(alerts.c.incident_id)
        .where(
            alerts.c.integration_id == heartbeats.c.integration_id,
            alerts.c.dedup_key == "heartbeat:" + heartbeats.c.id.cast(String),
            alerts.c.status == "open",
        )
        .correlate(heartbeats)
        .scalar_subquery()
    )
    return (
        select(
            heartbeats,
            services.c.id.label("service_id"),
            services.c.name.label("service_name"),
            teams.c.id.label("team_id"),
            teams.c.name.label("team_name"),
            incident.label("incident_id"),
        )
        .join(integrations, integrations.c.id == heartbeats.c.integration_id)
        .join(services, services.c.id == integrations.c.service_id)
        .join(teams, teams.c.id == services.c.team_id)
    )


def _stored(row: Row[Any]) -> Stored:
    return Stored(
        id=row.id,
        ping_id=row.ping_id,
        name=row.name,
        slug=row.slug,
        tags=row.tags,
        severity=row.severity,
        schedule=Schedule(row.period, row.cron, row.time_zone),
        post_only=row.post_only,
        ping_count=row.ping_count,
        integration_id=row.integration_id,
        service=Ref(row.service_id, row.service_name),
        team=Ref(row.team_id, row.team_name),
        created_at=row.created_at,
        incident_id=row.incident_id,
        state=Heartbeat(
            grace=row.grace,
            manual_resume=row.manual_resume,
            state=State(row.state),
            last_ping_at=row.last_ping_at,
            expected_at=row.expected_at,
            started_at=row.started_at,
            run_id=row.run_id,
            last_duration=row.last_duration,
            failures=row.failures,
            reason=Reason(row.reason) if row.reason else None,
            told=row.told,
            untold=row.untold,
        ),
    )


async def list_heartbeats(
    tx: Tx, wanted: Filter, before: UUID | None, limit: int
) -> list[Stored]:
    """Newest first, continuing before the id `before`."""
    h = heartbeats.c
    query = _heartbeats().order_by(h.id.desc()).limit(limit)
    if wanted.query:
        names = (c.icontains(wanted.query, autoescape=True) for c in (h.name, h.slug))
        query = query.where(or_(*names))
    if wanted.service_id is not None:
        query = query.where(services.c.id == wanted.service_id)
    if wanted.team_id is not None:
        query = query.where(services.c.team_id == wanted.team_id)
    if wanted.states:
        query = query.where(h.state.in_(wanted.states))
    if wanted.tag is not None:
        query = query.where(h.tags.any(wanted.tag))
    if before is not None:
        query = query.where(h.id < before)
    return [_stored(row) for row in await tx.execute(query)]


async def get_heartbeat(tx: Tx, heartbeat_id: UUID) -> Stored | None:
    """One heartbeat."""
    query = _heartbeats().where(heartbeats.c.id == heartbeat_id)
    row = (await tx.execute(query)).first()
    return None if row is None else _stored(row)


async def insert_heartbeat(tx: Tx, values: Mapping[str, object]) -> None:
    """Add a heartbeat; `values` by column."""
    await tx.execute(insert(heartbeats).values(**values))


async def update_heartbeat(
    tx: Tx, heartbeat_id: UUID, values: Mapping[str, object]
) -> None:
    """Change the columns in `values`, at least one."""
    its = heartbeats.c.id == heartbeat_id
    await tx.execute(update(heartbeats).where(its).values(**values))


async def delete_heartbeat(tx: Tx, heartbeat_id: UUID) -> None:
    """Remove a heartbeat with its pings."""
    await tx.execute(delete(heartbeats).where(heartbeats.c.id == heartbeat_id))


async def integration_of(tx: Tx, service_id: UUID, kind: str) -> UUID | None:
    """The oldest integration of this kind that a service has."""
    i = integrations.c
    query = (
        select(i.id).where(i.service_id == service_id, i.kind == kind).order_by(i.id)
    )
    found: UUID | None = await tx.scalar(query.limit(1))
    return found


async def list_pings(tx: Tx, heartbeat_id: UUID) -> list[StoredPing]:
    """The last pings, newest first."""
    p = heartbeat_pings.c
    query = (
        select(
            p.number,
            p.at,
            p.kind,
            p.exit_status,
            p.method,
            p.remote_address,
            p.user_agent,
            p.body,
            p.run_id,
            p.duration,
        )
        .where(p.heartbeat_id == heartbeat_id)
        .order_by(p.number.desc())
    )
    return [StoredPing(**row) for row in (await tx.execute(query)).mappings()]
