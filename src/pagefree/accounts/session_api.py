"""Signing in and out, and the account of whoever is signed in."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Request, Response

from pagefree.accounts import authentication, credentials, service
from pagefree.accounts.credential_queries import ApiKey, PasswordHolder, Session
from pagefree.accounts.credentials import AskedApiKey, Browser
from pagefree.accounts.passwords import Passwords
from pagefree.accounts.queries import User
from pagefree.accounts.shapes import (
    ApiKeyIn,
    ApiKeyOut,
    Me,
    MeChanges,
    MembershipOut,
    NewApiKeyOut,
    PasswordChange,
    SessionOut,
    SignIn,
)
from pagefree.accounts.throttle import Throttle
from pagefree.core.errors import NotSignedIn
from pagefree.infra.db import transaction
from pagefree.infra.web import CurrentActor, Now, RequestTx

log = structlog.get_logger()
router = APIRouter()


def _passwords(request: Request) -> Passwords:
    passwords: Passwords = request.app.state.passwords
    return passwords


def _throttle(request: Request) -> Throttle:
    throttle: Throttle = request.app.state.throttle
    return throttle


ThePasswords = Annotated[Passwords, Depends(_passwords)]
TheThrottle = Annotated[Throttle, Depends(_throttle)]


@router.post("/session")
async def sign_in(
    body: SignIn, request: Request, response: Response, throttle: TheThrottle, now: Now
) -> Me:
    """Sign this browser in. 401 says the same whatever was wrong."""
    authentication.require_same_origin(request)
    email = body.email.lower()
    address = request.client.host if request.client else ""
    device = authentication.device_of(request)
    known_as = device.known_as(email)
    throttle.sign_in(address, email, known_as, now)
    holder = await _checked(request, email, body.password)
    me, token = await _start_session(request, holder, address, now)
    throttle.signed_in(address, email, known_as)
    authentication.set_session(request, response, token)
    authentication.set_device(request, response, device.joined_by(email))
    return me


@router.delete("/session", status_code=204)
async def sign_out(request: Request, response: Response, tx: RequestTx) -> None:
    """Sign this browser out. Doing so twice is not an error."""
    authentication.require_same_origin(request)
    if token := authentication.token_of(request):
        await credentials.end_session_of_token(tx, token)
    authentication.clear_session(request, response)


@router.get("/me")
async def get_me(request: Request, actor: CurrentActor, tx: RequestTx) -> Me:
    """Who is signed in."""
    return _me(await service.get_user(tx, actor, actor.user_id), request)


@router.patch("/me")
async def update_me(
    changes: MeChanges, request: Request, actor: CurrentActor, tx: RequestTx
) -> Me:
    """Change one's own name or time zone."""
    columns = changes.model_dump(exclude_none=True)
    return _me(await service.change_own_profile(tx, actor, columns), request)


@router.put("/me/password", status_code=204)
async def put_password(
    body: PasswordChange,
    request: Request,
    passwords: ThePasswords,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> None:
    """Change one's own password; every other browser is signed out."""
    throttle = _throttle(request)
    throttle.own_password(str(actor.user_id), now)
    token = authentication.token_of(request)
    change = (body.current, body.new)
    await service.change_password(tx, actor, passwords, change, token)


@router.get("/me/sessions", response_model=list[SessionOut])
async def list_sessions(
    request: Request, actor: CurrentActor, tx: RequestTx, now: Now
) -> list[Session]:
    """Where one is signed in."""
    token = authentication.token_of(request) or ""
    return await credentials.list_sessions(tx, actor, token, now)


@router.delete("/me/sessions/{session_id}", status_code=204)
async def end_session(session_id: UUID, actor: CurrentActor, tx: RequestTx) -> None:
    """Sign one of one's browsers out."""
    await credentials.end_session(tx, actor, session_id)


@router.get("/me/api-keys", response_model=list[ApiKeyOut])
async def list_api_keys(actor: CurrentActor, tx: RequestTx) -> list[ApiKey]:
    """One's own API keys."""
    return await credentials.list_api_keys(tx, actor)


@router.post("/me/api-keys", status_code=201)
async def create_api_key(
    body: ApiKeyIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> NewApiKeyOut:
    """A new API key; the answer is the only time that it is shown."""
    asked = AskedApiKey(body.name, frozenset(body.scopes), body.expires_at)
    key, token = await credentials.create_api_key(tx, actor, asked, now)
    shown = ApiKeyOut.model_validate(key)
    return NewApiKeyOut(**shown.model_dump(), token=token)


@router.delete("/me/api-keys/{key_id}", status_code=204)
async def revoke_api_key(
    key_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """The key counts no more."""
    await credentials.revoke_api_key(tx, actor, key_id, now)


async def _checked(request: Request, email: str, password: str) -> PasswordHolder:
    """Who signs in. No transaction is open while the password is checked: that is slow."""
    async with transaction(request.app.state.engine) as tx:
        holder = await credentials.password_holder(tx, email)
    expected = holder.password_hash if holder else None
    right = await _passwords(request).matches(expected, password)
    if holder is None or not right:
        host = request.client.host if request.client else ""
        log.warning("sign_in.refused", address=host, known=holder is not None)
        raise NotSignedIn("the e-mail address or the password is wrong")
    return holder


async def _start_session(
    request: Request, holder: PasswordHolder, address: str, now: datetime
) -> tuple[Me, str]:
    """A new session instead of the one this browser had."""
    browser = Browser(request.headers.get("user-agent", ""), address)
    lasts = timedelta(days=request.app.state.session_days)
    async with transaction(request.app.state.engine) as tx:
        token = await credentials.start_session(tx, holder, browser, lasts, now)
        # after the person was locked: whoever deactivates them goes in that order, too
        if before := authentication.token_of(request):
            await credentials.end_session_of_token(tx, before)
        user = await service.require_user(tx, holder.user_id)
    return _me(user, request), token


def _me(user: User, request: Request) -> Me:
    return Me(
        id=user.id,
        name=user.name,
        email=user.email,
        platform_admin=user.platform_admin,
        time_zone=user.time_zone,
        memberships=[MembershipOut.model_validate(one) for one in user.teams],
        demo=request.app.state.demo,
    )
