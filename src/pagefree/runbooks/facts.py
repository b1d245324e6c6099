"""What declared bindings and templates may know of an incident: plain data, hostile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pagefree.core.maintenance import current_or_next
from pagefree.incidents import reading as incidents
from pagefree.incidents.queries import Incident
from pagefree.infra.db import Tx
from pagefree.maintenance import service as maintenance
from pagefree.runbooks import run_queries


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run is asked for: an incident, or nowhere in particular."""

    incident_id: UUID | None = None
    service_id: UUID | None = None
    team_id: UUID | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    over: bool = False  # the incident is resolved


async def place_of(tx: Tx, incident_id: UUID | None) -> Place:
    """The incident's service, team and facts. Raises NotFound."""
    if incident_id is None:
        return Place()
    incident = await incidents.get(tx, incident_id)
    alert = await run_queries.first_alert(tx, incident_id)
    facts: dict[str, object] = {"incident": _incident(incident), "alert": {}}
    if alert is not None:
        facts["alert"] = {
            "title": alert.title,
            "severity": alert.severity,
            "dedup_key": alert.dedup_key,
            "labels": dict(alert.labels),
        }
    service_id, team_id = incident.service.id, incident.team.id
    over = incident.status == "resolved"
    return Place(incident_id, service_id, team_id, facts, over)


async def in_maintenance(
    tx: Tx, team_id: UUID | None, service_id: UUID | None, now: datetime
) -> bool:
    """Whether work is planned now for the installation, this team or this service."""
    for window in await maintenance.unfinished(tx, now):
        time = current_or_next(window, now)
        under_way = time is not None and time.start <= now
        ours = window.team_id in {None, team_id}
        here = not window.service_ids or service_id in window.service_ids
        if under_way and ours and here and not window.labels:
            return True
    return False


def _incident(incident: Incident) -> dict[str, object]:
    return {
        "id": str(incident.id),
        "number": incident.number,
        "title": incident.title,
        "severity": incident.severity,
        "priority": incident.priority,
        "urgency": incident.urgency,
        "status": incident.status,
        "service": incident.service.name,
        "team": incident.team.name,
    }
