"""When the silence of something that should speak up is told, and to say that it is back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Word(StrEnum):
    """What people are told."""

    SILENT = "silent"
    FAILS = "fails"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited."""

    period: timedelta  # between two signs of life
    grace: timedelta  # beyond that
    repeat: timedelta  # between two pages about the same silence


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one that is watched."""

    heard_at: datetime  # its last sign of life, or the beginning of our watch
    failed: str | None = None  # what it has said itself since then
    paged_at: datetime | None = None  # people know; none: there is nothing to know


def heard(seen: Seen, now: datetime) -> Seen:
    """It has said that all is well."""
    return replace(seen, heard_at=now, failed=None)


def complained(seen: Seen, why: str) -> Seen:
    """It has said that something is wrong: that is told without waiting."""
    return replace(seen, failed=why or "it did not say why")


def resumed(seen: Seen, now: datetime) -> Seen:
    """After we did not listen ourselves: what was said meanwhile nobody knows.

    What people have been told stands until something is heard.
    """
    return seen if seen.paged_at else replace(seen, heard_at=now)


def word(seen: Seen, patience: Patience, now: datetime) -> Word | None:
    """What to tell people at `now`; none: nothing."""
    due = seen.heard_at + patience.period + patience.grace
    if seen.failed is None and now <= due:
        return Word.BACK if seen.paged_at else None
    if seen.paged_at is not None and now < seen.paged_at + patience.repeat:
        return None
    return Word.SILENT if seen.failed is None else Word.FAILS


def told(seen: Seen, said: Word, now: datetime) -> Seen:
    """People have been told."""
    return replace(seen, paged_at=None if said is Word.BACK else now)
