"""Sending one batch: lease what is due, look once more, hand it over, write down the outcome."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

import structlog
from pydantic import BaseModel, ValidationError

from pagefree.accounts.contacts import secret_purpose
from pagefree.channels import all_channels
from pagefree.channels.base import (
    AddressDead,
    Delivery,
    Message,
    Rendered,
    Subject,
    Transports,
    one_line,
)
from pagefree.core.errors import DeliveryError
from pagefree.core.notifications import (
    Kind,
    Planned,
    Skip,
    Status,
    fall_through,
    retry_at,
    unwanted,
)
from pagefree.infra.clock import Clock
from pagefree.infra.crypto import Unsealable, Vault, new_token, token_hash
from pagefree.infra.db import Channel as Notices
from pagefree.infra.db import Tx, driver, notify
from pagefree.notifications import delivery_queries, queries
from pagefree.notifications.bundling import bundle
from pagefree.notifications.delivery_queries import Claimed, NewLink, Outcome, Shown
from pagefree.notifications.queries import NewNotification
from pagefree.timeline.service import SYSTEM, Entry, record

LEASE = timedelta(seconds=30)
TIMEOUT_S = (
    10  # for one attempt; far below the lease, so that an outcome is always written
)
LINK_LIFE = timedelta(hours=24)
ERROR_LIMIT = 300
ONE, ALL = "acknowledge", "acknowledge_all"  # what links do

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Gateway:
    """What sending needs besides the database."""

    transports: Transports
    vault: Vault
    base_url: str
    clock: Clock
    demo: bool = False  # keep messages in the outbox instead of sending them


@dataclass(frozen=True, slots=True)
class Assignment:
    """A leased notification that is still wanted, with the links that go with it."""

    claimed: Claimed
    token: str | None = None
    others: tuple[Claimed, ...] = ()  # that leave in the same message
    token_for_all: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one claim brought."""

    assignments: list[Assignment]
    skipped: list[Outcome]  # not wanted any more
    taken: Counter[str]  # of each channel


async def claim(tx: Tx, free: Mapping[str, int], now: datetime) -> Batch:
    """Lease up to `free[channel]` due notifications of each channel, and look once more.

    Whether each is still wanted is decided on what the claiming statement itself has read.
    Many for the same address become one message.
    """
    connection = await driver(tx)
    claimed = await delivery_queries.claim(connection, free, now + LEASE, now)
    taken = Counter(one.channel for one in claimed)
    wanted, skipped = _sorted_out(claimed, now)
    found = await bundle(connection, wanted, now + LEASE, now)
    skipped += _sorted_out(found.absorbed, now)[1]
    unwanted_ids = {outcome.claimed.id for outcome in skipped}
    assignments = [
        _assignment([one for one in message if one.id not in unwanted_ids])
        for message in found.messages
        if any(one.id not in unwanted_ids for one in message)
    ]
    links = [link for one in assignments for link in _links(one)]
    if links:
        await delivery_queries.insert_links(connection, links, now + LINK_LIFE, now)
    return Batch(assignments, skipped, taken)


def _sorted_out(
    claimed: Sequence[Claimed], now: datetime
) -> tuple[list[Claimed], list[Outcome]]:
    """Those that are still wanted, and what becomes of the others."""
    wanted, skipped = [], []
    for one in claimed:
        skip = unwanted(one.kind, one.user_id, one.situation, now)
        if skip is None:
            wanted.append(one)
        else:
            skipped.append(Outcome(one, Status.SKIPPED, now, now, skip=skip))
    return wanted, skipped


def _assignment(message: Sequence[Claimed]) -> Assignment:
    first, *others = message
    if not all_channels()[first.channel].links or first.incident_id is None:
        return Assignment(first, others=tuple(others))
    for_all = new_token() if others else None
    return Assignment(first, new_token(), tuple(others), for_all)


def _links(assignment: Assignment) -> Iterator[NewLink]:
    incident_id, user_id = assignment.claimed.incident_id, assignment.claimed.user_id
    tokens = ((assignment.token, ONE), (assignment.token_for_all, ALL))
    for token, verb in tokens:
        if token and incident_id:
            yield NewLink(token_hash(token), incident_id, user_id, verb)


