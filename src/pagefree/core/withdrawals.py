"""Messages that were sent before their incident changed: what they are to say instead."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core.incidents import Life, Status
from pagefree.core.notifications import retry_at

LONGEST_UPDATED = timedelta(hours=24)  # who looks for an older message looks in the app
MOST_TRIES = 3


class Fate(StrEnum):
    """What has become of an incident, or of several, since somebody was paged."""

    MERGED = "merged"
    RESOLVED = "resolved"
    SNOOZED = "snoozed"
    ACKNOWLEDGED = "acknowledged"
    PASSED_ON = "passed on"  # others are asked now
    ALL_RESOLVED = "all resolved"
    ALL_TAKEN = "all taken"


def fate(life: Life) -> Fate:
    """What has become of one incident."""
    if life.merged_into_id is not None:
        return Fate.MERGED
    if life.status is Status.RESOLVED:
        return Fate.RESOLVED
    if life.snoozed_until is not None:
        return Fate.SNOOZED
    if life.status is Status.ACKNOWLEDGED:
        return Fate.ACKNOWLEDGED
    return Fate.PASSED_ON


def brought_by(life: Life) -> UUID | None:
    """The id of who has brought it there; none: its source, or nobody."""
    if fate(life) in {Fate.MERGED, Fate.PASSED_ON}:
        return None
    if life.status is Status.RESOLVED:
        return life.resolved_by_id
    return life.acknowledged_by_id


def fate_of_many(lives: Sequence[Life]) -> Fate | None:
    """The same for a message about several; none: one of them still asks for somebody."""
    if any(life.status is Status.TRIGGERED for life in lives):
        return None
    over = all(life.status is Status.RESOLVED for life in lives)
    return Fate.ALL_RESOLVED if over else Fate.ALL_TAKEN


def try_again_at(
    tries: int, retry_after_s: int | None, now: datetime
) -> datetime | None:
    """When to try to update a message once more; none: it stays as it is."""
    return None if tries >= MOST_TRIES else retry_at(tries, retry_after_s, now)
