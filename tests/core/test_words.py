"""Each language says everything, in words of its own."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from string import Formatter

import pytest

from pagefree.core.words import LANGUAGES, words_in

MOST_ALIKE = 20  # "Incident", "Service" and what consists of gaps
MARCH = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "spoken"), [("de-AT", "de"), ("FR", "fr"), ("tlh", "en"), ("", "en")]
)
def test_whoever_speaks_none_of_them_reads_english(asked: str, spoken: str) -> None:
    assert words_in(asked).language == spoken


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_an_instant_has_its_clock_time_in_every_language(language: str) -> None:
    assert "09:05" in words_in(language).pages.at(MARCH)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_says_everything(language: str) -> None:
    english = dict(_sentences(words_in("en")))
    said = dict(_sentences(words_in(language)))

    assert said.keys() == english.keys()
    for name, sentence in said.items():
        assert sentence, name
        assert sentence.strip() == sentence, name
        if name != ".pages.moment":  # each has its own order, and its own parts
            assert _gaps(sentence) == _gaps(english[name]), name


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_no_language_falls_back_to_english(language: str) -> None:
    english = dict(_sentences(words_in("en")))

    same = {n for n, said in _sentences(words_in(language)) if said == english[n]}

    assert len(same) < MOST_ALIKE, same


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_names_each_day(language: str) -> None:
    notices = words_in(language).notices
    week = [datetime(2026, 3, day, 9, tzinfo=UTC) for day in range(2, 9)]

    assert len(notices.days.split()) == len({notices.at(day) for day in week}) == 7


def _sentences(table: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every word of a table, with the tables in it."""
    for field in fields(table):  # type: ignore[arg-type]
        value, name = getattr(table, field.name), f"{path}.{field.name}"
        if is_dataclass(value):
            yield from _sentences(value, name)
        else:
            yield name, value


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
