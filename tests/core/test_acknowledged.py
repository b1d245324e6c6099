"""What is still due after somebody has acknowledged: losing it again, wanting more people."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest

from pagefree.core.escalation import (
    MOST_REMINDERS,
    Advance,
    Held,
    HoldReason,
    Policy,
    Progress,
    Situation,
    State,
    Step,
    Target,
    TargetKind,
    acknowledged,
    advance,
    cause,
    due,
    start,
    stop,
)
from pagefree.core.incidents import Life, Status
from pagefree.core.routing import Urgency
from pagefree.core.windows import Hours, Window

NOW = datetime(2026, 6, 1, 16, 58, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANA, BO, CY = (UUID(int=n) for n in (1, 2, 3))
TEAM = Target(TargetKind.TEAM, UUID(int=9))
SITUATION = Situation({TEAM: (ANA, BO, CY)})
TWO_OF_THREE = Policy(
    UUID(int=7), "Two", (Step(5 * MINUTE, (TEAM,), acknowledgements=2),)
)
FORGOTTEN = replace(TWO_OF_THREE, ack_timeout=30 * MINUTE)
PAGED = Progress(1, NOW + 5 * MINUTE, paged_step=0)


def held_by(user_id: UUID | None, at: datetime = NOW) -> Life:
    return Life(Status.ACKNOWLEDGED, at, user_id)


def test_one_acknowledgement_stops_a_step_that_wants_one() -> None:
    one = Policy(None, "One", (Step(MINUTE, (TEAM,)),))
    paged = advance(one, start(NOW), SITUATION, NOW).progress

    after = acknowledged(one, paged, held_by(ANA), ANA, NOW)

    assert after == replace(stop(paged), acknowledged_by=(ANA,))
    assert not one.watches_acknowledged


def test_a_step_that_wants_two_reminds_the_others_until_a_second_has_acknowledged() -> (
    None
):
    first = acknowledged(TWO_OF_THREE, PAGED, held_by(ANA), ANA, NOW)
    again = NOW + 5 * MINUTE
    life, reminded = due(TWO_OF_THREE, first, held_by(ANA), SITUATION, again)
    second = acknowledged(TWO_OF_THREE, reminded.progress, life, BO, again)

    assert (first.state, first.due_at) == (State.COLLECTING, again)
    assert (life, reminded.users, reminded.reminder) == (held_by(ANA), (BO, CY), True)
    assert cause(reminded) == "step 1, more people wanted"
    assert reminded.progress.due_at == again + 5 * MINUTE
    assert (second.state, second.due_at) == (State.STOPPED, None)
    assert second.acknowledged_by == (ANA, BO)
    assert TWO_OF_THREE.watches_acknowledged


def test_acknowledging_twice_counts_once() -> None:
    first = acknowledged(TWO_OF_THREE, PAGED, held_by(ANA), ANA, NOW)

    assert acknowledged(TWO_OF_THREE, first, held_by(ANA), ANA, NOW) == first


def test_nobody_is_reminded_too_early() -> None:
    first = acknowledged(TWO_OF_THREE, PAGED, held_by(ANA), ANA, NOW)

    looked = due(TWO_OF_THREE, first, held_by(ANA), SITUATION, NOW + MINUTE)

    assert looked == (held_by(ANA), Advance(first))


def test_what_its_source_acknowledges_wants_nobody_more() -> None:
    after = acknowledged(TWO_OF_THREE, PAGED, held_by(None), None, NOW)

    assert (after.state, after.acknowledged_by) == (State.STOPPED, ())


@pytest.mark.parametrize(
    "before",
    [start(NOW), replace(PAGED, state=State.EXHAUSTED), stop(PAGED)],
    ids=["nothing was paged", "exhausted", "stopped"],
)
def test_where_no_step_is_waiting_one_acknowledgement_will_do(before: Progress) -> None:
    after = acknowledged(TWO_OF_THREE, before, held_by(ANA), ANA, NOW)

    assert after.state is State.STOPPED


def test_reminders_end_when_nobody_is_left_to_remind() -> None:
    alone = Situation({TEAM: (ANA,)})
    first = acknowledged(TWO_OF_THREE, PAGED, held_by(ANA), ANA, NOW)

    _, looked = due(TWO_OF_THREE, first, held_by(ANA), alone, NOW + 5 * MINUTE)

    assert (looked.gave_up, looked.progress.state) == (True, State.STOPPED)


def test_reminders_do_not_go_on_for_ever() -> None:
    progress = acknowledged(TWO_OF_THREE, PAGED, held_by(ANA), ANA, NOW)
    reminded, gave_up = 0, False
    while progress.due_at is not None:
        life = held_by(ANA)
        _, looked = due(TWO_OF_THREE, progress, life, SITUATION, progress.due_at)
        reminded, gave_up = reminded + looked.reminder, looked.gave_up
        progress = looked.progress

    assert reminded == MOST_REMINDERS
    assert gave_up


def test_reminders_of_what_is_not_urgent_wait_for_working_hours() -> None:
    office = Hours((Window((0, 1, 2, 3, 4), time(9), time(17)),), "UTC")
    patient = replace(TWO_OF_THREE, low_urgency_hours=office)
    first = acknowledged(patient, PAGED, held_by(ANA), ANA, NOW)
    evening = NOW + 5 * MINUTE
    low = replace(SITUATION, urgency=Urgency.LOW)

    _, looked = due(patient, first, held_by(ANA), low, evening)

    assert looked.held == Held(HoldReason.LOW_URGENCY)
    assert looked.progress.due_at == datetime(2026, 6, 2, 9, tzinfo=UTC)


def test_whoever_acknowledges_and_forgets_loses_it_again() -> None:
    first = acknowledged(FORGOTTEN, PAGED, held_by(None), None, NOW)
    ends = NOW + 30 * MINUTE

    early = due(
        FORGOTTEN, replace(first, due_at=NOW), held_by(None), SITUATION, ends - MINUTE
    )
    life, looked = due(FORGOTTEN, first, held_by(None), SITUATION, ends)

    assert (first.state, first.due_at) == (State.STOPPED, ends)
    assert early == (held_by(None), Advance(first))
    assert life == Life(Status.TRIGGERED)
    assert (looked.step, looked.users) == (0, (ANA, BO, CY))
    assert looked.progress == Progress(1, ends + 5 * MINUTE, paged_step=0)


def test_losing_it_comes_before_the_next_reminder() -> None:
    hasty = replace(TWO_OF_THREE, ack_timeout=7 * MINUTE)
    first = acknowledged(hasty, PAGED, held_by(ANA), ANA, NOW)

    _, reminded = due(hasty, first, held_by(ANA), SITUATION, NOW + 5 * MINUTE)
    life, looked = due(
        hasty, reminded.progress, held_by(ANA), SITUATION, NOW + 7 * MINUTE
    )

    assert reminded.progress.due_at == NOW + 7 * MINUTE
    assert (life.status, looked.users) == (Status.TRIGGERED, (ANA, BO, CY))
    assert looked.progress.acknowledged_by == ()
