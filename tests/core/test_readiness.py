"""Proof of the pager: how long it counts, and when a quiet test is sent."""

from datetime import UTC, datetime, timedelta

import pytest

from pagefree.core.readiness import (
    LOOK_AHEAD,
    PROOF_FRESH,
    PROOF_LIFE,
    due_for_proof,
    proven,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


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
    assert due_for_proof(proven_at, asked_at, NOW) == due
