from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pagefree.core.errors import Conflict, Invalid
from pagefree.core.incidents import (
    LONGEST_SNOOZE,
    REOPEN_WINDOW,
    Life,
    Status,
    acknowledge,
    assign,
    merge,
    reopen,
    resolve,
    snooze,
    unacknowledge,
    unmerge,
    wake,
)

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA, BO = UUID(int=1), UUID(int=2)
INTO, ELSEWHERE = UUID(int=10), UUID(int=11)

TRIGGERED = Life(Status.TRIGGERED)
ACKNOWLEDGED = acknowledge(TRIGGERED, ANA, NOW)
SNOOZED = snooze(TRIGGERED, ANA, NOW + HOUR, NOW)
RESOLVED = resolve(ACKNOWLEDGED, ANA, NOW)
MERGED = merge(ACKNOWLEDGED, INTO, NOW)


def test_acknowledging_says_who_has_it_and_since_when() -> None:
    assert Life(Status.ACKNOWLEDGED, NOW, ANA) == ACKNOWLEDGED


def test_the_source_may_acknowledge_too() -> None:
    assert acknowledge(TRIGGERED, None, NOW) == Life(Status.ACKNOWLEDGED, NOW)


def test_whoever_acknowledged_first_has_it() -> None:
    assert acknowledge(ACKNOWLEDGED, BO, NOW + HOUR) == ACKNOWLEDGED


def test_acknowledging_a_snoozed_incident_ends_the_snooze() -> None:
    assert acknowledge(SNOOZED, BO, NOW + HOUR / 2) == Life(
        Status.ACKNOWLEDGED, NOW + HOUR / 2, BO
    )


@pytest.mark.parametrize("life", [TRIGGERED, ACKNOWLEDGED, SNOOZED])
def test_nobody_has_it_after_giving_it_back_or_assigning_it(life: Life) -> None:
    assert unacknowledge(life) == assign(life) == TRIGGERED


def test_a_snooze_keeps_who_has_it_and_ends_by_itself() -> None:
    snoozed = snooze(ACKNOWLEDGED, BO, NOW + 2 * HOUR, NOW + HOUR)

    assert snoozed == Life(Status.ACKNOWLEDGED, NOW, ANA, snoozed_until=NOW + 2 * HOUR)
    assert wake(snoozed, NOW + 2 * HOUR - timedelta(seconds=1)) == snoozed
    assert wake(snoozed, NOW + 2 * HOUR) == TRIGGERED


def test_whoever_snoozes_what_nobody_has_has_it() -> None:
    assert SNOOZED.acknowledged_by_id == ANA


@pytest.mark.parametrize("life", [TRIGGERED, ACKNOWLEDGED, RESOLVED, MERGED])
def test_only_what_is_snoozed_wakes(life: Life) -> None:
    assert wake(life, NOW + 900 * HOUR) == life


@pytest.mark.parametrize(
    "until", [NOW - HOUR, NOW, NOW + LONGEST_SNOOZE + timedelta(seconds=1)]
)
def test_a_snooze_ends_in_the_future_but_not_in_years(until: datetime) -> None:
    with pytest.raises(Invalid, match="at most 31 days"):
        snooze(TRIGGERED, ANA, until, NOW)


def test_the_longest_snooze_is_allowed() -> None:
    until = NOW + LONGEST_SNOOZE

    assert snooze(TRIGGERED, ANA, until, NOW).snoozed_until == until


def test_resolving_keeps_who_had_it_and_says_who_ended_it() -> None:
    assert resolve(SNOOZED, None, NOW + HOUR) == Life(
        Status.RESOLVED, NOW, ANA, NOW + HOUR, None
    )


def test_resolving_twice_changes_nothing() -> None:
    assert resolve(RESOLVED, BO, NOW + HOUR) == RESOLVED


def test_a_reopened_incident_is_nobodys_again() -> None:
    assert reopen(RESOLVED, NOW + REOPEN_WINDOW) == TRIGGERED
    assert reopen(TRIGGERED, NOW) == TRIGGERED
    assert reopen(ACKNOWLEDGED, NOW) == ACKNOWLEDGED


def test_a_resolution_of_unknown_date_can_be_undone() -> None:
    assert reopen(Life(Status.RESOLVED), NOW) == TRIGGERED


def test_after_the_window_a_new_incident_is_better_than_an_old_one() -> None:
    with pytest.raises(Conflict, match="more than 7 days ago"):
        reopen(RESOLVED, NOW + REOPEN_WINDOW + timedelta(seconds=1))


def test_a_merged_incident_is_over_and_merging_twice_changes_nothing() -> None:
    assert Life(Status.RESOLVED, resolved_at=NOW, merged_into_id=INTO) == MERGED
    assert merge(MERGED, INTO, NOW + HOUR) == MERGED


def test_a_merged_incident_is_neither_reopened_nor_merged_elsewhere() -> None:
    with pytest.raises(Conflict, match="un-merge it instead"):
        reopen(MERGED, NOW)
    with pytest.raises(Conflict, match="merged into another"):
        merge(MERGED, ELSEWHERE, NOW)


