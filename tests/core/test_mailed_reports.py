"""When figures by mail are due, and of which period they are."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.mailed_reports import (
    LAST_DAY_OF_EVERY_MONTH,
    Plan,
    Rhythm,
    due_by,
    end_day,
    newest_end,
    next_at,
    period,
    try_again_at,
)

BERLIN = ZoneInfo("Europe/Berlin")
MONDAYS = Plan(Rhythm.WEEKLY, 1, 9, BERLIN)
FIRSTS = Plan(Rhythm.MONTHLY, 1, 7, BERLIN)
WEDNESDAY = datetime(2026, 3, 25, 12, tzinfo=UTC)

plans = st.one_of(
    st.builds(
        Plan,
        st.just(Rhythm.WEEKLY),
        st.integers(1, 7),
        st.integers(0, 23),
        st.sampled_from([BERLIN, ZoneInfo("America/St_Johns"), ZoneInfo("UTC")]),
    ),
    st.builds(
        Plan,
        st.just(Rhythm.MONTHLY),
        st.integers(1, LAST_DAY_OF_EVERY_MONTH),
        st.integers(0, 23),
        st.just(BERLIN),
    ),
)
instants = st.integers(0, 15 * 366 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def test_a_report_keeps_its_hour_when_clocks_change() -> None:
    first = next_at(MONDAYS, WEDNESDAY - timedelta(days=7))
    second = next_at(MONDAYS, first)

    assert first == datetime(2026, 3, 23, 8, tzinfo=UTC)
    assert second == datetime(2026, 3, 30, 7, tzinfo=UTC)


def test_a_report_of_a_month_is_of_the_days_of_that_month() -> None:
    end = newest_end(FIRSTS, WEDNESDAY)
    of = period(FIRSTS, end)

    assert of.start.astimezone(BERLIN) == datetime(2026, 2, 1, tzinfo=BERLIN)
    assert of.end.astimezone(BERLIN) == datetime(2026, 3, 1, tzinfo=BERLIN)
    assert period(FIRSTS, of.start).start.astimezone(BERLIN).month == 1


def test_january_is_compared_with_december() -> None:
    of = period(FIRSTS, datetime(2026, 1, 1, tzinfo=BERLIN).astimezone(UTC))

    assert of.start.astimezone(BERLIN) == datetime(2025, 12, 1, tzinfo=BERLIN)


@given(plans, instants)
def test_a_report_is_due_after_the_period_that_it_tells_of(
    plan: Plan, now: datetime
) -> None:
    due = next_at(plan, now)
    end = newest_end(plan, due)
    local = due.astimezone(plan.zone)

    assert due > now
    assert end <= due < end + timedelta(days=1, hours=1)
    day = local.isoweekday() if plan.rhythm is Rhythm.WEEKLY else local.day
    assert day == plan.day
    assert period(plan, end).start < end


@given(plans, instants)
def test_periods_follow_one_another_without_a_gap(plan: Plan, now: datetime) -> None:
    first = next_at(plan, now)
    second = next_at(plan, first)

    assert period(plan, newest_end(plan, second)).start == newest_end(plan, first)


def test_a_mail_is_tried_a_few_times() -> None:
    assert try_again_at(1, WEDNESDAY) == WEDNESDAY + timedelta(minutes=20)
    assert try_again_at(5, WEDNESDAY) is None


def test_a_changed_report_is_due_at_the_next_time_of_its_plan() -> None:
    assert due_by(MONDAYS, WEDNESDAY, None) == next_at(MONDAYS, WEDNESDAY)
    at = next_at(MONDAYS, WEDNESDAY)
    assert due_by(MONDAYS, at, None) == at


def test_a_period_that_was_planned_is_not_planned_again() -> None:
    at = next_at(MONDAYS, WEDNESDAY)
    planned = end_day(MONDAYS, at)

    assert due_by(MONDAYS, at - timedelta(hours=1), planned) == next_at(MONDAYS, at)
    assert due_by(MONDAYS, at, planned - timedelta(days=1)) == at
