"""The timeline of a postmortem: made from what happened, then told by people."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

MOST_ITEMS = 300
MOST_NAMES = 4
MOST_TEXT = 500

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of one of the incidents."""

    event_id: int
    at: datetime
    kind: str
    actor: str
    incident: int  # its number
    data: Data


@dataclass(frozen=True, slots=True)
class Item:
    """One line. What people changed in it stays, however often it is built anew."""

    id: str  # "event-12", or anything else for what somebody has added
    at: datetime
    text: str
    incident: int | None = None
    hidden: bool = False


def _name(value: object) -> list[str]:
    found = value.get("name") if isinstance(value, Mapping) else value
    return [found] if isinstance(found, str) and found else []


def _names(data: Data, field: str) -> str:
    value = data.get(field)
    listed = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    found = [name for each in listed for name in _name(each)] or _name(value)
    left = len(found) - MOST_NAMES
    if left > 1:
        return f"{', '.join(found[:MOST_NAMES])} and {left} more"
    return ", ".join(found)


def _text(data: Data, field: str, default: str = "") -> str:
    value = data.get(field)
    return str(value) if isinstance(value, str | int) and value != "" else default


def _because(words: str, why: str) -> str:
    return f"{words}: {why}" if why else words


def _number(value: object) -> str:
    number = value.get("number") if isinstance(value, Mapping) else None
    return f"#{number}" if number is not None else "another incident"


def _paged(data: Data) -> str:
    rooms = _names(data, "rooms")
    who = _names(data, "users")
    if who or not rooms:
        return f"paged {who or 'nobody'}"
    return f"posted in {rooms}"


def _changed(data: Data) -> str:
    """Only what matters to the story."""
    changes = data.get("changes")
    given = changes if isinstance(changes, Mapping) else {}
    parts = [
        f"the {name} to {change.get('to') or 'none'}"
        for name, change in given.items()
        if name in {"priority", "severity", "urgency"} and isinstance(change, Mapping)
    ]
    return f"changed {' and '.join(parts)}" if parts else ""


def _run(result: str) -> Callable[[Data], str]:
    return lambda data: f"ran the runbook “{_text(data, 'name', '?')}”{result}"


def _public(data: Data) -> str:
    page, name = _text(data, "page", "a status page"), _text(data, "name", "?")
    return f"told people on {page}: “{name}” is {_text(data, 'status', 'known')}"


# Which events matter, as the rest of a sentence that begins with who did it; "": not this one.
WORDS: Mapping[str, Callable[[Data], str]] = {
    "incident.triggered": lambda data: (
        "declared the incident" if data.get("declared") else "opened the incident"
    ),
    "incident.acknowledged": lambda _: "acknowledged",
    "incident.acknowledgement_expired": lambda _: "escalated again: nobody went on",
    "incident.unacknowledged": lambda _: "gave it back: it escalated again",
    "incident.reassigned": lambda data: (
        f"reassigned it to {_names(data, 'user') or _names(data, 'policy') or 'others'}"
    ),
    "incident.responder_added": lambda data: (
        f"asked {_names(data, 'user') or 'somebody'} to help"
    ),
    "incident.snoozed": lambda _: "snoozed it",
    "incident.note": lambda data: _because("noted", _text(data, "text")),
    "incident.updated": _changed,
    "incident.merged": lambda data: (
        f"merged {_number(data.get('from'))} into this" if data.get("from") else ""
    ),
    "incident.resolved": lambda data: _because("resolved it", _text(data, "note")),
    "incident.reopened": lambda _: "opened it again",
    "escalation.paged": _paged,
    "escalation.exhausted": lambda _: "ran out of people to page",
    "notification.unreached": lambda data: (
        f"had no way left to reach {_names(data, 'user') or 'somebody'}"
    ),
    "runbook_run.succeeded": _run(": it worked"),
    "runbook_run.failed": _run(": it failed"),
    "runbook_run.timed_out": _run(", which took too long"),
    "status_incident.published": _public,
    "status_incident.changed": _public,
}


def built(events: Iterable[Happened]) -> tuple[Item, ...]:
    """What matters of these events, of however many incidents, in the order of time."""
    found = [item for event in events if (item := _item(event)) is not None]
    return ordered(found)[:MOST_ITEMS]


def _item(event: Happened) -> Item | None:
    words = WORDS[event.kind](event.data) if event.kind in WORDS else ""
    if not words:
        return None
    text = f"{event.actor} {words}"
    text = text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…"
    return Item(f"event-{event.event_id}", event.at, text, event.incident)


def merged(told: Iterable[Item], built_anew: Iterable[Item]) -> tuple[Item, ...]:
    """`told` with what has happened since; what people changed, hid or added stays."""
    kept = list(told)
    known = {item.id for item in kept}
    new = [item for item in built_anew if item.id not in known]
    room = max(0, MOST_ITEMS - len(kept))  # what people wrote stays
    return ordered([*kept, *new[:room]])


def ordered(items: Iterable[Item]) -> tuple[Item, ...]:
    """In the order of time; of one instant, as they were given."""
    return tuple(sorted(items, key=lambda item: item.at))
