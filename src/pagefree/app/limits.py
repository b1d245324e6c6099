"""Limits of the API: of people by who they are, of everybody else by where they come from."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from limits import RateLimitItem, RateLimitItemPerMinute
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pagefree.accounts.authentication import SAFE_METHODS, SESSION_COOKIE
from pagefree.core.access import Actor
from pagefree.core.errors import NotSignedIn, TooManyRequests
from pagefree.infra.client_address import address_of
from pagefree.infra.limits import Quota, Standing
from pagefree.infra.web import Authenticate, problem

# What is left out: files of the web app, of which one page needs dozens, and what
# machines ask (/healthz, /readyz, /metrics). Ingest and pings stand in front of all this.
PUBLIC = "/api/"
# Whoever has one may come from the same address as many others: Google's calendar does.
LINKS = ("/act/", "/calendars/")
COUNTED = ("/v1/", PUBLIC, *LINKS)
# Providers call from a few addresses, as often as people are told.
CALLBACKS = re.compile(r"/v1/channels/[a-z0-9_]+/callbacks/")
PER_CALLER = RateLimitItemPerMinute(6000)
SIGN_IN = "/v1/session"  # has limits of its own, which let known devices through
PER_LINK = RateLimitItemPerMinute(20)
WRONG_LINKS = RateLimitItemPerMinute(10)
NO_LIMIT = RateLimitItemPerMinute(10**9)
PLACE = "pagefree.limits"  # in the ASGI scope
NOT_FOUND = 404
TOO_MANY = 429
TOKEN_DIGITS = 16  # of a link's digest: the link itself is a secret


class ApiLimits:
    """The quotas of the API.

    Reads and changes are counted apart: a screen that asks too often does not keep the
    person in front of it from acknowledging. A link of a message, or of a calendar, is
    counted by itself, and only wrong ones by where they come from, so nobody can use up
    somebody else's.
    """

    def __init__(
        self, user: RateLimitItem = NO_LIMIT, public: RateLimitItem = NO_LIMIT
    ) -> None:
        self.reads = Quota("api.reads", user)
        self.changes = Quota("api.changes", user)
        self.public = Quota("public", public)
        self.links = Quota("link", PER_LINK)
        self.wrong_links = Quota("link.wrong", WRONG_LINKS)
        self.callbacks = Quota("callbacks", PER_CALLER)
        self.quotas = (
            self.callbacks,
            self.reads,
            self.changes,
            self.public,
            self.links,
            self.wrong_links,
        )


@dataclass(slots=True)
class Place:
    """Where a request stands, once it is known by what it is counted."""

    standing: Standing | None = None
    refused: bool = False

    def count(self, quota: Quota, subject: str, now: datetime) -> None:
        """Count the request, once. Raises TooManyRequests."""
        at = now.timestamp()
        if self.standing is None:
            self.refused = not quota.take(subject, at)
            self.standing = quota.standing(subject, at)
            if self.refused:
                quota.note(subject)
        if self.refused:
            wait_s = self.standing.wait_s
            raise TooManyRequests(
                f"too many requests; wait {wait_s} s and try again",
                retry_after_s=wait_s,
            )


def counted(authenticate: Authenticate) -> Authenticate:
    """`authenticate`, counting requests by whose they are, and wrong credentials by address."""

    async def count(tx: AsyncConnection, request: Request, now: datetime) -> Actor:
        limits: ApiLimits = request.app.state.limits
        place: Place = request.scope.get(PLACE) or Place()
        try:
            actor = await authenticate(tx, request, now)
        except NotSignedIn:
            place.count(limits.public, address_of(request.scope), now)
            raise
        quota = limits.reads if request.method in SAFE_METHODS else limits.changes
        place.count(quota, str(actor.user_id), now)
        return actor

    return count


class RateLimits:
    """Refuses what can be refused before anybody is known, and says what is left."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 429."""
        if scope["type"] != "http" or not scope["path"].startswith(COUNTED):
            await self.app(scope, receive, send)
            return
        state = scope["app"].state
        limits: ApiLimits = state.limits
        now: datetime = state.clock()
        place = scope[PLACE] = Place()
        send = _with_headers(place, now, send)
        if scope["path"].startswith(LINKS):
            await self._link(scope, receive, send)
            return
        try:
            if CALLBACKS.match(scope["path"]):
                place.count(limits.callbacks, address_of(scope), now)
            elif _of_nobody(scope):
                place.count(limits.public, address_of(scope), now)
        except TooManyRequests as e:
            await _refusal(scope, e)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _link(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope["app"].state
        limits: ApiLimits = state.limits
        now: datetime = state.clock()
        place: Place = scope[PLACE]
        try:
            digest = sha256(scope["path"].encode()).hexdigest()[:TOKEN_DIGITS]
            place.count(limits.links, digest, now)
        except TooManyRequests as e:
            await _refusal(scope, e)(scope, receive, send)
            return
        wrong = _Wrong(send)
        await self.app(scope, receive, wrong.hold)
        if not wrong.held:
            return
        place.standing = None
        try:
            place.count(limits.wrong_links, address_of(scope), now)
        except TooManyRequests as e:
            await _refusal(scope, e)(scope, receive, send)
        else:
            await wrong.release()


class _Wrong:
    """Holds the answer to a wrong link back until it is counted; passes others on."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.held: list[Message] = []

    async def hold(self, message: Message) -> None:
        """Pass `message` on, or keep it."""
        if self.held or message.get("status") == NOT_FOUND:
            self.held.append(message)
        else:
            await self._send(message)

    async def release(self) -> None:
        """Send what was kept."""
        for message in self.held:
            await self._send(message)


def _of_nobody(scope: Scope) -> bool:
    """Whether a request can only be counted by its address."""
    path = scope["path"]
    if path.startswith(PUBLIC):
        return True
    if path == SIGN_IN:
        return False
    headers = Headers(scope=scope)
    cookies = headers.get("cookie", "")
    return "authorization" not in headers and f"{SESSION_COOKIE}=" not in cookies


def _refusal(scope: Scope, error: TooManyRequests) -> Response:
    if scope["path"].startswith(LINKS):  # in front of a person
        answer: Response = PlainTextResponse(str(error).capitalize() + ".", TOO_MANY)
    else:
        answer = problem(error.status, error.code, str(error))
    answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


def _with_headers(
    place: Place, now: datetime, send: Send
) -> Callable[[Message], Awaitable[None]]:
    """`send`, adding what is left of the quota.

    RateLimit and RateLimit-Policy as in draft-ietf-httpapi-ratelimit-headers-10, and the
    older triple that more clients know; its reset is an instant in seconds of the epoch.
    """

    async def sending(message: Message) -> None:
        found = place.standing
        if message["type"] == "http.response.start" and found is not None:
            headers = MutableHeaders(scope=message)
            name, full_in_s = f'"{found.name}"', found.full_in_s
            headers["RateLimit-Policy"] = f"{name};q={found.amount};w={found.window_s}"
            headers["RateLimit"] = f"{name};r={found.remaining};t={full_in_s}"
            headers["X-RateLimit-Limit"] = str(found.amount)
            headers["X-RateLimit-Remaining"] = str(found.remaining)
            headers["X-RateLimit-Reset"] = str(int(now.timestamp()) + full_in_s)
        await send(message)

    return sending
