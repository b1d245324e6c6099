"""Routes of partners: who may ask, and a good request; for routes.py."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

EDIT, ADMINISTER = "edit", "administer"
Make = Callable[[str, object], Awaitable[dict[str, object]]]

PARTNER = "/v1/partners/{partner_id}"
GRANT = f"{PARTNER}/grants/{{page_id}}"
REQUEST = "/v1/partner-requests/{partner_request_id}"
CSV = "email,name\nfay@agency.example,Fay\n"

PARTNER_ROUTES: dict[str, tuple[str, object]] = {
    "GET /v1/partners": (ADMINISTER, None),
    "POST /v1/partners": (ADMINISTER, {"email": "eve@agency.example"}),
    "POST /v1/partners/import": (ADMINISTER, {"csv": CSV}),
    f"GET {PARTNER}": (ADMINISTER, None),
    f"PATCH {PARTNER}": (ADMINISTER, {"notes": "They host our pictures."}),
    f"DELETE {PARTNER}": (ADMINISTER, None),
    f"PUT {PARTNER}/deactivation": (ADMINISTER, None),
    f"DELETE {PARTNER}/deactivation": (ADMINISTER, None),
    f"POST {PARTNER}/invitation": (ADMINISTER, None),
    f"POST {PARTNER}/link": (ADMINISTER, None),
    f"PUT {GRANT}": (EDIT, {"components": [{"component_id": "$component_id"}]}),
    f"DELETE {GRANT}": (EDIT, None),
    "GET /v1/status-pages/{page_id}/partners": (EDIT, None),
    "GET /v1/partner-sessions": (ADMINISTER, None),
    "DELETE /v1/partner-sessions/{partner_session_id}": (ADMINISTER, None),
    f"DELETE {PARTNER}/sessions": (ADMINISTER, None),
    "GET /v1/partner-requests": (ADMINISTER, None),
    f"PUT {REQUEST}/approval": (ADMINISTER, None),
    f"PUT {REQUEST}/refusal": (ADMINISTER, None),
    "GET /v1/partner-accesses": (ADMINISTER, None),
    "GET /v1/partner-accesses/export": (ADMINISTER, None),
}


async def own_partner(make: Make, ids: dict[str, str]) -> None:
    """Somebody outside who sees nothing yet."""
    made = await make("/v1/partners", {"email": "dan@agency.example"})
    ids["partner_id"] = str(made["id"])
    ids["partner_session_id"] = ids["partner_request_id"] = str(uuid4())
