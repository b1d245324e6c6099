"""The route of what may explain an incident."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from pagefree.core.alerts import Severity
from pagefree.core.incidents import Status
from pagefree.core.services import ServiceKind, ServiceState
from pagefree.incidents.api import IncidentId
from pagefree.incidents.context import changes_of, context
from pagefree.incidents.context_queries import Change
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape


class ContextTeam(Shape):
    """The team that owns the service."""

    id: UUID
    name: str


class ContextService(Shape):
    """The service; tier 1 matters most, 4 least."""

    id: UUID
    name: str
    tier: int | None


class ContextLink(Shape):
    """A page worth opening, e.g. a runbook: as a source or a rule gave it."""

    href: str
    text: str


class RecentChange(Shape):
    """A deployment or another change, as a tool told of it."""

    id: UUID
    service_id: UUID
    service: str
    summary: str
    source: str
    at: datetime
    links: list[ContextLink]


class SimilarIncident(Shape):
    """An earlier incident like this one, and how it ended."""

    id: UUID
    number: int
    title: str
    status: Status
    opened_at: datetime
    resolved_at: datetime | None
    same_condition: bool
    likeness: float  # up to 1: all words and labels in common
    service_id: UUID
    service: str
    resolved_by: str | None  # null: the tool that had reported it
    note: str | None  # of whoever resolved it


class RelatedIncident(Shape):
    """An open incident of a service above or below in the graph of dependencies."""

    id: UUID
    number: int
    title: str
    status: Status
    opened_at: datetime
    severity: Severity
    service_id: UUID
    service: str


class SufferingService(Shape):
    """A service that depends on this one, directly or not."""

    id: UUID
    name: str
    team: str
    kind: ServiceKind
    tier: int | None
    state: ServiceState


class IncidentContext(Shape):
    """What may explain an incident; upstream ones may be its cause, the likeliest first."""

    team: ContextTeam
    service: ContextService
    links: list[ContextLink]
    changes: list[RecentChange]  # in the day before
    changes_since: list[RecentChange]  # while it was open
    similar: list[SimilarIncident]
    upstream: list[RelatedIncident]
    downstream: list[RelatedIncident]  # may be its effects
    suffering: list[SufferingService]  # the first few, what people buy first
    suffering_count: int


router = APIRouter(prefix="/v1", tags=["incidents"])


@router.get("/incidents/{incident_id}/context")
async def get_incident_context(
    incident_id: IncidentId, actor: CurrentActor, tx: RequestTx
) -> IncidentContext:
    """Who owns it, what was changed before, what was like it, what else is wrong."""
    found = await context(tx, incident_id, actor)
    incident = found.incident
    return IncidentContext(
        team=ContextTeam.model_validate(incident.team),
        service=ContextService(
            id=incident.service.id, name=incident.service.name, tier=found.tier
        ),
        links=_links(found.links),
        changes=[_change(change) for change in found.changes],
        changes_since=[_change(change) for change in found.changes_since],
        similar=[SimilarIncident.model_validate(one) for one in found.similar],
        upstream=[RelatedIncident.model_validate(one) for one in found.upstream],
        downstream=[RelatedIncident.model_validate(one) for one in found.downstream],
        suffering=[SufferingService.model_validate(one) for one in found.suffering],
        suffering_count=found.suffering_count,
    )


@router.get("/services/{service_id}/changes")
async def list_service_changes(
    service_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> list[RecentChange]:
    """What was changed on a service in the last 30 days, newest first: ten at most."""
    return [_change(one) for one in await changes_of(tx, service_id, actor, now)]


def _links(links: Iterable[tuple[str, str]]) -> list[ContextLink]:
    return [ContextLink(href=href, text=text) for href, text in links]


def _change(change: Change) -> RecentChange:
    return RecentChange(
        id=change.id,
        service_id=change.service_id,
        service=change.service,
        summary=change.summary,
        source=change.source,
        at=change.at,
        links=_links(change.links),
    )
