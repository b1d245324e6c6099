"""When people have said often enough that a page was noise, a rule is proposed."""

from enum import StrEnum

ENOUGH = 3  # incidents of one condition
PLENTY = 6


class Remedy(StrEnum):
    """What a rule for it would do; a person decides."""

    LOW_URGENCY = "low_urgency"  # nobody is woken, but it is still seen
    SUPPRESS = "suppress"  # nobody is told


def remedy(incidents: int) -> Remedy | None:
    """What to propose after so many incidents of one condition were noise; none: wait."""
    if incidents < ENOUGH:
        return None
    return Remedy.LOW_URGENCY if incidents < PLENTY else Remedy.SUPPRESS
