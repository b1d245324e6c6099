"""When silence is told, how often, and that it is over."""

from datetime import UTC, datetime, timedelta

import pytest

from pagefree.core.watching import (
    Patience,
    Seen,
    Word,
    complained,
    heard,
    resumed,
    told,
    word,
)

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PATIENCE = Patience(60 * SECOND, 180 * SECOND, 900 * SECOND)


def at(seconds: float) -> datetime:
    return START + seconds * SECOND


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, None), (240, None), (240.1, Word.SILENT)]
)
def test_silence_is_told_after_period_and_grace(
    seconds: float, said: Word | None
) -> None:
    assert word(Seen(START), PATIENCE, at(seconds)) is said


def test_what_says_that_it_fails_is_told_at_once() -> None:
    assert word(complained(Seen(START), "disk full"), PATIENCE, at(1)) is Word.FAILS


@pytest.mark.parametrize(
    ("seconds", "said"), [(300, None), (1199.9, None), (1200, Word.SILENT)]
)
def test_silence_is_told_again_but_not_all_the_time(
    seconds: float, said: Word | None
) -> None:
    seen = told(Seen(START), Word.SILENT, at(300))

    assert word(seen, PATIENCE, at(seconds)) is said


def test_that_it_is_back_is_told_once_and_only_to_those_who_were_told() -> None:
    back = heard(told(Seen(START), Word.SILENT, at(300)), at(400))

    assert word(back, PATIENCE, at(401)) is Word.BACK
    assert word(told(back, Word.BACK, at(401)), PATIENCE, at(402)) is None
    assert word(heard(Seen(START), at(400)), PATIENCE, at(401)) is None


def test_a_watch_that_slept_does_not_blame_others() -> None:
    assert word(resumed(Seen(START), at(5000)), PATIENCE, at(5001)) is None


def test_a_watch_that_slept_remembers_whom_it_has_told() -> None:
    silent = resumed(told(Seen(START), Word.SILENT, at(300)), at(500))

    assert word(silent, PATIENCE, at(501)) is None
    assert word(silent, PATIENCE, at(1200)) is Word.SILENT
    assert word(heard(silent, at(600)), PATIENCE, at(601)) is Word.BACK
