"""Receipts in any order, circuit breakers, and which provider is asked next."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.notifications import Status
from pagefree.core.receipts import (
    LONGEST_REST,
    RANKS,
    REST,
    Receipt,
    advanced,
    choose,
    fails_over,
    receipt_due_at,
    rests_until,
    status_after,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def after_all(receipts: list[Receipt]) -> tuple[Receipt | None, Status]:
    known, status = None, Status.ACCEPTED
    for told in receipts:
        if advanced(known, told):
            known, status = told, status_after(status, told)
    return known, status


@given(st.lists(st.sampled_from(Receipt), min_size=1))
def test_the_order_of_receipts_does_not_matter_nor_how_often_they_come(
    receipts: list[Receipt],
) -> None:
    known, status = after_all(receipts)

    assert known == max(receipts, key=RANKS.__getitem__)
    assert (known, status)[0] == after_all(receipts * 2)[0]
    if Receipt.DELIVERED in receipts:
        assert status is Status.DELIVERED


@pytest.mark.parametrize(
    ("status", "told", "after"),
    [
        (Status.ACCEPTED, Receipt.DELIVERED, Status.DELIVERED),
        (Status.FAILED, Receipt.DELIVERED, Status.DELIVERED),
        (Status.ACCEPTED, Receipt.FAILED, Status.FAILED),
        (Status.UNKNOWN, Receipt.FAILED, Status.FAILED),
        (Status.PLANNED, Receipt.FAILED, Status.PLANNED),
        (Status.DELIVERED, Receipt.FAILED, Status.DELIVERED),
        (Status.ACCEPTED, Receipt.ACCEPTED, Status.ACCEPTED),
    ],
)
def test_a_notification_never_goes_backwards(
    status: Status, told: Receipt, after: Status
) -> None:
    assert status_after(status, told) is after


def test_a_receipt_is_only_waited_for_where_one_comes() -> None:
    assert receipt_due_at(None, NOW) is None
    assert receipt_due_at(60, NOW) == NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("failures", "rest"),
    [(0, None), (2, None), (3, REST), (4, 2 * REST), (99, LONGEST_REST)],
)
def test_a_provider_rests_after_failures_in_a_row(
    failures: int, rest: timedelta | None
) -> None:
    assert rests_until(failures, NOW) == (None if rest is None else NOW + rest)


@pytest.mark.parametrize(
    ("tried", "resting", "chosen"),
    [
        ([], set(), "a"),
        ([], {"a"}, "b"),
        (["a"], set(), "b"),
        (["a"], {"b"}, "b"),
        ([], {"a", "b"}, "a"),
        (["a", "b"], set(), "a"),
        (["a", "b"], {"a"}, "b"),
        (["a", "b", "a"], set(), "b"),
    ],
    ids=range(8),
)
def test_providers_are_asked_in_order_unless_they_failed_or_rest(
    tried: list[str], resting: set[str], chosen: str
) -> None:
    assert choose(("a", "b"), tried, resting) == chosen


def test_where_there_are_no_providers_none_is_chosen() -> None:
    assert choose((), [], set()) is None


@pytest.mark.parametrize(
    ("tried", "over"),
    [(["a"], True), ([], False), (["a", "b"], False), (["a", "a"], False)],
    ids=range(4),
)
def test_a_message_fails_over_once(tried: list[str], *, over: bool) -> None:
    assert fails_over(("a", "b"), tried) == over
    assert not fails_over(("a",), tried)
