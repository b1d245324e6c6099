from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.deliveries import AT_LONGEST, is_over, matches, next_try

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@given(delivery_id=st.uuids())
def test_a_delivery_is_tried_for_two_days_and_not_longer(delivery_id: UUID) -> None:
    now, attempts = NOW, 0
    while True:
        attempts += 1
        at = next_try(delivery_id, attempts, NOW, None, now)
        if at is None:
            break
        assert at > now
        now = at

    assert timedelta(hours=30) < now - NOW <= AT_LONGEST
    assert attempts >= 8


def test_what_the_receiver_asks_for_is_waited() -> None:
    assert next_try(uuid4(), 1, NOW, 900, NOW) == NOW + timedelta(minutes=15)


def test_a_family_of_kinds_ends_with_a_point() -> None:
    assert matches("incident.resolved", "incident.")
    assert matches("incident.resolved", "incident.resolved")
    assert not matches("incident.resolved", "incident")


def test_a_receiver_that_is_gone_or_never_answers_is_told_no_more() -> None:
    assert is_over(410, 0)
    assert is_over(500, 3)
    assert not is_over(500, 2)
