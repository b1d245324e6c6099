"""The canary: what it owns, and what makes a run of it good.

All that is its own has an id of its own making, from before there were any: so whoever reads
what belongs to people leaves it out by one comparison, and without asking for anything more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# UUIDv7 of the year 1970: nothing that is made later can have it
ID_PREFIX = "00000000-0000-7ca0-8000-"
NAME = "PageFree canary"


def _own(number: int) -> UUID:
    return UUID(f"{ID_PREFIX}{number:012x}")


TEAM_ID = _own(1)
USER_ID = _own(2)
METHOD_ID = _own(3)
RULE_ID = _own(4)
POLICY_ID = _own(5)
STEP_ID = _own(6)
TARGET_ID = _own(7)
SERVICE_ID = _own(8)
INTEGRATION_ID = _own(9)
KEY_ID = _own(10)

EVERY = timedelta(minutes=1)
WITHIN = timedelta(seconds=30)  # the whole loop
STALE = timedelta(minutes=3)  # nothing was heard of it for so long: it is silent
# until every process knows what it owns: without its policy, people would be paged
SETTLING = timedelta(seconds=5)
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run:
    """One time that the canary flew."""

    started_at: datetime
    took: timedelta
    why: str | None  # it failed; none: it came back

    @property
    def ok(self) -> bool:
        """Whether it came back in time, and nothing else was found."""
        return self.why is None


def next_due(due_at: datetime, now: datetime) -> datetime:
    """When it flies after the flight that was due at `due_at` and is begun at `now`.

    Minutes that nobody was there for are left out: late flights would tell nothing.
    """
    missed = max((now - due_at) // EVERY, 0)
    return due_at + EVERY * (missed + 1)


def verdict(lost: str | None, took: timedelta, findings: Sequence[str]) -> str | None:
    """Why the watchdog is not to be told that all is well; none: it is.

    `lost` is where the event went missing, `findings` what breaks a promise elsewhere.
    """
    if lost is not None:
        return lost
    if took >= WITHIN:
        return f"the loop took {took.total_seconds():.0f} s"
    if findings:
        return "; ".join(findings)
    return None
