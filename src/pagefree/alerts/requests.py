"""What waits to be stored: a request, whose it is, and what was understood of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core.alerts import Action, AlertEvent, ChangeEvent, Outcome, Severity
from pagefree.core.escalation import Policy
from pagefree.core.verification import Check
from pagefree.services.intake import Intake
from pagefree.timeline.service import Cause

UNREADABLE_KEY = "pagefree:unreadable"
USUAL_INTAKE = Intake()


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
    intake: Intake = USUAL_INTAKE


class Disposition(StrEnum):
    """What became of a request as a whole."""

    PROCESSED = "processed"
    QUARANTINED = "quarantined"  # it cannot be read
    IGNORED = "ignored"  # a ping, a test or a handshake
    REPEATED = "repeated"  # an earlier request said the same
    REJECTED = "rejected"  # its signature is wrong
    REPLAYED = "replayed"  # it could not be read, and was taken in later


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a delivery is recognised by when it comes again before `keep` is over."""

    digest: UUID
    keep: timedelta
    by_body: bool = (
        False  # only the body is the same: it counts if it would change nothing
    )


@dataclass(frozen=True, slots=True)
class Repeated:
    """The request that said the same, and the dedup keys of its events."""

    request_id: UUID
    dedup_keys: tuple[str | None, ...]


@dataclass(slots=True)  # not frozen: with so many fields that costs a microsecond
class Request:
    """One authenticated request; `error` says why it could not be understood."""

    id: UUID
    source: Source
    body: bytes
    content_type: str
    user_agent: str
    events: Sequence[AlertEvent | ChangeEvent]  # every dedup key is filled in
    error: str | None = None  # why it is not processed
    outcome: Disposition = Disposition.PROCESSED
    signature: Check = Check.UNSIGNED
    context: str | None = None  # what was read beside the body, as JSON
    deliveries: tuple[Delivery, ...] = ()
    repeats: Repeated | None = None
    over_limit: bool = False  # it opens no alert of its own


@dataclass(slots=True)  # not frozen: storms make many
class Taken:
    """A request that is on disk, with what became of its events."""

    request_id: UUID
    outcomes: tuple[Outcome, ...]
    repeats: Repeated | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A request from the log."""

    body: bytes
    content_type: str
    context: str | None
    received_at: datetime


def unreadable(request: Request, error: str, *, tell: bool = True) -> Request:
    """`request` for quarantine; `tell`: an alert says so to the people of the service."""
    request = replace(
        request, outcome=Disposition.QUARANTINED, error=error, deliveries=()
    )
    if not tell:
        return replace(request, events=())
    event = AlertEvent(
        action=Action.TRIGGER,
        dedup_key=UNREADABLE_KEY,
        title=f"{request.source.name} sends something that PageFree cannot read",
        severity=Severity.ERROR,  # it may have been a page
        body=f"{error}\n\nSee the integration's log of requests.",
    )
    return replace(request, events=(event,))
