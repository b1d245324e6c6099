"""Routes of the audit and of service accounts: who may ask, and a good request."""

import httpx2

ADMINISTER, READ, EDIT = "administer", "read", "edit"
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
}

# what changes nothing that is kept, or what has a log of its own
UNAUDITED: set[str] = set()


async def own_entry(client: httpx2.AsyncClient, ids: dict[str, str]) -> None:
    """An entry of the audit that can be undone."""
    service = f"/v1/services/{ids['service_id']}"
    assert (await client.patch(service, json={"tier": 2})).is_success
    found = await client.get("/v1/audit", params={"kind": "service.updated"})
    ids["entry_id"] = str(found.json()["items"][0]["id"])
