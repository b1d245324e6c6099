"""Statements that draw the map of services."""

from uuid import UUID

from pagefree.core import canary
from pagefree.core.routing import Lifecycle
from pagefree.core.service_maps import Spot
from pagefree.core.services import ServiceKind, state_of
from pagefree.infra.db import Tx, driver

SPOTS = f"""
SELECT s.id, s.name, s.team_id, team.name AS team, s.kind, s.tier, s.lifecycle, s.tags,
    worst.urgency, worst.status
FROM services AS s JOIN teams AS team ON team.id = s.team_id
LEFT JOIN LATERAL (
    SELECT i.urgency, i.status FROM incidents AS i
    WHERE i.service_id = s.id AND i.status <> 'resolved'
    ORDER BY i.urgency, i.status DESC LIMIT 1
) AS worst ON true
WHERE ($1::uuid[] IS NULL OR s.id = ANY ($1::uuid[])) AND s.id <> '{canary.SERVICE_ID}'
ORDER BY s.name
"""  # noqa: S608 - nothing of it comes from outside


async def list_spots(tx: Tx, service_ids: list[UUID] | None = None) -> list[Spot]:
    """All services, or these, each with its own state, by name."""
    rows = await (await driver(tx)).fetch(SPOTS, service_ids)
    return [
        Spot(
            id=row["id"],
            name=row["name"],
            team_id=row["team_id"],
            team=row["team"],
            kind=ServiceKind(row["kind"]),
            tier=row["tier"],
            lifecycle=Lifecycle(row["lifecycle"]),
            tags=frozenset(row["tags"]),
            state=state_of(row["urgency"], row["status"]),
        )
        for row in rows
    ]
