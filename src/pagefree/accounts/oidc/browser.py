"""The cookie by which a browser that comes back is known."""

from datetime import timedelta

from fastapi import Request, Response

from pagefree.accounts.authentication import SECURE_PREFIX
from pagefree.infra.crypto import new_token

COOKIE = "pagefree-sign-in"
LASTS = timedelta(minutes=10)


def browser_of(request: Request) -> str | None:
    """What the browser was given when its sign-in began."""
    return request.cookies.get(_name(request)) or None


def remember(request: Request, response: Response) -> str:
    """Give the browser a name, if it has none yet: two windows may sign in at a time."""
    known = browser_of(request) or new_token()
    response.set_cookie(
        _name(request),
        known,
        max_age=int(LASTS.total_seconds()),
        secure=request.app.state.secure_cookies,
        httponly=True,
        samesite="lax",  # strict ones are not sent when a provider sends the browser
    )
    return known


def forget(request: Request, response: Response) -> None:
    """Take the name from the browser."""
    secure: bool = request.app.state.secure_cookies
    response.delete_cookie(_name(request), secure=secure, httponly=True, samesite="lax")


def _name(request: Request) -> str:
    return SECURE_PREFIX + COOKIE if request.app.state.secure_cookies else COOKIE
