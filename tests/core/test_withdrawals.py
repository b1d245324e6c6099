"""What a message says once its incident has changed."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from pagefree.core.incidents import Life, Status
from pagefree.core.withdrawals import (
    MOST_TRIES,
    Fate,
    brought_by,
    fate,
    fate_of_many,
    try_again_at,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANA, BO = uuid4(), uuid4()
ASKING = Life(Status.TRIGGERED)
TAKEN = Life(Status.ACKNOWLEDGED, acknowledged_at=NOW, acknowledged_by_id=ANA)
SNOOZED = Life(Status.ACKNOWLEDGED, acknowledged_by_id=ANA, snoozed_until=NOW)
OVER = Life(Status.RESOLVED, acknowledged_by_id=ANA, resolved_at=NOW, resolved_by_id=BO)
MERGED = Life(Status.RESOLVED, merged_into_id=uuid4())


@pytest.mark.parametrize(
    ("life", "what"),
    [
        (ASKING, Fate.PASSED_ON),
        (TAKEN, Fate.ACKNOWLEDGED),
        (SNOOZED, Fate.SNOOZED),
        (OVER, Fate.RESOLVED),
        (MERGED, Fate.MERGED),
    ],
)
def test_it_says_what_has_become_of_the_incident(life: Life, what: Fate) -> None:
    assert fate(life) is what


def test_whoever_has_resolved_it_has_brought_it_there() -> None:
    found = [brought_by(life) for life in (ASKING, TAKEN, OVER, MERGED)]
    assert found == [None, ANA, BO, None]


def test_a_message_about_several_is_right_until_nobody_is_asked_for_any_of_them() -> (
    None
):
    assert fate_of_many([OVER, ASKING]) is None
    assert fate_of_many([OVER, TAKEN]) is Fate.ALL_TAKEN
    assert fate_of_many([OVER, MERGED]) is Fate.ALL_RESOLVED


def test_it_is_tried_a_few_times() -> None:
    tries = [try_again_at(n, None, NOW) for n in range(1, MOST_TRIES + 1)]
    assert [again is not None for again in tries] == [True, True, False]
