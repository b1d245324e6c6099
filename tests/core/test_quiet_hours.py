"""Quiet hours, and what they never silence."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.quiet_hours import Quiet, Wishes, held_until, quiet_until, spared
from pagefree.core.routing import Urgency

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Quiet(BERLIN, time(22), time(7))
NOON = Quiet(BERLIN, time(12), time(13))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        (NIGHT, "2026-03-02T21:59:59", None),
        (NIGHT, "2026-03-02T22:00:00", "2026-03-03T07:00:00"),
        (NIGHT, "2026-03-03T03:00:00", "2026-03-03T07:00:00"),
        (NIGHT, "2026-03-03T07:00:00", None),
        (NOON, "2026-03-03T12:30:00", "2026-03-03T13:00:00"),
        (NOON, "2026-03-03T11:59:00", None),
        # the night in which clocks go forward is an hour shorter, and ends at seven
        (NIGHT, "2026-03-29T01:30:00", "2026-03-29T07:00:00"),
        (NIGHT, "2026-10-25T01:30:00", "2026-10-25T07:00:00"),
        # clocks skip from two to three
        (Quiet(BERLIN, time(1), time(2, 30)), "2026-03-29T01:30", "2026-03-29T03:30"),
        (Quiet(BERLIN, time(0), time(0)), "2026-03-03T12:00", "2026-03-04T00:00"),
    ],
    ids=range(10),
)
def test_quiet_hours_end_on_the_wall_clock(
    quiet: Quiet, now: str, until: str | None
) -> None:
    assert quiet_until(quiet, at(now)) == (at(until) if until else None)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.times(),
    st.times(),
)
def test_quiet_hours_always_end_within_a_day_and_an_hour(
    now: datetime, start: time, end: time
) -> None:
    until = quiet_until(Quiet(BERLIN, start, end), now)

    assert until is None or now < until <= now + timedelta(hours=25)


MIDNIGHT = at("2026-03-03T00:00:00")
SEVEN = at("2026-03-03T07:00:00")
ALL = Wishes(Quiet(BERLIN, time(22), time(7), urgent=True))


@pytest.mark.parametrize(
    ("wishes", "urgency", "critical", "until"),
    [
        (Wishes(), Urgency.LOW, False, None),
        (Wishes(NIGHT), Urgency.LOW, False, SEVEN),
        (Wishes(NIGHT), Urgency.LOW, True, None),
        (Wishes(NIGHT), Urgency.HIGH, False, None),
        (Wishes(NIGHT), Urgency.HIGH, True, None),
        (ALL, Urgency.HIGH, True, SEVEN),
    ],
    ids=range(6),
)
def test_what_is_urgent_or_critical_wakes_people_unless_they_have_said_so(
    wishes: Wishes, urgency: Urgency, *, critical: bool, until: datetime | None
) -> None:
    assert held_until(wishes, urgency, MIDNIGHT, critical=critical) == until


@pytest.mark.parametrize(
    ("low_off_duty", "urgency", "critical", "on_duty", "is_spared"),
    [
        (False, Urgency.LOW, False, False, True),
        (True, Urgency.LOW, False, False, False),
        (False, Urgency.HIGH, False, False, False),
        (False, Urgency.LOW, True, False, False),
        (False, Urgency.LOW, False, True, False),
    ],
    ids=range(5),
)
def test_low_urgency_can_spare_who_is_off_duty(
    urgency: Urgency,
    *,
    low_off_duty: bool,
    critical: bool,
    on_duty: bool,
    is_spared: bool,
) -> None:
    wishes = Wishes(low_off_duty=low_off_duty)

    assert spared(wishes, urgency, critical=critical, on_duty=on_duty) == is_spared
