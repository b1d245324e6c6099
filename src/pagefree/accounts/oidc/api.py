"""Signing in through identity providers: to them and back."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from pagefree.accounts import (
    authentication,
    credentials,
    entering,
    events,
    stepping_up,
)
from pagefree.accounts import service as accounts
from pagefree.accounts.credential_queries import Proof
from pagefree.accounts.events import Happening
from pagefree.accounts.oidc import (
    attempt_queries,
    browser,
    leaving,
    queries,
    signing_in,
)
from pagefree.accounts.oidc.discovery import Discovery
from pagefree.accounts.oidc.people import Problem, Refused, sign_in_as
from pagefree.accounts.oidc.shapes import ContinueAt, Start, WayIn, WaysIn
from pagefree.accounts.oidc.signing_in import Proven, Returned, Way
from pagefree.audit import service as audit
from pagefree.audit.service import Note
from pagefree.core.errors import NotSignedIn
from pagefree.core.sign_in import SignInWay
from pagefree.infra.crypto import token_hash
from pagefree.infra.db import transaction
from pagefree.infra.web import Now, RequestTx

SEE_OTHER = 303
LONGEST_ID_TOKEN = 8_000  # of what is kept; some put hundreds of groups into it

log = structlog.get_logger()
router = APIRouter()


def _way(request: Request) -> Way:
    state = request.app.state
    discovery: Discovery = state.discovery
    return Way(
        state.engine, state.transports.http, discovery, state.vault, state.base_url
    )


TheWay = Annotated[Way, Depends(_way)]


async def _session_id(request: Request, way: TheWay, now: Now) -> UUID:
    """In a transaction of its own: while a provider is asked none is open."""
    token = stepping_up.session_of(request)
    authentication.require_same_origin(request)
    async with transaction(way.engine) as tx:
        found = await accounts.session_actor(tx, token, now)
    if found is None:
        raise NotSignedIn("sign in first")
    return found[0]


KnownBrowser = Annotated[str, Depends(browser.remember)]
OwnSession = Annotated[UUID, Depends(_session_id)]


@router.get("/sign-in/providers")
async def list_ways_in(tx: RequestTx) -> WaysIn:
    """Where people of this installation sign in. Nobody has to be signed in."""
    providers = await queries.list_providers(tx, only_enabled=True)
    return WaysIn(
        providers=[WayIn(id=one.id, name=one.name) for one in providers],
        only_providers=await queries.only_providers(tx),
    )


@router.post("/sign-in/providers/{provider_id}/start")
async def start_sign_in(
    provider_id: UUID,
    body: Start,
    request: Request,
    response: Response,
    way: TheWay,
    now: Now,
) -> ContinueAt:
    """Begin to sign in: send the browser to the address in the answer."""
    authentication.require_same_origin(request)
    known = browser.remember(request, response)
    address = await signing_in.begin(way, provider_id, known, body.next, now)
    return ContinueAt(continue_at=address)


@router.post("/sign-in/providers/{provider_id}/proof")
async def start_proof(
    provider_id: UUID,
    body: Start,
    known: KnownBrowser,
    session_id: OwnSession,
    way: TheWay,
    now: Now,
) -> ContinueAt:
    """Prove anew who one is, at a provider; what is grave asks for that. Browsers only."""
    address = await signing_in.begin(
        way, provider_id, known, body.next, now, session_id=session_id
    )
    return ContinueAt(continue_at=address)


# a page of the browser's way, not part of the API
@router.get("/sign-in/providers/{provider_id}/callback", include_in_schema=False)
async def come_back(
    provider_id: UUID, request: Request, way: TheWay, now: Now
) -> RedirectResponse:
    """Where a provider sends browsers back to: into the app, or to why not."""
    returned = Returned(
        provider_id, dict(request.query_params), browser.browser_of(request)
    )
    try:
        proven = await signing_in.finish(way, returned, now)
        answer = RedirectResponse(proven.next, SEE_OTHER)
        if proven.session_id is not None:
            await _confirm(way, proven.session_id, proven, now)
            return answer
        await _enter(request, answer, way, proven, now)
    except Refused as e:
        await _note_refused(way, provider_id, e, now)
        query = urlencode({"problem": e.problem.value})
        return RedirectResponse(f"/sign-in?{query}", SEE_OTHER)
    browser.forget(request, answer)
    return answer


@router.post("/sign-in/end")
async def end_sign_in(
    request: Request, response: Response, way: TheWay, now: Now
) -> ContinueAt:
    """Sign this browser out, here and, by the address in the answer, at its provider."""
    authentication.require_same_origin(request)
    token = authentication.token_of(request)
    address = await leaving.leave(way, token, now) if token else None
    authentication.clear_session(request, response)
    return ContinueAt(continue_at=address)


async def _confirm(way: Way, session_id: UUID, proven: Proven, now: datetime) -> None:
    """Who is signed in there is still the same. Raises Refused."""
    issuer, subject = proven.provider.issuer, proven.profile.subject
    async with transaction(way.engine) as tx:
        right = await attempt_queries.confirm_session(
            tx, session_id, issuer, subject, now
        )
        if not right:
            raise Refused(Problem.UNTRUSTED, "somebody else came back")
        what = Happening("session.confirmed", None, data={"by": "oidc"})
        await events.note(tx, what, now)


async def _enter(
    request: Request, answer: Response, way: Way, proven: Proven, now: datetime
) -> None:
    """A session, with what it takes to end the provider's together with it."""
    provider = proven.provider
    async with transaction(way.engine) as tx:
        known = await sign_in_as(tx, provider, proven.profile, now)
        # the person stays as they are until the session is there
        holder = await credentials.holder_of(tx, known.user_id)
        if holder is None:
            raise Refused(Problem.DEACTIVATED)
        arrival = (holder, Proof(SignInWay.OIDC))
        _, token = await entering.begin_session(tx, request, answer, arrival, now)
        if len(proven.id_token) <= LONGEST_ID_TOKEN:
            sealed = leaving.sealed(way.vault, provider.id, proven.id_token)
            await attempt_queries.insert_provider_session(
                tx, token_hash(token), provider.id, sealed
            )
    log.info(
        "sign_in.by_provider",
        user_id=str(known.user_id),
        provider=provider.name,
        first_time=known.created,
    )


async def _note_refused(
    way: Way, provider_id: UUID, refused: Refused, now: datetime
) -> None:
    problem = refused.problem.value
    log.warning(
        "sign_in.refused",
        provider_id=str(provider_id),
        problem=problem,
        why=str(refused),
    )
    if refused.problem in (Problem.EXPIRED, Problem.CANCELLED):
        return  # anybody can cause these, as often as they like
    data = {"problem": problem, "why": str(refused)}
    what = Note("sign_in.refused", "identity_provider", provider_id, data=data)
    async with transaction(way.engine) as tx:
        await audit.note(tx, what, now)
