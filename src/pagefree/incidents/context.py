"""What may explain an incident: who owns it, what changed, what else is wrong, what was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from pagefree.core.access import Actor, Can, require
from pagefree.incidents import context_queries as queries
from pagefree.incidents import reading
from pagefree.incidents.context_queries import Change, Related, Similar
from pagefree.incidents.queries import Incident
from pagefree.infra.db import Tx
from pagefree.services import alert_settings

RECENT = timedelta(hours=24)
MOST_LINKS = 20


@dataclass(frozen=True, slots=True)
class Context:
    """What a responder wants to know besides the incident itself."""

    incident: Incident
    tier: int | None
    links: Sequence[tuple[str, str]]  # address and text
    changes: Sequence[Change]
    similar: Sequence[Similar]
    upstream: Sequence[Related]  # may be its cause
    downstream: Sequence[Related]  # may be its effects


async def context(tx: Tx, incident_id: UUID, actor: Actor) -> Context:
    """What may explain an incident. Raises NotFound."""
    require(actor, Can.SEE)
    incident = await reading.get(tx, incident_id)
    service_id = incident.service.id
    above, below = await alert_settings.around(tx, service_id)
    own_and_above = [service_id, *above]
    return Context(
        incident,
        await queries.get_tier(tx, service_id),
        await queries.list_links(tx, incident_id, MOST_LINKS),
        await queries.list_changes(tx, own_and_above, RECENT, incident.opened_at),
        await queries.list_similar(tx, incident_id, service_id, incident.title),
        await queries.list_open_on(tx, above, incident_id),
        await queries.list_open_on(tx, below, incident_id),
    )
