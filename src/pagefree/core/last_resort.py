"""When those who are on call are told, without a database, that there is none."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Word(StrEnum):
    """What people are told."""

    DOWN = "down"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient it is."""

    after: timedelta  # without a database
    every: timedelta  # the least time between two messages


@dataclass(frozen=True, slots=True)
class Told:
    """What all processes of this machine have told together."""

    down_at: datetime | None = None  # none: nobody was ever told
    back: bool = True  # and was told that it is over


def word(
    told: Told, limits: Limits, gone_since: datetime | None, now: datetime
) -> Word | None:
    """What to tell at `now`; `gone_since`: since when the database has not answered."""
    if gone_since is None:
        return None if told.back else Word.BACK
    if now - gone_since < limits.after:
        return None
    if told.down_at is not None and now < told.down_at + limits.every:
        return None
    return Word.DOWN


def after(told: Told, said: Word, now: datetime) -> Told:
    """Once that has been told."""
    if said is Word.BACK:
        return replace(told, back=True)
    return Told(down_at=now, back=False)
