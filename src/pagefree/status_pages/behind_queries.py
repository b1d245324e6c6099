"""Statements on the services behind components, and what business services stand on."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, text

from pagefree.infra.db import Tx
from pagefree.tables.services import services
from pagefree.tables.status_pages import component_services, components

# Business services have no incidents of their own: those of what they stand on count.
BEHIND = """
WITH RECURSIVE behind AS (
    SELECT c.id AS component_id, s.id AS service_id, s.kind = 'business' AS deeper
    FROM components AS c JOIN component_services AS m ON m.component_id = c.id
    JOIN services AS s ON s.id = m.service_id
    WHERE c.page_id = :page
    UNION
    SELECT b.component_id, d.depends_on_id, true
    FROM behind AS b JOIN service_dependencies AS d ON d.service_id = b.service_id
    WHERE b.deeper
)
SELECT DISTINCT component_id, service_id FROM behind
"""

# A business service is touched by whatever happens to what it stands on.
ABOUT = """
WITH RECURSIVE touched AS (
    SELECT service_id FROM incidents WHERE id = ANY(:ids)
    UNION
    SELECT d.service_id FROM touched AS t
    JOIN service_dependencies AS d ON d.depends_on_id = t.service_id
)
SELECT DISTINCT page_id FROM components WHERE condition <> ''
UNION SELECT c.page_id FROM touched AS t JOIN services AS s ON s.id = t.service_id
JOIN component_services AS m ON m.service_id = s.id
JOIN components AS c ON c.id = m.component_id
WHERE s.kind = 'business'
    OR s.id IN (SELECT service_id FROM incidents WHERE id = ANY(:ids))
"""


async def list_behind(tx: Tx, page_id: UUID) -> dict[UUID, frozenset[UUID]]:
    """What each component of a page stands for, and all that its business services stand on."""
    found: dict[UUID, set[UUID]] = {}
    for row in await tx.execute(text(BEHIND), {"page": page_id}):
        found.setdefault(row.component_id, set()).add(row.service_id)
    return {component_id: frozenset(ids) for component_id, ids in found.items()}


async def pages_about(tx: Tx, incident_ids: Collection[UUID]) -> list[UUID]:
    """Pages with a component that one of these incidents may touch."""
    answer = await tx.execute(text(ABOUT), {"ids": list(incident_ids)})
    return list(answer.scalars())


async def pages_of_business(tx: Tx) -> list[UUID]:
    """Pages with a component that stands for a business service."""
    query = (
        select(components.c.page_id)
        .join(component_services, component_services.c.component_id == components.c.id)
        .join(services, services.c.id == component_services.c.service_id)
        .where(services.c.kind == "business")
        .distinct()
    )
    return list(await tx.scalars(query))
