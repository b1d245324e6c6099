"""Whether an integration that used to send has fallen silent: by its own rhythm, not by a limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

HOUR = timedelta(hours=1)
LOOKED_AT = timedelta(days=14)  # holds two weekends
LEAST_HOURS = 20  # in which it was heard: else it has no rhythm
LEAST_SPAN = timedelta(days=3)
TIMES, MORE = 2, HOUR  # so much longer than ever before


@dataclass(frozen=True, slots=True)
class Silence:
    """How long an integration has sent nothing, and the longest that it did before."""

    integration_id: UUID
    name: str
    lasts: timedelta
    usual: timedelta

    @property
    def unusual(self) -> bool:
        """Whether somebody should look."""
        return self.lasts > TIMES * self.usual + MORE


def usual_silence(hours: Sequence[datetime]) -> timedelta | None:
    """The longest between two of the hours in which it was heard; none: it has no rhythm.

    `hours` are in order. Neighbours are no silence at all.
    """
    if len(hours) < LEAST_HOURS or hours[-1] - hours[0] < LEAST_SPAN:
        return None
    return max(after - before - HOUR for before, after in pairwise(hours))
