import pytest

from pagefree.core.alerts import LOUDEST, Severity
from pagefree.core.routing import Lifecycle, Urgency, importance, raised, suppressed


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


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("urgency", Urgency)
@pytest.mark.parametrize("priority", ["P1", "P2", "P3", "P4", "P5"])
def test_what_gets_worse_is_never_treated_more_quietly(
    severity: Severity, urgency: Urgency, priority: str
) -> None:
    treated, usual = raised(urgency, priority, severity), importance(severity)

    assert treated.priority == min(priority, usual.priority)
    assert (treated.urgency is Urgency.HIGH) == (
        Urgency.HIGH in (urgency, usual.urgency)
    )


def test_what_had_no_priority_gets_the_usual_one_when_it_gets_worse() -> None:
    assert raised(Urgency.LOW, None, Severity.ERROR) == importance(Severity.ERROR)


def test_only_an_archived_service_pages_nobody() -> None:
    silent = [lifecycle for lifecycle in Lifecycle if suppressed(lifecycle)]

    assert silent == [Lifecycle.ARCHIVED]
