"""Is somebody known to be reachable? A pager that was not heard for a month is a guess."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pagefree.core.quiet_hours import Quiet, quiet_until

PROOF_LIFE = timedelta(days=30)  # then a proof is too old to rely on
PROOF_FRESH = timedelta(days=7)  # a quiet test is not sent again before
LOOK_AHEAD = timedelta(hours=24)  # before a shift
TEST_AHEAD = timedelta(hours=36)  # so that there was a day before that
NIGHT = time(20), time(9)  # of whoever has named no quiet hours


def proven(proofs: Iterable[datetime | None], now: datetime) -> bool:
    """Whether something has arrived at any of these addresses lately."""
    return any(at is not None and now - at <= PROOF_LIFE for at in proofs)


def night_of(zone: ZoneInfo, begins: time | None, ends: time | None) -> Quiet:
    """When no quiet test is sent: a phone that rings at three is not tested quietly.

    The hours are those that the person has named; they may work at night. Whoever wants
    peace all day is tested by day all the same.
    """
    if begins is None or ends is None or begins == ends:
        begins, ends = NIGHT
    return Quiet(zone, begins, ends)


def due_for_proof(
    proven_at: datetime | None, asked_at: datetime, night: Quiet, now: datetime
) -> bool:
    """Whether a quiet test is sent to this address before a shift: once, if it is not fresh."""
    if now - asked_at < LOOK_AHEAD or quiet_until(night, now) is not None:
        return False
    return proven_at is None or now - proven_at > PROOF_FRESH
