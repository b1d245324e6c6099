"""Messages that were sent before their incident changed: what they are to say instead."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core.incidents import Life, Status
from pagefree.core.notifications import retry_at

LONGEST_UPDATED = timedelta(hours=24)  # who looks for an older message looks in the app
MOST_TRIES = 3


def fate(life: Life, by: str | None) -> str:
    """What has become of an incident since somebody was paged; `by` has brought it there."""
    if life.merged_into_id is not None:
        return "Merged into another"
    who = f" by {by}" if by else ""
    if life.status is Status.RESOLVED:
        return f"Resolved{who}"
    if life.snoozed_until is not None:
        return f"Snoozed{who}"
    if life.status is Status.ACKNOWLEDGED:
        return f"Acknowledged{who}"
    return "Others are asked now"


def brought_by(life: Life) -> UUID | None:
    """The id of who has brought it there; none: its source, or nobody."""
    if life.status is Status.RESOLVED:
        return life.resolved_by_id
    return life.acknowledged_by_id


def fate_of_many(lives: Sequence[Life]) -> str | None:
    """The same for a message about several; none: one of them still asks for somebody."""
    if any(life.status is Status.TRIGGERED for life in lives):
        return None
    over = all(life.status is Status.RESOLVED for life in lives)
    return "All resolved" if over else "All taken care of"


def try_again_at(
    tries: int, retry_after_s: int | None, now: datetime
) -> datetime | None:
    """When to try to update a message once more; none: it stays as it is."""
    return None if tries >= MOST_TRIES else retry_at(tries, retry_after_s, now)
