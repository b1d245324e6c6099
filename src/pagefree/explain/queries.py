"""Statements on what an explanation mentions; they lock nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from pagefree.infra.db import Connection, Tx
from pagefree.tables.accounts import teams
from pagefree.tables.alerts import alerts, ended_episodes
from pagefree.tables.incidents import incidents
from pagefree.tables.services import integrations, services
from pagefree.tables.timeline import events

LABELS = "SELECT id, label FROM contact_methods WHERE user_id = ANY ($1::uuid[])"


@dataclass(frozen=True, slots=True)
class Ref:
    """An id with the name to show for it."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What decides about the incidents of a service."""

    id: UUID
    name: str
    lifecycle: str
    team: Ref
    policy_id: UUID | None


@dataclass(frozen=True, slots=True)
class IntegrationFacts:
    """A source of alerts, and where they belong."""

    id: UUID
    name: str
    kind: str
    service_id: UUID
    settings: dict[str, object]  # of how its requests are read


@dataclass(frozen=True, slots=True)
class IncidentRef:
    """Which incident."""

    id: UUID
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of an incident's timeline."""

    at: datetime
    kind: str
    actor_name: str
    data: dict[str, object]


async def get_service(tx: Tx, service_id: UUID) -> ServiceFacts | None:
    """One service."""
    c = services.c
    query = (
        select(
            c.id,
            c.name,
            c.lifecycle,
            c.team_id,
            teams.c.name.label("team_name"),
            c.escalation_policy_id,
        )
        .join(teams, teams.c.id == c.team_id)
        .where(c.id == service_id)
    )
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        return None
    team = Ref(row.team_id, row.team_name)
    return ServiceFacts(row.id, row.name, row.lifecycle, team, row.escalation_policy_id)


async def get_integration(tx: Tx, integration_id: UUID) -> IntegrationFacts | None:
    """One integration."""
    c = integrations.c
    query = select(c.id, c.name, c.kind, c.service_id, c.settings).where(
        c.id == integration_id
    )
    row = (await tx.execute(query)).one_or_none()
    return IntegrationFacts(*row) if row else None


async def open_alerts(
    tx: Tx, integration_id: UUID, dedup_keys: Collection[str]
) -> dict[str, IncidentRef]:
    """The incident of each of these keys that is open."""
    query = (
        select(alerts.c.dedup_key, *incidents.c["id", "number", "title"])
        .join(incidents, incidents.c.id == alerts.c.incident_id)
        .where(
            alerts.c.integration_id == integration_id,
            alerts.c.dedup_key.in_(dedup_keys),
            alerts.c.status == "open",
        )
    )
    rows = await tx.execute(query)
    return {row.dedup_key: IncidentRef(row.id, row.number, row.title) for row in rows}


async def ended(
    tx: Tx, integration_id: UUID, dedup_keys: Collection[str]
) -> dict[str, datetime]:
    """When the last episode that has ended began, for each of these keys that has one."""
    c = ended_episodes.c
    query = select(c.dedup_key, c.episode_at).where(
        c.integration_id == integration_id, c.dedup_key.in_(dedup_keys)
    )
    return {row.dedup_key: row.episode_at for row in await tx.execute(query)}


async def open_group(
    tx: Tx, service_id: UUID, group_key: str, opened_after: datetime | None
) -> IncidentRef | None:
    """The open incident of a service that alerts of this group join."""
    c = incidents.c
    query = select(c.id, c.number, c.title).where(
        c.service_id == service_id, c.group_key == group_key, c.resolved_at.is_(None)
    )
    if opened_after is not None:
        query = query.where(c.opened_at > opened_after)
    row = (await tx.execute(query)).first()
    return IncidentRef(*row) if row else None


async def labels(connection: Connection, user_ids: Collection[UUID]) -> dict[UUID, str]:
    """What the contact methods of these people are called."""
    rows = await connection.fetch(LABELS, list(user_ids))
    return {row["id"]: row["label"] for row in rows}


async def escalation_events(tx: Tx, incident_id: UUID) -> list[Happened]:
    """What decided about paging in the life of an incident, in order."""
    c = events.c
    query = (
        select(c.at, c.kind, c.actor_name, c.data)
        .where(
            c.incident_id == incident_id,
            c.kind.startswith("escalation.") | c.kind.startswith("incident."),
        )
        .order_by(c.seq)
    )
    return [Happened(*row) for row in await tx.execute(query)]
