import pytest

from pagefree.core.alerts import Action, AlertEvent, Link, Severity
from pagefree.core.limits import OVER_LIMIT_KEY, beyond, counted_elsewhere

TRIGGER, RESOLVE, ACKNOWLEDGE = Action.TRIGGER, Action.RESOLVE, Action.ACKNOWLEDGE


@pytest.mark.parametrize(
    ("events", "opened", "expected"),
    [
        ([(TRIGGER, True)], 0, [0]),
        ([(TRIGGER, True)], 1, []),  # a duplicate of what is open
        ([(TRIGGER, False)], 0, []),
        ([(TRIGGER, False), (TRIGGER, True)], 0, []),
        ([(TRIGGER, True), (TRIGGER, False)], 0, [0]),
        ([(TRIGGER, True), (TRIGGER, True)], 0, [0, 1]),
        ([(RESOLVE, True)], 1, []),
        ([(RESOLVE, True), (TRIGGER, True)], 1, [1]),
        ([(ACKNOWLEDGE, True), (TRIGGER, True)], 0, [1]),
        ([], 0, []),
    ],
)
def test_only_what_would_open_an_alert_above_the_limit_is_counted_elsewhere(
    events: list[tuple[Action, bool]], opened: int, expected: list[int]
) -> None:
    these = [AlertEvent(action, "key") for action, _ in events]

    assert beyond(these, [over for _, over in events], is_open=bool(opened)) == expected


def test_the_alert_that_counts_is_as_severe_and_says_what_it_stands_for() -> None:
    event = AlertEvent(
        TRIGGER,
        "disk",
        "Disk full",
        Severity.WARNING,
        labels={"host": "a"},
        links=(Link("https://example.org"),),
        group_key="hosts",
    )

    counting = counted_elsewhere(event, "Nagios")

    assert counting.dedup_key == OVER_LIMIT_KEY
    assert counting.severity is Severity.WARNING
    assert counting.title == "More events than the limit from Nagios"
    assert "The latest: Disk full" in counting.body
    assert (counting.labels, counting.links, counting.group_key) == ({}, (), None)
