"""What providers tell of messages: receipts come late, twice and in any order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from pagefree.core.notifications import Status


class Receipt(StrEnum):
    """What a provider says of a message."""

    ACCEPTED = "accepted"
    FAILED = "failed"
    DELIVERED = "delivered"


# What is known last is not what has come last. Delivered is the end: a phone that has
# shown the message cannot take it back, whatever a carrier says afterwards.
RANKS = {Receipt.ACCEPTED: 0, Receipt.FAILED: 1, Receipt.DELIVERED: 2}


def advanced(known: Receipt | None, told: Receipt) -> bool:
    """Whether `told` says more than what is known."""
    return known is None or RANKS[told] > RANKS[known]


def status_after(status: Status, told: Receipt) -> Status:
    """Where a notification stands once its newest attempt was told of; never backwards.

    One that is being tried again, or was skipped, is not failed by an old receipt, but a
    delivered message is delivered whatever became of later attempts.
    """
    if told is Receipt.DELIVERED:
        return Status.DELIVERED
    if told is Receipt.FAILED and status in {Status.ACCEPTED, Status.UNKNOWN}:
        return Status.FAILED
    return status


def receipt_due_at(wait_s: int | None, now: datetime) -> datetime | None:
    """Until when a receipt of what was accepted now has to come; none: never comes."""
    return None if wait_s is None else now + timedelta(seconds=wait_s)


REST = timedelta(minutes=1)
LONGEST_REST = timedelta(minutes=5)
FAILURES = 3  # in a row, then the circuit breaker opens


def rests_until(failures: int, now: datetime) -> datetime | None:
    """Until when a provider with so many failures in a row is not asked; none: it is.

    A minute, then longer with each failure after a rest, up to five.
    """
    if failures < FAILURES:
        return None
    return now + min(REST * (failures - FAILURES + 1), LONGEST_REST)


def choose(order: Sequence[str], tried: Sequence[str], resting: set[str]) -> str | None:
    """Which of the providers to ask next; none: there are none to choose from.

    In their order, those that have not failed this message first, and those that rest only
    if there is no other: a message is never held back because all of them are in doubt.
    """
    if not order:
        return None
    return min(
        order,
        key=lambda one: (
            one in tried,
            one in resting,
            tried.count(one),
            order.index(one),
        ),
    )


def fails_over(order: Sequence[str], tried: Sequence[str]) -> bool:
    """Whether another provider gets the message at once, now that the last one has failed.

    Once a message: the second failure waits and falls through like any other.
    """
    left = any(one not in tried for one in order)
    return left and len(tried) == 1
