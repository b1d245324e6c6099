"""Idempotency-Key on creates: the same key and body take effect once, however often sent."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pagefree.app import queries
from pagefree.core.errors import PageFreeError
from pagefree.infra.clock import Clock
from pagefree.infra.crypto import Unsealable, Vault
from pagefree.infra.db import is_down, transaction
from pagefree.infra.web import BEFORE_COMMIT, Authenticate, problem, unavailable

log = structlog.get_logger()

ABANDONED = timedelta(minutes=1)  # no request of ours runs this long
LONGEST_KEY = 255
DONE = "done"  # committed, but the answer is not stored: we died in between
PURPOSE = "idempotent response"  # sealed: an answer may hold a secret shown once
RUNNING = "a request with this Idempotency-Key is still running"
OTHER = "this Idempotency-Key was used for another request"
LOST = "a request with this Idempotency-Key took effect, but its answer was lost"

Answer = Callable[[Scope, Receive, Send], Awaitable[None]]


class Idempotency:
    """Claims the key before the request runs; stores the answer of one that succeeded.

    The claim becomes `done` in the transaction of the effect itself, so that after a
    crash it is known whether it happened. A request that failed is forgotten: it had no
    effect, and may be sent again.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is new; answer what is known."""
        key = _key(scope)
        if key is None:
            await self.app(scope, receive, send)
            return
        if not 0 < len(key) <= LONGEST_KEY:
            detail = f"an Idempotency-Key has 1 to {LONGEST_KEY} characters"
            await problem(400, "malformed", detail)(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            body = await request.body()
        except HTTPException as e:  # the body's limit; nobody around us would answer it
            await problem(e.status_code, "too_large", e.detail)(scope, receive, send)
        except ClientDisconnect:
            log.debug("idempotency.hung_up")
        else:
            ledger = _Ledger(scope, key, _fingerprint(scope, body))
            await self._once(request, ledger, _replayed(body, receive), send)

    async def _once(
        self, request: Request, ledger: "_Ledger", replay: Receive, send: Send
    ) -> None:
        try:
            answer = await ledger.claim(request)
        except PageFreeError:
            answer = self.app  # it says why better than we could
        except Exception as e:
            if not is_down(e):
                raise
            answer = unavailable()
        if answer:
            await answer(request.scope, replay, send)
        else:
            await self._run(request.scope, replay, send, ledger)

    async def _run(
        self, scope: Scope, receive: Receive, send: Send, ledger: "_Ledger"
    ) -> None:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        scope[BEFORE_COMMIT] = ledger.mark_done
        try:
            await self.app(scope, receive, keep)
        finally:
            # also when the app raised: then `messages` is its answer 500
            await ledger.store(messages)
        for message in messages:
            await send(message)


class _Ledger:
    """The row of one key."""

    def __init__(self, scope: Scope, key: str, fingerprint: bytes) -> None:
        state = scope["app"].state
        self._engine: AsyncEngine = state.engine
        self._clock: Clock = state.clock
        self._vault: Vault = state.vault
        self._authenticate: Authenticate = state.authenticate
        self._key = key
        self._fingerprint = fingerprint
        self._id: UUID | None = None

    async def claim(self, request: Request) -> Answer | None:
        """None when this request is to run; else the answer to give instead."""
        async with transaction(self._engine) as tx:
            now = self._clock()
            actor = await self._authenticate(tx, request, now)
            principal = str(actor.user_id)
            self._id = await queries.insert_key(
                tx, principal, self._key, self._fingerprint, now
            )
            if self._id is not None:
                return None
            known = await queries.get_key(tx, principal, self._key)
            if known is None:
                return problem(409, "conflict", RUNNING)  # forgotten this very moment
            answer = self._judge(known, now)
            if answer is None:
                self._id = known.id
                await queries.reclaim_key(tx, known.id, now)
            return answer

    def _judge(self, known: queries.Remembered, now: datetime) -> Answer | None:
        if known.fingerprint != self._fingerprint:
            return problem(422, "idempotency_key_reused", OTHER)
        if known.status is None:
            running = now < known.created_at + ABANDONED
            return problem(409, "conflict", RUNNING) if running else None
        if known.response is None:
            return problem(409, "conflict", LOST)
        try:
            return _opened(self._vault.open(known.response, PURPOSE))
        except Unsealable:
            return problem(409, "conflict", LOST)

    async def mark_done(self, tx: AsyncConnection) -> None:
        """In the transaction of the effect: it happens if and only if this is stored."""
        if self._id is not None:
            await queries.update_key(tx, self._id, DONE, None)

    async def store(self, messages: list[Message]) -> None:
        """Keep the answer of a success; forget anything else."""
        if self._id is None:
            return
        status = messages[0]["status"] if messages else 500
        try:
            async with transaction(self._engine) as tx:
                if status // 100 == 2:  # noqa: PLR2004 -- 2xx
                    sealed = self._vault.seal(_packed(messages), PURPOSE)
                    await queries.update_key(tx, self._id, str(status), sealed)
                else:
                    await queries.delete_running_key(tx, self._id)
        except Exception as e:
            if not is_down(e):
                raise
            # the answer stands; a repetition will be told that it was lost
            log.warning("idempotency.not_stored", error=repr(e))


def _key(scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    if not scope["path"].startswith("/v1/"):
        return None
    given = Headers(scope=scope).get("idempotency-key")
    # a structured string has quotes, what most clients send has none
    return given.strip().removeprefix('"').removesuffix('"') if given else given


def _fingerprint(scope: Scope, body: bytes) -> bytes:
    head = f"{scope['method']} {scope['path']}?".encode() + scope["query_string"]
    return sha256(head + b"\n" + body).digest()


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body that has already been read."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _packed(messages: list[Message]) -> bytes:
    start = messages[0]
    headers = {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in start["headers"]
        if name.lower() in {b"content-type", b"location"}
    }
    body = b"".join(message.get("body", b"") for message in messages[1:])
    packed = {
        "status": start["status"],
        "headers": headers,
        "body": body.decode("latin-1"),
    }
    return json.dumps(packed).encode()


def _opened(packed: bytes) -> Response:
    kept: dict[str, Any] = json.loads(packed)
    headers = {**kept["headers"], "Idempotent-Replayed": "true"}
    return Response(kept["body"].encode("latin-1"), kept["status"], headers)
