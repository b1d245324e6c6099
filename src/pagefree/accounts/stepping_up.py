"""Acts so grave that whoever is signed in must just have proven again who they are.

Never between somebody who is paged and what they do about it.
"""

from datetime import datetime

from fastapi import Depends, Request

from pagefree.accounts import authentication, confirmations
from pagefree.core.errors import Forbidden
from pagefree.core.sign_in import require_fresh
from pagefree.infra.db import Tx
from pagefree.infra.web import CurrentActor, Now, RequestTx


def by_key(request: Request) -> bool:
    """Whether an API key says who asks: by the same test as authentication's own."""
    header = request.headers.get("authorization", "")
    return header[: len(authentication.BEARER)].lower() == authentication.BEARER


def session_of(request: Request) -> str:
    """The session that the request comes from. Raises Forbidden for programs."""
    token = authentication.token_of(request)
    if token is None or by_key(request):
        raise Forbidden("only a browser in which somebody is signed in can do this")
    return token


async def require_confirmed(tx: Tx, request: Request, now: datetime) -> None:
    """Raise NotConfirmed unless it was just proven who asks; a key is no person to ask."""
    if by_key(request):
        return
    token = authentication.token_of(request)
    require_fresh(await confirmations.confirmed_at(tx, token, now), now)


async def _confirmed(
    request: Request, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    del actor  # they are signed in, or this is not reached
    session_of(request)
    await require_confirmed(tx, request, now)


# for the dependencies of a route that only people use
CONFIRMED = Depends(_confirmed, scope="function")


async def _confirmed_or_key(
    request: Request, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    del actor
    await require_confirmed(tx, request, now)


# for routes that programs use, too
CONFIRMED_OR_KEY = Depends(_confirmed_or_key, scope="function")
