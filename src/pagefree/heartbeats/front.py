"""Where jobs ping: a bare ASGI callable in front of everything, answered after the commit."""

import asyncio
import os
import platform
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus

import structlog

from pagefree.alerts.asgi import (
    App,
    HeaderMap,
    HungUp,
    Message,
    Receive,
    Scope,
    Send,
    TooSlow,
    headers_of,
    query_of,
    send_answer,
)
from pagefree.alerts.ingest import CONNECT_TIMEOUT_S, LANE_SETTINGS
from pagefree.alerts.keys import keys_in
from pagefree.core.errors import PageFreeError
from pagefree.core.heartbeats import Ping
from pagefree.heartbeats.addresses import (
    METHODS,
    Asked,
    Malformed,
    Protocol,
    asked,
    beating,
    named,
    protocol_of,
    run_id,
)
from pagefree.heartbeats.lane import PingLane
from pagefree.heartbeats.pings import Arrived, Heard
from pagefree.infra.clock import Clock
from pagefree.infra.connecting import connect
from pagefree.infra.db import Connection
from pagefree.infra.ids import new_id
from pagefree.integrations.base import Answer

KEPT_BODY = 10_000  # bytes
BODY_S = 10.0  # until the end of a body
BODY_LIMIT = ("Ping-Body-Limit", str(KEPT_BODY))
CLOSED = "busy: try again in a moment"
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # the lane says when a ping came

ANSWERS = {
    Heard.OK: (HTTPStatus.OK, "OK"),
    Heard.CREATED: (HTTPStatus.CREATED, "Created"),
    Heard.UNKNOWN: (HTTPStatus.NOT_FOUND, "not found"),
    Heard.UNKNOWN_KEY: (HTTPStatus.NOT_FOUND, "not found"),
    Heard.AMBIGUOUS: (HTTPStatus.CONFLICT, "ambiguous slug"),
}
OPSGENIE_ANSWERS = {
    Heard.OK: (HTTPStatus.ACCEPTED, "PONG - Heartbeat received"),
    Heard.CREATED: (HTTPStatus.ACCEPTED, "PONG - Heartbeat received"),
    Heard.UNKNOWN: (HTTPStatus.NOT_FOUND, "There is no heartbeat of this name"),
    Heard.UNKNOWN_KEY: (HTTPStatus.UNAUTHORIZED, "Could not authenticate"),
    Heard.AMBIGUOUS: (HTTPStatus.CONFLICT, "Several heartbeats have this name"),
}
ONCALL_ANSWERS = {
    Heard.OK: (HTTPStatus.OK, "Ok."),
    Heard.AMBIGUOUS: (HTTPStatus.CONFLICT, "several heartbeats have this name"),
}
IN_WORDS = {
    Protocol.HEALTHCHECKS: ANSWERS,
    Protocol.OPSGENIE: OPSGENIE_ANSWERS,
    Protocol.ONCALL: ONCALL_ANSWERS,
}
# whoever has no heartbeat yet reads of it in the log of the integration
NOBODYS = frozenset({Heard.UNKNOWN, Heard.UNKNOWN_KEY})

log = structlog.get_logger()


class Pings:
    """Takes in pings, and passes everything else on.

    Stand it in front of the app, and keep it `running` for as long as the app runs.
    """

    def __init__(self, database_url: str, clock: Clock) -> None:
        self._database_url = database_url
        name = f"{platform.node()}:{os.getpid()}:{new_id().hex[-8:]}"
        self._lane = PingLane(name, self._connect, clock)

    async def _connect(self) -> Connection:
        return await connect(
            self._database_url, LANE_SETTINGS, timeout_s=CONNECT_TIMEOUT_S
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Pings"]:
        """Store pings for as long as the block runs."""
        async with self._lane.running():
            yield self

    def in_front_of(self, app: App) -> App:
        """`app`, with the addresses of pings taken out."""

        async def front(scope: Scope, receive: Receive, send: Send) -> None:
            is_http = scope["type"] == "http"
            protocol = protocol_of(scope["path"]) if is_http else None
            if protocol is None:
                await app(scope, receive, send)
            elif not await self._served(protocol, scope, receive, send):
                await app(scope, _nothing_more, send)

        return front

    async def _served(
        self, protocol: Protocol, scope: Scope, receive: Receive, send: Send
    ) -> bool:
        """Whether it was answered; what goes wrong is a 503: senders try again then."""
        try:
            heard = await self._heard(protocol, scope, receive)
            if protocol is Protocol.ONCALL and heard in NOBODYS:
                return False
            answer = _answer(protocol, heard)
        except HungUp:
            return True
        except Malformed as e:
            answer = _told(protocol, e.status, str(e))
        except (TooSlow, PageFreeError) as e:
            answer = _told(protocol, HTTPStatus.SERVICE_UNAVAILABLE, str(e))
        except Exception:
            log.exception("ping.failed")
            answer = _told(protocol, HTTPStatus.SERVICE_UNAVAILABLE, CLOSED)
        if scope["method"] == "HEAD":
            answer = Answer(answer.status, None, answer.headers)
        await send_answer(answer, send)
        return True

    async def _heard(self, protocol: Protocol, scope: Scope, receive: Receive) -> Heard:
        method, query = scope["method"], query_of(scope)
        if method not in METHODS[protocol]:
            raise Malformed(HTTPStatus.METHOD_NOT_ALLOWED, "method not allowed")
        if protocol is Protocol.OPSGENIE:
            key = next(iter(keys_in(HeaderMap(scope), query)), None)
            wanted = named(scope["path"], key)
        elif protocol is Protocol.ONCALL:
            wanted = beating(scope["path"])
        else:
            wanted = asked(scope["path"], query)
        ping = Ping(wanted.kind, NO_TIME, run_id(query))
        body = await _beginning(receive)
        return await self._lane.submit(_arrived(scope, wanted, ping, body))


async def _nothing_more() -> Message:
    """The body of a request that was read already."""
    return {"type": "http.request", "body": b"", "more_body": False}


def _arrived(scope: Scope, wanted: Asked, ping: Ping, body: bytes) -> Arrived:
    client = scope.get("client")
    return Arrived(
        to=wanted.to,
        ping=ping,
        method=scope["method"],
        exit_status=wanted.exit_status,
        remote_address=client[0] if client else "",
        user_agent=headers_of(scope).user_agent,
        body=body,
    )


async def _beginning(receive: Receive) -> bytes:
    """The first bytes of the body, read to its end. Raises HungUp and TooSlow."""
    try:
        async with asyncio.timeout(BODY_S):
            return await _read(receive)
    except TimeoutError as e:
        raise TooSlow from e


async def _read(receive: Receive) -> bytes:
    kept, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HungUp
        kept += message.get("body", b"")[: KEPT_BODY - len(kept)]
        more = message.get("more_body", False)
    return kept


def _answer(protocol: Protocol, heard: Heard) -> Answer:
    status, text = IN_WORDS[protocol][heard]
    return _told(protocol, status, text)


def _told(protocol: Protocol, status: HTTPStatus, text: str) -> Answer:
    allow = [("Allow", ", ".join(METHODS[protocol]))]
    headers = allow if status == HTTPStatus.METHOD_NOT_ALLOWED else []
    if protocol is Protocol.ONCALL:
        return Answer(status, text, headers)
    if protocol is Protocol.HEALTHCHECKS:
        return Answer(status, text, [*headers, BODY_LIMIT])
    said = "result" if status == HTTPStatus.ACCEPTED else "message"
    body = {said: text, "took": 0.0, "requestId": str(new_id())}
    return Answer(status, body, headers)
