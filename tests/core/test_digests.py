"""When a weekly digest is due, and whether it is worth a mail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core import digests
from pagefree.core.digests import Hours, Shift, TeamWeek, Week, hours, next_monday
from tests.core.zones import zones

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
QUIET = Week((), 0, (), reachable=True, shifts=())
TEAM = TeamWeek(UUID(int=1), "Web", (), (), (("Primary", ("Ana",)),))
SHIFT = Shift("Primary", MONDAY, MONDAY + timedelta(days=7))


@given(
    st.sampled_from(zones()),
    st.datetimes(datetime(2020, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_it_is_due_on_the_next_monday_at_nine_wherever_one_is(
    name: str, now: datetime
) -> None:
    zone = ZoneInfo(name)

    due = next_monday(zone, now)

    local = due.astimezone(zone)
    assert (local.weekday(), local.hour, local.minute) == (0, 9, 0)
    assert timedelta(0) < due - now <= timedelta(days=7, hours=3)


def test_nine_on_monday_itself_is_a_week_away() -> None:
    assert next_monday(ZoneInfo("UTC"), MONDAY) == MONDAY + digests.WEEK
    before = MONDAY - timedelta(seconds=1)
    assert next_monday(ZoneInfo("UTC"), before) == MONDAY


@pytest.mark.parametrize(
    ("week", "worth"),
    [
        (QUIET, False),
        (replace(QUIET, shifts=(SHIFT,)), False),
        (replace(QUIET, reachable=False), False),
        (replace(QUIET, teams=(TEAM,)), False),
        (replace(QUIET, pages=(MONDAY,)), True),
        (replace(QUIET, acknowledged=1), True),
        (replace(QUIET, unproven=("Phone",)), True),
        (replace(QUIET, shifts=(SHIFT,), reachable=False), True),
        (replace(QUIET, findings=("SMS refuses us",)), True),
        (replace(QUIET, teams=(replace(TEAM, unproven=("Bo",)),)), True),
        (replace(QUIET, teams=(replace(TEAM, findings=("A gap",)),)), True),
    ],
    ids=range(11),
)
def test_a_quiet_week_in_which_all_is_well_is_not_told(
    week: Week, *, worth: bool
) -> None:
    assert digests.worth_telling(week) is worth


def test_hours_are_those_of_the_persons_own_clock() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    pages = [
        datetime(2026, 3, 3, 15, tzinfo=UTC),  # midnight
        datetime(2026, 3, 6, 23, tzinfo=UTC),  # eight on Saturday
        datetime(2026, 3, 3, 1, tzinfo=UTC),  # ten on Tuesday
    ]

    assert hours(pages, tokyo) == Hours(night=1, weekend=1, workday=1)


def test_a_mail_that_cannot_be_sent_is_given_up_in_the_end() -> None:
    assert digests.try_again_at(1, MONDAY) == MONDAY + digests.RETRY
    assert digests.try_again_at(digests.TRIES, MONDAY) is None
    assert not digests.is_stale(MONDAY, MONDAY + digests.STALE)
    assert digests.is_stale(MONDAY, MONDAY + digests.STALE + timedelta(seconds=1))
    assert digests.week_of(MONDAY) == "2026-W10"
