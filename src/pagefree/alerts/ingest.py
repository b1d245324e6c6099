"""Where monitoring tools post to: a bare ASGI callable in front of the framework.

Authenticate in memory, cap the body, verify, parse, wait for the commit, answer. The answer
decides whether the sender loses the alert: what is authenticated but cannot be read is
stored and accepted, and when nothing can be stored the sender is told to come again.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

import structlog

from pagefree.alerts import metrics
from pagefree.alerts.addresses import Address, Addresses, Target
from pagefree.alerts.asgi import (
    App,
    HungUp,
    Limited,
    Oversize,
    Receive,
    Refused,
    Scope,
    Send,
    TooSlow,
    body_of,
    headers_of,
    inflated,
    query_of,
    send_answer,
)
from pagefree.alerts.desk import Call, Desk
from pagefree.alerts.lane import Lane, Limits
from pagefree.alerts.limits import Gate, Rates
from pagefree.alerts.requests import Source, Stored, Taken
from pagefree.alerts.snapshot import Snapshot
from pagefree.alerts.verifying import Http, Verifier
from pagefree.core.errors import PageFreeError
from pagefree.infra.client_address import address_of
from pagefree.infra.clock import Clock
from pagefree.infra.connecting import connect
from pagefree.infra.crypto import Vault
from pagefree.infra.db import SESSION_SETTINGS, Connection, create_engine
from pagefree.infra.listen import Listener
from pagefree.integrations import all_kinds
from pagefree.integrations.base import Answer
from pagefree.integrations.base import Refused as Refusal
from pagefree.integrations.base import refused as usually_refused

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


class Ingest:
    """Takes in what monitoring tools send, and passes everything else on.

    Stand it in front of the app (`in_front_of`), and keep it `running` for as long as the
    app runs.
    """

    def __init__(
        self,
        database_url: str,
        clock: Clock,
        *,
        limits: Limits | None = None,
        vault: Vault | None = None,
        http: Http | None = None,
        gate: Gate | None = None,
    ) -> None:
        self._database_url = database_url
        self._clock = clock
        self._engine = create_engine(database_url, pool_size=1)
        limits = limits or Limits()
        self._body_s = limits.body_s
        self._addresses = Addresses(all_kinds().values())
        self.snapshot = snapshot = Snapshot(self._engine, clock, vault)
        self._lane = Lane(self._connect, clock, limits, lambda: snapshot.rulebook)
        self._gate = gate = gate or Gate(Rates(), clock)
        self._verifier = Verifier(self._engine, snapshot, self._lane, http, clock)
        self._desk = Desk(
            self._addresses, self._lane, snapshot, self._verifier, gate, clock
        )

    async def _connect(self) -> Connection:
        return await connect(
            self._database_url, LANE_SETTINGS, timeout_s=CONNECT_TIMEOUT_S
        )

    @asynccontextmanager
    async def running(self, listener: Listener) -> AsyncIterator["Ingest"]:
        """Store requests, and follow changes of keys, for as long as the block runs."""
        tasks = [
            asyncio.create_task(self._lane.run(), name="ingest.lane"),
            asyncio.create_task(self.snapshot.follow(listener), name="ingest.snapshot"),
            asyncio.create_task(self._verifier.keep_keys(), name="ingest.keys"),
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
        find = self._addresses.find

        async def front(scope: Scope, receive: Receive, send: Send) -> None:
            target = find(scope["path"]) if scope["type"] == "http" else None
            if target is None or _left_to_the_app(target, scope["method"]):
                await app(scope, receive, send)
            else:
                await self._serve(target, scope, receive, send)

        return front

    async def send_sample(self, integration_id: UUID) -> Taken:
        """Take in the sample of an integration, as if it had been posted. Raises Conflict."""
        return await self._desk.send_sample(integration_id)

    async def replay(self, integration_id: UUID, stored: Stored) -> Taken:
        """Take in a stored request once more, whatever became of it. Raises Conflict."""
        return await self._desk.replay(integration_id, stored)

    async def knows(self, kind: str, key: str) -> bool:
        """Whether `key` belongs to an integration of this kind that is switched on."""
        return await self._desk.source(kind, [key]) is not None

    async def take(
        self, kind: str, key: str, body: bytes, told: Mapping[str, str], rest: str
    ) -> Answer:
        """Take in what came by another way than HTTP; `told` stands for its headers.

        Raises PageFreeError: then nothing may be stored. Raises Refused.
        """
        address = self._addresses.first(kind)
        source = await self._desk.source(kind, [key])
        if address is None or source is None:
            raise Refused(HTTPStatus.NOT_FOUND, "unknown key")
        self._gate.admit_source(source)
        headers = [
            (n.encode(), v.encode("latin-1", "replace")) for n, v in told.items()
        ]
        scope: Scope = {"headers": headers}
        target = Target(address, key, rest)
        call = Call(target, headers_of(scope), scope, {}, "POST")
        return await self._desk.take(call, address, source, body, body)

    async def _serve(
        self, target: Target, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer. What goes wrong here is a 503, never a 500: senders try again then."""
        unread, refused = False, _refusal(target)
        try:
            answer = await self._answer(target, scope, receive)
        except HungUp:
            metrics.REFUSED.labels("hung up").inc()
            return
        except Refused as e:
            metrics.REFUSED.labels(e.reason).inc()
            status = _limited(target) if isinstance(e, Limited) else e.status
            answer = refused(status, [e.reason])
            answer = replace(answer, headers=[*answer.headers, *e.headers])
        except TooSlow as e:  # 408 would be the word, but few senders try again then
            metrics.REFUSED.labels("too slow").inc()
            unread = True
            answer = refused(HTTPStatus.SERVICE_UNAVAILABLE, [str(e)])
        except PageFreeError as e:
            metrics.REFUSED.labels("unavailable").inc()
            answer = refused(HTTPStatus.SERVICE_UNAVAILABLE, [str(e)])
        except Exception:
            log.exception("ingest.failed", kind=_kind(target))
            metrics.REFUSED.labels("failed").inc()
            reasons = ["this could not be stored"]
            answer = refused(HTTPStatus.SERVICE_UNAVAILABLE, reasons)
        unread = unread or answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        await send_answer(answer, send, close=unread)

    async def _answer(self, target: Target, scope: Scope, receive: Receive) -> Answer:
        call = Call(
            target,
            headers_of(scope),
            scope,
            query_of(scope),
            scope["method"],
            address_of(scope),
        )
        self._gate.admit(call.sender)
        address = target.address
        if address is not None:
            _check_method(address, call.method)
        source: Source | None = None
        if address is None or not address.endpoint.key_in_body:
            source = await self._known(call)
            address = address or self._addresses.first(source.kind)
            if address is None:
                raise Refused(HTTPStatus.NOT_FOUND, "unknown key")
        endpoint = address.endpoint
        try:
            raw = await body_of(receive, endpoint.body_limit, self._body_s)
            body = inflated(raw, call.told.encoding, endpoint.body_limit)
        except Oversize as e:
            return await self._desk.oversize(call, address, source, e.start)
        return await self._desk.take(call, address, source, raw, body)

    async def _known(self, call: Call) -> Source:
        """Who sends this, before the body is read. Raises Refused."""
        target, kind = call.target, _kind(call.target)
        keys = [target.key] if target.key else call.keys()
        source = await self._desk.source(kind, keys)
        if source is None:
            status = HTTPStatus.NOT_FOUND if target.key else HTTPStatus.UNAUTHORIZED
            raise Refused(status, "unknown key")
        self._gate.admit_source(source)
        return source


def _left_to_the_app(target: Target, method: str) -> bool:
    address = target.address
    if address is None or address.endpoint.left_to_the_app is None:
        return False
    return address.endpoint.left_to_the_app(method, target.rest)


def _kind(target: Target) -> str | None:
    return target.address.kind if target.address else None


def _limited(target: Target) -> HTTPStatus:
    usual = HTTPStatus.SERVICE_UNAVAILABLE
    return target.address.endpoint.limited if target.address else usual


def _refusal(target: Target) -> Refusal:
    return target.address.endpoint.refused if target.address else usually_refused


def _check_method(address: Address, method: str) -> None:
    if method not in address.methods:
        allowed = ", ".join(sorted(address.methods))
        reason = "method not allowed"
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, reason, [("allow", allowed)])
