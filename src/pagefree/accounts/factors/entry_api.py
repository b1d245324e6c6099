"""Routes of signing in with a second factor or a passkey; from our own pages only."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from pagefree.accounts import authentication, entering, events, half_way, service
from pagefree.accounts.authentication import HALF_COOKIE
from pagefree.accounts.credential_queries import Proof
from pagefree.accounts.events import Happening
from pagefree.accounts.factors import (
    halves,
    passkey_entry,
    passkeys,
    queries,
)
from pagefree.accounts.factors.passkeys import Purpose
from pagefree.accounts.factors.proving import Place
from pagefree.accounts.factors.queries import Half
from pagefree.accounts.factors.shapes import ChallengeOut, PasskeyAnswer, SecondFactor
from pagefree.accounts.shapes import Me, SecondStep
from pagefree.accounts.throttle import Throttle
from pagefree.core.errors import NotSignedIn
from pagefree.core.sign_in import SignInWay
from pagefree.infra.db import Tx, transaction
from pagefree.infra.web import BaseUrl, Now, RequestTx

router = APIRouter(dependencies=[Depends(authentication.require_same_origin)])
WRONG = "this does not count: try again"
UNKNOWN = "this passkey is not known here, or counts no more"


async def _half(request: Request, tx: RequestTx, now: Now) -> Half:
    token = authentication.passing_cookie(request, HALF_COOKIE)
    half = await halves.find(tx, token, now)
    if half is None:
        raise NotSignedIn(halves.OVER)
    return half


# Raises NotSignedIn unless a first proof was right in this browser.
TheHalf = Annotated[Half, Depends(_half, scope="function")]


def _throttle(request: Request) -> Throttle:
    throttle: Throttle = request.app.state.throttle
    return throttle


@router.get("/session/second-factor")
async def get_second_step(request: Request, half: TheHalf, tx: RequestTx) -> SecondStep:
    """What is still to be given in this browser."""
    has = await queries.get_has(tx, half.user_id)
    return half_way.step_of(request, has, half.expires_at)


@router.post("/session/second-factor/challenge")
async def ask_for_second_factor(
    half: TheHalf, tx: RequestTx, base_url: BaseUrl, now: Now
) -> ChallengeOut:
    """What one of the person's passkeys is to sign."""
    site = passkeys.require_site(base_url)
    asked = await passkeys.ask(tx, site, Purpose.SECOND, half.user_id, now)
    return ChallengeOut.model_validate(asked)


@router.post("/session/second-factor")
async def give_second_factor(
    body: SecondFactor, request: Request, response: Response, now: Now
) -> Me:
    """Finish signing in; after five wrong tries the password is asked for again."""
    engine = request.app.state.engine
    token = authentication.passing_cookie(request, HALF_COOKIE)
    async with transaction(engine) as tx:
        half = await halves.find(tx, token, now)
        if half is None:
            raise NotSignedIn(halves.OVER)
        user = await service.require_user(tx, half.user_id)
    address = entering.browser_of(request).address
    known_as = authentication.device_of(request).known_as(user.email)
    throttle = _throttle(request)
    throttle.second_factor(address, str(user.id), known_as, now)
    async with transaction(engine) as tx:
        # not raised in here: what was tried is to stay counted
        me = await _finished(tx, half, body, (request, response), now)
    if me is None:
        raise NotSignedIn(WRONG)
    throttle.signed_in(address, str(user.id), known_as)
    authentication.clear_cookie(request, response, HALF_COOKIE)
    return me


async def _finished(
    tx: Tx,
    half: Half,
    body: SecondFactor,
    exchange: tuple[Request, Response],
    now: datetime,
) -> Me | None:
    request, response = exchange
    place = Place(request.app.state.vault, request.app.state.base_url)
    arrival = await halves.finish(tx, half, body.given(), place, now)
    if arrival:
        return await entering.enter(tx, request, response, arrival, now)
    data: dict[str, object] = {"at": "second_factor"}
    refused = Happening("sign_in.refused", half.user_id, data=data)
    await events.note(tx, refused, now)
    return None


@router.post("/session/passkey/challenge")
async def ask_for_passkey(
    request: Request, tx: RequestTx, base_url: BaseUrl, now: Now
) -> ChallengeOut:
    """What the passkey of whoever signs in is to sign."""
    _throttle(request).passkey(entering.browser_of(request).address, now)
    site = passkeys.require_site(base_url)
    asked = await passkeys.ask(tx, site, Purpose.SIGN_IN, None, now)
    return ChallengeOut.model_validate(asked)


@router.post("/session/passkey")
async def sign_in_with_passkey(
    body: PasskeyAnswer, request: Request, response: Response, now: Now
) -> Me:
    """Sign this browser in with a passkey alone."""
    _throttle(request).passkey(entering.browser_of(request).address, now)
    site = passkeys.require_site(request.app.state.base_url)
    async with transaction(request.app.state.engine) as tx:
        # not raised in here: the challenge is to stay used up
        holder = await passkey_entry.holder_of(tx, site, body.answer(), now)
        if holder is not None:
            arrival = (holder, Proof(SignInWay.PASSKEY))
            return await entering.enter(tx, request, response, arrival, now)
        data: dict[str, object] = {"at": "passkey"}
        await events.note(tx, Happening("sign_in.refused", None, data=data), now)
    raise NotSignedIn(UNKNOWN)
