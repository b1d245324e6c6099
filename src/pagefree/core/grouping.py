"""Which alerts share an incident."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from pagefree.core.alerts import AlertEvent, key_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Mode(StrEnum):
    """How a service groups its alerts."""

    SOURCE = "source"  # by the key that the source groups by
    OFF = "off"  # every alert is an incident
    TIME = "time"  # those that open within a while of an incident's opening
    LABELS = "labels"  # those that agree in some labels
    DEPENDENCIES = "dependencies"  # with what is wrong with the services it depends on


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a service has chosen."""

    mode: Mode = Mode.SOURCE
    window: timedelta = timedelta(minutes=5)  # of Mode.TIME
    labels: tuple[str, ...] = ()  # of Mode.LABELS


BY_SOURCE = Grouping()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open incident of the service with this group key is joined."""

    key: str
    opened_after: datetime | None = None  # if it opened after this


@dataclass(frozen=True, slots=True)
class Group:
    """Which incident to join, else which key the one that is opened gets."""

    candidates: tuple[Candidate, ...]  # the first that is there
    key: str | None  # none: nothing joins it
    upstream: bool = False  # rather join an incident of a service it depends on


ALONE = Group((), None)


def group(grouping: Grouping, event: AlertEvent, now: datetime) -> Group:
    """Where an alert that opens at `now` with `event` goes."""
    if grouping.mode is Mode.OFF:
        return ALONE
    if grouping.mode is Mode.TIME:
        return _by_time(grouping.window, now)
    if grouping.mode is Mode.LABELS:
        return _by_key(_labels_key(grouping.labels, event.labels))
    upstream = grouping.mode is Mode.DEPENDENCIES
    return _by_key(event.group_key, upstream=upstream)


def _by_key(key: str | None, *, upstream: bool = False) -> Group:
    candidates = (Candidate(key),) if key is not None else ()
    return Group(candidates, key, upstream)


def _by_time(window: timedelta, now: datetime) -> Group:
    """The key names the slice of time in which an incident opened.

    An incident that opened less than a window ago did so in this slice or in the one
    before, and there is at most one open incident of each.
    """
    here = (now - EPOCH) // window
    before, own = f"time:{here - 1}", f"time:{here}"
    return Group((Candidate(own), Candidate(before, now - window)), own)


def _labels_key(names: tuple[str, ...], labels: Mapping[str, object]) -> str | None:
    """Alerts that have none of the labels have nothing in common."""
    values = [labels.get(name) for name in names]
    if all(value is None for value in values):
        return None
    return key_of("labels:" + json.dumps(values, sort_keys=True, ensure_ascii=False))
