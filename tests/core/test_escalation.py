from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.escalation import (
    LONGEST_RETRY,
    NO_POLICY,
    Advance,
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
    due,
    pause,
    retry_at,
    start,
    stop,
    worth_telling,
)
from pagefree.core.incidents import Life, Status
from pagefree.core.progress import Reachable

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANA, BO, CY = (UUID(int=n) for n in (1, 2, 3))

REACHABLE: Reachable = {
    Target(TargetKind.USER, ANA): (ANA,),
    Target(TargetKind.USER, BO): (BO,),
    Target(TargetKind.TEAM, CY): (BO, CY, ANA),
    Target(TargetKind.SCHEDULE, ANA): (CY,),
    Target(TargetKind.SCHEDULE, BO): (),
}
SITUATION = Situation(REACHABLE)
NOBODY = Target(TargetKind.SCHEDULE, BO)
TEAM = Target(TargetKind.TEAM, CY)


def user(user_id: UUID) -> Target:
    """A target that is one person."""
    return Target(TargetKind.USER, user_id)


def policy(*steps: tuple[Target, ...], repeats: int = 0) -> Policy:
    """A policy whose n-th step waits n minutes."""
    made = tuple(Step(n * MINUTE, targets) for n, targets in enumerate(steps, 1))
    return Policy(UUID(int=7), "Nights", made, repeats)


targets = st.sampled_from([*REACHABLE, Target(TargetKind.USER, UUID(int=99))])
policies = st.builds(
    Policy,
    id=st.just(UUID(int=7)),
    name=st.just("Nights"),
    steps=st.lists(
        st.builds(
            Step,
            timeout=st.integers(30, 86_400).map(lambda s: timedelta(seconds=s)),
            targets=st.lists(targets, min_size=1, max_size=4).map(tuple),
        ),
        max_size=5,
    ).map(tuple),
    repeats=st.integers(0, 9),
)
delays = st.integers(0, 7200).map(lambda s: timedelta(seconds=s))


def nobody(*steps: int) -> tuple[Skipped, ...]:
    """These steps were skipped because their targets meant nobody."""
    return tuple(Skipped(step, SkipReason.NOBODY) for step in steps)


def run(
    policy: Policy, lateness: list[timedelta]
) -> list[tuple[datetime, Progress, Advance]]:
    """Every look at an escalation until it ends, each as late as given: when, before, after."""
    looks: list[tuple[datetime, Progress, Advance]] = []
    before = start(NOW)
    while before.due_at is not None:
        now = before.due_at + (lateness[len(looks) % len(lateness)])
        looks.append((now, before, advance(policy, before, SITUATION, now)))
        before = looks[-1][2].progress
    return looks


def test_the_first_step_is_paged_at_once_and_the_second_after_its_timeout() -> None:
    two = policy((user(ANA),), (user(BO),))

    first = advance(two, start(NOW), SITUATION, NOW)
    too_early = advance(two, first.progress, SITUATION, NOW + MINUTE / 2)
    second = advance(two, first.progress, SITUATION, NOW + MINUTE)

    assert (first.step, first.users) == (0, (ANA,))
    assert first.progress == Progress(1, NOW + MINUTE, paged_step=0)
    assert too_early == Advance(first.progress)
    assert (second.step, second.users) == (1, (BO,))
    assert second.progress == Progress(2, NOW + 3 * MINUTE, paged_step=1)


def test_after_the_last_step_and_its_timeout_the_policy_is_exhausted() -> None:
    looks = run(policy((user(ANA),)), [timedelta()])

    assert [(now - NOW, after.users) for now, _, after in looks] == [
        (timedelta(), (ANA,)),
        (MINUTE, ()),
    ]
    ended = Progress(1, None, State.EXHAUSTED, paged_step=0)
    assert looks[-1][2] == Advance(ended, exhausted=True)


def test_a_repeat_runs_all_steps_again() -> None:
    looks = run(policy((user(ANA),), (user(BO),), repeats=2), [timedelta()])

    assert [(after.step, after.repeat) for _, _, after in looks] == [
        (0, 0),
        (1, 0),
        (0, 1),
        (1, 1),
        (0, 2),
        (1, 2),
        (None, 0),
    ]


def test_everybody_of_a_step_is_paged_in_order_and_no_one_twice() -> None:
    everybody = policy((user(ANA), TEAM, user(BO)))

    assert advance(everybody, start(NOW), SITUATION, NOW).users == (ANA, BO, CY)


def test_a_step_that_reaches_nobody_is_skipped_at_once() -> None:
    skipping = policy((NOBODY,), (NOBODY,), (user(BO),))

    looked = advance(skipping, start(NOW), SITUATION, NOW)

    assert (looked.skipped, looked.step, looked.users) == (nobody(0, 1), 2, (BO,))
    assert looked.progress == Progress(3, NOW + 3 * MINUTE, paged_step=2)


def test_a_policy_that_reaches_nobody_is_exhausted_at_once() -> None:
    empty = policy((NOBODY,), (NOBODY,), repeats=9)

    looked = advance(empty, start(NOW), SITUATION, NOW)

    assert looked == Advance(
        Progress(20, None, State.EXHAUSTED), skipped=nobody(0, 1), exhausted=True
    )


def test_without_a_policy_there_is_nothing_but_the_fallback() -> None:
    looked = advance(NO_POLICY, start(NOW), SITUATION, NOW)

    assert looked == Advance(Progress(0, None, State.EXHAUSTED), exhausted=True)


