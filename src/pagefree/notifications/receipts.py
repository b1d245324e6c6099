"""What becomes of a message after the provider has taken it."""

from collections.abc import Sequence
from datetime import datetime

from pagefree.accounts import service as accounts
from pagefree.channels.base import Receipt as Told
from pagefree.channels.base import one_line
from pagefree.core.notifications import Status
from pagefree.core.receipts import Receipt, advanced, status_after
from pagefree.infra.db import Tx, driver
from pagefree.notifications import fallback_queries
from pagefree.notifications import receipt_queries as queries
from pagefree.notifications.falling_through import Lost, use_next_way
from pagefree.notifications.receipt_queries import Sending
from pagefree.timeline.service import SYSTEM, Entry, record

REASON_LIMIT = 300
AT_ONCE = 200
NO_RECEIPT = "no word from the provider that it has arrived"


async def take(tx: Tx, channel: str, told: Told, now: datetime) -> bool:
    """Write down what a provider tells of a message, and act on it if it has not arrived.

    Late, repeated and disordered receipts change nothing. False: there is no such message,
    or none that is not known to be delivered.
    """
    connection = await driver(tx)
    sendings = await queries.lock_sendings(connection, channel, told.provider_id)
    receipt, reason = Receipt(told.state), one_line(told.reason, REASON_LIMIT) or None
    news = [one for one in sendings if advanced(one.receipt, receipt)]
    if not news:
        return bool(sendings)
    attempts = [one.attempt_id for one in news if one.attempt_id]
    await queries.save_receipt(connection, attempts, receipt, reason, now)
    after = [(one, _after(one, receipt)) for one in news]
    changed = [(one, status) for one, status in after if status is not one.status]
    await queries.save_statuses(
        connection, [(one.id, status) for one, status in changed], now
    )
    methods = [one.method_id for one in news if one.method_id]
    if receipt is Receipt.DELIVERED:
        await queries.save_proofs(connection, methods, now)
    lost = [one for one, status in changed if status is Status.FAILED]
    if lost and told.dead:
        dead = dict.fromkeys(methods, reason or "")
        await fallback_queries.disable_methods(connection, dead, now)
    await _fall_through(tx, lost, "notification.failed", reason or "not delivered", now)
    return True


def _after(sending: Sending, receipt: Receipt) -> Status:
    """An older attempt can still have arrived, but its failure is known to be over."""
    if receipt is Receipt.FAILED and not sending.newest:
        return sending.status
    return status_after(sending.status, receipt)


async def look_for_missing(tx: Tx, now: datetime) -> int:
    """Use the next way where a receipt has not come in time; returns how many."""
    missed = await queries.take_missed(await driver(tx), AT_ONCE, now)
    await _fall_through(tx, missed, "notification.unconfirmed", NO_RECEIPT, now)
    return len(missed)


async def _fall_through(
    tx: Tx, lost: Sequence[Sending], event: str, error: str, now: datetime
) -> None:
    of_incidents = [one for one in lost if one.incident_id]
    if not of_incidents:
        return
    names = await accounts.user_refs(tx, {one.user_id for one in of_incidents})
    entries = [
        Entry(
            event,
            SYSTEM,
            one.incident_id,
            data={
                "channel": one.channel,
                "user": {
                    "id": str(one.user_id),
                    "name": names[one.user_id].name if one.user_id in names else "",
                },
                "error": error,
            },
        )
        for one in of_incidents
    ]
    await record(tx, entries, now)
    await use_next_way(
        tx,
        [
            Lost(
                one.incident_id,
                one.user_id,
                one.kind,
                one.cause,
                one.priority,
                one.created_at,
            )
            for one in of_incidents
            if one.incident_id
        ],
        now,
    )
