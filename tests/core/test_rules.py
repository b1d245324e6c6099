"""What rules do to alerts, in their order, and why nobody is told."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.alerts import Action, AlertEvent, Link, Severity
from pagefree.core.routing import Importance, Urgency
from pagefree.core.rules import (
    Actions,
    Count,
    Decision,
    Planned,
    Reason,
    RoutedBy,
    Rule,
    apply,
    fall_back,
    louder_of,
    suppression,
    treated,
    within,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOME, OTHER, RULE = uuid4(), uuid4(), uuid4()
EVENT = AlertEvent(Action.TRIGGER, "disk", "Disk full", labels={"env": "prod"})
PLAIN = Decision(EVENT, HOME)


def rule(actions: Actions, *, continues: bool = False, rule_id: UUID = RULE) -> Rule:
    return Rule(rule_id, "rule", actions, continues)


def render(template: str, event: AlertEvent) -> str:
    return template.replace("{{title}}", event.title)


def decided(*rules: Rule) -> Decision:
    return apply(PLAIN, rules, render)


def test_without_a_rule_that_matches_nothing_changes() -> None:
    assert decided() == PLAIN


def test_the_first_match_ends_it_unless_it_continues() -> None:
    asked = []

    def matching() -> Iterator[Rule]:
        for severity in Severity:
            asked.append(severity)
            continues = severity is Severity.CRITICAL
            yield rule(Actions(severity=severity), continues=continues)

    decision = apply(PLAIN, matching(), render)

    assert decision.event.severity is Severity.ERROR
    assert asked == [Severity.CRITICAL, Severity.ERROR]


def test_a_rule_says_where_an_alert_belongs_and_how_it_is_treated() -> None:
    actions = Actions(
        service_id=OTHER,
        severity=Severity.WARNING,
        priority="P5",
        urgency=Urgency.HIGH,
        dedup_key="one {{title}}",
        labels={"runbook": "disk"},
        links=(Link("https://example.org", "Runbook"),),
        auto_resolve=MINUTE,
    )

    decision = decided(rule(actions))

    assert (decision.service_id, decision.routed_by) == (OTHER, RoutedBy.RULE)
    assert (decision.priority, decision.urgency) == ("P5", Urgency.HIGH)
    assert decision.auto_resolve == MINUTE
    assert decision.rule_ids == (RULE,)
    assert decision.event == replace(
        EVENT,
        dedup_key="one Disk full",
        severity=Severity.WARNING,
        labels={"env": "prod", "runbook": "disk"},
        links=actions.links,
    )


def test_a_template_that_cannot_be_filled_in_leaves_the_dedup_key() -> None:
    assert decided(rule(Actions(dedup_key=""))).event is EVENT


def test_a_rule_may_only_add_a_link() -> None:
    link = Link("https://example.org")

    assert decided(rule(Actions(links=(link,)))).event.links == (link,)


def test_later_rules_win_but_the_first_reason_stays() -> None:
    first = Actions(priority="P1", suppress="staging", hold=MINUTE)
    second = Actions(priority="P3", suppress="noise", hold=2 * MINUTE)

    decision = decided(rule(first, continues=True), rule(second))

    assert (decision.priority, decision.suppress) == ("P3", "staging")
    assert decision.hold == 2 * MINUTE


TEAMS = {"web": OTHER}


@pytest.mark.parametrize(
    ("label", "service_id", "routed_by"),
    [
        ("web", OTHER, RoutedBy.TEAM),
        (" Web ", OTHER, RoutedBy.TEAM),
        ("nobody", HOME, RoutedBy.CATCH_ALL),
        (7, HOME, RoutedBy.CATCH_ALL),
        (None, HOME, RoutedBy.CATCH_ALL),
    ],
)
def test_what_no_rule_routes_goes_to_the_team_it_names_else_to_the_catch_all(
    label: object, service_id: UUID, routed_by: RoutedBy
) -> None:
    decision = replace(PLAIN, event=replace(EVENT, labels={"team": label}))

    fell = fall_back(decision, TEAMS)

    assert (fell.service_id, fell.routed_by) == (service_id, routed_by)


def test_a_rule_comes_before_the_team_that_an_alert_names() -> None:
    ruled = replace(PLAIN, routed_by=RoutedBy.RULE)

    assert fall_back(ruled, TEAMS) is ruled


# -- why nobody is told -----------------------------------------------------------


def reason(
    decision: Decision,
    *,
    planned: Planned | None = None,
    opened: timedelta = timedelta(0),
    fired: Sequence[datetime] = (NOW,),
) -> tuple[Reason, datetime | None] | None:
    found = suppression(decision, planned, NOW - opened, fired, NOW)
    return None if found is None else (found.reason, found.until)


WORK = Planned(uuid4(), "Upgrade", NOW + 60 * MINUTE)


def test_somebody_is_told_unless_something_speaks_against_it() -> None:
    assert reason(PLAIN) is None


def test_a_rule_suppresses_until_it_is_over_or_for_a_while() -> None:
    forever = decided(rule(Actions(suppress="staging")))
    a_while = decided(rule(Actions(suppress="staging", suppress_for=5 * MINUTE)))

    assert reason(forever) == (Reason.RULE, None)
    assert reason(a_while, opened=4 * MINUTE) == (Reason.RULE, NOW + MINUTE)
    assert reason(a_while, opened=5 * MINUTE) is None


def test_planned_work_explains_an_alert_until_it_ends() -> None:
    assert reason(PLAIN, planned=WORK) == (Reason.MAINTENANCE, WORK.end)


def test_a_held_alert_waits_from_its_opening_on() -> None:
    held = decided(rule(Actions(hold=5 * MINUTE)))

    assert reason(held) == (Reason.HOLD, NOW + 5 * MINUTE)
    assert reason(held, opened=4 * MINUTE) == (Reason.HOLD, NOW + MINUTE)
    assert reason(held, opened=5 * MINUTE) is None


def test_people_are_told_at_the_nth_time() -> None:
    counted = decided(rule(Actions(count=Count(3, 10 * MINUTE))))

    assert reason(counted, fired=[NOW, NOW]) == (Reason.COUNT, None)
    assert reason(counted, fired=[NOW, NOW, NOW]) is None


def test_only_what_fired_lately_counts() -> None:
    count = Count(2, 10 * MINUTE)
    fired = [NOW - 10 * MINUTE, NOW - 9 * MINUTE, NOW - MINUTE, NOW]

    assert within(count, fired, NOW) == (NOW - MINUTE, NOW)
    assert within(count, fired[:2], NOW) == (NOW - 9 * MINUTE,)


@pytest.mark.parametrize(
    ("span", "says"),
    [
        (timedelta(seconds=90), "90 s"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(0), "0 s"),
    ],
)
def test_reasons_are_said_in_words(span: timedelta, says: str) -> None:
    held = decided(rule(Actions(hold=span or MINUTE)))
    counted = decided(rule(Actions(count=Count(3, span))))
    found = suppression(counted, None, NOW, [], NOW)

    assert found is not None
    assert found.says == f"waits for 3 times within {says}"
    assert reason(held) is not None


@given(st.permutations([NOW - n * MINUTE for n in range(6)]), st.integers(1, 6))
def test_a_higher_count_is_never_reached_sooner(
    fired: list[datetime], times: int
) -> None:
    def told(at_least: int) -> bool:
        actions = Actions(count=Count(at_least, 4 * MINUTE))
        return reason(decided(rule(actions)), fired=sorted(fired)) is None

    assert told(times) or not told(times + 1)


# -- how it is treated ------------------------------------------------------------


def test_what_no_rule_says_follows_from_the_severity() -> None:
    assert treated(None, Severity.ERROR) == Importance(Urgency.HIGH, "P2")
    assert treated(PLAIN, Severity.ERROR) == Importance(Urgency.HIGH, "P2")


def test_a_rule_decides_how_an_incident_is_treated() -> None:
    decision = replace(PLAIN, urgency=Urgency.LOW, priority="P4")

    assert treated(decision, Severity.CRITICAL) == Importance(Urgency.LOW, "P4")


def test_alerts_together_are_as_loud_as_the_loudest() -> None:
    low, high = Importance(Urgency.LOW, "P1"), Importance(Urgency.HIGH, "P3")

    assert louder_of(low, high) == Importance(Urgency.HIGH, "P1")
    assert louder_of(low, low) == low
