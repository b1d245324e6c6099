"""What happened to an alert, and who was told, in Opsgenie's words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.alerts import opsgenie
from pagefree.alerts.requests import Source
from pagefree.core.notifications import Status
from pagefree.infra.db import Tx
from pagefree.notifications import service as notifications
from pagefree.notifications.queries import Sent
from pagefree.timeline import service as timeline
from pagefree.timeline.queries import Event

MOST_EVENTS = 1_000
MOST_LOGS = 100
SYSTEM, RECIPIENT = "system", "alertRecipient"
ACKNOWLEDGED = ("incident.acknowledged", "incident.acknowledged_too")
TOLD = frozenset({Status.SENDING, Status.ACCEPTED, Status.DELIVERED, Status.UNKNOWN})

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of a log is wanted; `offset` is that of an entry that is known already."""

    offset: str = ""
    direction: Literal["next", "prev"] = "next"
    order: Literal["asc", "desc"] = "desc"
    limit: int = MOST_LOGS


def _names(found: object) -> str:
    """The name in {"name": …}, or those in a list of such."""
    if isinstance(found, list):
        return ", ".join(filter(None, map(_names, found)))
    name = found.get("name") if isinstance(found, dict) else found
    return name if isinstance(name, str) else ""


def _sent(verb: str) -> Callable[[Data], str]:
    def words(data: Data) -> str:
        told = f"{verb} {_names(data.get('user')) or 'somebody'}"
        channel = _names(data.get("channel")).replace("_", " ")
        return f"{told} via {channel}" if channel else told

    return words


WORDS: Mapping[str, Callable[[Data], str]] = {
    "incident.triggered": lambda _: "Alert created",
    "incident.joined": lambda _: "Alert count is increased",
    "incident.acknowledged": lambda _: "Alert acknowledged",
    "incident.acknowledged_too": lambda _: "Alert acknowledged",
    "incident.acknowledgement_expired": lambda _: "Acknowledgement has run out",
    "incident.unacknowledged": lambda _: "Alert unacknowledged",
    "incident.resolved": lambda _: "Alert closed",
    "incident.reopened": lambda _: "Alert re-opened",
    "incident.snoozed": lambda data: f"Alert snoozed until {_names(data.get('until'))}",
    "incident.woke": lambda _: "Snooze has ended",
    "incident.reassigned": lambda data: (
        "Alert assigned to "
        + (_names(data.get("user")) or _names(data.get("policy")) or "somebody else")
    ),
    "incident.responder_added": lambda data: (
        "Added responder " + (_names(data.get("user")) or "somebody")
    ),
    "incident.responder_removed": lambda data: (
        "Removed responder " + (_names(data.get("user")) or "somebody")
    ),
    "incident.updated": lambda _: "Alert updated",
    "escalation.paged": lambda data: (
        "Escalated to " + (_names(data.get("users")) or "nobody")
    ),
    "escalation.exhausted": lambda _: "Escalation has run out of steps",
    "notification.accepted": _sent("Notified"),
    "notification.failed": _sent("Could not notify"),
    "notification.skipped": _sent("Did not notify"),
    "notification.unconfirmed": _sent("Perhaps notified"),
}


async def logs(tx: Tx, source: Source, key: str, span: Span) -> list[dict[str, object]]:
    """What happened since an alert was opened. Raises NotFound."""
    found = await opsgenie.newest(tx, source, key)
    if found.incident_id is None:
        return [_entry("Alert created", SYSTEM, source.name, found.opened_at, "1")]
    told = await timeline.list_of_incident(tx, found.incident_id, None, MOST_EVENTS)
    since = [event for event in told if event.at >= found.opened_at]
    return [_log(event, source.integration_id) for event in _within(since, span)]


def _within(events: Sequence[Event], span: Span) -> list[Event]:
    """`events` are the newest first."""
    ordered = list(events if span.order == "desc" else reversed(events))
    at = next(
        (n for n, each in enumerate(ordered) if str(each.seq) == span.offset), None
    )
    if at is None:
        return ordered[: span.limit]
    if span.direction == "next":
        return ordered[at + 1 : at + 1 + span.limit]
    return ordered[max(0, at - span.limit) : at]


def _log(event: Event, integration_id: UUID) -> dict[str, object]:
    system = not event.kind.startswith(("notification.", "escalation.paged"))
    kind = SYSTEM if system else RECIPIENT
    words = _words(event, integration_id)
    return _entry(words, kind, event.actor_name, event.at, str(event.seq))


def _words(event: Event, integration_id: UUID) -> str:
    """Not what people wrote: the key of an integration is no key to their conversation."""
    if event.kind == "incident.note":
        ours = event.actor_id == integration_id
        return f"Note added: {event.data.get('text', '')}" if ours else "Note added"
    words = WORDS.get(event.kind)
    if words is not None:
        return words(event.data)
    return event.kind.replace(".", " ").replace("_", " ").capitalize()


def _entry(
    words: str, kind: str, owner: str, at: datetime, offset: str
) -> dict[str, object]:
    return {
        "log": words,
        "type": kind,
        "owner": owner,
        "createdAt": at.isoformat(),
        "offset": offset,
    }


async def recipients(tx: Tx, source: Source, key: str) -> list[dict[str, object]]:
    """Who was, or is to be, told of an alert, the first one first. Raises NotFound."""
    found = await opsgenie.newest(tx, source, key)
    if found.incident_id is None:
        return []
    by_user: dict[UUID, list[Sent]] = {}
    for sent in reversed(await notifications.of_incident(tx, found.incident_id)):
        by_user.setdefault(sent.user_id, []).append(sent)
    told = await timeline.list_of_incident(tx, found.incident_id, None, MOST_EVENTS)
    acknowledged = {
        event.actor_id: event.at for event in told if event.kind in ACKNOWLEDGED
    }
    people = await accounts.colleagues(tx, by_user)
    return [
        {
            "user": {"id": str(i), "username": people[i].name},
            **_state(each, acknowledged.get(i)),
        }
        for i, each in by_user.items()
        if i in people
    ]


def _state(sent: Iterable[Sent], acknowledged_at: datetime | None) -> dict[str, object]:
    """What one person did, else how they were told last."""
    sent = list(sent)
    told = [each for each in sent if each.status in TOLD]
    last = max(each.finished_at or each.created_at for each in told or sent)
    state, method = ("active", told[-1].channel) if told else ("notactive", "")
    if acknowledged_at is not None:
        state, method, last = "action", "Acknowledge", acknowledged_at
    return {
        "state": state,
        "method": method,
        "createdAt": sent[0].created_at.isoformat(),
        "updatedAt": last.isoformat(),
    }
