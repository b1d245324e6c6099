import pytest

from pagefree.core.alerts import LOUDEST, Severity
from pagefree.core.routing import Lifecycle, Urgency, importance, suppressed


@pytest.mark.parametrize(
    ("severity", "urgency", "priority"),
    [
        (Severity.CRITICAL, Urgency.HIGH, "P1"),
        (Severity.ERROR, Urgency.HIGH, "P2"),
        (Severity.WARNING, Urgency.LOW, "P3"),
        (Severity.INFO, Urgency.LOW, "P4"),
    ],
)
def test_a_severity_decides_how_an_incident_is_treated(
    severity: Severity, urgency: Urgency, priority: str
) -> None:
    treated = importance(severity)

    assert (treated.urgency, treated.priority) == (urgency, priority)


def test_what_cannot_be_understood_wakes_somebody() -> None:
    assert importance(LOUDEST).urgency is Urgency.HIGH


def test_only_an_archived_service_pages_nobody() -> None:
    silent = [lifecycle for lifecycle in Lifecycle if suppressed(lifecycle)]

    assert silent == [Lifecycle.ARCHIVED]
