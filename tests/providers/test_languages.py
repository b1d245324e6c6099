"""What messages say in the language of their person; what an alert says stays as it is."""

import json
from dataclasses import replace

import pytest

from pagefree.channels import all_channels
from pagefree.channels.base import Message
from pagefree.channels.sms.segments import size
from pagefree.channels.wording import fate
from pagefree.core.withdrawals import Fate
from pagefree.core.words import LANGUAGES, words_in
from tests.providers.pages import page

KINDS = sorted(all_channels())
IN_A_TEXT = ("answer", "incidents", "and_more", "nobody_answered", "nobody_reached")
UNICODE_SEGMENT = 70  # characters; GSM 03.38 has 160


def in_language(language: str, **more: object) -> Message:
    return replace(page(), language=language, reply_code="3", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_a_title_is_in_the_language_of_its_person(kind: str) -> None:
    render = all_channels()[kind].render

    german = render(in_language("de-AT", kind="fallback"))
    english = render(in_language("tlh", kind="fallback"))

    assert "Niemand hat geantwortet: #12 Disk full" in german.title
    assert "Nobody answered: #12 Disk full" in english.title
    assert "Disk full" in german.text


@pytest.mark.parametrize("kind", ["email", "sms"])
def test_what_to_press_and_to_answer_is_said_in_it_too(kind: str) -> None:
    french = all_channels()[kind].render(in_language("fr", reply_to="reply@in.example"))

    assert ("Répondez ack 3" if kind == "sms" else "Confirmer: ") in french.text
    if french.html:
        assert ">Confirmer</a>" in french.html
        assert "Ou répondez à ce message" in french.html


@pytest.mark.parametrize("kind", ["email", "slack", "telegram", "discord", "teams"])
def test_the_facts_and_why_one_is_told_are_in_it(kind: str) -> None:
    rendered = all_channels()[kind].render(in_language("de"))

    for said in (rendered.text, rendered.html or json.dumps(rendered.payload)):
        shown = said.encode().decode("unicode_escape") if "\\u" in said else said
        assert "Dienst" in shown
        assert "Sie haben Bereitschaft" in shown
        assert "You are on call" not in shown


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("slack", ["Bestätigen", "Lösen", "Eskalieren", "Öffnen"]),
        ("telegram", ["Bestätigen", "Lösen", "Eskalieren", "Öffnen"]),
        ("ntfy", ["Bestätigen", "Lösen"]),
        ("web_push", ["Bestätigen", "Lösen", "Öffnen", "seit "]),
    ],
)
def test_buttons_are_in_it_too(kind: str, said: list[str]) -> None:
    made = in_language("de", resolve_url="https://pagefree.example.org/act/r")

    payload = json.dumps(all_channels()[kind].render(made).payload, ensure_ascii=False)

    assert [word for word in said if word not in payload] == []
    assert "Acknowledge" not in payload


def test_what_became_of_it_is_said_in_it() -> None:
    assert fate(Fate.ACKNOWLEDGED, "Bo", "de") == "Bestätigt von Bo"
    assert fate(Fate.RESOLVED, None, "fr") == "Résolu"
    assert fate(Fate.ALL_TAKEN, None, "") == "All taken care of"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("name", IN_A_TEXT)
def test_no_language_makes_a_text_cost_twice(language: str, name: str) -> None:
    said = getattr(words_in(language), name).replace("…", "...")

    assert size(said + "x" * (UNICODE_SEGMENT + 10)).segments == 1
