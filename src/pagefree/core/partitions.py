"""Which partitions of a day are to be made, and which are old enough to go."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

DAY = timedelta(days=1)
BOUNDS = re.compile(r"FROM \((?P<first>[^)]*)\) TO \((?P<last>[^)]*)\)")
LOWEST, HIGHEST = UUID(int=0), UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Partition:
    """One that is there, with the ids that it is for: `[first, last)`."""

    name: str
    first: UUID
    last: UUID


def partition(name: str, bounds: str) -> Partition | None:
    """What PostgreSQL says of one; none of the default one, which has no bounds."""
    found = BOUNDS.search(bounds)
    if found is None:
        return None
    first, last = found["first"].strip("'"), found["last"].strip("'")
    return Partition(
        name,
        LOWEST if first == "MINVALUE" else UUID(first),
        HIGHEST if last == "MAXVALUE" else UUID(last),
    )


def first_id(at: datetime) -> UUID:
    """The border at `at` among ids that begin with milliseconds (RFC 9562 section 5.7)."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def days_to_make(
    there: Sequence[Partition], ahead: int, now: datetime
) -> Iterator[tuple[datetime, UUID, UUID]]:
    """The days from today to `ahead` days later for which there is none, and their borders."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in (today + n * DAY for n in range(ahead + 1)):
        first, last = first_id(day), first_id(day + DAY)
        if not any(one.first < last and first < one.last for one in there):
            yield day, first, last


def expired(there: Sequence[Partition], before: datetime) -> list[Partition]:
    """Those that hold nothing from `before` or later, oldest first."""
    border = first_id(before)
    return sorted(
        (one for one in there if one.last <= border), key=lambda one: one.last
    )