@pytest.mark.parametrize("into", [TRIGGERED, ACKNOWLEDGED, RESOLVED])
def test_unmerging_takes_over_the_state_of_the_other(into: Life) -> None:
    assert unmerge(MERGED, into) == into


def test_unmerging_takes_over_neither_a_snooze_nor_another_merge() -> None:
    assert unmerge(MERGED, SNOOZED) == Life(Status.ACKNOWLEDGED, NOW, ANA)
    after = unmerge(MERGED, merge(TRIGGERED, ELSEWHERE, NOW))
    assert (after.status, after.merged_into_id) == (Status.RESOLVED, None)


def test_what_is_not_merged_is_not_unmerged() -> None:
    with pytest.raises(Conflict, match="not merged"):
        unmerge(TRIGGERED, TRIGGERED)


@pytest.mark.parametrize("over", [RESOLVED, MERGED])
def test_what_is_over_is_refused_with_the_reason(over: Life) -> None:
    reason = "merged into another" if over.merged_into_id else "already resolved"

    refused: list[Callable[[], Life]] = [
        lambda: acknowledge(over, ANA, NOW),
        lambda: unacknowledge(over),
        lambda: assign(over),
        lambda: snooze(over, ANA, NOW + HOUR, NOW),
        lambda: merge(over, ELSEWHERE, NOW),
    ]
    for verb in refused:
        with pytest.raises(Conflict, match=reason):
            verb()


people = st.sampled_from([ANA, BO])


class IncidentLife(RuleBasedStateMachine):
    """Any verbs in any order: each may be repeated, and the state always makes sense."""

    def __init__(self) -> None:
        super().__init__()
        self.life = TRIGGERED
        self.now = NOW

    def is_over(self) -> bool:
        """Whether most verbs must be refused."""
        return self.life.status is Status.RESOLVED

    @rule(hours=st.integers(0, 24 * 9))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR

    @precondition(lambda self: not self.is_over())
    @rule(person=people | st.none())
    def acknowledge(self, person: UUID | None) -> None:
        self.life = acknowledge(self.life, person, self.now)

        assert acknowledge(self.life, BO, self.now + HOUR) == self.life

    @precondition(lambda self: not self.is_over())
    @rule(verb=st.sampled_from([unacknowledge, assign]))
    def give_back(self, verb: Callable[[Life], Life]) -> None:
        self.life = verb(self.life)

        assert verb(self.life) == self.life == TRIGGERED

    @precondition(lambda self: not self.is_over())
    @rule(person=people, hours=st.integers(1, 31 * 24))
    def snooze(self, person: UUID, hours: int) -> None:
        until = self.now + hours * HOUR
        self.life = snooze(self.life, person, until, self.now)

        assert snooze(self.life, BO, until, self.now) == self.life

    @rule()
    def wake(self) -> None:
        self.life = wake(self.life, self.now)

        assert wake(self.life, self.now) == self.life

    @rule(person=people | st.none())
    def resolve(self, person: UUID | None) -> None:
        self.life = resolve(self.life, person, self.now)

        assert resolve(self.life, BO, self.now + HOUR) == self.life

    @precondition(lambda self: not self.is_over())
    @rule()
    def merge(self) -> None:
        self.life = merge(self.life, INTO, self.now)

        assert merge(self.life, INTO, self.now + HOUR) == self.life

    @precondition(lambda self: self.life.merged_into_id is not None)
    @rule(into=st.sampled_from([TRIGGERED, ACKNOWLEDGED, SNOOZED, RESOLVED]))
    def unmerge(self, into: Life) -> None:
        self.life = unmerge(self.life, into)

        assert self.life.merged_into_id is None

    @rule()
    def reopen(self) -> None:
        before = self.life
        too_late = (
            before.resolved_at is not None
            and self.now > before.resolved_at + REOPEN_WINDOW
        )
        if self.is_over() and (too_late or before.merged_into_id is not None):
            with pytest.raises(Conflict):
                reopen(before, self.now)
            return

        self.life = reopen(before, self.now)

        assert reopen(self.life, self.now) == self.life
        assert not self.is_over()

    @precondition(is_over)
    @rule()
    def what_is_over_stays_over(self) -> None:
        with pytest.raises(Conflict):
            acknowledge(self.life, ANA, self.now)
        with pytest.raises(Conflict):
            snooze(self.life, ANA, self.now + HOUR, self.now)

    @invariant()
    def a_state_carries_what_belongs_to_it_and_nothing_else(self) -> None:
        life = self.life
        assert (life.resolved_at is None) == (not self.is_over())
        assert life.status is not Status.TRIGGERED or life == TRIGGERED
        assert life.status is not Status.ACKNOWLEDGED or life.acknowledged_at
        assert life.snoozed_until is None or life.status is Status.ACKNOWLEDGED
        assert life.merged_into_id is None or self.is_over()


TestIncidentLife = IncidentLife.TestCase


@given(st.integers(-60, 60))
def test_a_snoozed_incident_is_awake_exactly_from_the_end_of_the_snooze(
    minutes: int,
) -> None:
    at = NOW + HOUR + timedelta(minutes=minutes)

    assert (wake(SNOOZED, at).status is Status.TRIGGERED) == (minutes >= 0)
