"""Routes of the service map and of what is learnt from it: for routes.py."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.infra.db import transaction
from pagefree.tables.accounts import teams
from pagefree.tables.alerts import alerts
from pagefree.tables.hindsight import noise_reports
from pagefree.tables.services import service_transfers

SEE, RESPOND, EDIT = "see", "respond", "edit"
Make = Callable[[str, object], Awaitable[dict[str, object]]]
NOW = datetime(2026, 3, 2, tzinfo=UTC)
NOISE = "/v1/incidents/{incident_id}/noise"
TRANSFER = "/v1/services/{service_id}/transfer"

SERVICE_MAP_ROUTES: dict[str, tuple[str, object, dict[str, str]]] = {
    "GET /v1/service-tags": (SEE, None, {}),
    "GET /v1/service-map": (SEE, None, {}),
    "GET /v1/services/{service_id}/changes": (SEE, None, {}),
    "GET /v1/service-transfers": (SEE, None, {}),
    f"GET {TRANSFER}": (SEE, None, {}),
    f"POST {TRANSFER}": (EDIT, {"team_id": "$ops_id", "note": "Yours"}, {}),
    f"PUT {TRANSFER}/acceptance": (EDIT, None, {}),
    f"DELETE {TRANSFER}": (EDIT, None, {}),
    f"GET {NOISE}": (SEE, None, {}),
    f"PUT {NOISE}": (RESPOND, None, {}),
    f"DELETE {NOISE}": (RESPOND, None, {}),
    "GET /v1/noise-proposals": (SEE, None, {}),
    "GET /v1/noise-proposals/{proposal_id}": (SEE, None, {}),
    "PUT /v1/noise-proposals/{proposal_id}/settlement": (
        EDIT,
        {"settled_as": "dismissed"},
        {},
    ),
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
                asked_at=NOW,
                state="asked",
            )
        )


async def own_noise(make: Make, engine: AsyncEngine, ids: dict[str, str]) -> None:
    """An alert that may be called noise, and a condition that often was."""
    declared = {"service_id": "$service_id", "title": "Noise"}
    noisy = [(await make("/v1/incidents", declared))["id"] for _ in range(3)]
    source, team = UUID(ids["integration_id"]), UUID(ids["team_id"])
    service, person = UUID(ids["service_id"]), UUID(ids["user_id"])
    first = uuid4()
    reports = [
        {
            "id": UUID(int=first.int + at),
            "incident_id": UUID(str(incident_id)),
            "user_id": person,
            "team_id": team,
            "service_id": service,
            "integration_id": source,
            "dedup_key": "disk",
            "title": "Disk",
            "created_at": NOW,
        }
        for at, incident_id in enumerate(noisy)
    ]
    # the oldest stands for all
    ids["proposal_id"] = str(first)
    alert = {
        "id": uuid4(),
        "integration_id": source,
        "service_id": service,
        "incident_id": UUID(ids["incident_id"]),
        "last_request_id": uuid4(),
        "dedup_key": "cpu",
        "status": "resolved",
        "severity": "error",
        "title": "CPU",
        "occurrences": 1,
        "opened_at": NOW,
        "last_at": NOW,
        "resolved_at": NOW,
    }
    async with transaction(engine) as tx:
        await tx.execute(insert(noise_reports), reports)
        await tx.execute(insert(alerts), [alert])
