"""What a service is, and how it is doing: the worst of what is open on it, or below it."""

from collections.abc import Iterable
from enum import StrEnum

from pagefree.core.errors import Invalid
from pagefree.core.incidents import Status
from pagefree.core.routing import Urgency

MOST_TAGS = 20
LONGEST_TAG = 50


class ServiceKind(StrEnum):
    """A business service is what people buy or use: it stands on others, nothing reports on it."""

    TECHNICAL = "technical"
    BUSINESS = "business"


class ServiceState(StrEnum):
    """How a service is doing, by the worst incident that is open on it."""

    TRIGGERED = "triggered"  # urgent, and nobody has it
    ACKNOWLEDGED = "acknowledged"  # urgent, and somebody has it
    LOW = "low"  # open, but not urgent
    QUIET = "quiet"


WORST_FIRST = tuple(ServiceState)


def state_of(urgency: str | None, status: str | None) -> ServiceState:
    """The state of a service whose worst open incident is this one (none: there is none)."""
    if urgency is None or status is None:
        return ServiceState.QUIET
    if urgency == Urgency.LOW:
        return ServiceState.LOW
    if status == Status.TRIGGERED:
        return ServiceState.TRIGGERED
    return ServiceState.ACKNOWLEDGED


def worst(states: Iterable[ServiceState]) -> ServiceState:
    """The worst of these; quiet where there are none."""
    return min(states, key=WORST_FIRST.index, default=ServiceState.QUIET)


def tidy_tags(tags: Iterable[str]) -> list[str]:
    """Tags in lower case, each once, sorted. Raises Invalid on too many or too long ones."""
    tidy = sorted({" ".join(tag.split()).lower() for tag in tags} - {""})
    if len(tidy) > MOST_TAGS:
        raise Invalid(f"a service has at most {MOST_TAGS} tags")
    if any(len(tag) > LONGEST_TAG for tag in tidy):
        raise Invalid(f"a tag has at most {LONGEST_TAG} characters")
    return tidy
