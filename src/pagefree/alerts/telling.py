"""Whether people are told of an open alert, and when to look at it again if they are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.alerts.due_queries import Suppressed, Told
from pagefree.alerts.joining import Joiner
from pagefree.alerts.rulebook import Destination, Rulebook
from pagefree.core.alerts import AlertEvent
from pagefree.core.rules import Decision, RoutedBy, Suppression, suppression


@dataclass(slots=True)  # not frozen: storms make many
class Case:
    """An open alert, and what speaks for and against telling people."""

    id: UUID
    destination: Destination
    decision: Decision | None
    received: AlertEvent  # its last event, as it came in
    event: AlertEvent  # as the rules have changed it
    opened_at: datetime
    last_at: datetime
    fired_at: Sequence[datetime] = ()  # lately, where that counts

    @property
    def auto_resolve(self) -> timedelta | None:
        """After how long without an event it is over."""
        by_rule = self.decision.auto_resolve if self.decision else None
        return by_rule or self.destination.auto_resolve

    @property
    def over_at(self) -> datetime | None:
        """When it is over if it is not heard of again."""
        return self.last_at + self.auto_resolve if self.auto_resolve else None

    @property
    def routed_by(self) -> RoutedBy:
        """Who said that it belongs to its service."""
        return self.decision.routed_by if self.decision else RoutedBy.INTEGRATION


def hushed(rulebook: Rulebook, case: Case, now: datetime) -> Suppressed | None:
    """Why nobody is told of it at `now`; none: people are."""
    by = _reason(rulebook, case, now)
    if by is None:
        return None
    dues = [at for at in (by.until, case.over_at) if at is not None]
    return Suppressed(case.id, by, case.received, min(dues, default=None))


def _reason(rulebook: Rulebook, case: Case, now: datetime) -> Suppression | None:
    at = case.destination
    planned = rulebook.planned(at, case.event.labels, now)
    decision = case.decision
    if decision is None:
        if planned is None:
            return None
        decision = Decision(case.event, at.service_id)
    return suppression(decision, planned, case.opened_at, case.fired_at, now)


def told(case: Case, joiner: Joiner) -> Told:
    """An alert that had no incident and has one now."""
    if joiner.incident_id is None:
        raise ValueError("its incident is not found yet")
    return Told(
        case.id,
        joiner.incident_id,
        case.destination.service_id,
        case.routed_by.value,
        case.over_at,
        case.auto_resolve,
    )