def test_the_order_of_skips_follows_the_repeats() -> None:
    ends_empty = policy((user(ANA),), (NOBODY,), repeats=1)

    _, second, third = run(ends_empty, [timedelta()])

    assert (second[2].skipped, second[2].step, second[2].repeat) == (nobody(1), 0, 1)
    assert (third[2].skipped, third[2].exhausted) == (nobody(1), True)


@given(policies, st.lists(delays, min_size=1, max_size=5))
def test_no_step_is_paged_twice_and_none_is_forgotten(
    policy: Policy, lateness: list[timedelta]
) -> None:
    looks = run(policy, lateness)

    paged = [
        after.repeat * len(policy.steps) + after.step
        for _, _, after in looks
        if after.step is not None
    ]
    reaching = [
        n
        for n in range(policy.rounds)
        if any(REACHABLE.get(t) for t in policy.steps[n % len(policy.steps)].targets)
    ]
    assert paged == reaching


@given(policies, st.lists(delays, min_size=1, max_size=5))
def test_time_goes_forward_and_no_step_begins_before_its_timeout(
    policy: Policy, lateness: list[timedelta]
) -> None:
    for now, before, after in run(policy, lateness):
        if after.step is None:
            continue
        assert after.progress.due_at == now + policy.steps[after.step].timeout
        assert before.due_at is not None
        assert before.due_at < after.progress.due_at


@given(policies, st.lists(delays, min_size=1, max_size=5))
def test_it_ends_exhausted_exactly_once_and_stays_so(
    policy: Policy, lateness: list[timedelta]
) -> None:
    looks = run(policy, lateness)
    last = looks[-1][2]

    assert [after.exhausted for _, _, after in looks].count(True) == 1
    assert last.exhausted
    assert last.progress.state is State.EXHAUSTED
    again = advance(policy, last.progress, SITUATION, NOW + timedelta(days=900))
    assert again == Advance(last.progress)


@given(policies, st.lists(delays, min_size=1, max_size=5))
def test_a_step_pages_only_whom_it_names_and_skips_each_step_once(
    policy: Policy, lateness: list[timedelta]
) -> None:
    for _, _, after in run(policy, lateness):
        assert len(set(after.skipped)) == len(after.skipped)
        assert bool(after.users) == (after.step is not None)
        if after.step is not None:
            named = policy.steps[after.step].targets
            assert set(after.users) == {u for t in named for u in REACHABLE.get(t, ())}
            assert len(set(after.users)) == len(after.users)


def test_a_worker_that_was_away_pages_one_step_not_all() -> None:
    three = policy((user(ANA),), (user(BO),), (user(CY),))

    looked = advance(three, start(NOW), SITUATION, NOW + timedelta(hours=5))

    assert looked.users == (ANA,)
    assert looked.progress.due_at == NOW + timedelta(hours=5) + MINUTE


@pytest.mark.parametrize(
    "ended", [stop(Progress(2, NOW)), Progress(2, None, State.EXHAUSTED)]
)
def test_what_has_ended_is_never_looked_at_again(ended: Progress) -> None:
    assert advance(policy((user(ANA),)), ended, SITUATION, NOW) == Advance(ended)


def test_a_paused_escalation_begins_with_the_first_step() -> None:
    paused = pause(NOW + MINUTE)

    assert advance(policy((user(ANA),)), paused, SITUATION, NOW) == Advance(paused)
    looked = advance(policy((user(ANA),)), paused, SITUATION, NOW + MINUTE)
    assert looked.step == 0


def test_a_triggered_incident_that_is_due_is_paged_for() -> None:
    triggered = Life(Status.TRIGGERED)
    one = policy((user(ANA),))

    life, looked = due(one, start(NOW), triggered, SITUATION, NOW)

    assert (life, looked) == (triggered, advance(one, start(NOW), SITUATION, NOW))


def test_a_snooze_that_has_ended_wakes_the_incident_and_pages() -> None:
    snoozed = Life(Status.ACKNOWLEDGED, NOW, ANA, snoozed_until=NOW + MINUTE)

    life, looked = due(
        policy((user(ANA),)), pause(NOW + MINUTE), snoozed, SITUATION, NOW + MINUTE
    )

    assert life == Life(Status.TRIGGERED)
    assert looked.users == (ANA,)


def test_a_snooze_that_was_made_longer_is_waited_for() -> None:
    longer = Life(Status.ACKNOWLEDGED, NOW, ANA, snoozed_until=NOW + 9 * MINUTE)

    life, looked = due(policy((user(ANA),)), pause(NOW), longer, SITUATION, NOW)

    assert (life, looked) == (longer, Advance(pause(NOW + 9 * MINUTE)))


@pytest.mark.parametrize("status", [Status.ACKNOWLEDGED, Status.RESOLVED])
def test_an_incident_that_somebody_has_or_that_is_over_stops(status: Status) -> None:
    life, looked = due(
        policy((user(ANA),)), Progress(3, NOW), Life(status), SITUATION, NOW
    )

    assert (life, looked) == (Life(status), Advance(stop(Progress(3, NOW))))


@given(st.integers(1, 10_000))
def test_a_row_that_keeps_failing_is_put_off_ever_longer_but_never_given_up(
    failures: int,
) -> None:
    wait = retry_at(failures, NOW) - NOW

    assert timedelta(seconds=5) <= wait <= retry_at(failures + 1, NOW) - NOW
    assert wait <= LONGEST_RETRY


def test_what_keeps_failing_is_told_about_once() -> None:
    assert [n for n in range(1, 100) if worth_telling(n)] == [3]


def test_the_first_failures_are_tried_again_soon() -> None:
    assert [(retry_at(n, NOW) - NOW).seconds for n in (1, 2, 3, 7, 8)] == [
        5,
        10,
        20,
        300,
        300,
    ]
