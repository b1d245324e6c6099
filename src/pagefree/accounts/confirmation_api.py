"""Confirming that it is still the person who signed in."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field

from pagefree.accounts import authentication, confirmations, credentials
from pagefree.accounts.passwords import Passwords
from pagefree.accounts.throttle import Throttle
from pagefree.core.errors import Forbidden, Invalid
from pagefree.core.runbooks import FRESH
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape

router = APIRouter()


class Confirm(Shape):
    """One's own password, once more."""

    password: Annotated[str, Field(min_length=1, max_length=1000)]


class Confirmed(Shape):
    """Until when this browser need not ask again."""

    until: datetime


@router.post("/session/confirm")
async def confirm_session(
    body: Confirm, request: Request, actor: CurrentActor, tx: RequestTx, now: Now
) -> Confirmed:
    """Prove that it is still you: approving a runbook asks for that. Browsers only."""
    token = authentication.token_of(request)
    if token is None or "authorization" in request.headers:
        raise Forbidden("only a browser in which somebody is signed in can confirm it")
    throttle: Throttle = request.app.state.throttle
    throttle.own_password(str(actor.user_id), now)
    expected = await credentials.password_hash(tx, actor.user_id)
    passwords: Passwords = request.app.state.passwords
    if not await passwords.matches(expected, body.password):
        raise Invalid("the password is wrong")
    await confirmations.confirm(tx, token, now)
    return Confirmed(until=now + FRESH)
