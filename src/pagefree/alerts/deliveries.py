"""Deliveries that come again: recorded, answered like the first, and without effect."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from pagefree.alerts import delivery_queries as queries
from pagefree.alerts.requests import Delivery, Disposition, Repeated, Request, Source
from pagefree.core.alerts import Action, AlertEvent, ChangeEvent
from pagefree.core.verification import TOLERANCE
from pagefree.infra.db import Connection
from pagefree.integrations.base import Parsed

MOST_FORGOTTEN = 5_000  # in one transaction
SIGNATURES_KEPT = 2 * TOLERANCE  # as long as one can be sent again and still be right

Key = queries.Key


@dataclass(slots=True)
class _Claim:
    """One key in a batch, and the requests that have it, in order."""

    delivery: Delivery
    places: list[int]


def deliveries_of(
    source: Source, parsed: Parsed, body: bytes, moment: bytes
) -> tuple[Delivery, ...]:
    """What this delivery is recognised by; `moment`: by its signature, if there is one."""
    window = source.intake.repeat_window
    found = []
    if moment:
        found.append(Delivery(_digest(b"signed", moment), SIGNATURES_KEPT))
    if parsed.delivery_id and window:
        digest = _digest(b"id", parsed.delivery_id.encode(errors="replace"))
        found.append(Delivery(digest, window))
    elif window and _would_do_harm_twice(parsed):
        found.append(Delivery(_digest(b"body", body), window, by_body=True))
    return tuple(found)


def _would_do_harm_twice(parsed: Parsed) -> bool:
    """Whether the same body would open something a second time.

    An event that names its condition is its own protection: it finds the alert that it
    opened. And what resolves or acknowledges must always be heard.
    """
    nameless = not parsed.identified
    for event in parsed.events:
        if isinstance(event, AlertEvent):
            if event.action is not Action.TRIGGER:
                return False
            nameless = nameless or not event.dedup_key
        else:
            nameless = True
    return nameless and bool(parsed.events)


def _digest(purpose: bytes, text: bytes) -> UUID:
    return UUID(bytes=sha256(purpose + b"\0" + text).digest()[:16])


async def without_repetitions(
    connection: Connection, requests: Sequence[Request], now: datetime
) -> Sequence[Request]:
    """`requests`; those that came before have lost their events.

    Inside the transaction that stores them: another process with the same delivery waits
    for its end.
    """
    claims = _claims(requests)
    if not claims:
        return requests
    keys = sorted(claims)  # everybody locks in this order
    rows = {key: _row(claims[key], key, requests, now) for key in keys}
    fresh = await queries.claim(connection, list(rows.values()), now)
    firsts = await queries.firsts(connection, [key for key in keys if key not in fresh])
    found: dict[int, Repeated] = {}
    renewed = []
    for key, claim in claims.items():
        first = firsts.get(key)
        if first and (first.untouched or not claim.delivery.by_body):
            repeated = Repeated(first.request_id, first.dedup_keys)
            found.update(dict.fromkeys(claim.places, repeated))
            continue
        if first:
            renewed.append(rows[key])
        found.update(_within(claim, requests))
    if renewed:
        await queries.renew(connection, renewed)
    return [
        _without_events(request, found[place]) if place in found else request
        for place, request in enumerate(requests)
    ]


async def forget(connection: Connection, now: datetime) -> bool:
    """Forget what may come again as new; whether there is more of it."""
    return await queries.forget(connection, now, MOST_FORGOTTEN) == MOST_FORGOTTEN


def _claims(requests: Sequence[Request]) -> dict[Key, _Claim]:
    claims: dict[Key, _Claim] = {}
    for place, request in enumerate(requests):
        for delivery in request.deliveries:
            key = (request.source.integration_id, delivery.digest)
            claims.setdefault(key, _Claim(delivery, [])).places.append(place)
    return claims


def _row(
    claim: _Claim, key: Key, requests: Sequence[Request], now: datetime
) -> queries.Row:
    first = requests[claim.places[0]]
    return (*key, first.id, now + claim.delivery.keep)


def _within(claim: _Claim, requests: Sequence[Request]) -> dict[int, Repeated]:
    """The repetitions of a claim's first request that came in the same batch."""
    start, *others = claim.places
    first = requests[start]
    repeated = Repeated(first.id, tuple(_key(event) for event in first.events))
    found = {}
    for place in others:
        if claim.delivery.by_body and _anything_between(requests, start, place):
            break
        found[place] = repeated
    return found


def _anything_between(requests: Sequence[Request], start: int, end: int) -> bool:
    """Whether the same integration said something else meanwhile."""
    source, body = requests[start].source, requests[start].body
    return any(
        request.source.integration_id == source.integration_id and request.body != body
        for request in requests[start + 1 : end]
    )


def _key(event: AlertEvent | ChangeEvent) -> str | None:
    return event.dedup_key if isinstance(event, AlertEvent) else None


def _without_events(request: Request, repeats: Repeated) -> Request:
    return replace(
        request,
        events=(),
        outcome=Disposition.REPEATED,
        error=f"the same as request {repeats.request_id}",
        repeats=repeats,
    )
