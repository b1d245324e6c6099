"""The events of a batch by their dedup keys, those above a limit apart."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pagefree.alerts.requests import Request, Source
from pagefree.core.alerts import AlertEvent
from pagefree.core.limits import OVER_LIMIT_KEY, beyond, counted_elsewhere
from pagefree.core.rules import Decision


@dataclass(slots=True)
class Group:
    """The events of one dedup key in a batch, and what they do."""

    source: Source
    dedup_key: str
    places: list[tuple[int, int]] = field(default_factory=list)  # request, event
    events: list[AlertEvent] = field(default_factory=list)
    received: list[AlertEvent] = field(default_factory=list)  # before any rule
    decisions: list[Decision | None] = field(default_factory=list)
    fired_at: Sequence[datetime] = ()  # lately, this batch included, where it counts

    def add(
        self,
        place: tuple[int, int],
        event: AlertEvent,
        received: AlertEvent,
        decision: Decision | None,
    ) -> None:
        """One more event, `received` as `event`'s original."""
        self.places.append(place)
        self.events.append(event)
        self.received.append(received)
        self.decisions.append(decision)

    def place_of(self, event: AlertEvent) -> int:
        """The place of one of its events."""
        return next(i for i, one in enumerate(self.events) if one is event)

    def remove(self, places: Iterable[int]) -> list[tuple[tuple[int, int], AlertEvent]]:
        """Take the events at `places` out; returns where they were received, and them."""
        removed = []
        for at in sorted(places, reverse=True):
            removed.append((self.places.pop(at), self.received.pop(at)))
            del self.events[at], self.decisions[at]
        return removed[::-1]


def count_what_is_over(
    requests: Sequence[Request], groups: Sequence[Group], opened: Collection[int]
) -> None:
    """Move what is over the limit, and would open an alert, to the group that counts such.

    `opened`: places in `groups` of those whose alert is open. A source with requests over
    its limit has a group for OVER_LIMIT_KEY.
    """
    counting = {g.source.order: g for g in groups if g.dedup_key == OVER_LIMIT_KEY}
    if not counting:
        return
    for at, group in enumerate(groups):
        to = counting.get(group.source.order)
        if to is None or to is group:
            continue
        over = [requests[request].over_limit for request, _ in group.places]
        places = beyond(group.events, over, is_open=at in opened)
        for place, event in group.remove(places):
            stand_in = counted_elsewhere(event, group.source.name)
            to.add(place, stand_in, stand_in, None)
