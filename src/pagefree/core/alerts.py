"""The life of an alert: what a source's events do to the one open alert of their dedup key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

KEY_BYTES = 255
TITLE_LENGTH = 1024
BODY_LENGTH = 16_000
URL_LENGTH = 2048
MOST_LINKS = 20
CLOCKS_APART = timedelta(minutes=5)


class Action(StrEnum):
    """What a source asks for."""

    TRIGGER = "trigger"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


class Severity(StrEnum):
    """How bad the source says it is, worst first."""

    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


LOUDEST = Severity.CRITICAL  # an unknown severity pages: too loud beats too quiet
LOUDNESS = {severity: rank for rank, severity in enumerate(reversed(Severity))}
SEVERITIES: Mapping[str, Severity] = {
    **dict.fromkeys(
        ("critical", "crit", "page", "p1", "high", "fatal", "emergency"),
        Severity.CRITICAL,
    ),
    **dict.fromkeys(("error", "err", "major", "p2"), Severity.ERROR),
    **dict.fromkeys(("warning", "warn", "minor", "medium", "p3"), Severity.WARNING),
    **dict.fromkeys(
        ("info", "informational", "none", "notice", "debug", "low", "p4", "p5"),
        Severity.INFO,
    ),
}


class Outcome(StrEnum):
    """What became of one event; every accepted event has exactly one."""

    OPENED = "opened"
    DUPLICATE = "duplicate"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    STALE = "stale"  # of an earlier episode than the one that is open, or ended last
    UNMATCHED = "unmatched"  # acknowledges or resolves what is not open
    SUPPRESSED = "suppressed"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Link:
    """A page worth opening, as the source gave it. Untrusted."""

    href: str
    text: str = ""


@dataclass(slots=True)  # not frozen: storms make many
class AlertEvent:
    """One thing that a monitoring tool reported, in our words. All text is untrusted."""

    action: Action
    dedup_key: str  # at most KEY_BYTES; same key, same open alert
    title: str = ""
    severity: Severity = LOUDEST
    body: str = ""
    source_url: str | None = None
    labels: Mapping[str, object] = field(default_factory=dict)  # plain JSON
    links: tuple[Link, ...] = ()
    group_key: str | None = (
        None  # open incidents of a service with the same one are joined
    )
    episode_at: datetime | None = None  # when the source says that this condition began
    ended_at: datetime | None = None  # and ended, if it says that, too


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """A deployment or another change: kept beside incidents, never pages."""

    summary: str
    source: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
    links: tuple[Link, ...] = ()


@dataclass(slots=True)  # not frozen: storms make many
class Touched:
    """An alert that a batch of events opened or changed."""

    existing: bool  # it was open before the batch
    event: AlertEvent | None = (
        None  # the last firing one, if any; it describes the alert
    )
    fired: int = 0  # occurrences to add
    acknowledged: bool = False
    resolved: bool = False
    episode_at: datetime | None = None  # the latest that fired


@dataclass(slots=True)  # not frozen: storms make many
class Folded:
    """What a batch of events does to one dedup key."""

    touched: tuple[Touched, ...]  # in order; only the last can still be open
    outcomes: tuple[
        tuple[Outcome, int | None], ...
    ]  # one an event, with its index in `touched`
    ended_episode: datetime | None  # the latest that has ended, now or before


def severity_of(word: str) -> Severity:
    """The severity that a tool's own word for it means."""
    return SEVERITIES.get(word.strip().lower(), LOUDEST)


def louder(a: Severity, b: Severity) -> Severity:
    """The worse of two severities."""
    return a if LOUDNESS[a] >= LOUDNESS[b] else b


def key_of(text: str) -> str:
    """`text` as a dedup or group key: hashed when it is longer than a key may be."""
    if len(text) * 4 <= KEY_BYTES or len(text.encode()) <= KEY_BYTES:
        return text
    return "sha256:" + sha256(text.encode()).hexdigest()


def web_address(text: str) -> str | None:
    """`text` if a browser may be sent there: never javascript: or data:."""
    is_web = text[:8].lower().startswith(("http://", "https://"))
    return text if is_web and len(text) <= URL_LENGTH else None


def fold(
    events: Sequence[AlertEvent],
    *,
    is_open: bool,
    ended_episode: datetime | None,
    open_episode: datetime | None = None,
) -> Folded:
    """What `events`, all of one dedup key and in the order received, do.

    `is_open`: an alert with this key is open, and `open_episode` is when it began.
    `ended_episode`: the start of the last episode that ended. A source without episodes
    can always fire again; one with them (Alertmanager's startsAt) is believed over the
    order of arrival, because its replicas re-send an old firing after a peer has already
    reported the end (prometheus/alertmanager issue 2447), and an end may be late.
    """
    touched = [Touched(existing=True, episode_at=open_episode)] if is_open else []
    outcomes: list[tuple[Outcome, int | None]] = []
    ended = ended_episode
    for event in events:
        at = len(touched) - 1
        is_open = at >= 0 and not touched[at].resolved
        if event.action is Action.TRIGGER:
            if _is_stale(event, ended):
                outcomes.append((Outcome.STALE, None))
                continue
            if is_open:
                touched[at] = replace(
                    touched[at],
                    event=event,
                    fired=touched[at].fired + 1,
                    episode_at=_later(touched[at].episode_at, event),
                )
                outcomes.append((Outcome.DUPLICATE, at))
            else:
                opened = Touched(
                    existing=False, event=event, fired=1, episode_at=event.episode_at
                )
                touched.append(opened)
                outcomes.append((Outcome.OPENED, at + 1))
        elif not is_open:
            ended = _later(ended, event) if event.action is Action.RESOLVE else ended
            outcomes.append((Outcome.UNMATCHED, None))
        elif event.action is Action.ACKNOWLEDGE:
            touched[at] = replace(touched[at], acknowledged=True)
            outcomes.append((Outcome.ACKNOWLEDGED, at))
        elif _ended_before(event, touched[at].episode_at):
            ended = _later(ended, event)
            outcomes.append((Outcome.STALE, None))
        else:
            touched[at] = replace(touched[at], resolved=True)
            ended = _later(ended, event)
            outcomes.append((Outcome.RESOLVED, at))
    return Folded(tuple(touched), tuple(outcomes), ended)


def _is_stale(event: AlertEvent, ended: datetime | None) -> bool:
    return (
        event.episode_at is not None and ended is not None and event.episode_at <= ended
    )


def _ended_before(event: AlertEvent, began: datetime | None) -> bool:
    """Whether an end is that of an episode before the one that began then.

    Two Prometheus of one Alertmanager see a condition begin at different moments, but
    what ended after both belongs to both.
    """
    said = [at for at in (event.ended_at, event.episode_at) if at is not None]
    return bool(said) and began is not None and max(said) < began


def believable(began: datetime | None, now: datetime) -> datetime | None:
    """When an episode began, unless that is yet to come: clocks that differ say nothing.

    Alertmanager takes the end, which is ahead, for the beginning where it was told of none.
    """
    return None if began is None or began > now + CLOCKS_APART else began


def _later(known: datetime | None, event: AlertEvent) -> datetime | None:
    if event.episode_at is None:
        return known
    return event.episode_at if known is None else max(known, event.episode_at)
