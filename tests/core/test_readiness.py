"""Proof of the pager: how long it counts, and when a quiet test is sent."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from pagefree.core.quiet_hours import Quiet
from pagefree.core.readiness import (
    LOOK_AHEAD,
    NIGHT,
    PROOF_FRESH,
    PROOF_LIFE,
    due_for_proof,
    night_of,
    proven,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
AWAKE = Quiet(ZoneInfo("UTC"), *NIGHT)


def test_one_address_that_was_reached_lately_is_enough() -> None:
    assert proven([None, NOW - PROOF_LIFE], NOW)
    assert not proven([None, NOW - PROOF_LIFE - SECOND], NOW)
    assert not proven([], NOW)


@pytest.mark.parametrize(
    ("proven_at", "asked_at", "due"),
    [
        (None, LONG_AGO, True),
        (NOW - PROOF_FRESH, LONG_AGO, False),
        (NOW - PROOF_FRESH - SECOND, LONG_AGO, True),
        (None, NOW - LOOK_AHEAD + SECOND, False),
        (None, NOW - LOOK_AHEAD, True),
    ],
    ids=range(5),
)
def test_a_quiet_test_is_sent_once_where_proof_is_not_fresh(
    proven_at: datetime | None, asked_at: datetime, *, due: bool
) -> None:
    assert due_for_proof(proven_at, asked_at, AWAKE, NOW) == due


@pytest.mark.parametrize(
    ("zone", "named", "due"),
    [
        ("UTC", (None, None), True),
        ("Asia/Tokyo", (None, None), True),  # six in the evening
        ("America/New_York", (None, None), False),  # four in the morning
        ("America/New_York", (time(8), time(16)), True),  # works at night
        ("UTC", (time(8), time(16)), False),
        ("UTC", (time(8), time(8)), True),  # peace all day: as if none were named
    ],
    ids=range(6),
)
def test_no_quiet_test_rings_at_night(
    zone: str, named: tuple[time | None, time | None], *, due: bool
) -> None:
    night = night_of(ZoneInfo(zone), *named)

    assert due_for_proof(None, LONG_AGO, night, NOW) == due
