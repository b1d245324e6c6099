"""Routes of the service map and of what is learnt from it: for routes.py."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.infra.db import transaction
from pagefree.tables.accounts import teams
from pagefree.tables.services import service_transfers

SEE, EDIT = "see", "edit"
TRANSFER = "/v1/services/{service_id}/transfer"

SERVICE_MAP_ROUTES: dict[str, tuple[str, object, dict[str, str]]] = {
    "GET /v1/service-tags": (SEE, None, {}),
    "GET /v1/service-map": (SEE, None, {}),
    "GET /v1/service-transfers": (SEE, None, {}),
    f"GET {TRANSFER}": (SEE, None, {}),
    f"POST {TRANSFER}": (EDIT, {"team_id": "$ops_id", "note": "Yours"}, {}),
    f"PUT {TRANSFER}/acceptance": (EDIT, None, {}),
    f"DELETE {TRANSFER}": (EDIT, None, {}),
}


async def own_transfer(engine: AsyncEngine, ids: dict[str, str]) -> None:
    """The team's service is offered, to the team itself: so it may answer for both."""
    async with transaction(engine) as tx:
        ops = await tx.scalar(select(teams.c.id).where(teams.c.name == "Ops"))
        ids["ops_id"] = str(ops)
        await tx.execute(
            insert(service_transfers).values(
                id=uuid4(),
                service_id=UUID(ids["service_id"]),
                from_team_id=UUID(ids["team_id"]),
                to_team_id=UUID(ids["team_id"]),
                asked_at=datetime(2026, 3, 2, tzinfo=UTC),
                state="asked",
            )
        )
