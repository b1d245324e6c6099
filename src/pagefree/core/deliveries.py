"""Telling machines of events: when a delivery is tried again, and when that is given up."""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

# After each failed attempt, as the specification of Standard Webhooks advises.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
)
AT_LONGEST = timedelta(hours=48)
JITTER = 0.1  # of the wait, added
GONE = 410  # whoever answers so wants to hear no more
MOST_GIVEN_UP = 3  # deliveries in a row: then nothing is sent any more


def next_try(
    delivery_id: UUID,
    attempts: int,
    first_tried_at: datetime,
    retry_after_s: int | None,
    now: datetime,
) -> datetime | None:
    """When a delivery that has failed `attempts` times is tried again; none: never."""
    wait = WAITS[min(attempts, len(WAITS)) - 1]
    drawn = sha256(delivery_id.bytes + attempts.to_bytes(4)).digest()
    wait *= 1 + JITTER * int.from_bytes(drawn[:4]) / 0xFFFFFFFF
    asked = timedelta(seconds=min(retry_after_s or 0, 3600))
    at = now + max(wait, asked)
    return at if at <= first_tried_at + AT_LONGEST else None


def matches(kind: str, wanted: str) -> bool:
    """Whether an event is of a kind, or of a family of kinds that ends with a point."""
    return kind.startswith(wanted) if wanted.endswith(".") else kind == wanted


def is_over(status: int | None, given_up: int) -> bool:
    """Whether a receiver is told nothing any more, after what it answered last."""
    return status == GONE or given_up >= MOST_GIVEN_UP
