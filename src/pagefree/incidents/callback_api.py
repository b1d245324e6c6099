"""The address that providers call: each channel checks for itself who calls it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.background import BackgroundTask

from pagefree.accounts import channel_configs
from pagefree.channels import all_channels
from pagefree.channels.base import (
    Callback,
    CallbackRefused,
    Received,
    Transports,
)
from pagefree.core.errors import DeliveryError, NotFound
from pagefree.incidents import answers
from pagefree.incidents.answers import Event
from pagefree.infra.db import is_down, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.web import Now

MOST_BYTES = 64 * 1024
MOST_EVENTS = 100
RECEIPT_TRIES = 4  # a provider may be faster than we write down what it has taken
RECEIPT_WAIT_S = 0.25
RETRY_AFTER = {"Retry-After": "5"}

log = structlog.get_logger()
router = APIRouter(include_in_schema=False)


@router.api_route("/v1/channels/{kind}/callbacks/{path:path}", methods=["GET", "POST"])
async def take_callback(kind: str, path: str, request: Request, now: Now) -> Response:
    """Take in what a provider tells.

    It is never answered 5xx: providers would call again and again, or give the address up.
    """
    channel = all_channels().get(kind)
    if channel is None or channel.receive is None:
        return Response(status_code=404)
    body = await _body(request)
    if body is None:
        return Response(status_code=413)
    try:
        received = await _received(request, kind, _callback(request, path, body, now))
        lines = await _take(request.app.state.engine, kind, received.events, now)
    except CallbackRefused:
        log.warning("callback.refused", channel=kind)
        return Response(status_code=403)
    except NotFound:
        return Response(status_code=404)
    except Exception as e:
        if is_down(e):
            return Response(status_code=429, headers=RETRY_AFTER)
        log.exception("callback.failed", channel=kind)
        return Response(status_code=400)
    return _answered(received, " ".join(lines), request.app.state.transports)


def _answered(received: Received, line: str, transports: Transports) -> Response:
    """The answer of the channel; what it has to tell in another way is told after it."""
    content = received.body
    if received.respond is not None:
        content = received.respond(line)
    told = BackgroundTask(_tell, received, line, transports) if line else None
    return Response(
        content, received.status, media_type=received.content_type, background=told
    )


async def _tell(received: Received, line: str, transports: Transports) -> None:
    if received.tell is None:
        return
    try:
        await received.tell(transports, line)
    except DeliveryError as e:
        log.info("callback.untold", error=str(e))


async def _body(request: Request) -> bytes | None:
    """The body; none if it is too large."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def _callback(request: Request, path: str, body: bytes, now: datetime) -> Callback:
    raw = request.scope.get("raw_path") or request.url.path.encode()
    query = request.scope["query_string"].decode("latin-1")
    url = request.app.state.base_url + raw.partition(b"?")[0].decode("latin-1")
    return Callback(
        method=request.method,
        path=path,
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        public_url=f"{url}?{query}" if query else url,
        now=now,
    )


async def _received(request: Request, kind: str, callback: Callback) -> Received:
    """What the channel makes of it. It may ask its provider back: no transaction is open."""
    state, channel = request.app.state, all_channels()[kind]
    if channel.receive is None:
        raise NotFound("this channel hears nothing")
    async with transaction(state.engine) as tx:
        config = await channel_configs.opened(tx, kind, state.vault)
    return await channel.receive(state.transports, config, callback)


async def _take(
    engine: AsyncEngine, kind: str, events: Sequence[Event], now: datetime
) -> list[str]:
    """Each event in a transaction of its own: one that fails does not undo the others."""
    lines = []
    for event in events[:MOST_EVENTS]:
        line = await _take_one(engine, kind, event, now)
        if line:
            lines.append(line)
    return lines


async def _take_one(
    engine: AsyncEngine, kind: str, event: Event, now: datetime
) -> str | None:
    for _ in range(RECEIPT_TRIES):
        try:
            async with transaction(engine) as tx:
                line = await answers.take(tx, kind, event, now)
                failpoint("callbacks.before_commit")
        except LookupError:
            await asyncio.sleep(RECEIPT_WAIT_S)
        else:
            failpoint("callbacks.after_commit")
            return line
    log.info("callback.unknown_message", channel=kind)
    return None
