"""Sending one batch: lease what is due, look once more, hand it over, write down the outcome."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from pagefree.channels import all_channels
from pagefree.core.notifications import (
    UNUSABLE,
    Skip,
    Status,
    unwanted,
)
from pagefree.infra.crypto import new_token, token_hash
from pagefree.infra.db import Channel as Notices
from pagefree.infra.db import Tx, driver, notify
from pagefree.infra.metrics import LEASES_LOST
from pagefree.notifications import (
    delivery_queries,
    fallback_queries,
    posting,
    providers,
    receipt_queries,
    throttling,
)
from pagefree.notifications.bundling import bundle
from pagefree.notifications.delivery_queries import Claimed, NewLink, Outcome
from pagefree.notifications.falling_through import Lost, use_next_way
from pagefree.notifications.handing_over import Assignment, Gateway, attempt
from pagefree.notifications.replies import codes_for
from pagefree.notifications.throttling import too_many
from pagefree.timeline.service import SYSTEM, Entry, record

__all__ = [
    "ALL",
    "RESOLVE",
    "Assignment",
    "Batch",
    "Gateway",
    "attempt",
    "claim",
    "give_back",
    "settle",
]

LEASE = timedelta(seconds=30)
SOON = timedelta(seconds=10)  # a retry within it is waited for
LINK_LIFE = timedelta(hours=24)
ONE, ALL, RESOLVE = "acknowledge", "acknowledge_all", "resolve"  # what links do

log = structlog.get_logger()


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
    messages = [
        [one for one in message if one.id not in unwanted_ids]
        for message in found.messages
    ]
    messages = [message for message in messages if message]
    over = await too_many(connection, messages, now)
    if over:
        skipped += _throttled([m for m in messages if m[0].id in over], now)
        messages = [message for message in messages if message[0].id not in over]
    first = [message[0] for message in messages]
    codes = await codes_for(connection, first, now)
    assignments = [_assignment(message, codes) for message in messages]
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


def _throttled(messages: Sequence[Sequence[Claimed]], now: datetime) -> list[Outcome]:
    """Another way is used for these: their phones have been rung often enough."""
    for first, *others in messages:
        log.warning(
            "delivery.too_many",
            channel=first.channel,
            method=str(first.method_id),
            incidents=len(others) + 1,
        )
    return [
        Outcome(one, Status.SKIPPED, now, now, skip=Skip.TOO_MANY)
        for message in messages
        for one in message
    ]


def _assignment(message: Sequence[Claimed], codes: Mapping[UUID, str]) -> Assignment:
    first, *others = message
    assignment = Assignment(first, others=tuple(others), reply_code=codes.get(first.id))
    linked = all_channels()[first.channel].links and not first.to_room
    if linked and first.incident_id is not None:
        assignment.token = new_token()
        if others:
            assignment.token_for_all = new_token()
        else:
            assignment.token_to_resolve = new_token()
    return assignment


def _links(assignment: Assignment) -> Iterator[NewLink]:
    incident_id, user_id = assignment.claimed.incident_id, assignment.claimed.user_id
    tokens = (
        (assignment.token, ONE),
        (assignment.token_for_all, ALL),
        (assignment.token_to_resolve, RESOLVE),
    )
    for token, verb in tokens:
        if token and incident_id:
            yield NewLink(token_hash(token), incident_id, user_id, verb)


async def give_back(tx: Tx, assignments: Sequence[Assignment], now: datetime) -> None:
    """Let others claim what was leased and not begun, as if it had not been leased."""
    claimed = [c for one in assignments for c in (one.claimed, *one.others)]
    await delivery_queries.give_back(await driver(tx), claimed, now)


async def settle(tx: Tx, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write down what came of a batch, and do at once what a failure calls for."""
    connection = await driver(tx)
    kept = await delivery_queries.settle(connection, outcomes)
    if late := [o for o in outcomes if o.claimed.id not in kept]:
        LEASES_LOST.labels("notifications").inc(len(late))
        log.warning("delivery.too_late", ids=[str(o.claimed.id) for o in late])
    ours = [o for o in outcomes if o.claimed.id in kept]
    if shown := [(o, o.shown) for o in ours if o.shown is not None]:
        await delivery_queries.insert_outbox(connection, shown)
    await providers.learn(tx, ours, now)
    if over := [o.claimed for o in ours if o.skip is Skip.TOO_MANY]:
        await throttling.find(connection, over, now)
    if arrived := [o.claimed.method_id for o in ours if _has_arrived(o)]:
        await receipt_queries.save_proofs(connection, [m for m in arrived if m], now)
    if any(o.retry_at is not None and o.retry_at <= now for o in ours):
        await notify(tx, Notices.MESSAGES)  # another provider is asked at once
    await _mourn(tx, [o for o in ours if _is_lost(o)], now)
    rooms = [o for o in ours if o.claimed.to_room]
    if rooms:
        gone = [o for o in rooms if _is_lost(o)]
        await posting.learn(tx, gone, [o for o in rooms if _has_arrived(o)], now)
    late = [o for o in ours if (_is_lost(o) or _is_late(o)) and not o.claimed.to_room]
    await use_next_way(tx, [_lost(o) for o in late if o.claimed.incident_id], now)


def _is_lost(outcome: Outcome) -> bool:
    """Whether the person was not reached by it and will not be."""
    if outcome.skip in UNUSABLE:
        return True
    return outcome.status in {Status.FAILED, Status.UNKNOWN}


def _has_arrived(outcome: Outcome) -> bool:
    """Whether it is as far as will ever be known: where no receipts come, accepted."""
    if outcome.outcome != "accepted":
        return False
    return outcome.receipt_due_at is None


def _is_late(outcome: Outcome) -> bool:
    """Whether it is tried again, but not soon enough to wait for."""
    again = outcome.retry_at
    return again is not None and again - outcome.finished_at > SOON


async def _mourn(tx: Tx, lost: Sequence[Outcome], now: datetime) -> None:
    """Switch off addresses where nobody is, and tell what has failed."""
    dead = {
        o.claimed.method_id: o.error or ""
        for o in lost
        if o.dead and o.claimed.method_id
    }
    if dead:
        await fallback_queries.disable_methods(await driver(tx), dead, now)
    await record(tx, [_entry(o) for o in lost if o.claimed.incident_id], now)


def _lost(outcome: Outcome) -> Lost:
    claimed = outcome.claimed
    if claimed.incident_id is None:
        raise ValueError("only messages of incidents fall through")
    return Lost(
        claimed.incident_id,
        claimed.user_id,
        claimed.kind,
        claimed.cause,
        claimed.priority,
        claimed.created_at,
    )


def _entry(outcome: Outcome) -> Entry:
    claimed = outcome.claimed
    told = {"id": str(claimed.user_id), "name": claimed.user_name}
    data: dict[str, object] = {
        "channel": claimed.channel,
        "room" if claimed.to_room else "user": told,
    }
    if outcome.skip is not None:
        data["reason"] = outcome.skip.value
        return Entry("notification.skipped", SYSTEM, claimed.incident_id, data=data)
    off = "; this address is not used any more" if outcome.dead else ""
    data["error"] = f"{outcome.error}{off}"
    return Entry("notification.failed", SYSTEM, claimed.incident_id, data=data)
