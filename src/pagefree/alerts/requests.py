"""What waits to be stored: a request, whose it is, and what was understood of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from pagefree.core.alerts import Action, AlertEvent, ChangeEvent, Outcome, Severity
from pagefree.core.escalation import Policy
from pagefree.timeline.service import Cause

UNREADABLE_KEY = "pagefree:unreadable"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a routing key leads."""

    integration_id: UUID
    order: bytes  # the same, quick to sort and to hash
    kind: str
    name: str
    service_id: UUID
    team_id: UUID
    policy: Policy
    cause: Cause
    suppressed: bool = False  # events are only recorded


@dataclass(frozen=True, slots=True)
class Request:
    """One authenticated request; `error` says why it could not be understood."""

    id: UUID
    source: Source
    body: bytes
    content_type: str
    user_agent: str
    events: Sequence[AlertEvent | ChangeEvent]  # every dedup key is filled in
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A request that is on disk, with what became of its events."""

    request_id: UUID
    outcomes: tuple[Outcome, ...]


def unreadable(request: Request, error: str, *, tell: bool = True) -> Request:
    """`request` for quarantine; `tell`: an alert says so to the people of the service."""
    if not tell:
        return replace(request, events=(), error=error)
    event = AlertEvent(
        action=Action.TRIGGER,
        dedup_key=UNREADABLE_KEY,
        title=f"{request.source.name} sends something that PageFree cannot read",
        severity=Severity.ERROR,  # it may have been a page
        body=f"{error}\n\nSee the integration's log of requests.",
    )
    return replace(request, events=(event,), error=error)
