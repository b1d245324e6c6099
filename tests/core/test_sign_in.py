"""What counts as proof when, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from pagefree.core.errors import NotConfirmed
from pagefree.core.sign_in import (
    FRESH,
    LINK_LIFE,
    STEP_S,
    WAITS,
    must_enrol,
    owes_factor,
    proven_anew,
    require_fresh,
    send_again_at,
    steps_taken,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
STEP = int(NOW.timestamp()) // STEP_S


@pytest.mark.parametrize(
    ("confirmed_at", "fresh"),
    [
        (None, False),
        (NOW, True),
        (NOW - FRESH, True),
        (NOW - FRESH - SECOND, False),
        (NOW + SECOND, False),
    ],
    ids=["never", "now", "just", "too long ago", "in the future"],
)
def test_a_proof_is_fresh_for_five_minutes(
    confirmed_at: datetime | None, *, fresh: bool
) -> None:
    if fresh:
        require_fresh(confirmed_at, NOW)
    else:
        with pytest.raises(NotConfirmed):
            require_fresh(confirmed_at, NOW)


@pytest.mark.parametrize(
    ("last", "taken"),
    [
        (None, (STEP, STEP - 1, STEP + 1)),
        (STEP - 1, (STEP, STEP + 1)),
        (STEP, (STEP + 1,)),
        (STEP + 1, ()),
    ],
)
def test_a_code_of_the_last_and_the_next_step_counts_and_each_only_once(
    last: int | None, taken: tuple[int, ...]
) -> None:
    assert steps_taken(last, NOW) == taken
    assert steps_taken(last, NOW + (STEP_S - 1) * SECOND) == taken


def test_a_link_is_tried_again_for_as_long_as_it_would_be_waited_for() -> None:
    late = NOW + LINK_LIFE - SECOND

    assert send_again_at(1, NOW, NOW) == NOW + WAITS[0]
    assert send_again_at(len(WAITS), NOW, NOW) == NOW + WAITS[-1]
    assert send_again_at(len(WAITS) + 1, NOW, NOW) is None
    assert send_again_at(1, NOW, late) is None


@pytest.mark.parametrize(
    ("auth_time", "proven"),
    [
        (NOW.timestamp(), False),  # a number of OpenID Connect has no fraction
        (int(NOW.timestamp()), True),
        (int((NOW - FRESH).timestamp()), True),
        (int((NOW - FRESH - SECOND).timestamp()), False),
        (int((NOW + 60 * SECOND).timestamp()), True),
        (int((NOW + 61 * SECOND).timestamp()), False),
        (None, False),
    ],
)
def test_a_provider_has_just_asked_within_a_minute_of_clocks(
    auth_time: object, *, proven: bool
) -> None:
    assert proven_anew(auth_time, NOW) is proven


def test_a_factor_is_owed_by_who_comes_in_with_a_password_alone() -> None:
    assert owes_factor(NOW, has_one=False, by_password=True) == NOW
    assert owes_factor(NOW, has_one=True, by_password=True) is None
    assert owes_factor(NOW, has_one=False, by_password=False) is None
    assert owes_factor(None, has_one=False, by_password=True) is None


def test_nobody_must_set_one_up_before_the_day() -> None:
    assert not must_enrol(None, NOW)
    assert not must_enrol(NOW + SECOND, NOW)
    assert must_enrol(NOW, NOW)
