"""Notices of accounts in five languages: the same blanks in each, and none left out."""

from dataclasses import asdict
from string import Formatter

import pytest

from pagefree.core.browsers import Browser
from pagefree.core.words import LANGUAGES as SPOKEN
from pagefree.core.words.accounts import ENGLISH, LANGUAGES, account_words


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_they_are_there_in_every_language_that_is_spoken() -> None:
    assert set(LANGUAGES) == set(SPOKEN)
    assert account_words("de-AT") is LANGUAGES["de"]
    assert account_words("nl") is ENGLISH


@pytest.mark.parametrize(
    ("language", "browser", "said"),
    [
        ("en", Browser("Firefox", "Linux"), "Firefox on Linux"),
        ("de", Browser("Safari", "iPhone"), "Safari auf iPhone"),
        ("fr", Browser("curl", ""), "curl"),
        ("es", Browser("", ""), "un navegador desconocido"),
        ("it", Browser("", "Mac"), "un browser sconosciuto su Mac"),
    ],
)
def test_a_browser_is_called_as_people_call_it(
    language: str, browser: Browser, said: str
) -> None:
    assert account_words(language).called(browser) == said


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_sentence_has_the_blanks_of_the_english_one(language: str) -> None:
    said, english = asdict(LANGUAGES[language]), asdict(ENGLISH)

    for name, sentence in said.items():
        assert sentence
        assert blanks(sentence) == blanks(english[name]), name