async def attempt(gateway: Gateway, assignment: Assignment) -> list[Outcome]:
    """Hand one message over; whatever happens becomes the outcome of all that is in it."""
    claimed, started_at = assignment.claimed, gateway.clock()
    try:
        first = await _hand_over(gateway, assignment, started_at)
    except DeliveryError as e:
        error = e
    except TimeoutError:
        error = DeliveryError("no answer in time", permanent=False, unknown=True)
    except ValidationError:
        error = DeliveryError("the address is not valid", permanent=True)
    except Exception:
        # a bug in one channel must neither stop the others nor lose the page
        log.exception("delivery.crashed", channel=claimed.channel, id=str(claimed.id))
        error = DeliveryError("internal error", permanent=False, unknown=True)
    else:
        others = (replace(first, claimed=o, shown=None) for o in assignment.others)
        return [first, *others]
    return [
        _failed(gateway, one, error, started_at)
        for one in (claimed, *assignment.others)
    ]


async def _hand_over(
    gateway: Gateway, assignment: Assignment, started_at: datetime
) -> Outcome:
    claimed = assignment.claimed
    channel = all_channels()[claimed.channel]
    message = _message(gateway, assignment)
    rendered = channel.render(message)
    address = _address(claimed.channel, claimed.address)
    if gateway.demo or channel.confirms:
        # the outbox shows what would have left; the web app shows its notices itself
        left = not channel.confirms
        shown = _shown(channel.recipient(address), rendered) if left else None
        return _accepted(gateway, claimed, Status.DELIVERED, started_at, shown=shown)
    secret = _secret(gateway.vault, claimed)
    delivery = Delivery(message, rendered, address, secret, started_at)
    async with asyncio.timeout(TIMEOUT_S):
        sent = await channel.send(gateway.transports, delivery)
    return _accepted(gateway, claimed, Status.ACCEPTED, started_at, provider_id=sent)


