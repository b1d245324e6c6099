"""Steps that post to rooms: what is paged, what is skipped, and what is found."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from pagefree.core.escalation import advance, start
from pagefree.core.findings import FindingKind, Known, Weight, findings
from pagefree.core.forecast import Subject, looks, paged
from pagefree.core.intervals import Interval
from pagefree.core.policies import Policy, Step, Target, TargetKind
from pagefree.core.progress import Situation, SkipReason, State
from pagefree.core.routing import Urgency

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANA, OPS, GONE = (UUID(int=n) for n in (1, 21, 22))
PERSON = Target(TargetKind.USER, ANA)
ROTA = Target(TargetKind.SCHEDULE, UUID(int=8))
ROOM, LOST = Target(TargetKind.ROOM, OPS), Target(TargetKind.ROOM, GONE)
REACHABLE = {PERSON: (ANA,), ROOM: (), LOST: ()}


def policy(*steps: tuple[Target, ...]) -> Policy:
    return Policy(None, "policy", tuple(Step(5 * MINUTE, targets) for targets in steps))


def situation() -> Situation:
    return Situation(REACHABLE, rooms={OPS})


def test_a_step_with_a_room_alone_is_waited_for() -> None:
    looked = advance(policy((ROOM,), (PERSON,)), start(NOW), situation(), NOW)

    assert (looked.users, looked.rooms, looked.step) == ((), (OPS,), 0)
    assert looked.progress.due_at == NOW + 5 * MINUTE
    assert looked.skipped == ()


def test_a_room_that_cannot_be_posted_to_is_nobody() -> None:
    looked = advance(policy((LOST,), (PERSON,)), start(NOW), situation(), NOW)

    assert [skipped.why for skipped in looked.skipped] == [SkipReason.NOBODY]
    assert (looked.users, looked.rooms) == ((ANA,), ())


def test_people_and_rooms_of_one_step_are_told_at_once() -> None:
    looked = advance(policy((LOST, PERSON, ROOM)), start(NOW), situation(), NOW)

    assert (looked.users, looked.rooms) == ((ANA,), (OPS,))


def test_a_policy_of_rooms_alone_is_exhausted_in_the_end() -> None:
    subject = Subject(policy((ROOM,)), Urgency.HIGH, start(NOW), rooms=frozenset({OPS}))

    first, last = looks(subject, lambda _: REACHABLE, NOW + 60 * MINUTE, NOW)

    assert paged(first, [ANA]) == (OPS,)
    assert last.at == NOW + 5 * MINUTE
    assert last.advance.progress.state is State.EXHAUSTED
    assert paged(last, [ANA]) == [ANA]


KNOWN = Known(
    existing=frozenset({PERSON, ROTA, ROOM, LOST}),
    members={PERSON: (ANA,), ROTA: (ANA,)},
    reachable=frozenset({ANA}),
    rules={},
    gaps={ROTA.id: (Interval(NOW, NOW + MINUTE),)},
    rooms=frozenset({OPS}),
)


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([(PERSON, ROOM)], []),
        ([(ROOM,), (PERSON,)], []),
        ([(ROOM,)], [FindingKind.ONLY_ROOMS]),
        ([(PERSON, LOST)], [FindingKind.UNUSABLE_ROOM]),
        ([(LOST,)], [FindingKind.UNUSABLE_ROOM, FindingKind.ONLY_ROOMS]),
        (
            [(Target(TargetKind.ROOM, UUID(int=99)),), (PERSON,)],
            [FindingKind.MISSING_TARGET, FindingKind.EMPTY_STEP],
        ),
        ([(ROTA, ROOM)], [FindingKind.SCHEDULE_GAP]),
    ],
    ids=["both", "first", "alone", "broken", "broken alone", "gone", "gap beside it"],
)
def test_what_is_wrong_with_rooms_is_found(
    steps: list[tuple[Target, ...]], found: list[FindingKind]
) -> None:
    told = findings(policy(*steps), KNOWN, NOW)

    assert [one.kind for one in told] == found
    assert all(one.weight is Weight.PROBLEM for one in told)
