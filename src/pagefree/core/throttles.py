"""How often one address is written to or called before another way is used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

WINDOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A message that would leave now."""

    id: UUID
    address: UUID
    most: int  # messages to that address within WINDOW
    priority: int  # 0 is the most important


def beyond(wanted: Iterable[Wanted], lately: Mapping[UUID, int]) -> set[UUID]:
    """Which of these messages would be too many, the least important first.

    `lately`: how many each address got within WINDOW. Nothing is ever held back for later:
    what is within the limit leaves now, what is beyond it goes another way now.
    """
    counts = dict(lately)
    too_many = set()
    for one in sorted(wanted, key=lambda one: (one.priority, one.id)):
        sent = counts.get(one.address, 0)
        if sent >= one.most:
            too_many.add(one.id)
        else:
            counts[one.address] = sent + 1
    return too_many
