"""What may explain an incident: who owns it, what changed, what else is wrong, what was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core.access import Actor, Can, require
from pagefree.core.dependencies import graph_of, likely_causes, reversed_graph, upstream
from pagefree.core.service_maps import Spot
from pagefree.core.services import ServiceKind
from pagefree.incidents import context_queries as queries
from pagefree.incidents import likeness_queries, reading
from pagefree.incidents.context_queries import Change, Related
from pagefree.incidents.likeness_queries import Similar
from pagefree.incidents.queries import Incident
from pagefree.infra.db import Tx
from pagefree.services import alert_setting_queries, map_queries
from pagefree.services import service as services

LATELY = timedelta(days=30)
RECENT = timedelta(hours=24)
SOON = timedelta(hours=24)  # what is changed after that has another reason
MOST_LINKS = 20
MOST_SUFFERING = 20


@dataclass(frozen=True, slots=True)
class Context:
    """What a responder wants to know besides the incident itself."""

    incident: Incident
    tier: int | None
    links: Sequence[tuple[str, str]]  # address and text
    changes: Sequence[Change]  # before it opened
    changes_since: Sequence[Change]  # while it was open
    similar: Sequence[Similar]
    upstream: Sequence[Related]  # may be its cause, the likeliest first
    downstream: Sequence[Related]  # may be its effects
    suffering: Sequence[Spot]  # what hangs on its service, what matters most first
    suffering_count: int


async def context(tx: Tx, incident_id: UUID, actor: Actor) -> Context:
    """What may explain an incident. Raises NotFound."""
    require(actor, Can.SEE)
    incident = await reading.get(tx, incident_id)
    service_id, opened_at = incident.service.id, incident.opened_at
    graph = graph_of(await alert_setting_queries.list_dependencies(tx))
    above = upstream(graph, service_id)
    below = upstream(reversed_graph(graph), service_id)
    burning = await queries.list_open_on(tx, above, incident_id)
    causes = likely_causes(graph, service_id, {one.service_id for one in burning})
    suffering = await _suffering(tx, below)
    own_and_above = [service_id, *above]
    until = incident.resolved_at or opened_at + SOON
    return Context(
        incident,
        await queries.get_tier(tx, service_id),
        await queries.list_links(tx, incident_id, MOST_LINKS),
        await queries.list_changes(tx, own_and_above, opened_at - RECENT, opened_at),
        await queries.list_changes(tx, own_and_above, opened_at, until),
        await likeness_queries.list_similar(
            tx, incident_id, service_id, incident.title
        ),
        sorted(burning, key=lambda one: causes.index(one.service_id)),
        await queries.list_open_on(tx, below, incident_id),
        suffering[:MOST_SUFFERING],
        len(below),  # those too that are not for the actor to see
    )


async def _suffering(tx: Tx, service_ids: Sequence[UUID]) -> list[Spot]:
    """What people buy first, then by tier; `service_ids` are the nearest first."""
    if not service_ids:
        return []
    near = {one: at for at, one in enumerate(service_ids)}
    return sorted(
        await map_queries.list_spots(tx, list(service_ids)),
        key=lambda spot: (
            spot.kind is not ServiceKind.BUSINESS,
            spot.tier or len(near) + 5,
            near[spot.id],
        ),
    )


async def changes_of(
    tx: Tx, service_id: UUID, actor: Actor, now: datetime
) -> list[Change]:
    """The latest changes of one service. Raises NotFound."""
    service = await services.get_service(tx, service_id)
    require(actor, Can.SEE, service.team.id)
    return await queries.list_changes(tx, [service_id], now - LATELY, now)
