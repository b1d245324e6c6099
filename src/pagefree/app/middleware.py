"""What every HTTP answer shares: security headers, a request id, a cap on the body."""

import asyncio
import re
import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pagefree.infra import acting
from pagefree.infra.ids import new_id
from pagefree.infra.metrics import REQUEST_SECONDS
from pagefree.infra.web import problem

log = structlog.get_logger()

BODY_LIMIT = 1024 * 1024
# an image, and whatever its request says besides
IMAGE_LIMIT = 5 * BODY_LIMIT + 1024
IMAGES = re.compile(r"/v1/postmortems/[^/]+/images")
IN_A_SECOND = 16 * 1024  # bytes that the slowest line worth waiting for carries
TOO_SLOW = "the body did not arrive in time"
TOO_LARGE = "the body may have at most {limit} bytes"
CLOSING = {"Connection": "close"}  # or the rest of the body would be read
UNEXPECTED = "something went wrong here; it has been logged"
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

# Styles may be inline: the component library sets them on elements. Scripts may not.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"
# for answers that no browser is meant to show
BARE_HEADERS = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]


class SecurityHeaders:
    """Adds the headers that keep a browser from being used against the person in front of it."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.headers = HEADERS | ({"Strict-Transport-Security": HSTS} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers to the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        personal = scope["path"].startswith("/v1/")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if personal:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, with_headers)


class RequestLog:
    """Gives each request an id, echoes it, and measures how long the answer took."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else str(new_id())
        began = time.perf_counter()
        status = 500

        async def with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        acting.ASKING.set(acting.Asking(scope, request_id))
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, with_id)
            finally:
                _measure(scope, status, time.perf_counter() - began)


def _measure(scope: Scope, status: int, seconds: float) -> None:
    path = acting.template(scope)
    REQUEST_SECONDS.labels(scope["method"], path, f"{status // 100}xx").observe(seconds)
    log.debug(
        "request",
        method=scope["method"],
        route=path,
        status=status,
        ms=round(seconds * 1000, 1),
    )


class Failures:
    """Logs what nobody expected and answers 500, so that this answer is like all others."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception:
            if begun or scope["type"] != "http":
                raise  # the server ends the connection and logs it
            log.exception("request.failed", route=acting.template(scope))
            await problem(500, "internal", UNEXPECTED)(scope, receive, send)


class BodyLimit:
    """Refuses bodies that are too large, announced or not, or that trickle in."""

    def __init__(self, app: ASGIApp, *, patience_s: float) -> None:
        self.app = app
        self.patience_s = patience_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless it says that it is too large; count what arrives."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = IMAGE_LIMIT if IMAGES.fullmatch(scope["path"]) else BODY_LIMIT
        too_large = TOO_LARGE.format(limit=limit)
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced) > limit:
            answer = problem(413, "too_large", too_large)
            answer.headers.update(CLOSING)
            await answer(scope, receive, send)
            return
        received, more = 0, True
        began = time.monotonic()

        async def counted() -> Message:
            nonlocal received, more
            if not more:  # what may come now is only that the client went away
                return await receive()
            left_s = began + self.patience_s + received / IN_A_SECOND - time.monotonic()
            try:
                async with asyncio.timeout(left_s):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, TOO_SLOW, CLOSING) from None
            received += len(message.get("body", b""))
            more = message.get("more_body", False)
            if received > limit:
                raise HTTPException(413, too_large, CLOSING)
            return message

        await self.app(scope, counted, send)
