from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest

from pagefree.core.findings import Finding, FindingKind, Known, Weight, findings
from pagefree.core.intervals import Interval
from pagefree.core.notifications import Rule
from pagefree.core.policies import OnlyHours, Policy, Step, Target, TargetKind
from pagefree.core.routing import Urgency
from pagefree.core.windows import Hours, Window

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)  # a Monday, before work
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ANA, BO, CY = (UUID(int=n) for n in (1, 2, 3))
OFFICE = Hours((Window((0, 1, 2, 3, 4), time(9), time(17)),), "UTC")


def user(user_id: UUID) -> Target:
    return Target(TargetKind.USER, user_id)


ROTA = Target(TargetKind.SCHEDULE, UUID(int=8))
TEAM = Target(TargetKind.TEAM, UUID(int=9))
NOBODY = Target(TargetKind.TEAM, UUID(int=10))
KNOWN = Known(
    existing=frozenset({user(ANA), user(BO), user(CY), ROTA, TEAM, NOBODY}),
    members={
        user(ANA): (ANA,),
        user(BO): (BO,),
        ROTA: (ANA, BO),
        TEAM: (ANA, BO),
    },
    reachable=frozenset({ANA, BO}),
    rules={},
)
FIRST, SECOND = Step(5 * MINUTE, (user(ANA),)), Step(5 * MINUTE, (user(BO),))


def found(*steps: Step, known: Known = KNOWN, repeats: int = 0) -> list[Finding]:
    return list(findings(Policy(None, "Nights", steps, repeats), known, NOW))


def test_nothing_is_wrong_with_a_good_policy() -> None:
    assert found(FIRST, SECOND, repeats=2) == []


def test_what_no_longer_exists_is_found_and_so_is_the_empty_step() -> None:
    gone = Target(TargetKind.SCHEDULE, UUID(int=99))

    assert found(Step(MINUTE, (gone,))) == [
        Finding(FindingKind.MISSING_TARGET, 0, gone),
        Finding(FindingKind.EMPTY_STEP, 0),
    ]


def test_of_whom_one_does_not_see_nothing_is_said() -> None:
    unseen = Target(TargetKind.SCHEDULE, UUID(int=99))
    known = replace(KNOWN, unseen=frozenset({unseen}))

    assert found(FIRST, Step(5 * MINUTE, (unseen,)), known=known) == []


def test_a_deactivated_person_is_found() -> None:
    assert found(Step(MINUTE, (user(ANA), user(CY)))) == [
        Finding(FindingKind.INACTIVE_USER, 0, user(CY), CY)
    ]


def test_a_team_with_nobody_in_it_is_an_empty_step() -> None:
    assert found(FIRST, Step(MINUTE, (NOBODY,))) == [Finding(FindingKind.EMPTY_STEP, 1)]


def test_people_without_a_contact_method_that_works_are_found() -> None:
    only_ana = replace(KNOWN, reachable=frozenset({ANA}))

    assert found(Step(MINUTE, (TEAM,)), known=only_ana) == [
        Finding(FindingKind.UNREACHABLE_PERSON, 0, user_id=BO)
    ]


@pytest.mark.parametrize(
    ("targets", "kinds"),
    [((ROTA,), [FindingKind.SCHEDULE_GAP]), ((ROTA, user(ANA)), [])],
    ids=["alone", "with somebody"],
)
def test_a_schedule_with_gaps_is_found_where_it_is_the_only_target(
    targets: tuple[Target, ...], kinds: list[FindingKind]
) -> None:
    gap = Interval(NOW + HOUR, NOW + 2 * HOUR)

    told = found(Step(MINUTE, targets), known=replace(KNOWN, gaps={ROTA.id: (gap,)}))

    assert [one.kind for one in told] == kinds
    assert [one.at for one in told] == [gap.start for _ in kinds]


@pytest.mark.parametrize(
    ("delay", "only", "late"),
    [
        (3 * MINUTE, None, False),
        (5 * MINUTE, None, True),
        (5 * MINUTE, Urgency.HIGH, True),
        (5 * MINUTE, Urgency.LOW, False),
    ],
)
def test_a_rule_that_comes_after_the_next_step_is_found(
    delay: timedelta, only: Urgency | None, *, late: bool
) -> None:
    rules = (Rule(Urgency.HIGH, delay, BO), Rule(Urgency.HIGH, delay + MINUTE, CY))
    step = replace(FIRST, only_urgency=only)

    told = [
        one
        for one in found(step, known=replace(KNOWN, rules={ANA: rules}))
        if one.kind is FindingKind.LATE_RULE
    ]

    expected = Finding(
        FindingKind.LATE_RULE,
        0,
        user_id=ANA,
        urgency=Urgency.HIGH,
        delay=delay,
        method_id=BO,
    )
    assert told == ([expected] if late else [])


def test_a_step_that_wants_more_people_than_it_pages_is_found() -> None:
    told = found(replace(FIRST, acknowledgements=2))

    assert told == [Finding(FindingKind.TOO_MANY_WANTED, 0)]


@pytest.mark.parametrize(
    ("steps", "same"),
    [
        ((FIRST, FIRST), True),
        ((Step(MINUTE, (ROTA,)), Step(MINUTE, (ROTA,))), True),
        ((Step(MINUTE, (ROTA,)), Step(MINUTE, (TEAM,))), False),  # one of, then all
        ((FIRST, Step(MINUTE, (TEAM,))), False),
        ((FIRST, replace(FIRST, round_robin=True)), False),
    ],
    ids=["a person", "a schedule", "a rota and its team", "more people", "turns"],
)
def test_paging_the_same_people_twice_is_found(
    steps: tuple[Step, ...], *, same: bool
) -> None:
    kinds = [one.kind for one in found(*steps)]

    assert (FindingKind.SAME_PEOPLE in kinds) is same


def test_conditions_that_exclude_each_other_are_found() -> None:
    never = replace(SECOND, wait_for=OFFICE, only_hours=OnlyHours(OFFICE, inside=False))

    assert found(FIRST, never) == [Finding(FindingKind.NEVER_APPLIES, 1)]


def test_a_step_that_waits_and_then_applies_is_no_finding() -> None:
    fine = replace(SECOND, wait_for=OFFICE, only_hours=OnlyHours(OFFICE))

    assert found(FIRST, fine) == []


def test_times_and_urgencies_without_any_step_are_found() -> None:
    days = replace(FIRST, only_hours=OnlyHours(OFFICE), only_urgency=Urgency.HIGH)

    told = found(days)

    assert told == [
        Finding(FindingKind.UNCOVERED, urgency=Urgency.HIGH, at=NOW),
        Finding(FindingKind.UNCOVERED, urgency=Urgency.LOW, at=NOW),
    ]


def test_without_steps_there_is_nothing_to_say() -> None:
    assert found() == []


def test_repeating_for_more_than_a_day_is_found() -> None:
    slow = replace(FIRST, timeout=6 * HOUR)

    assert found(slow, repeats=3) == []
    assert found(slow, repeats=4) == [Finding(FindingKind.LONG_RUN, delay=30 * HOUR)]


def test_what_may_reach_nobody_weighs_more() -> None:
    assert Finding(FindingKind.EMPTY_STEP).weight is Weight.PROBLEM
    assert Finding(FindingKind.LATE_RULE).weight is Weight.WARNING
