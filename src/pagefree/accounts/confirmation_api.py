"""Confirming that it is still the person who signed in."""

from datetime import datetime

from fastapi import APIRouter, Request

from pagefree.accounts import confirmations, credentials, events, stepping_up
from pagefree.accounts.events import Happening
from pagefree.accounts.factors import passkeys, proving
from pagefree.accounts.factors.passkeys import Purpose
from pagefree.accounts.factors.proving import Place
from pagefree.accounts.factors.shapes import ChallengeOut, Confirm, Confirmed
from pagefree.accounts.passwords import Passwords
from pagefree.accounts.throttle import Throttle
from pagefree.core.access import Actor
from pagefree.core.errors import Invalid
from pagefree.core.sign_in import FRESH
from pagefree.infra.db import Tx
from pagefree.infra.web import BaseUrl, CurrentActor, Now, RequestTx

router = APIRouter()


@router.post("/session/confirm/challenge")
async def ask_to_confirm(
    request: Request, actor: CurrentActor, tx: RequestTx, base_url: BaseUrl, now: Now
) -> ChallengeOut:
    """What one of one's own passkeys is to sign. Browsers only."""
    stepping_up.session_of(request)
    site = passkeys.require_site(base_url)
    asked = await passkeys.ask(tx, site, Purpose.CONFIRM, actor.user_id, now)
    return ChallengeOut.model_validate(asked)


@router.post("/session/confirm")
async def confirm_session(
    body: Confirm, request: Request, actor: CurrentActor, tx: RequestTx, now: Now
) -> Confirmed:
    """Prove that it is still you: what is grave asks for that. Browsers only."""
    token = stepping_up.session_of(request)
    throttle: Throttle = request.app.state.throttle
    throttle.own_password(str(actor.user_id), now)
    by = await _proven(tx, actor, body, request, now)
    await confirmations.confirm(tx, token, now)
    happening = Happening("session.confirmed", actor.user_id, actor.name, {"by": by})
    await events.note(tx, happening, now)
    return Confirmed(until=now + FRESH)


async def _proven(
    tx: Tx, actor: Actor, body: Confirm, request: Request, now: datetime
) -> str:
    """By what it was proven. Raises Invalid."""
    state = request.app.state
    if body.password is not None:
        expected = await credentials.password_hash(tx, actor.user_id)
        passwords: Passwords = state.passwords
        if not await passwords.matches(expected, body.password):
            raise Invalid("the password is wrong")
        return "password"
    place = Place(state.vault, state.base_url)
    given = body.given()
    factor = await proving.accept(tx, actor.user_id, given, Purpose.CONFIRM, place, now)
    if factor is None:
        raise Invalid("this does not prove that it is you: try again")
    return factor