async def settle(tx: Tx, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write down what came of a batch, and do at once what a failure calls for."""
    connection = await driver(tx)
    kept = await delivery_queries.settle(connection, outcomes)
    if late := [o for o in outcomes if o.claimed.id not in kept]:
        log.warning("delivery.too_late", ids=[str(o.claimed.id) for o in late])
    ours = [o for o in outcomes if o.claimed.id in kept]
    if shown := [(o, o.shown) for o in ours if o.shown is not None]:
        await delivery_queries.insert_outbox(connection, shown)
    lost = [o for o in ours if _is_lost(o)]
    if not lost:
        return
    dead = {
        o.claimed.method_id: o.error or ""
        for o in lost
        if o.dead and o.claimed.method_id
    }
    await delivery_queries.disable_methods(connection, dead, now)
    await record(tx, [_entry(o) for o in lost if o.claimed.incident_id], now)
    await _fall_through(tx, lost, now)


def _is_lost(outcome: Outcome) -> bool:
    """Whether the person was not reached by it and will not be."""
    if outcome.skip is Skip.METHOD_DISABLED:
        return True
    return outcome.status in {Status.FAILED, Status.UNKNOWN}


async def _fall_through(tx: Tx, lost: Sequence[Outcome], now: datetime) -> None:
    """Use at once the next way to reach those who may have got nothing so far."""
    connection = await driver(tx)
    by_pair = {
        (o.claimed.incident_id, o.claimed.user_id): o.claimed
        for o in lost
        if o.claimed.incident_id
    }
    since = {pair: claimed.created_at for pair, claimed in by_pair.items()}
    silent = [kind for kind, channel in all_channels().items() if not channel.wakes]
    tried = await delivery_queries.list_tried(connection, since, silent)
    reach = await queries.list_reach(connection, {user_id for _, user_id in tried})
    hasten: list[UUID] = []
    new: list[NewNotification] = []
    for pair, items in tried.items():
        claimed = by_pair[pair]
        next_way = fall_through(items, reach[claimed.user_id].methods)
        hasten += [next_way.hasten] if next_way.hasten else []
        new += [
            NewNotification(
                claimed.incident_id,
                claimed.user_id,
                claimed.kind,
                claimed.cause,
                claimed.priority,
                Planned(method, now),
            )
            for method in next_way.methods
        ]
    if hasten:
        await delivery_queries.hasten(connection, hasten, now)
        await notify(tx, Notices.DUE)
    if new:
        await queries.insert_notifications(connection, new, now)


def _entry(outcome: Outcome) -> Entry:
    claimed = outcome.claimed
    data: dict[str, object] = {
        "channel": claimed.channel,
        "user": {"id": str(claimed.user_id), "name": claimed.user_name},
    }
    if outcome.skip is not None:
        data["reason"] = outcome.skip.value
        return Entry("notification.skipped", SYSTEM, claimed.incident_id, data=data)
    off = "; this address is not used any more" if outcome.dead else ""
    data["error"] = f"{outcome.error}{off}"
    return Entry("notification.failed", SYSTEM, claimed.incident_id, data=data)


@lru_cache(maxsize=4096)  # a storm pages the same people again and again
def _address(kind: str, text: str) -> BaseModel:
    return all_channels()[kind].Address.model_validate_json(text)


def _message(gateway: Gateway, assignment: Assignment) -> Message:
    claimed, base_url = assignment.claimed, gateway.base_url
    others = (_subject(base_url, other) for other in assignment.others)
    return Message(
        id=claimed.id,
        # whoever gets it is paged, however many are
        kind=(Kind.PAGE if claimed.kind is Kind.MORE else claimed.kind).value,
        cause=claimed.cause,
        user_name=claimed.user_name,
        subject=_subject(base_url, claimed),
        base_url=base_url,
        acknowledge_url=_link(base_url, assignment.token),
        others=tuple(other for other in others if other is not None),
        acknowledge_all_url=_link(base_url, assignment.token_for_all),
    )


def _link(base_url: str, token: str | None) -> str | None:
    return f"{base_url}/act/{token}" if token else None


def _subject(base_url: str, claimed: Claimed) -> Subject | None:
    facts, life = claimed.incident, claimed.situation.incident
    if claimed.incident_id is None or facts is None:
        return None
    return Subject(
        id=claimed.incident_id,
        number=facts.number,
        title=facts.title,
        service=facts.service,
        severity=facts.severity,
        priority=facts.priority,
        urgency=facts.urgency,
        status=life.status.value if life else "",
        opened_at=facts.opened_at,
        url=f"{base_url}/incidents/{claimed.incident_id}",
    )


def _secret(vault: Vault, claimed: Claimed) -> str | None:
    if claimed.secret is None or claimed.method_id is None:
        return None
    try:
        return vault.open(claimed.secret, secret_purpose(claimed.method_id)).decode()
    except Unsealable as e:
        reason = "its signing secret was sealed with another secret_key"
        raise DeliveryError(reason, permanent=True) from e


def _shown(recipient: str, rendered: Rendered) -> Shown:
    payload = json.dumps(rendered.payload) if rendered.payload else None
    return Shown(recipient, rendered.title, rendered.text, rendered.html, payload)


def _accepted(
    gateway: Gateway,
    claimed: Claimed,
    status: Status,
    started_at: datetime,
    *,
    provider_id: str | None = None,
    shown: Shown | None = None,
) -> Outcome:
    return Outcome(
        claimed,
        status,
        started_at,
        gateway.clock(),
        outcome="accepted",
        provider_id=provider_id,
        shown=shown,
    )


def _failed(
    gateway: Gateway, claimed: Claimed, error: DeliveryError, started_at: datetime
) -> Outcome:
    now = gateway.clock()
    again = None
    if not error.permanent:
        again = retry_at(claimed.number, error.retry_after_s, now)
    doubtful = error.unknown or claimed.possible_duplicate
    status = Status.UNKNOWN if doubtful else Status.FAILED
    return Outcome(
        claimed,
        Status.PLANNED if again else status,
        started_at,
        now,
        retry_at=again,
        outcome="unknown" if error.unknown else "failed",
        error=one_line(str(error), ERROR_LIMIT),
        dead=isinstance(error, AddressDead),
    )
