"""Routes of signing in through others: who may ask, and a good request; for routes.py."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

ADMINISTER, ANYBODY, BROWSERS, PEOPLE = "administer", "anybody", "browsers", "people"
SEE, EDIT = "see", "edit"
Make = Callable[[str, object], Awaitable[dict[str, object]]]

PROVIDER = "/v1/identity-providers/{provider_id}"
ACME = {"name": "Acme", "issuer": "https://id.acme.example"}

UNLINK = "DELETE /v1/me/identities/{identity_id}"
SIGN_IN_ROUTES: dict[str, tuple[str, object]] = {
    "GET /v1/sign-in/providers": (ANYBODY, None),
    "POST /v1/sign-in/end": (BROWSERS, None),
    "GET /v1/sign-in/settings": (ADMINISTER, None),
    "PUT /v1/sign-in/settings": (ADMINISTER, {"only_providers": False}),
    "GET /v1/identity-providers": (ADMINISTER, None),
    "POST /v1/identity-providers": (ADMINISTER, {**ACME, "name": "Other"}),
    f"GET {PROVIDER}": (ADMINISTER, None),
    f"PATCH {PROVIDER}": (ADMINISTER, {"name": "Acme SSO"}),
    f"PUT {PROVIDER}/secret": (ADMINISTER, {"secret": "hush"}),
    f"DELETE {PROVIDER}": (ADMINISTER, None),
    f"POST {PROVIDER}/check": (ADMINISTER, None),
    f"GET {PROVIDER}/scim-tokens": (ADMINISTER, None),
    f"POST {PROVIDER}/scim-tokens": (ADMINISTER, {"name": "Okta"}),
    f"DELETE {PROVIDER}/scim-tokens/{{token_id}}": (ADMINISTER, None),
    "GET /v1/teams/{team_id}/invitations": (EDIT, None),
    "POST /v1/invitations": (
        EDIT,
        {"email": "eve@acme.example", "team_id": "$team_id"},
    ),
    "POST /v1/invitations/{invitation_id}/sending": (EDIT, None),
    "DELETE /v1/invitations/{invitation_id}": (EDIT, None),
    # answer 404: nobody has this token
    "POST /v1/invitation/look": (ANYBODY, {"token": "nobodys"}),
    "POST /v1/invitation/acceptance": (
        BROWSERS,
        {"token": "nobodys", "name": "Eve", "password": "long enough to be one"},
    ),
    "POST /v1/invitation/joining": (PEOPLE, {"token": "nobodys"}),
    # answers 404: it is switched off
    "POST /v1/sign-in/providers/{provider_id}/start": (BROWSERS, {}),
    "POST /v1/sign-in/providers/{provider_id}/proof": (PEOPLE, {}),
    "GET /v1/me/identities": (PEOPLE, None),
    UNLINK: (PEOPLE, None),
    # one's own
    "PUT /v1/me/absence": (PEOPLE, {"until": "2026-03-09T00:00:00Z"}),
    "DELETE /v1/me/absence": (PEOPLE, None),
    "GET /v1/me/sessions": (PEOPLE, None),
    "DELETE /v1/me/sessions/{session_id}": (PEOPLE, None),
    "GET /v1/me/api-keys": (PEOPLE, None),
    "POST /v1/me/api-keys": (PEOPLE, {"name": "x", "scopes": ["read"]}),
    "DELETE /v1/me/api-keys/{key_id}": (PEOPLE, None),
    "POST /v1/me/time-off-calendars": (
        PEOPLE,
        {"url": "https://calendars.example.org/ana.ics"},
    ),
    "DELETE /v1/me/time-off-calendars/{calendar_id}": (PEOPLE, None),
    "PUT /v1/me/handoff-notices": (PEOPLE, {"started": True}),
}


async def own_identity_provider(make: Make, ids: dict[str, str]) -> None:
    """One that is switched off, and somebody who is invited."""
    invited = {"email": "fay@acme.example", "team_id": "$team_id"}
    ids["invitation_id"] = str((await make("/v1/invitations", invited))["id"])
    made = await make("/v1/identity-providers", ACME)
    ids["token_id"] = str(uuid4())
    ids["identity_id"] = str(uuid4())
    ids["provider_id"] = str(made["id"])
