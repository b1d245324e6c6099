"""What an event means to the people of a service: how urgent, how important."""

from enum import StrEnum

from pagefree.core.alerts import Severity


class Urgency(StrEnum):
    """Which of a person's notification rules apply."""

    HIGH = "high"
    LOW = "low"


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
