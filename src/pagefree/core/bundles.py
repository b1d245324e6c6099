"""Many pages at once: one message says of them all what a person can take in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

MOST_ALONE = 5  # messages of their own to one address within WINDOW
WINDOW = timedelta(minutes=1)
STORM = timedelta(
    minutes=5
)  # it is over when nothing had to be told together for so long


@dataclass(frozen=True, slots=True)
class Page:
    """One page that is due."""

    id: UUID
    cause: UUID  # the service of its incident
    opened_at: datetime  # of its incident


@dataclass(frozen=True, slots=True)
class Lately:
    """What an address got lately."""

    messages: int = 0  # within WINDOW
    causes: frozenset[UUID] = frozenset()  # within STORM
    bundled_at: datetime | None = None  # the last message for several, within STORM


@dataclass(frozen=True, slots=True)
class Spread:
    """How due pages are sent: a message each, one for all of them, or later."""

    alone: tuple[Page, ...] = ()
    together: tuple[Page, ...] = ()  # what is worth reading first comes first
    later: tuple[Page, ...] = ()
    again_at: datetime | None = None  # when `later` is


def spread(pages: Sequence[Page], lately: Lately, now: datetime) -> Spread:
    """How these `pages` for one address, which are all due at `now`, are sent.

    The first few are messages of their own. What comes on top of them within WINDOW is
    told in one message; from then on there is one message per WINDOW until the storm is
    over. But trouble with a service that the address has heard nothing of never waits.
    """
    left = 0 if lately.bundled_at else max(0, MOST_ALONE - lately.messages)
    ordered = newest_causes_first(pages)
    alone, rest = ordered[:left], ordered[left:]
    if not rest:
        return Spread(alone)
    known = lately.causes | {page.cause for page in alone}
    again_at = lately.bundled_at + WINDOW if lately.bundled_at else now
    if again_at <= now or any(page.cause not in known for page in rest):
        return Spread(alone, rest)
    return Spread(alone, (), rest, again_at)


def newest_causes_first(pages: Iterable[Page]) -> tuple[Page, ...]:
    """`pages` with the newest of each cause first, then the others, newest first."""
    newest = sorted(pages, key=_age, reverse=True)
    first = {page.cause: page for page in reversed(newest)}
    heads = sorted(first.values(), key=_age, reverse=True)
    told = {page.id for page in heads}
    return (*heads, *(page for page in newest if page.id not in told))


def _age(page: Page) -> tuple[datetime, UUID]:
    return page.opened_at, page.id  # ids sort by the time they were made
