"""Where monitoring tools post to: a bare ASGI callable in front of the framework.

Authenticate in memory, cap the body, parse, wait for the commit, answer. The answer
decides whether the sender loses the alert: what is authenticated but cannot be read is
stored and accepted, and when nothing can be stored the sender is told to come again.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from http import HTTPStatus
from uuid import UUID

import asyncpg
import structlog

from pagefree.alerts import metrics
from pagefree.alerts.asgi import (
    App,
    HeaderMap,
    Headers,
    HungUp,
    Oversize,
    Receive,
    Scope,
    Send,
    TooSlow,
    body_of,
    headers_of,
    query_of,
    send_answer,
)
from pagefree.alerts.lane import Lane, Limits
from pagefree.alerts.requests import Request, Source, Taken, unreadable
from pagefree.alerts.snapshot import Snapshot
from pagefree.core.alerts import TITLE_LENGTH, AlertEvent, ChangeEvent
from pagefree.core.errors import Conflict, PageFreeError
from pagefree.infra.clock import Clock
from pagefree.infra.db import SESSION_SETTINGS, Connection, create_engine
from pagefree.infra.ids import new_id
from pagefree.infra.listen import Listener
from pagefree.integrations import all_kinds
from pagefree.integrations.base import (
    Answer,
    Endpoint,
    Ignored,
    Inbound,
    Parsed,
    Unreadable,
)

KEPT_OF_OVERSIZE = 64 * 1024  # bytes
ROUTING_KEY = re.compile(rb'"routing_key"\s*:\s*"([0-9a-z_]{32,64})"')
BAD_KEY = "'routing_key' is missing or invalid"
CONNECT_TIMEOUT_S = 2.0
# Every look-up is by an index, whatever the statistics of a table that was empty when the
# statement was first planned say.
LANE_SETTINGS = {
    **SESSION_SETTINGS,
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}

log = structlog.get_logger()


class Refused(Exception):
    """Not a request of a sender we know."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint, and the key where the address has it."""

    kind: str
    endpoint: Endpoint
    key: str | None


