"""Who asks: cookies and keys of a request, and whether the browser may send them."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import Request, Response

from pagefree.accounts import credentials
from pagefree.core.access import Actor
from pagefree.core.errors import FactorNeeded, Forbidden, NotSignedIn
from pagefree.infra.crypto import Unsealable, Vault
from pagefree.infra.db import Tx

SESSION_COOKIE = "pagefree"
DEVICE_COOKIE = "pagefree-device"
HALF_COOKIE = "pagefree-half"  # the second factor is still to come
LINK_COOKIE = "pagefree-link"  # a link to sign in was asked for here
# https://www.rfc-editor.org/rfc/rfc6265bis: only this host, over https, can set these
SECURE_PREFIX = "__Host-"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
OWN_SITES = {
    "same-origin",
    "none",
}  # none: typed or pressed by the person, not by a page
# all that somebody reaches who has yet to set up a second factor
ENROLLING = (
    "/v1/me/factors",
    "/v1/me/passkeys",
    "/v1/me/recovery-codes",
    "/v1/me/totp",
    "/v1/session",
    "/v1/sign-in/end",
)
BEARER = "bearer "
DEVICE_PURPOSE = "known device"
DEVICE_DAYS = 400  # browsers keep no cookie for longer
DEVICE_ID_BYTES = 16
EMAIL_DIGEST_BYTES = 8
PEOPLE_PER_DEVICE = 12  # a shared computer in an operations room


async def authenticate(tx: Tx, request: Request, now: datetime) -> Actor:
    """Who asks, by API key or session. Raises NotSignedIn.

    A browser sends its cookie whoever made it ask, so a change asked for with a cookie
    must come from our own pages. Raises Forbidden.
    """
    header = request.headers.get("authorization", "")
    if header[: len(BEARER)].lower() == BEARER:
        key = header[len(BEARER) :].strip()
        address = request.client.host if request.client else ""
        bearer = await credentials.key_bearer(tx, key, address, now)
        if bearer is None:
            raise NotSignedIn(
                "the API key is unknown, has expired or been revoked,"
                " or does not count from this address"
            )
        return bearer.actor
    token = token_of(request)
    bearer = await credentials.session_bearer(tx, token, now) if token else None
    if bearer is None:
        raise NotSignedIn("sign in first")
    require_same_origin(request)
    if bearer.enrolling:
        _require_on_the_way(request)
    request.state.enrolling = bearer.enrolling
    return bearer.actor


def _require_on_the_way(request: Request) -> None:
    """Raise FactorNeeded unless it is about setting up a second factor."""
    path = request.url.path
    asks_who = path == "/v1/me" and request.method in SAFE_METHODS
    if not asks_who and not path.startswith(ENROLLING):
        raise FactorNeeded(
            "everybody here needs a second factor: set one up under Me, Security"
        )


def require_same_origin(request: Request) -> None:
    """Raise Forbidden if a page of somebody else makes this browser change something."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        own = site in OWN_SITES
    else:  # an older browser, or plain http
        own = _origin(request.headers.get("origin", "")) == _origin(
            request.app.state.base_url
        )
    if not own:
        raise Forbidden(
            f"this must come from a page of {request.app.state.base_url}; "
            "programs use an API key"
        )


def session_token(cookies: Mapping[str, str], *, secure: bool) -> str | None:
    """The session among the cookies of a request."""
    return cookies.get(_name(SESSION_COOKIE, secure=secure)) or None


def token_of(request: Request) -> str | None:
    """The session that the request carries."""
    return session_token(request.cookies, secure=request.app.state.secure_cookies)


def set_session(request: Request, response: Response, token: str) -> None:
    """Give the browser its session."""
    days = request.app.state.session_days
    _set_cookie(request, response, SESSION_COOKIE, token, timedelta(days=days))


def clear_session(request: Request, response: Response) -> None:
    """Take the session from the browser."""
    clear_cookie(request, response, SESSION_COOKIE)


def passing_cookie(request: Request, name: str) -> str | None:
    """What a cookie of the way to a session holds."""
    secure = request.app.state.secure_cookies
    return request.cookies.get(_name(name, secure=secure)) or None


def set_passing_cookie(
    request: Request, response: Response, name: str, token: str, lasts: timedelta
) -> None:
    """Give the browser a cookie of the way to a session."""
    _set_cookie(request, response, name, token, lasts)


def clear_cookie(request: Request, response: Response, name: str) -> None:
    """Take a cookie from the browser."""
    secure = request.app.state.secure_cookies
    response.delete_cookie(
        _name(name, secure=secure), secure=secure, httponly=True, samesite="lax"
    )


@dataclass(frozen=True, slots=True)
class Device:
    """A browser that people have signed in with before."""

    id: bytes
    emails: tuple[bytes, ...] = ()  # digests, the latest first

    def known_as(self, email: str) -> str | None:
        """The device's name, if this person has signed in with it."""
        return self.id.hex() if _email_digest(email) in self.emails else None

    def joined_by(self, email: str) -> "Device":
        """The same device after this person has signed in."""
        own = _email_digest(email)
        others = [digest for digest in self.emails if digest != own]
        return Device(self.id, (own, *others)[:PEOPLE_PER_DEVICE])


def device_of(request: Request) -> Device:
    """The device that the request proves to come from, or a new one."""
    state = request.app.state
    cookie = request.cookies.get(_name(DEVICE_COOKIE, secure=state.secure_cookies), "")
    return _unsealed(state.vault, cookie) or Device(
        secrets.token_bytes(DEVICE_ID_BYTES)
    )


def set_device(request: Request, response: Response, device: Device) -> None:
    """Let the browser prove next time who has signed in with it."""
    plain = device.id + b"".join(device.emails)
    sealed = request.app.state.vault.seal(plain, DEVICE_PURPOSE)
    cookie = base64.urlsafe_b64encode(sealed).decode()
    lasts = timedelta(days=DEVICE_DAYS)
    _set_cookie(request, response, DEVICE_COOKIE, cookie, lasts)


def _unsealed(vault: Vault, cookie: str) -> Device | None:
    try:
        plain = vault.open(base64.urlsafe_b64decode(cookie), DEVICE_PURPOSE)
    except (binascii.Error, ValueError, Unsealable):
        return None
    digests = plain[DEVICE_ID_BYTES:]
    return Device(
        plain[:DEVICE_ID_BYTES],
        tuple(
            digests[at : at + EMAIL_DIGEST_BYTES]
            for at in range(0, len(digests), EMAIL_DIGEST_BYTES)
        ),
    )


def _email_digest(email: str) -> bytes:
    return sha256(email.encode()).digest()[:EMAIL_DIGEST_BYTES]


def _set_cookie(
    request: Request, response: Response, name: str, content: str, lasts: timedelta
) -> None:
    secure: bool = request.app.state.secure_cookies
    response.set_cookie(
        _name(name, secure=secure),
        content,
        max_age=int(lasts.total_seconds()),
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def _name(cookie: str, *, secure: bool) -> str:
    return SECURE_PREFIX + cookie if secure else cookie


def _origin(url: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.scheme, parts.netloc.lower()
