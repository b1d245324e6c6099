"""The chat that an incident has of its own: what is done to it next, and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pagefree.core.incidents import Status

KEPT = timedelta(hours=24)  # after the incident was resolved
LOOK_EVERY = timedelta(seconds=10)  # while it may still change
LOOK_AFTER = timedelta(minutes=5)  # once it is resolved: it may be opened again
MOST_TRIES = 8  # in a row
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=10)
LONGEST_ASKED_S = 3600
NAME_LIMIT = 50


class Step(StrEnum):
    """What can be done to a chat; each is one call of its provider."""

    CREATE = "create"
    INVITE = "invite"
    TOPIC = "topic"
    TELL = "tell"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a chat tells of its incident."""

    number: int
    title: str
    service: str
    severity: str
    status: Status
    has_it: str | None  # the name of whoever has acknowledged it
    resolved_at: datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class Chat:
    """How far it has got."""

    place: str | None  # as its provider calls it; none: it is not made yet
    topic: str
    invited: frozenset[str]


def next_step(
    chat: Chat,
    subject: Subject,
    people: Sequence[str],
    *,
    news: bool,
    now: datetime,
) -> Step | None:
    """What to do now; none: nothing before something changes.

    `people`: who belongs in there; `news`: something happened that it has not been told.
    """
    if chat.place is None:
        return Step.CREATE
    if not chat.invited.issuperset(people):
        return Step.INVITE
    if chat.topic != topic_of(subject):
        return Step.TOPIC
    if news:
        return Step.TELL
    ends = archive_at(subject)
    return Step.ARCHIVE if ends is not None and ends <= now else None


def name_of(subject: Subject) -> str:
    """A name that says which incident it is: "inc-12-disk-full"."""
    lower = subject.title.lower()
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in lower).split()
    return "-".join(("inc", str(subject.number), *words))[:NAME_LIMIT].rstrip("-")


def topic_of(subject: Subject) -> str:
    """Where the incident stands, in one line."""
    has_it = ""
    if subject.has_it and subject.status is Status.ACKNOWLEDGED:
        has_it = f" by {subject.has_it}"
    return (
        f"#{subject.number} {subject.status.value}{has_it} · {subject.service} ·"
        f" {subject.severity} · {subject.url}"
    )


def archive_at(subject: Subject) -> datetime | None:
    """When the chat is closed; none: while the incident is open."""
    if subject.status is not Status.RESOLVED or subject.resolved_at is None:
        return None
    return subject.resolved_at + KEPT


def look_again_at(subject: Subject, now: datetime) -> datetime:
    """When there may be more to do."""
    ends = archive_at(subject)
    return now + LOOK_EVERY if ends is None else min(ends, now + LOOK_AFTER)


def retry_at(tries: int, retry_after_s: int | None, now: datetime) -> datetime | None:
    """When to go on after `tries` failures in a row; none: it is given up.

    A provider's own wish is heeded: nobody is waiting for this.
    """
    if tries >= MOST_TRIES:
        return None
    asked = timedelta(seconds=min(retry_after_s or 0, LONGEST_ASKED_S))
    return now + max(asked, min(FIRST_RETRY * (1 << (tries - 1)), LONGEST_RETRY))


def words(kind: str, actor: str, data: Mapping[str, object]) -> str | None:
    """An entry of the timeline as a line of the chat; none: it is not told there."""
    told = WORDS.get(kind)
    if told is None:
        return None
    line = f"{actor} {told}"
    if kind in WITH_PEOPLE:
        line += _names(data)
    note = data.get("text") if kind == "incident.note" else data.get("note")
    return f"{line}: {note}" if isinstance(note, str) and note else line


WORDS = {
    "incident.triggered": "opened the incident",
    "incident.acknowledged": "acknowledged",
    "incident.acknowledged_too": "acknowledged too",
    "incident.acknowledgement_expired": "took it from whoever had it for too long",
    "incident.unacknowledged": "un-acknowledged: it escalates again",
    "incident.resolved": "resolved",
    "incident.reopened": "re-opened: it escalates again",
    "incident.snoozed": "snoozed",
    "incident.woke": "ended the snooze: it escalates again",
    "incident.reassigned": "reassigned to ",
    "incident.responder_added": "asked for help from ",
    "incident.note": "noted",
    "escalation.paged": "paged ",
    "escalation.exhausted": "ran out of steps and told ",
}
WITH_PEOPLE = frozenset(
    {
        "incident.reassigned",
        "incident.responder_added",
        "escalation.paged",
        "escalation.exhausted",
    }
)


def _names(data: Mapping[str, object]) -> str:
    """Of whoever an entry names."""
    values = (data.get(key) for key in ("user", "policy", "users"))
    ones = (
        one
        for value in values
        for one in (value if isinstance(value, list) else [value])
    )
    names = (one.get("name") for one in ones if isinstance(one, Mapping))
    return ", ".join(n for n in names if isinstance(n, str)) or "nobody"
