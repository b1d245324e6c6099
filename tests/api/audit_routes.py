"""Routes of the audit and of service accounts: who may ask, and a good request."""

import httpx2

ADMINISTER, READ, EDIT = "administer", "read", "edit"
ACCOUNT = "/v1/service-accounts/{account_id}"
# one of the team, and one of another: each admin sees what is theirs
READERS = {"admin of another team", "team admin", "platform admin"}

AUDIT_ROUTES: dict[str, tuple[str, object]] = {
    "GET /v1/audit": (READ, None),
    "GET /v1/audit/export": (READ, None),
    "GET /v1/audit/state": (ADMINISTER, None),
    "POST /v1/audit/verification": (ADMINISTER, None),
    "PUT /v1/audit/retention": (ADMINISTER, {"days": 400}),
    "PUT /v1/audit/stream": (
        ADMINISTER,
        {"kind": "webhook", "address": "https://siem.example.org/in"},
    ),
    "DELETE /v1/audit/stream": (ADMINISTER, None),
    "POST /v1/audit/{entry_id}/undo": (EDIT, None),
    "GET /v1/service-accounts": (READ, None),
    "POST /v1/service-accounts": (EDIT, {"name": "Deploy", "team_id": "$team_id"}),
    f"PUT {ACCOUNT}/deactivation": (EDIT, None),
    f"GET {ACCOUNT}/api-keys": (EDIT, None),
    f"POST {ACCOUNT}/api-keys": (EDIT, {"name": "CI", "scopes": ["write"]}),
    f"DELETE {ACCOUNT}/api-keys/{{key_id}}": (EDIT, None),
}

# what changes nothing that is kept, or what has a log of its own
UNAUDITED: set[str] = set()


async def own_entry(client: httpx2.AsyncClient, ids: dict[str, str]) -> None:
    """A service account, and an entry of the audit that can be undone."""
    wanted = {"name": "Deploy", "team_id": ids["team_id"]}
    made = await client.post("/v1/service-accounts", json=wanted)
    ids["account_id"] = made.json()["id"]
    service = f"/v1/services/{ids['service_id']}"
    assert (await client.patch(service, json={"tier": 2})).is_success
    found = await client.get("/v1/audit", params={"kind": "service.updated"})
    ids["entry_id"] = str(found.json()["items"][0]["id"])
