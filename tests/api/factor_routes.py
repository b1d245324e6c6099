"""Routes of factors: who may ask, and a good request; for routes.py."""

OWN, ADMINISTER, NOBODY, BROWSERS = "people", "administer", "nobody", "browsers"
UNKNOWN = {
    "challenge_id": "01900000-0000-7000-8000-000000000000",
    "credential": {"id": "AAAA", "rawId": "AAAA", "type": "public-key"},
}
CONFIRM_TOTP = "PUT /v1/me/totp/confirmation"
ADD_PASSKEY = "POST /v1/me/passkeys"
PASSKEY = "/v1/me/passkeys/{passkey_id}"
# refused, as there is nothing that they could be about
FACTORLESS = {ADD_PASSKEY, CONFIRM_TOTP}

# only for who has just proven again who they are
GRAVE = {
    "POST /v1/me/totp",
    CONFIRM_TOTP,
    "DELETE /v1/me/totp",
    "POST /v1/me/recovery-codes",
    "POST /v1/me/passkeys/challenge",
    ADD_PASSKEY,
    f"DELETE {PASSKEY}",
    "DELETE /v1/users/{user_id}/factors",
    "DELETE /v1/me/identities/{identity_id}",
    "PUT /v1/sign-in-rules",
}
# of a browser that is about to sign in: whoever else uses it is told to begin
ENTERING = {
    "GET /v1/session/second-factor",
    "POST /v1/session/second-factor",
    "POST /v1/session/second-factor/challenge",
    "POST /v1/session/passkey",
    "POST /v1/session/link",
}

FACTOR_ROUTES: dict[str, tuple[str, object]] = {
    "GET /v1/me/factors": (OWN, None),
    "POST /v1/me/totp": (OWN, None),
    CONFIRM_TOTP: (OWN, {"code": "000000"}),
    "DELETE /v1/me/totp": (OWN, None),
    "POST /v1/me/recovery-codes": (OWN, None),
    "POST /v1/me/passkeys/challenge": (OWN, None),
    ADD_PASSKEY: (OWN, {**UNKNOWN, "name": "Phone"}),
    f"PATCH {PASSKEY}": (OWN, {"name": "Phone"}),
    f"DELETE {PASSKEY}": (OWN, None),
    "DELETE /v1/users/{user_id}/factors": (ADMINISTER, None),
    "POST /v1/session/confirm/challenge": (OWN, None),
    "GET /v1/session/second-factor": (NOBODY, None),
    "POST /v1/session/second-factor": (NOBODY, {"code": "000000"}),
    "POST /v1/session/second-factor/challenge": (NOBODY, None),
    "POST /v1/session/passkey/challenge": (BROWSERS, None),
    "POST /v1/session/passkey": (NOBODY, UNKNOWN),
    "DELETE /v1/me/sessions": (OWN, None),
    "GET /v1/session/ways": ("anybody", None),
    "POST /v1/session/links": (BROWSERS, {"email": "bo@example.org"}),
    "POST /v1/session/link": (NOBODY, {"token": "none"}),
    "GET /v1/sign-in-rules": (ADMINISTER, None),
    "GET /v1/people-without-second-factor": (ADMINISTER, None),
    "POST /v1/people-without-second-factor/reminders": (ADMINISTER, None),
    "PUT /v1/sign-in-rules": (
        ADMINISTER,
        {"magic_links": True},
    ),
}