class Ingest:
    """Takes in what monitoring tools send, and passes everything else on.

    Stand it in front of the app (`in_front_of`), and keep it `running` for as long as the
    app runs.
    """

    def __init__(
        self, database_url: str, clock: Clock, *, limits: Limits | None = None
    ) -> None:
        self._database_url = database_url
        self._engine = create_engine(database_url, pool_size=1)
        limits = limits or Limits()
        self._body_s = limits.body_s
        self._lane = Lane(self._connect, clock, limits)
        self.snapshot = Snapshot(self._engine, clock)
        self._endpoints = {
            endpoint.path: (kind.name, endpoint)
            for kind in all_kinds().values()
            for endpoint in kind.integration.endpoints
        }

    async def _connect(self) -> Connection:
        return await asyncpg.connect(
            self._database_url, server_settings=LANE_SETTINGS, timeout=CONNECT_TIMEOUT_S
        )

    @asynccontextmanager
    async def running(self, listener: Listener) -> AsyncIterator["Ingest"]:
        """Store requests, and follow changes of keys, for as long as the block runs."""
        tasks = [
            asyncio.create_task(self._lane.run(), name="ingest.lane"),
            asyncio.create_task(self.snapshot.follow(listener), name="ingest.snapshot"),
        ]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._engine.dispose()

    def in_front_of(self, app: App) -> App:
        """`app`, with the addresses of ingest taken out."""

        async def front(scope: Scope, receive: Receive, send: Send) -> None:
            target = self._target(scope["path"]) if scope["type"] == "http" else None
            if target is None:
                await app(scope, receive, send)
            else:
                await self._serve(target, scope, receive, send)

        return front

    async def send_sample(self, integration_id: UUID) -> Taken:
        """Take in the sample of an integration, as if it had been posted. Raises Conflict."""
        source = await self.snapshot.of_integration(integration_id)
        if source is None:
            raise Conflict("the integration is switched off or has no valid key")
        kind = all_kinds()[source.kind]
        parsed = kind.integration.endpoints[0].parse(kind.test)
        headers = Headers("application/json", "PageFree test alert")
        events = [_said_to_be_a_test(event) for event in parsed.events]
        return await self._lane.submit(
            _request(source, kind.test.body, headers, events)
        )

    def _target(self, path: str) -> Target | None:
        found = self._endpoints.get(path)
        if found is not None:
            return Target(*found, None)
        start, _, key = path.rpartition("/")
        found = self._endpoints.get(start)
        if found is None or found[1].key_in_body:
            return None
        return Target(*found, key or None)

    async def _serve(
        self, target: Target, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer. What goes wrong here is a 503, never a 500: senders try again then."""
        unread = False
        try:
            answer = await self._answer(target, scope, receive)
        except HungUp:
            metrics.REFUSED.labels("hung up").inc()
            return
        except Refused as e:
            metrics.REFUSED.labels(e.reason).inc()
            answer = target.endpoint.refused(e.status, [e.reason])
        except TooSlow as e:  # 408 would be the word, but few senders try again then
            metrics.REFUSED.labels("too slow").inc()
            unread = True
            answer = target.endpoint.refused(HTTPStatus.SERVICE_UNAVAILABLE, [str(e)])
        except PageFreeError as e:
            metrics.REFUSED.labels("unavailable").inc()
            answer = target.endpoint.refused(HTTPStatus.SERVICE_UNAVAILABLE, [str(e)])
        except Exception:
            log.exception("ingest.failed", path=target.endpoint.path)
            metrics.REFUSED.labels("failed").inc()
            reasons = ["this could not be stored"]
            answer = target.endpoint.refused(HTTPStatus.SERVICE_UNAVAILABLE, reasons)
        unread = unread or answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        await send_answer(answer, send, close=unread)

    async def _answer(self, target: Target, scope: Scope, receive: Receive) -> Answer:
        if scope["method"] != "POST":
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "method not allowed")
        endpoint, headers = target.endpoint, headers_of(scope)
        source: Source | None = None
        if not endpoint.key_in_body:
            source = await self._known(target, headers)
        try:
            body = await body_of(receive, endpoint.body_limit, self._body_s)
        except Oversize as e:
            return await self._oversize(target, source, headers, e.start)
        inbound = Inbound(
            body, HeaderMap(scope), query_of(scope), "", scope["method"], None
        )
        read = _read(endpoint, inbound)
        if source is None:
            key = read.routing_key or headers.routing_key
            source = await self._source(target.kind, key)
        if isinstance(read, Unreadable):
            return await self._unreadable(endpoint, source, headers, body, read)
        if source is None:
            raise Refused(HTTPStatus.BAD_REQUEST, BAD_KEY)
        if isinstance(read, Ignored):
            taken = await self._lane.submit(_request(source, body, headers, ()))
            return read.answer or endpoint.accepted(Parsed(()), taken.request_id)
        read = _with_dedup_keys(read)
        request = _request(source, body, headers, read.events)
        await self._lane.submit(request)
        return endpoint.accepted(read, request.id)

    async def _known(self, target: Target, headers: Headers) -> Source:
        """Who sends this, before the body is read. Raises Refused."""
        source = await self._source(target.kind, target.key or headers.bearer)
        if source is None:
            in_path = target.key is not None
            status = HTTPStatus.NOT_FOUND if in_path else HTTPStatus.UNAUTHORIZED
            raise Refused(status, "unknown key")
        return source

    async def _source(self, kind: str, key: str | None) -> Source | None:
        if not key:
            return None
        source = self.snapshot.find(key) or await self.snapshot.look_up(key)
        return source if source is not None and source.kind == kind else None

    async def _unreadable(
        self,
        endpoint: Endpoint,
        source: Source | None,
        headers: Headers,
        body: bytes,
        reason: Unreadable,
    ) -> Answer:
        """Keep what a known sender said; only the strict APIs tell their developers."""
        if source is None:
            metrics.REFUSED.labels("unreadable").inc()
            return endpoint.refused(HTTPStatus.BAD_REQUEST, [BAD_KEY, *reason.errors])
        request = _request(source, body, headers, ())
        await self._lane.submit(
            unreadable(request, str(reason), tell=not endpoint.strict)
        )
        if endpoint.strict:
            return endpoint.refused(HTTPStatus.BAD_REQUEST, reason.errors)
        return Answer(202, {"status": "quarantined", "errors": list(reason.errors)})

    async def _oversize(
        self, target: Target, source: Source | None, headers: Headers, start: bytes
    ) -> Answer:
        """Refuse the body, but keep its beginning, so that the loss can be seen."""
        kept, limit = start[:KEPT_OF_OVERSIZE], target.endpoint.body_limit
        if source is None:
            found = ROUTING_KEY.search(kept)
            key = found[1].decode() if found else headers.routing_key
            source = await self._source(target.kind, key)
        reason = f"the body is larger than {limit} bytes"
        metrics.REFUSED.labels("oversize").inc()
        if source is not None:
            digest = sha256(kept).hexdigest()
            error = f"{reason}; kept: the first {len(kept)}, sha256 {digest}"
            request = _request(source, kept, headers, ())
            await self._lane.submit(unreadable(request, error))
        return target.endpoint.refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, [reason])


def _read(endpoint: Endpoint, inbound: Inbound) -> Parsed | Unreadable | Ignored:
    try:
        return endpoint.parse(inbound)
    except (Unreadable, Ignored) as e:
        return e
    except Exception as e:
        log.exception("ingest.parse_failed", path=endpoint.path)
        return Unreadable([f"PageFree could not read this: {type(e).__name__}"])


def _said_to_be_a_test(event: AlertEvent | ChangeEvent) -> AlertEvent | ChangeEvent:
    """`event`; whoever is paged by a sample reads that nothing has happened."""
    if isinstance(event, ChangeEvent) or "test" in event.title.lower():
        return event
    return replace(event, title=f"Test: {event.title}"[:TITLE_LENGTH])


def _with_dedup_keys(parsed: Parsed) -> Parsed:
    """`parsed`; an event without a dedup key gets one of its own."""
    if all(not isinstance(e, AlertEvent) or e.dedup_key for e in parsed.events):
        return parsed
    return replace(parsed, events=[_with_dedup_key(e) for e in parsed.events])


def _with_dedup_key(event: AlertEvent | ChangeEvent) -> AlertEvent | ChangeEvent:
    if isinstance(event, ChangeEvent) or event.dedup_key:
        return event
    return replace(event, dedup_key=new_id().hex)


def _request(
    source: Source,
    body: bytes,
    headers: Headers,
    events: Sequence[AlertEvent | ChangeEvent],
) -> Request:
    return Request(
        new_id(), source, body, headers.content_type, headers.user_agent, events
    )
