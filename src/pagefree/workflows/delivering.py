"""Sending events to machines, each receiver at its own pace."""

import asyncio
import json
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from pagefree.actions.base import retry_after_s
from pagefree.core.deliveries import GONE, MOST_GIVEN_UP, is_over, next_try
from pagefree.infra.crypto import Unsealable, Vault
from pagefree.infra.db import Tx, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.http import GuardedClient, Unreachable
from pagefree.infra.queue import Context
from pagefree.schedules.notices import Listener, tell
from pagefree.workflows import subscription_queries as queries
from pagefree.workflows.subscribing import find, purpose
from pagefree.workflows.subscription_queries import Delivery, Subscription
from pagefree.workflows.webhook_bodies import headers_of

LEASE = timedelta(seconds=60)
TIMEOUT_S = 15
AT_ONCE = 50
LOOK_S = 0.2
SUCCESS = range(200, 300)

log = structlog.get_logger()


class Deliveries:
    """What this process is sending; a receiver that hangs holds up nobody else."""

    def __init__(self, http: GuardedClient, vault: Vault) -> None:
        self._http = http
        self._vault = vault
        self._in_hand: set[asyncio.Task[None]] = set()

    async def work(self, ctx: Context) -> None:
        """Send all that is due."""
        while True:
            free = AT_ONCE - len(self._in_hand)
            async with transaction(ctx.engine) as tx:
                claimed = await queries.claim(tx, max(free, 0), LEASE, ctx.clock())
            for delivery in claimed:
                task = asyncio.create_task(self._deliver(ctx, delivery))
                self._in_hand.add(task)
                task.add_done_callback(self._in_hand.discard)
            if not self._in_hand:
                return
            await asyncio.wait(
                set(self._in_hand),
                timeout=LOOK_S,
                return_when=asyncio.FIRST_COMPLETED,
            )

    async def _deliver(self, ctx: Context, delivery: Delivery) -> None:
        try:
            async with transaction(ctx.engine) as tx:
                subscription = await find(tx, delivery.subscription_id)
            failpoint("webhooks.before_call")
            status, answer, wait_s = await send(
                self._http, self._vault, subscription, delivery, ctx.clock()
            )
            failpoint("webhooks.after_call")
            async with transaction(ctx.engine) as tx:
                await settle(tx, delivery, (status, answer, wait_s), ctx.clock())
        except Exception:  # its lease ends, then it is tried again
            log.exception("subscription.not_settled", delivery=str(delivery.id))


Answered = tuple[int | None, str, int | None]  # status, in words, seconds to wait


async def send(
    http: GuardedClient,
    vault: Vault,
    subscription: Subscription,
    delivery: Delivery,
    now: datetime,
) -> Answered:
    """Post one delivery; what came of it."""
    try:
        keys = _keys(vault, subscription, now)
    except Unsealable:
        return None, "the signing secret cannot be read: make a new one", None
    body = json.dumps(delivery.body, ensure_ascii=False).encode()
    headers = headers_of(subscription.shape, str(delivery.id), body, keys, now)
    try:
        async with asyncio.timeout(TIMEOUT_S):
            reply = await http.post(subscription.url, body, headers)
    except (Unreachable, TimeoutError):
        return None, "no answer", None
    return reply.status, str(reply.status), retry_after_s(reply)


def _keys(vault: Vault, subscription: Subscription, now: datetime) -> list[str]:
    keys = [vault.open(subscription.sealed_secret, purpose()).decode()]
    expires, old = subscription.old_secret_expires_at, subscription.sealed_old_secret
    if old is not None and expires is not None and now < expires:
        keys.append(vault.open(old, purpose()).decode())
    return keys


async def settle(tx: Tx, delivery: Delivery, answered: Answered, now: datetime) -> None:
    """Note what came of an attempt; a receiver that never answers is switched off."""
    status, answer, wait_s = answered
    if status in SUCCESS:
        done = {"status": "delivered", "due_at": None, "ended_at": now}
        await queries.update_delivery(tx, delivery.id, {**done, "answer": answer})
        await queries.update_subscription(tx, delivery.subscription_id, {"failures": 0})
        return
    first = delivery.first_tried_at or now
    again = next_try(delivery.id, delivery.attempts, first, wait_s, now)
    if again is not None and not is_over(status, 0):
        values = {"due_at": again, "answer": answer}
        await queries.update_delivery(tx, delivery.id, values)
        return
    lost = {"status": "failed", "due_at": None, "ended_at": now, "answer": answer}
    await queries.update_delivery(tx, delivery.id, lost)
    failures = await queries.count_failure(tx, delivery.subscription_id)
    if is_over(status, failures):
        await _switch_off(tx, delivery.subscription_id, why_over(status, answer), now)


def why_over(status: int | None, answer: str) -> str:
    """Why a receiver is switched off, in words."""
    if status == GONE:
        return "it answered 410, which means that it wants no more"
    said = f"answered {answer}" if status is not None else f"gave {answer}"
    return f"{MOST_GIVEN_UP} deliveries in a row were given up, and the last one {said}"


async def _switch_off(
    tx: Tx, subscription_id: UUID, reason: str, now: datetime
) -> None:
    values = {"disabled_at": now, "disabled_reason": reason}
    await queries.update_subscription(tx, subscription_id, values)
    found = await find(tx, subscription_id)

    def words(_: Listener) -> str:
        return (
            f"“{found.name}” is told of events no more: {reason}. Once it works, switch"
            " the subscription on again and send anew what it has missed."
        )

    if found.created_by_id is not None:
        await tell(tx, [found.created_by_id], words, now)
