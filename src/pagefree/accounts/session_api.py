"""Signing in and out, and the account of whoever is signed in."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from pagefree.accounts import (
    authentication,
    credentials,
    entering,
    events,
    half_way,
    service,
    stepping_up,
)
from pagefree.accounts.credential_queries import ApiKey, PasswordHolder, Session
from pagefree.accounts.credentials import AskedApiKey
from pagefree.accounts.events import Happening
from pagefree.accounts.oidc.break_glass import require_password_counts
from pagefree.accounts.passwords import Passwords
from pagefree.accounts.shapes import (
    Absence,
    ApiKeyIn,
    ApiKeyOut,
    Me,
    MeChanges,
    NewApiKeyOut,
    PasswordChange,
    SecondStep,
    SessionOut,
    SignIn,
)
from pagefree.accounts.throttle import Throttle
from pagefree.core.access import Scope
from pagefree.core.browsers import recognised
from pagefree.core.errors import Invalid, NotSignedIn
from pagefree.core.words import DEFAULT
from pagefree.core.words.accounts import account_words
from pagefree.infra.db import transaction
from pagefree.infra.web import CurrentActor, Now, RequestTx

router = APIRouter()
LONGEST_ABSENCE = timedelta(days=366)


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
) -> Me | SecondStep:
    """Sign this browser in; 202 while a second factor is missing.

    401 says the same whatever was wrong.
    """
    authentication.require_same_origin(request)
    email = body.email.lower()
    address = request.client.host if request.client else ""
    known_as = authentication.device_of(request).known_as(email)
    throttle.sign_in(address, email, known_as, now)
    holder = await _checked(request, email, body.password, now)
    await require_password_counts(request.app.state.engine, holder.user_id, now)
    arrival = (holder, credentials.BY_PASSWORD)
    async with transaction(request.app.state.engine) as tx:
        answer = await half_way.enter_or_ask(tx, request, response, arrival, now)
    throttle.signed_in(address, email, known_as)
    return answer


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
    user = await service.get_user(tx, actor, actor.user_id)
    return await entering.me_of(tx, user, request)


@router.patch("/me")
async def update_me(
    changes: MeChanges, request: Request, actor: CurrentActor, tx: RequestTx
) -> Me:
    """Change one's own name, how it is said in calls, or time zone."""
    columns = changes.model_dump(exclude_none=True)
    if "pronounced" in columns:
        columns["pronounced"] = changes.pronounced or None
    user = await service.change_own_profile(tx, actor, columns)
    return await entering.me_of(tx, user, request)


@router.put("/me/absence")
async def put_absence(
    body: Absence, request: Request, actor: CurrentActor, tx: RequestTx, now: Now
) -> Me:
    """Say that one is away; schedules tell of shifts that fall into it."""
    start = body.start or now
    if not start < body.until <= start + LONGEST_ABSENCE or body.until <= now:
        raise Invalid("it ends after it begins, in the future and within a year")
    columns = {"away_from": start, "away_until": body.until}
    user = await service.change_own_profile(tx, actor, columns)
    return await entering.me_of(tx, user, request)


@router.delete("/me/absence")
async def end_absence(request: Request, actor: CurrentActor, tx: RequestTx) -> Me:
    """Say that one is back."""
    columns = {"away_from": None, "away_until": None}
    user = await service.change_own_profile(tx, actor, columns)
    return await entering.me_of(tx, user, request)


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
    await events.note(tx, Happening("password.changed", actor.user_id, actor.name), now)
    await events.tell(tx, actor.user_id, lambda words: words.sign_in_changed, now)


@router.get("/me/sessions")
async def list_sessions(
    request: Request, actor: CurrentActor, tx: RequestTx, now: Now
) -> list[SessionOut]:
    """Where one is signed in."""
    token = authentication.token_of(request) or ""
    found = await credentials.list_sessions(tx, actor, token, now)
    return [_session(one) for one in found]


def _session(one: Session) -> SessionOut:
    browser = account_words(DEFAULT).called(recognised(one.user_agent))
    return SessionOut(**asdict(one), browser=browser)


@router.delete("/me/sessions", status_code=204)
async def end_other_sessions(
    request: Request, actor: CurrentActor, tx: RequestTx
) -> None:
    """Sign every other browser of one's own out."""
    token = stepping_up.session_of(request)
    await credentials.end_other_sessions(tx, actor, token)


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
    body: ApiKeyIn, request: Request, actor: CurrentActor, tx: RequestTx, now: Now
) -> NewApiKeyOut:
    """A new API key; the answer is the only time that it is shown.

    One with the admin scope outlives the session, so it takes a fresh proof.
    """
    if Scope.ADMIN in body.scopes:
        await stepping_up.require_confirmed(tx, request, now)
    asked = AskedApiKey(
        body.name, frozenset(body.scopes), body.expires_at, body.networks
    )
    key, token = await credentials.create_api_key(tx, actor, asked, now)
    shown = ApiKeyOut.model_validate(key)
    return NewApiKeyOut(**shown.model_dump(), token=token)


@router.delete("/me/api-keys/{key_id}", status_code=204)
async def revoke_api_key(
    key_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """The key counts no more."""
    await credentials.revoke_api_key(tx, actor, key_id, now)


async def _checked(
    request: Request, email: str, password: str, now: datetime
) -> PasswordHolder:
    """Who signs in. No transaction is open while the password is checked: that is slow."""
    engine = request.app.state.engine
    async with transaction(engine) as tx:
        holder = await credentials.password_holder(tx, email)
    expected = holder.password_hash if holder else None
    right = await _passwords(request).matches(expected, password)
    if holder is None or not right:
        host = request.client.host if request.client else ""
        data: dict[str, object] = {"address": host, "known": holder is not None}
        about = holder.user_id if holder else None
        async with transaction(engine) as tx:
            refused = Happening("sign_in.refused", about, data=data)
            await events.note(tx, refused, now)
        raise NotSignedIn("the e-mail address or the password is wrong")
    return holder
