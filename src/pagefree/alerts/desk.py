"""What happens to a request once its body is here: verify, read, store, answer."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from http import HTTPStatus
from uuid import UUID

from pagefree.alerts import metrics, reading
from pagefree.alerts.addresses import Address, Addresses, Target
from pagefree.alerts.asgi import HeaderMap, Headers, Refused, Scope
from pagefree.alerts.deliveries import deliveries_of
from pagefree.alerts.keys import keys_in
from pagefree.alerts.lane import Lane
from pagefree.alerts.limits import Gate
from pagefree.alerts.reading import (
    Noted,
    again,
    read,
    said_to_be_a_test,
    with_dedup_keys,
)
from pagefree.alerts.requests import (
    Delivery,
    Disposition,
    Request,
    Source,
    Stored,
    Taken,
    unreadable,
)
from pagefree.alerts.snapshot import Snapshot
from pagefree.alerts.verifying import UNSIGNED, Verifier, signed_moment
from pagefree.core.alerts import AlertEvent, ChangeEvent
from pagefree.core.errors import Conflict
from pagefree.core.verification import Check
from pagefree.infra.clock import Clock
from pagefree.infra.ids import new_id
from pagefree.integrations import all_kinds
from pagefree.integrations.base import (
    Answer,
    Endpoint,
    Ignored,
    Inbound,
    Parsed,
    Unreadable,
    printable,
)

KEPT_OF_OVERSIZE = 64 * 1024  # bytes
ROUTING_KEY = re.compile(rb'"(?:routing|service)_key"\s*:\s*"([0-9a-z_]{32,64})"')
HEARTBEAT = "a heartbeat, but none has the name of this integration"
BAD_KEY = "'routing_key' is missing or invalid"


@dataclass(slots=True)  # not frozen: that would cost as much as reading the headers
class Call:
    """One request, before its body is read."""

    target: Target
    told: Headers
    scope: Scope
    query: Mapping[str, str]
    method: str
    sender: str = ""  # its address

    def keys(self) -> Iterator[str]:
        """What may be its key, besides the path and the body."""
        return keys_in(HeaderMap(self.scope), self.query)


@dataclass(slots=True)
class Frame:
    """Everything about a request but what it says."""

    source: Source
    body: bytes
    told: Headers
    check: Check = Check.UNSIGNED
    context: str | None = None
    over_limit: bool = False

    def request(
        self,
        events: Sequence[AlertEvent | ChangeEvent] = (),
        deliveries: tuple[Delivery, ...] = (),
    ) -> Request:
        """The request, to be stored."""
        return Request(
            new_id(),
            self.source,
            self.body,
            self.told.content_type,
            self.told.user_agent,
            events,
            signature=self.check,
            context=self.context,
            deliveries=deliveries,
            over_limit=self.over_limit,
        )


class Desk:
    """Takes in requests whose body has been read."""

    def __init__(
        self,
        addresses: Addresses,
        lane: Lane,
        snapshot: Snapshot,
        verifier: Verifier,
        gate: Gate,
        clock: Clock,
    ) -> None:
        self._gate = gate
        self._clock = clock
        self._addresses = addresses
        self._lane = lane
        self._snapshot = snapshot
        self._verifier = verifier
        self._defaults = {k.name: k.settings({}) for k in all_kinds().values()}

    async def source(
        self, kind: str | None, keys: Iterable[str | None]
    ) -> Source | None:
        """Where the first of `keys` that we know leads, if it is of this kind."""
        for key in keys:
            if not key:
                continue
            source = self._snapshot.find(key) or await self._snapshot.look_up(key)
            if source is not None and kind in {None, source.kind}:
                return source
        return None

    async def take(
        self,
        call: Call,
        address: Address,
        source: Source | None,
        raw: bytes,
        body: bytes,
    ) -> Answer:
        """Verify, parse, store and answer."""
        endpoint = address.endpoint
        settings = source.intake.settings if source else self._defaults[address.kind]
        inbound = Inbound(
            body,
            Noted(call.scope),
            call.query,
            printable(call.target.rest),
            call.method,
            settings,
            self._clock(),
        )
        verdict = UNSIGNED
        if source is not None and source.intake.signing is not None:
            verdict = await self._verifier.verified(source, inbound, raw, call.scope)
        found = Ignored(HEARTBEAT) if call.target.is_beat else read(endpoint, inbound)
        if source is None:
            source = await self._named(address.kind, found.routing_key, call)
            if source is None:
                return _keyless(endpoint, found)
            self._gate.admit_source(source)
            if source.intake.signing is not None:
                verdict = await self._verifier.verified(
                    source, inbound, raw, call.scope
                )
            if source.intake.settings != settings:
                inbound = replace(inbound, settings=source.intake.settings)
                found = read(endpoint, inbound)
        context = reading.context_of(inbound, "" if address.is_first else endpoint.path)
        over = self._gate.is_over(source, call.sender)
        frame = Frame(source, body, call.told, verdict.check, context, over)
        if not isinstance(found, Parsed):
            return await self._aside(endpoint, frame, found, call.target.answer)
        moment = signed_moment(source, verdict, raw, call.scope)
        deliveries = deliveries_of(source, found, body, moment)
        found = with_dedup_keys(found)
        request = frame.request(found.events, deliveries)
        taken = await self._lane.submit(request)
        return call.target.answer or _accepted(endpoint, found, taken)

    async def _named(self, kind: str, key: str | None, call: Call) -> Source | None:
        """Where the key in a body leads, else one beside it."""
        source = self._snapshot.find(key) if key else None
        if source is not None and source.kind == kind:
            return source
        return await self.source(kind, [key, *call.keys()])

    async def _aside(
        self,
        endpoint: Endpoint,
        frame: Frame,
        found: Unreadable | Ignored,
        answer: Answer | None,
    ) -> Answer:
        """Keep what a known sender said; only the strict APIs tell their developers."""
        request = frame.request()
        if isinstance(found, Ignored):
            await self._lane.submit(_ignored(request, found.reason))
            return answer or found.answer or endpoint.accepted(Parsed(()), request.id)
        await self._lane.submit(
            unreadable(request, str(found), tell=not endpoint.strict)
        )
        if endpoint.strict:
            return endpoint.refused(HTTPStatus.BAD_REQUEST, found.errors)
        return Answer(202, {"status": "quarantined", "errors": list(found.errors)})

    async def oversize(
        self, call: Call, address: Address, source: Source | None, start: bytes
    ) -> Answer:
        """Refuse the body, but keep its beginning, so that the loss can be seen."""
        kept, endpoint = start[:KEPT_OF_OVERSIZE], address.endpoint
        if source is None:
            found = ROUTING_KEY.search(kept)
            key = found[1].decode() if found else None
            keys = [key, *call.keys()]
            source = await self.source(address.kind, keys)
        reason = f"the body is larger than {endpoint.body_limit} bytes"
        metrics.REFUSED.labels("oversize").inc()
        if source is not None:
            digest = sha256(kept).hexdigest()
            error = f"{reason}; kept: the first {len(kept)}, sha256 {digest}"
            request = Frame(source, kept, call.told).request()
            await self._lane.submit(unreadable(request, error))
        return endpoint.refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, [reason])

    async def send_sample(self, integration_id: UUID) -> Taken:
        """Take in the sample of an integration, as if it had been posted. Raises Conflict."""
        source = await self._reachable(integration_id)
        kind = all_kinds()[source.kind]
        parsed = kind.integration.endpoints[0].parse(kind.test)
        parsed = reading.with_dedup_keys(parsed)
        headers = Headers("application/json", "PageFree test alert")
        events = [said_to_be_a_test(event) for event in parsed.events]
        frame = Frame(source, kind.test.body, headers)
        return await self._lane.submit(frame.request(events))

    async def replay(self, integration_id: UUID, stored: Stored) -> Taken:
        """Take in a stored request once more, whatever became of it. Raises Conflict."""
        source = await self._reachable(integration_id)
        headers = Headers(stored.content_type, "PageFree replay")
        frame = Frame(source, stored.body, headers, context=stored.context)
        try:
            settings = source.intake.settings
            parsed = again(all_kinds()[source.kind], stored, settings)
        except Ignored as e:
            return await self._lane.submit(_ignored(frame.request(), e.reason))
        except Unreadable as e:
            return await self._lane.submit(unreadable(frame.request(), str(e)))
        return await self._lane.submit(frame.request(parsed.events))

    async def _reachable(self, integration_id: UUID) -> Source:
        source = await self._snapshot.of_integration(integration_id)
        if source is None:
            raise Conflict("the integration is switched off or has no valid key")
        return source


def _keyless(endpoint: Endpoint, found: Parsed | Unreadable | Ignored) -> Answer:
    """Nobody we know; a body that cannot be read may be why."""
    if isinstance(found, Unreadable):
        metrics.REFUSED.labels("unreadable").inc()
        return endpoint.refused(HTTPStatus.BAD_REQUEST, [BAD_KEY, *found.errors])
    raise Refused(HTTPStatus.BAD_REQUEST, BAD_KEY)


def _accepted(endpoint: Endpoint, parsed: Parsed, taken: Taken) -> Answer:
    """What the sender was told when this came for the first time."""
    if taken.repeats is None:
        return endpoint.accepted(parsed, taken.request_id)
    parsed = reading.as_the_first(parsed, taken.repeats.dedup_keys)
    return endpoint.accepted(parsed, taken.repeats.request_id)


def _ignored(request: Request, reason: str) -> Request:
    return replace(request, outcome=Disposition.IGNORED, error=reason)
