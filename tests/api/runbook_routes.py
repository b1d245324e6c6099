"""Routes of runbooks: who may ask, and a good request; for routes.py."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.access import Actor
from pagefree.infra.crypto import Vault
from pagefree.infra.db import transaction
from pagefree.runbooks import (
    connections,
    emergency_queries,
    queries,
    run_queries,
)
from pagefree.runbooks.connections import Draft

SEE, RESPOND, EDIT, ADMINISTER = "see", "respond", "edit", "administer"
PEOPLE, ANYBODY, NOBODY = "people", "anybody", "nobody"
Make = Callable[[str, object], Awaitable[dict[str, object]]]

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
RUNBOOK = "/v1/runbooks/{runbook_id}"
VERSION = RUNBOOK + "/versions/{number}"
CONNECTION = "/v1/target-connections/{connection_id}"
RUN = "/v1/runbook-runs/{run_id}"
EMERGENCY = "/v1/runbook-emergencies/{emergency_id}"
APPROVER = "/v1/teams/{team_id}/runbook-approvers"
RUNNER = {
    "name": "Runner",
    "values": {"api_url": "https://127.0.0.1:9", "key": f"whsec_{'A' * 32}"},
}
CONTENT = {
    "name": "Restart worker",
    "target": "webhook",
    "content": {"path": "/restart"},
    "connection_ids": ["$connection_id"],
}
CHANGED = {**CONTENT, "description": "Restarts it."}
CONFIRM = "POST /v1/session/confirm"  # refused: nobody here has a password
CREATE_CONNECTION = "POST /v1/target-connections"
# refused, because nothing answers there when it is tested
TESTED = {CREATE_CONNECTION, f"PUT {CONNECTION}", f"POST {CONNECTION}/test"}

RUNBOOK_ROUTES: dict[str, tuple[str, object]] = {
    CONFIRM: (PEOPLE, {"password": "wrong"}),
    "GET /v1/runbook-targets": (SEE, None),
    "GET /v1/target-connections": (SEE, None),
    CREATE_CONNECTION: (EDIT, {**RUNNER, "kind": "webhook", "team_id": "$team_id"}),
    f"GET {CONNECTION}": (SEE, None),
    f"PUT {CONNECTION}": (EDIT, RUNNER),
    f"POST {CONNECTION}/test": (EDIT, None),
    f"DELETE {CONNECTION}": (EDIT, None),
    f"POST {CONNECTION}/hint": (ANYBODY, {"id": 1}),
    "GET /v1/runbooks": (SEE, None),
    "POST /v1/runbooks": (RESPOND, {"team_id": "$team_id", "content": CONTENT}),
    f"GET {RUNBOOK}": (SEE, None),
    f"DELETE {RUNBOOK}": (RESPOND, None),
    f"PUT {RUNBOOK}/stop": (RESPOND, {"reason": "it is broken"}),
    f"DELETE {RUNBOOK}/stop": (RESPOND, None),
    f"POST {RUNBOOK}/versions": (RESPOND, {"content": CHANGED}),
    f"GET {VERSION}": (SEE, None),
    f"GET {VERSION}/diff": (SEE, None),
    f"PUT {VERSION}/review": (RESPOND, None),
    f"DELETE {VERSION}/review": (RESPOND, None),
    # of what is no draft in review: a conflict for whoever may
    f"POST {VERSION}/approvals": (EDIT, {"content_hash": "0" * 64}),
    f"GET {VERSION}/emergencies": (SEE, None),
    # of another content: a conflict for whoever may
    f"POST {VERSION}/emergencies": (
        RESPOND,
        {"content_hash": "0" * 64, "incident_id": "$incident_id", "reason": "fire"},
    ),
    f"PUT {EMERGENCY}/confirmation": (RESPOND, {"content_hash": "0" * 64}),
    f"PUT {EMERGENCY}/review": (EDIT, {"text": "It was right."}),
    f"POST {VERSION}/renewal": (RESPOND, None),
    f"PUT {VERSION}/deprecation": (RESPOND, None),
    f"POST {VERSION}/comments": (RESPOND, {"text": "Why?"}),
    "GET /v1/runbook-settings": (SEE, None),
    "PUT /v1/runbook-settings": (ADMINISTER, {"approval_days": 30}),
    f"GET {APPROVER}": (SEE, None),
    f"PUT {APPROVER}/{{user_id}}": (EDIT, None),
    f"DELETE {APPROVER}/{{user_id}}": (EDIT, None),
    f"GET {RUNBOOK}/form": (SEE, None),
    # of what is not approved: a conflict for whoever may
    f"POST {RUNBOOK}/runs": (RESPOND, {"version": 1}),
    "GET /v1/runbook-runs": (SEE, None),
    f"GET {RUN}": (SEE, None),
    f"GET {RUN}/lines": (SEE, None),
    f"PUT {RUN}/cancellation": (RESPOND, None),
    f"POST {RUN}/callback": (NOBODY, {"lines": ["forged"]}),
    "GET /v1/runbook-audit": (ADMINISTER, None),
    "GET /v1/runbook-audit/export": (ADMINISTER, None),
}


async def own_connection(
    engine: AsyncEngine, vault: Vault, ids: dict[str, str], admin_id: UUID
) -> None:
    """A connection of the team, which nobody has tested."""
    draft = Draft("Runner", RUNNER["values"], (), ())  # type: ignore[arg-type]
    ready = connections.form_of("webhook", draft, None, vault)
    team_id, actor = UUID(ids["team_id"]), Actor(admin_id, "Pia", platform_admin=True)
    async with transaction(engine) as tx:
        made = await connections.create(tx, team_id, ready, vault, actor, AT)
    ids["connection_id"] = str(made.id)


async def own_runbook(make: Make, engine: AsyncEngine, ids: dict[str, str]) -> None:
    """A runbook of the team that nobody has approved, and a run of it all the same."""
    body = {"team_id": "$team_id", "content": CONTENT}
    ids["runbook_id"] = str((await make("/v1/runbooks", body))["id"])
    run_id, runbook_id = uuid4(), UUID(ids["runbook_id"])
    ids["run_id"] = str(run_id)
    async with transaction(engine) as tx:
        version = await queries.get_version(tx, runbook_id, 1)
        assert version is not None
        await run_queries.insert_run(
            tx,
            {
                "id": run_id,
                "runbook_id": runbook_id,
                "version_id": version.id,
                "content_hash": version.content_hash,
                "connection_id": UUID(ids["connection_id"]),
                "team_id": UUID(ids["team_id"]),
                "state": "running",
                "parameters": {},
                "cause_kind": "user",
                "cause_name": "Bo",
                "created_at": AT,
                "due_at": AT,
                "ends_at": AT,
            },
        )
        two = [uuid4(), uuid4()]
        emergency: dict[str, object] = {
            "version_id": version.id,
            "content_hash": version.content_hash,
            "incident_id": UUID(ids["incident_id"]),
            "reason": "It burns.",
            "asked_by_id": two[0],
            "asked_at": AT,
            "confirmed_by_id": two[1],
            "confirmed_at": AT,
            "expires_at": AT,
        }
        ids["emergency_id"] = str(await emergency_queries.add(tx, emergency))
