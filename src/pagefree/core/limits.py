"""What becomes of events above the limit of their source."""

from collections.abc import Sequence
from dataclasses import replace

from pagefree.core.alerts import Action, AlertEvent

OVER_LIMIT_KEY = "pagefree:over-limit"  # the one alert of a source that counts them


def beyond(
    events: Sequence[AlertEvent], over: Sequence[bool], *, is_open: bool
) -> list[int]:
    """The places of events that are over the limit and would open an alert.

    The events are of one dedup key, in the order received; `over` says which came above
    the limit, `is_open` whether an alert with this key is open. Duplicates of what is
    open count as ever, and what ends an alert ends it.
    """
    places = []
    for place, (event, is_over) in enumerate(zip(events, over, strict=True)):
        if event.action is Action.RESOLVE:
            is_open = False
        elif event.action is Action.TRIGGER and not is_open:
            if is_over:
                places.append(place)
            else:
                is_open = True
    return places


def counted_elsewhere(event: AlertEvent, source: str) -> AlertEvent:
    """What stands for `event` of `source` in the alert that counts events over the limit.

    It is as severe: people are to be told as loudly.
    """
    return replace(
        event,
        dedup_key=OVER_LIMIT_KEY,
        title=f"More events than the limit from {source}",
        body=(
            "Requests above the limit of this integration are stored, but what would"
            " have opened an alert is only counted here; the count of this alert says"
            " how many there are. See the integration's log of requests.\n\n"
            f"The latest: {event.title}"
        ),
        source_url=None,
        labels={},
        links=(),
        group_key=None,
        episode_at=None,
    )
