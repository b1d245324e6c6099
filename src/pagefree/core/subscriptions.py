"""Following a status page: how it is confirmed, what it tells, when it is given up."""

from datetime import datetime, timedelta
from enum import StrEnum


class Way(StrEnum):
    """How somebody who follows a page is told."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    SLACK = "slack"
    TEAMS = "teams"
    SMS = "sms"


class Telling(StrEnum):
    """What a mailing says: an update, or what happens to planned work."""

    UPDATE = "update"
    PLANNED = "planned"
    MOVED = "moved"
    REMINDED = "reminded"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


CONFIRM_LIFE = timedelta(hours=48)
CONFIRM_AGAIN = timedelta(
    minutes=10
)  # not asked more often, however often it is wanted
UNCONFIRMED_KEPT = timedelta(days=7)
MESSAGES_KEPT = timedelta(days=30)
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=30)
GIVEN_UP = timedelta(hours=12)  # older news mislead
MOST_BOUNCES = 3
BOUNCES_COUNT = timedelta(days=30)


def try_again_at(
    attempts: int, asked_s: int | None, created_at: datetime, now: datetime
) -> datetime | None:
    """When a message that did not leave is tried again; none: it is given up.

    Each wait is twice the one before; `asked_s`: the receiver wants at least so long.
    """
    wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    if asked_s is not None:
        wait = max(wait, timedelta(seconds=asked_s))
    return now + wait if now + wait < created_at + GIVEN_UP else None


def bounces_after(bounces: int, last_at: datetime | None, now: datetime) -> int:
    """How many messages in a row did not arrive, with this one; old ones do not count."""
    if last_at is None or now - last_at > BOUNCES_COUNT:
        return 1
    return bounces + 1


def suspended(bounces: int, *, dead: bool) -> bool:
    """Whether nothing more is sent: nobody is there, or it has failed too often."""
    return dead or bounces >= MOST_BOUNCES
