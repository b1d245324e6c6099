"""What an event means to the people of a service: how urgent, how important, or nothing."""

from dataclasses import dataclass
from enum import StrEnum

from pagefree.core.alerts import Severity


class Urgency(StrEnum):
    """Which of a person's notification rules apply."""

    HIGH = "high"
    LOW = "low"


class Lifecycle(StrEnum):
    """Whether a service is still there; nobody is paged for an archived one."""

    ACTIVE = "active"
    DEPRECATED = "deprecated"
    ARCHIVED = "archived"


URGENCIES = {
    Severity.CRITICAL: Urgency.HIGH,
    Severity.ERROR: Urgency.HIGH,
    Severity.WARNING: Urgency.LOW,
    Severity.INFO: Urgency.LOW,
}
PRIORITIES = {
    Severity.CRITICAL: "P1",
    Severity.ERROR: "P2",
    Severity.WARNING: "P3",
    Severity.INFO: "P4",
}


@dataclass(frozen=True, slots=True)
class Importance:
    """How an incident is treated."""

    urgency: Urgency
    priority: str  # P1 to P5


IMPORTANCE = {
    severity: Importance(URGENCIES[severity], PRIORITIES[severity])
    for severity in Severity
}


def importance(severity: Severity) -> Importance:
    """How an incident that opens with an alert of this severity is treated."""
    return IMPORTANCE[severity]


def raised(urgency: Urgency, priority: str | None, severity: Severity) -> Importance:
    """How an incident that gets worse, now of this severity, is treated: never more quietly."""
    usual = importance(severity)
    loud = Urgency.HIGH in (urgency, usual.urgency)
    return Importance(
        Urgency.HIGH if loud else Urgency.LOW,
        min(priority or usual.priority, usual.priority),
    )


def suppressed(lifecycle: str) -> bool:
    """Whether events of a service are only recorded."""
    return lifecycle == Lifecycle.ARCHIVED
