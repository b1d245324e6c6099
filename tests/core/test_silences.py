"""When an integration counts as fallen silent, by its own rhythm."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from pagefree.core.silences import Silence, usual_silence

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
OFFICE = [
    START + day * DAY + hour * HOUR
    for day in range(12)
    for hour in range(8, 18)
    if (START + day * DAY).weekday() < 5
]


@pytest.mark.parametrize(
    ("hours", "usual"),
    [
        ([START + n * HOUR for n in range(100)], timedelta()),
        ([START + 6 * n * HOUR for n in range(20)], 5 * HOUR),
        (OFFICE, 62 * HOUR),
        ([START + n * HOUR for n in range(72)], None),
        ([START + DAY * n for n in range(14)], None),
        ([], None),
    ],
    ids=["always", "every-six", "office", "too-short", "too-seldom", "never"],
)
def test_its_usual_silence_is_the_longest_that_it_kept(
    hours: list[datetime], usual: timedelta | None
) -> None:
    assert usual_silence(hours) == usual


@pytest.mark.parametrize(
    ("lasts", "usual", "unusual"),
    [
        (HOUR, timedelta(), False),
        (HOUR + timedelta(seconds=1), timedelta(), True),
        (125 * HOUR, 62 * HOUR, False),
        (126 * HOUR, 62 * HOUR, True),
    ],
)
def test_it_is_unusual_when_it_lasts_twice_as_long_and_an_hour(
    lasts: timedelta, usual: timedelta, *, unusual: bool
) -> None:
    assert Silence(UUID(int=1), "x", lasts, usual).unusual is unusual
