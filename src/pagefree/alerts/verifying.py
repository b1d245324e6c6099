"""Whether a request comes from whom it says: the step between body and parser."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.alerts import metrics
from pagefree.alerts.asgi import HEADER_LENGTH, HeaderMap, Refused, Scope
from pagefree.alerts.lane import Lane
from pagefree.alerts.requests import Disposition, Request, Source
from pagefree.alerts.snapshot import Snapshot
from pagefree.core.errors import PageFreeError, Unavailable
from pagefree.core.signatures import BODY, Hmac, Signed
from pagefree.core.verification import Check, Verdict, verify
from pagefree.infra.clock import Clock
from pagefree.infra.db import transaction
from pagefree.infra.http import Unreachable
from pagefree.infra.http_connection import Reply
from pagefree.infra.identity_tokens import Jwk
from pagefree.infra.ids import new_id
from pagefree.infra.key_sets import KeySets
from pagefree.integrations import all_kinds
from pagefree.integrations.base import Finding, Inbound, Outside
from pagefree.services import intake

log = structlog.get_logger()

MINUTE_S = 60
MOST_REJECTED = 30  # stored a minute for each integration; more are only counted
KEPT = 64 * 1024  # bytes of a rejected request
MOST_KEPT = 100  # answers
KEPT_S = 12 * 3600
KEYS_S = 1.0  # between two looks at whose keys are needed
OK = 200
BAD_SIGNATURE = "the signature is missing or wrong"

UNSIGNED = Verdict(Check.UNSIGNED)
UNREADABLE = Verdict(
    Check.REJECTED, "who may send is not understood: save the settings once more"
)


class Http(Protocol):
    """Fetches what is on the internet."""

    async def get(self, url: str, headers: Mapping[str, str]) -> Reply:
        """Raises Unreachable."""


class World:
    """What verifiers may ask of others; certificates are asked for once."""

    def __init__(self, http: Http | None) -> None:
        self._http = http
        self._kept: dict[str, tuple[float, bytes]] = {}
        self.keys = KeySets(self.fetch)

    async def fetch(self, url: str) -> bytes:
        """What is at `url`. Raises Unreachable."""
        if self._http is None:
            raise Unreachable
        reply = await self._http.get(url, {"Accept": "*/*"})
        if reply.status != OK:
            raise Unreachable(sent=True)
        return reply.body

    async def fetch_kept(self, url: str) -> bytes:
        """The same, kept for hours."""
        at = asyncio.get_running_loop().time()
        kept = self._kept.get(url)
        if kept is not None and at - kept[0] < KEPT_S:
            return kept[1]
        body = await self.fetch(url)
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[url] = (at, body)
        return body


class _Asked:
    """The world at one instant."""

    def __init__(self, world: World, now: datetime) -> None:
        self.now = now
        self._keys = world.keys
        self.fetch = world.fetch
        self.fetch_kept = world.fetch_kept

    async def public_key(self, issuer: str, number: str) -> Jwk | None:
        """A key that an issuer publishes. Raises Unreachable while its keys are not known."""
        return await self._keys.find(issuer, number, self.now)


async def finding(
    source: Source, inbound: Inbound, signed: Signed, world: World, now: datetime
) -> Finding:
    """What the signature of a request is worth. Raises Unavailable."""
    signing = source.intake.signing
    if signing is None:
        return Finding(UNSIGNED)
    if signing.unreadable:
        return Finding(UNREADABLE)
    verify_elsewhere = all_kinds()[source.kind].integration.verify
    if verify_elsewhere is not None and signing.elsewhere:
        outside: Outside = _Asked(world, now)
        # not the headers that a parser has asked for: those are shown in the log
        inbound = replace(inbound, headers=signed.headers)
        try:
            return await verify_elsewhere(inbound, outside)
        except Unreachable as e:
            raise Unavailable("the signature cannot be verified now") from e
    secrets = signing.active(now)
    return Finding(verify(signing.scheme, signed, secrets, signing.required, now))


def signed_moment(source: Source, verdict: Verdict, raw: bytes, scope: Scope) -> bytes:
    """What a verified request can be told by while its signature is good; else b"".

    Not the signature itself: a header may list several, in any order.
    """
    signing = source.intake.signing
    if signing is None or verdict.check is not Check.VERIFIED:
        return b""
    signed = Signed(raw, HeaderMap(scope))
    for way in signing.ways:
        if isinstance(way, Hmac) and way.timestamp_header:
            fields = way.fields(signed)
            if way.timestamp_header in fields:
                frame = fields[way.timestamp_header], fields.get(way.id_header, "")
                body = signed.body if BODY in way.message else b""
                return "\n".join((way.name, *frame, "")).encode() + body
    return b""


def _issuer(source: Source) -> str:
    """Whose tokens prove that its requests are its sender's; "" if nobody's do."""
    issuer = all_kinds()[source.kind].integration.issuer
    signing = source.intake.signing
    if issuer is None or signing is None or not signing.elsewhere:
        return ""
    return issuer(source.intake.settings)


class RejectedLately:
    """How many rejected requests of each integration were stored in this minute."""

    def __init__(self) -> None:
        self._minute = -1
        self._counts: dict[bytes, int] = {}

    def worth_storing(self, source: Source) -> bool:
        """Whether one more may be stored; forged ones must not fill the disk."""
        minute = int(asyncio.get_running_loop().time() // MINUTE_S)
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        count = self._counts[source.order] = self._counts.get(source.order, 0) + 1
        return count <= MOST_REJECTED


class Verifier:
    """Verifies requests, and notes those whose signature is wrong."""

    def __init__(
        self,
        engine: AsyncEngine,
        snapshot: Snapshot,
        lane: Lane,
        http: Http | None,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._snapshot = snapshot
        self._lane = lane
        self._world = World(http)
        self._clock = clock
        self._rejected = RejectedLately()

    async def verified(
        self, source: Source, inbound: Inbound, raw: bytes, scope: Scope
    ) -> Verdict:
        """What the signature is worth. Raises Refused, after noting that it is wrong."""
        # not the headers of `inbound`: they remember what a parser has asked for
        signed = Signed(raw, HeaderMap(scope))
        found = await finding(source, inbound, signed, self._world, self._clock())
        if found.verdict.check is Check.REJECTED:
            metrics.REJECTED.labels(str(source.integration_id), source.name).inc()
            await self._note_rejected(source, signed, found.verdict)
            raise Refused(HTTPStatus.UNAUTHORIZED, BAD_SIGNATURE)
        if found.learned:
            async with transaction(self._engine) as tx:
                now = self._clock()
                await intake.learn(tx, source.integration_id, found.learned, now)
            await self._snapshot.load()
        return found.verdict

    async def keep_keys(self) -> None:
        """Know the keys of whoever issues tokens before the first token comes."""
        generation, issuers = -1, frozenset[str]()
        try:
            while True:
                if self._snapshot.generation != generation:
                    generation = self._snapshot.generation
                    issuers = frozenset(map(_issuer, self._snapshot.sources)) - {""}
                self._world.keys.prefetch(issuers, self._clock())
                await asyncio.sleep(KEYS_S)
        finally:
            await self._world.keys.aclose()

    async def _note_rejected(
        self, source: Source, signed: Signed, verdict: Verdict
    ) -> None:
        if not self._rejected.worth_storing(source):
            return
        request = Request(
            new_id(),
            source,
            signed.body[:KEPT],
            signed.headers.get("content-type", "")[:HEADER_LENGTH],
            signed.headers.get("user-agent", "")[:HEADER_LENGTH],
            (),
            error=verdict.reason,
            outcome=Disposition.REJECTED,
            signature=Check.REJECTED,
        )
        try:
            await self._lane.submit(request)
        except PageFreeError:  # it is refused in any case
            log.info("ingest.rejected_unstored", kind=source.kind)
