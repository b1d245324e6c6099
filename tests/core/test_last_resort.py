"""When those who are on call are told that there is no database."""

from datetime import UTC, datetime, timedelta

import pytest

from pagefree.core.last_resort import Limits, Told, Word, after, word

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LIMITS = Limits(60 * SECOND, 900 * SECOND)


def at(seconds: float) -> datetime:
    return START + seconds * SECOND


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, None), (59.9, None), (60, Word.DOWN), (3600, Word.DOWN)]
)
def test_a_database_that_is_gone_for_a_minute_is_told_of(
    seconds: float, said: Word | None
) -> None:
    assert word(Told(), LIMITS, START, at(seconds)) is said


@pytest.mark.parametrize(
    ("seconds", "said"), [(61, None), (959.9, None), (960, Word.DOWN)]
)
def test_it_is_told_again_after_a_quarter_of_an_hour_at_the_earliest(
    seconds: float, said: Word | None
) -> None:
    told = after(Told(), Word.DOWN, at(60))

    assert word(told, LIMITS, START, at(seconds)) is said


def test_another_outage_soon_after_waits_as_well() -> None:
    told = after(after(Told(), Word.DOWN, at(60)), Word.BACK, at(70))

    assert word(told, LIMITS, at(100), at(200)) is None
    assert word(told, LIMITS, at(100), at(960)) is Word.DOWN


def test_that_it_is_back_is_told_once_and_only_to_those_who_were_told() -> None:
    told = after(Told(), Word.DOWN, at(60))

    assert word(Told(), LIMITS, None, at(61)) is None
    assert word(told, LIMITS, None, at(61)) is Word.BACK
    assert word(after(told, Word.BACK, at(61)), LIMITS, None, at(62)) is None
