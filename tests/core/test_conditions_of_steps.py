"""Steps that are only for some incidents or times, that wait, or that take turns."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.escalation import (
    Held,
    HoldReason,
    Policy,
    Progress,
    Situation,
    Skipped,
    SkipReason,
    State,
    Step,
    Target,
    TargetKind,
    advance,
    cause,
    start,
    turns_taken,
)
from pagefree.core.policies import OnlyHours
from pagefree.core.routing import Urgency
from pagefree.core.windows import Hours, Window

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)  # a Monday, before work
NINE = NOW.replace(hour=9)
MINUTE = timedelta(minutes=1)
ANA, BO, CY = (UUID(int=n) for n in (1, 2, 3))
OFFICE = Hours((Window((0, 1, 2, 3, 4), time(9), time(17)),), "UTC")
NOWHERE = Hours(OFFICE.windows, "Mars/Olympus")


def user(user_id: UUID) -> Target:
    return Target(TargetKind.USER, user_id)


TEAM = Target(TargetKind.TEAM, UUID(int=9))
REACHABLE = {user(u): (u,) for u in (ANA, BO, CY)} | {TEAM: (ANA, BO, CY)}
HIGH, LOW = Situation(REACHABLE), Situation(REACHABLE, Urgency.LOW)
FIRST = Step(MINUTE, (user(ANA),))
SECOND = Step(MINUTE, (user(BO),))


def policy(*steps: Step, repeats: int = 0, low: Hours | None = None) -> Policy:
    return Policy(UUID(int=7), "Nights", steps, repeats, low_urgency_hours=low)


def test_a_step_for_the_other_urgency_is_skipped_at_once() -> None:
    urgent_first = policy(replace(FIRST, only_urgency=Urgency.HIGH), SECOND)

    high = advance(urgent_first, start(NOW), HIGH, NOW)
    low = advance(urgent_first, start(NOW), LOW, NOW)

    assert (high.users, high.skipped) == ((ANA,), ())
    assert (low.users, low.skipped) == ((BO,), (Skipped(0, SkipReason.URGENCY),))


@pytest.mark.parametrize(
    ("inside", "at", "paged"),
    [(True, NOW, BO), (True, NINE, ANA), (False, NOW, ANA), (False, NINE, BO)],
)
def test_a_step_for_another_time_is_skipped_at_once(
    at: datetime, paged: UUID, *, inside: bool
) -> None:
    timed = policy(replace(FIRST, only_hours=OnlyHours(OFFICE, inside)), SECOND)

    looked = advance(timed, start(at), HIGH, at)

    assert looked.users == (paged,)
    skipped = () if paged == ANA else (Skipped(0, SkipReason.HOURS),)
    assert looked.skipped == skipped


@pytest.mark.parametrize("inside", [True, False])
def test_a_zone_that_is_not_known_skips_nothing(*, inside: bool) -> None:
    timed = policy(replace(FIRST, only_hours=OnlyHours(NOWHERE, inside)))

    assert advance(timed, start(NOW), HIGH, NOW).users == (ANA,)


def test_a_step_waits_for_its_window_and_then_pages_once() -> None:
    waiting = policy(
        replace(FIRST, only_urgency=Urgency.LOW), replace(SECOND, wait_for=OFFICE)
    )

    held = advance(waiting, start(NOW), HIGH, NOW)
    early = advance(waiting, held.progress, HIGH, NINE - MINUTE)
    opened = advance(waiting, held.progress, HIGH, NINE)

    assert (held.held, held.users) == (Held(HoldReason.WINDOW, 1), ())
    assert held.skipped == (Skipped(0, SkipReason.URGENCY),)
    assert held.progress == Progress(1, NINE)
    assert (early.progress, early.users) == (held.progress, ())
    assert (opened.users, opened.skipped, opened.held) == ((BO,), (), None)


def test_a_step_whose_window_is_open_waits_for_nothing() -> None:
    waiting = policy(replace(FIRST, wait_for=OFFICE))

    assert advance(waiting, start(NINE), HIGH, NINE).users == (ANA,)


def test_what_is_not_urgent_waits_for_working_hours() -> None:
    patient = policy(FIRST, SECOND, low=OFFICE)

    held = advance(patient, start(NOW), LOW, NOW)
    urgent = advance(patient, start(NOW), HIGH, NOW)
    later = advance(patient, held.progress, LOW, NINE)

    assert (held.held, held.users) == (Held(HoldReason.LOW_URGENCY), ())
    assert held.progress == start(NINE)
    assert urgent.users == later.users == (ANA,)


def test_the_evening_holds_the_second_step_until_the_morning() -> None:
    patient = policy(FIRST, SECOND, low=OFFICE)
    closing = NINE.replace(hour=17) - MINUTE

    first = advance(patient, start(closing), LOW, closing)
    second = advance(patient, first.progress, LOW, closing + MINUTE)

    assert first.users == (ANA,)
    assert second.progress == replace(first.progress, due_at=NINE + timedelta(days=1))


def test_when_no_step_applies_the_policy_is_exhausted_at_once() -> None:
    nights = policy(replace(FIRST, only_hours=OnlyHours(OFFICE, inside=False)))

    looked = advance(nights, start(NINE), HIGH, NINE)

    assert looked.exhausted
    assert looked.progress.state is State.EXHAUSTED


def taking_turns(policy: Policy, incidents: int) -> list[tuple[UUID, ...]]:
    """Whom the first step pages for one incident after the other."""
    turns: dict[int, dict[UUID, int]] = {}
    paged = []
    for _ in range(incidents):
        situation = Situation(REACHABLE, turns=turns)
        looked = advance(policy, start(NOW), situation, NOW)
        turns.setdefault(0, {}).update(turns_taken(policy, turns, looked))
        paged.append(looked.users)
    return paged


def test_a_round_robin_pages_one_after_the_other() -> None:
    fair = policy(Step(MINUTE, (user(CY), TEAM), round_robin=True))

    assert taking_turns(fair, 4) == [(CY,), (ANA,), (BO,), (CY,)]


def test_a_round_robin_that_wants_two_people_pages_two() -> None:
    fair = policy(Step(MINUTE, (TEAM,), round_robin=True, acknowledgements=2))

    assert taking_turns(fair, 3) == [(ANA, BO), (CY, ANA), (BO, CY)]


def test_somebody_new_in_a_round_robin_is_next() -> None:
    fair = policy(Step(MINUTE, (TEAM,), round_robin=True))

    looked = advance(
        fair, start(NOW), Situation(REACHABLE, turns={0: {ANA: 8, CY: 9}}), NOW
    )

    assert looked.users == (BO,)
    assert turns_taken(fair, {0: {ANA: 8, CY: 9}}, looked) == {BO: 10}


def test_only_round_robin_steps_take_turns() -> None:
    plain = policy(FIRST)
    looked = advance(plain, start(NOW), HIGH, NOW)
    waiting = advance(plain, looked.progress, HIGH, NOW)

    assert turns_taken(plain, {}, looked) == {}
    assert turns_taken(plain, {}, waiting) == {}


@given(
    st.integers(1, 3),
    st.lists(st.sets(st.sampled_from([ANA, BO, CY]), min_size=1), min_size=1),
)
def test_whoever_waited_longest_is_paged(
    wanted: int, available: list[set[UUID]]
) -> None:
    fair = policy(Step(MINUTE, (TEAM,), round_robin=True, acknowledgements=wanted))
    turns: dict[int, dict[UUID, int]] = {}

    for there in available:
        people = tuple(sorted(there))
        looked = advance(fair, start(NOW), Situation({TEAM: people}, turns=turns), NOW)
        had = turns.get(0, {})
        left = [had.get(u, 0) for u in people if u not in looked.users]
        assert len(looked.users) == min(wanted, len(people))
        assert all(had.get(u, 0) <= least for u in looked.users for least in left)
        turns.setdefault(0, {}).update(turns_taken(fair, turns, looked))


def test_a_cause_counts_as_people_count() -> None:
    twice = policy(FIRST, repeats=1)
    first = advance(twice, start(NOW), HIGH, NOW)
    again = advance(twice, first.progress, HIGH, NOW + MINUTE)
    ended = advance(twice, again.progress, HIGH, NOW + 2 * MINUTE)

    assert [cause(looked) for looked in (first, again, ended)] == [
        "step 1",
        "step 1, repeat 1",
        "fallback",
    ]
