"""When the canary flies, and when all is well."""

from datetime import UTC, datetime, timedelta

import pytest

from pagefree.core.canary import WITHIN, Run, next_due, verdict

DUE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("late_s", "next_s"), [(0, 60), (0.3, 60), (59, 60), (60, 120), (3601, 3660)]
)
def test_it_flies_every_minute_and_makes_up_for_nothing(
    late_s: float, next_s: float
) -> None:
    assert next_due(DUE, DUE + late_s * SECOND) == DUE + next_s * SECOND


def test_all_is_well_only_if_it_came_back_in_time_and_nothing_waits() -> None:
    assert verdict(None, SECOND, []) is None
    assert verdict("the event is lost", SECOND, []) == "the event is lost"
    assert verdict(None, SECOND, ["due work waits"]) == "due work waits"
    assert verdict(None, WITHIN, []) == "the loop took 30 s"


def test_it_is_well_unless_something_is_said_of_it() -> None:
    assert Run(DUE, SECOND, None).ok
    assert not Run(DUE, SECOND, "the event is lost").ok
