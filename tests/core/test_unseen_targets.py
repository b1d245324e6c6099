"""A policy changed by somebody who does not see all that it pages."""

from datetime import timedelta
from uuid import uuid4

import pytest

from pagefree.core.errors import NotFound
from pagefree.core.policies import Policy, Step, Target, TargetKind, Which, keeping

ANA, BO = (Target(TargetKind.USER, uuid4()) for _ in range(2))
ROTA = Target(TargetKind.SCHEDULE, uuid4())
ROOM = Target(TargetKind.ROOM, uuid4())
UNSEEN = {ROTA, ROOM}
MINUTES = timedelta(minutes=5)


def policy(*steps: tuple[Target, ...]) -> Policy:
    return Policy(None, "Nights", tuple(Step(MINUTES, targets) for targets in steps))


BEFORE = policy((ANA, ROTA, BO), (ROOM,))


def targets(kept: Policy) -> list[tuple[Target, ...]]:
    return [step.targets for step in kept.steps]


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        (BEFORE, [(ANA, ROTA, BO), (ROOM,)]),
        # left out: put back in their places
        (policy((ANA, BO), (BO,)), [(ANA, ROTA, BO), (ROOM, BO)]),
        (policy((BO,)), [(ROOM, BO, ROTA)]),
        # named where they were, in an order of one's own
        (policy((ROTA,), (ANA,), (ROOM, BO)), [(ROTA,), (ANA,), (ROOM, BO)]),
    ],
)
def test_what_is_not_seen_stays(wanted: Policy, kept: list[tuple[Target, ...]]) -> None:
    assert targets(keeping(BEFORE, wanted, UNSEEN)) == kept


@pytest.mark.parametrize(
    "wanted",
    [
        policy((ROTA,), (ROOM, ROTA)),
        policy((Target(TargetKind.SCHEDULE, ROTA.id, Which.ALL),)),
    ],
)
def test_nor_is_it_paged_more_often_or_otherwise(wanted: Policy) -> None:
    unseen = UNSEEN | {Target(TargetKind.SCHEDULE, ROTA.id, Which.ALL)}

    with pytest.raises(NotFound):
        keeping(BEFORE, wanted, unseen)


def test_who_sees_everything_may_take_it_away() -> None:
    assert keeping(BEFORE, policy((BO,)), ()) == policy((BO,))
