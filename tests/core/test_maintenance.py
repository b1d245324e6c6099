"""When planned work is under way, and which alerts it explains."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.maintenance import Window, current_or_next, explains

START = datetime(2026, 3, 2, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ONCE = Window(uuid4(), "Upgrade", START, START + 2 * HOUR)
WEEKLY = replace(ONCE, repeat_days=7)
SERVICE, TEAM = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("window", "at", "begins"),
    [
        (ONCE, START - DAY, START),
        (ONCE, START, START),
        (ONCE, START + 2 * HOUR, None),
        (WEEKLY, START - 30 * DAY, START),
        (WEEKLY, START + HOUR, START),
        (WEEKLY, START + 2 * HOUR, START + 7 * DAY),
        (WEEKLY, START + 7 * DAY + HOUR, START + 7 * DAY),
        (replace(WEEKLY, until=START + 7 * DAY), START + HOUR, START),
        (replace(WEEKLY, until=START + 7 * DAY), START + DAY, None),
    ],
)
def test_work_is_under_way_or_comes_or_is_over(
    window: Window, at: datetime, begins: datetime | None
) -> None:
    found = current_or_next(window, at)

    assert (found and found.start) == begins
    assert found is None or found.end - found.start == 2 * HOUR


def test_repeats_keep_the_wall_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 23, 22, tzinfo=berlin)
    window = replace(WEEKLY, start=start, end=start + HOUR, tz=berlin)

    found = current_or_next(window, start + DAY)

    assert found is not None  # clocks changed on the 29th
    assert found.start.astimezone(berlin).hour == 22
    assert found.start - start == 7 * DAY - HOUR


@given(st.timedeltas(-20 * DAY, 40 * DAY), st.sampled_from([1, 7]))
def test_what_is_found_is_not_over_and_nothing_sooner_was_missed(
    offset: timedelta, every: int
) -> None:
    at = START + offset
    window = replace(ONCE, repeat_days=every)

    found = current_or_next(window, at)

    assert found is not None
    assert at < found.end
    assert found.start - at < every * DAY or found.start == START


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (ONCE, True),
        (replace(ONCE, team_id=TEAM), True),
        (replace(ONCE, team_id=uuid4()), False),
        (replace(ONCE, service_ids=(SERVICE,)), True),
        (replace(ONCE, service_ids=(uuid4(),)), False),
        (replace(ONCE, labels={"env": "prod"}), True),
        (replace(ONCE, labels={"env": "dev"}), False),
        (replace(ONCE, labels={"env": "prod", "zone": "a"}), False),
    ],
)
def test_work_explains_alerts_of_its_services_and_labels(
    window: Window, *, expected: bool
) -> None:
    assert explains(window, SERVICE, TEAM, {"env": "prod"}) is expected
