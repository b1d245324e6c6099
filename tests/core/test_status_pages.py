"""States of components from any set of incidents, overrides and windows."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.status_pages import (
    RULE_NAMES,
    STATES,
    USUAL_RULES,
    Component,
    Impact,
    OpenIncident,
    Override,
    Situation,
    State,
    Step,
    Work,
    WorkStatus,
    component_state,
    impact_of,
    may_become,
    next_step,
    worst,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
IDS = [UUID(int=n) for n in range(1, 5)]

ids = st.sampled_from(IDS)
sets = st.frozensets(ids, max_size=4)
states = st.sampled_from(STATES)
times = st.integers(-3, 3).map(lambda hours: NOW + hours * HOUR)
rules = st.dictionaries(st.sampled_from(RULE_NAMES), states)
overrides = st.none() | st.builds(Override, states, st.none() | times)
components = st.builds(Component, ids, sets, rules, overrides)
incidents = st.builds(
    OpenIncident,
    ids,
    st.none() | st.sampled_from(["P1", "P2", "P3", "P4", "P5"]),
    st.sampled_from(["critical", "error", "warning", "info"]),
    sets,
)
situations = st.builds(
    Situation,
    st.lists(incidents, max_size=6),
    st.lists(st.dictionaries(ids, states), max_size=3),
    sets,
)


def in_words(component: Component, situation: Situation, now: datetime) -> State:
    """The same, written as a person would check it."""
    if component.id in situation.under_way:
        return State.UNDER_MAINTENANCE
    said = component.override
    if said is not None and not (said.until is not None and said.until <= now):
        return said.state
    found = State.OPERATIONAL
    for incident in situation.incidents:
        about = component.id in incident.component_ids
        if about or incident.service_id in component.service_ids:
            name = incident.severity if incident.priority is None else incident.priority
            if name in component.rules:
                found = max(found, component.rules[name], key=STATES.index)
    for told in situation.told:
        found = max(found, told.get(component.id, found), key=STATES.index)
    return found


@given(components, situations, times)
def test_a_state_is_what_a_person_would_work_out(
    component: Component, situation: Situation, now: datetime
) -> None:
    assert component_state(component, situation, now) is in_words(
        component, situation, now
    )


@given(components, situations, incidents, times)
def test_one_more_incident_makes_nothing_better(
    component: Component, situation: Situation, more: OpenIncident, now: datetime
) -> None:
    before = component_state(component, situation, now)
    larger = Situation(
        [*situation.incidents, more], situation.told, situation.under_way
    )

    after = component_state(component, larger, now)

    assert STATES.index(after) >= STATES.index(before)


@given(components, situations, times)
def test_the_order_of_incidents_does_not_matter(
    component: Component, situation: Situation, now: datetime
) -> None:
    turned = Situation(
        list(situation.incidents)[::-1], list(situation.told)[::-1], situation.under_way
    )

    assert component_state(component, turned, now) is component_state(
        component, situation, now
    )


def test_a_usual_component_follows_the_priority_of_its_service() -> None:
    component = Component(IDS[0], frozenset({IDS[1]}))
    incident = OpenIncident(IDS[1], "P1", "warning")

    assert component.rules == USUAL_RULES
    state = component_state(component, Situation([incident]), NOW)
    assert state is State.MAJOR_OUTAGE


def test_nothing_is_worst_of_nothing() -> None:
    assert worst([]) is State.OPERATIONAL
    assert impact_of([State.DEGRADED, State.PARTIAL_OUTAGE]) is Impact.MAJOR


# -- planned work -----------------------------------------------------------------

LATER = NOW + HOUR
WORK = Work(WorkStatus.SCHEDULED, NOW, LATER)


@pytest.mark.parametrize(
    ("work", "following"),
    [
        (WORK, (Step.BEGIN, NOW)),
        (
            Work(WorkStatus.SCHEDULED, NOW, LATER, remind=HOUR),
            (Step.REMIND, NOW - HOUR),
        ),
        (
            Work(WorkStatus.SCHEDULED, NOW, LATER, remind=HOUR, reminded=True),
            (Step.BEGIN, NOW),
        ),
        (Work(WorkStatus.SCHEDULED, NOW, LATER, automatic=False), None),
        (Work(WorkStatus.IN_PROGRESS, NOW, LATER), (Step.FINISH, LATER)),
        (Work(WorkStatus.VERIFYING, NOW, LATER), (Step.FINISH, LATER)),
        (Work(WorkStatus.IN_PROGRESS, NOW, LATER, automatic=False), None),
        (Work(WorkStatus.COMPLETED, NOW, LATER), None),
        (Work(WorkStatus.CANCELLED, NOW, LATER), None),
    ],
)
def test_work_moves_on_by_itself(
    work: Work, following: tuple[Step, datetime] | None
) -> None:
    assert next_step(work) == following


def test_work_that_is_over_stays_over() -> None:
    for over in (WorkStatus.COMPLETED, WorkStatus.CANCELLED):
        assert not any(may_become(over, status) for status in WorkStatus)
    assert may_become(WorkStatus.SCHEDULED, WorkStatus.CANCELLED)
    assert not may_become(WorkStatus.IN_PROGRESS, WorkStatus.CANCELLED)
