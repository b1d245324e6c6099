"""Is somebody known to be reachable? A pager that was not heard for a month is a guess."""

from collections.abc import Iterable
from datetime import datetime, timedelta

PROOF_LIFE = timedelta(days=30)  # then a proof is too old to rely on
PROOF_FRESH = timedelta(days=7)  # a quiet test is not sent again before
LOOK_AHEAD = timedelta(hours=24)  # before a shift


def proven(proofs: Iterable[datetime | None], now: datetime) -> bool:
    """Whether something has arrived at any of these addresses lately."""
    return any(at is not None and now - at <= PROOF_LIFE for at in proofs)


def due_for_proof(
    proven_at: datetime | None, asked_at: datetime, now: datetime
) -> bool:
    """Whether a quiet test is sent to this address before a shift: once, if it is not fresh."""
    if now - asked_at < LOOK_AHEAD:
        return False
    return proven_at is None or now - proven_at > PROOF_FRESH
