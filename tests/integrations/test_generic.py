"""Where people say that fields come from: paths, texts and templates, and what is refused."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from pagefree.core.alerts import Action, AlertEvent
from pagefree.integrations.base import Inbound
from pagefree.integrations.generic.language import compiled, text_at
from pagefree.integrations.generic.parse import parse
from pagefree.integrations.generic.settings import Settings

BODY: dict[str, object] = {"cluster": "eu-1"}
EVENT: dict[str, object] = {
    "title": "Disk full",
    "host": "DB-1",
    "items": [{"id": 7}, {"id": "x"}],
    "odd name": "odd",
    "tags": ["a", None, "b"],
    "nested": {"deep": {"er": True}},
    "prio": 5,
    "map": "shadowed",
    "text": "node=db7 is at 97 %",
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", ""),
        ("title", "Disk full"),
        (" title ", "Disk full"),
        ("items[1].id", "x"),
        ("items[9].id", ""),
        ("nested.deep.er", "true"),
        ('["odd name"]', "odd"),
        ('nested["deep"].er', "true"),
        ("title.no.such", ""),
        ("items", ""),
        ("$.cluster", "eu-1"),
        ('"a text"', "a text"),
        ("{{title}} on {{lower host}}", "Disk full on db-1"),
        ("{{items.[1].id}}", "x"),
        ("{{$.cluster}}/{{host}}", "eu-1/DB-1"),
        ("{{this.map}}", "shadowed"),
        ('{{map prio "5=critical, *=info"}}', "critical"),
        ('{{map title "5=critical, *=info"}}', "info"),
        ('{{map title "5=critical"}}', "Disk full"),
        ('{{join tags "/"}}', "a/b"),
        ("{{truncate title 5}}", "Disk…"),
        (r'{{regex text "node=(\w+)"}}', "db7"),
        ('{{regex text "[0-9]+ %"}}', "97 %"),
        ('{{regex text "nothing"}}', ""),
        ("{{first_of nope nested host}}", "DB-1"),
        ("{{lower (first_of nope host)}}", "db-1"),
        ("{{#if nope}}x{{else}}y{{/if}}", "y"),
        ("{{#unless nope}}y{{/unless}}", "y"),
        ("{{no.such.thing}}", ""),
    ],
)
def test_a_template_says(source: str, expected: str) -> None:
    assert text_at(source, EVENT, BODY) == expected


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a..b", "not a path"),
        ("two words", "not a path"),
        ("a[x]", "not a path"),
        ("items[*].id", "not a path"),
        ("{{title", "Expected CLOSE"),
        ("{{#each items}}{{id}}{{/each}}", "only {{#if}} and {{#unless}}"),
        ("{{#items}}{{id}}{{/items}}", "only {{#if}} and {{#unless}}"),
        ("{{upper host}}", "no function 'upper'"),
        ("{{lower (upper host)}}", "upper"),
        ("{{lower host host}}", "does not take"),
        ('{{regex text "("}}', "not a regular expression"),
        ('{{regex text "(?=x)"}}', "not a regular expression"),
        ('{{map prio "critical"}}', "map needs a table"),
        ("{{truncate title}}", "does not take"),
        ('{{"x"}}', "no template"),
        ("{{#if a}}" * 200, "nclosed"),
    ],
)
def test_what_is_no_template_is_refused_with_a_reason(source: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        compiled(source)


@given(st.text("{}#/[]().\"'|$abc \\~^&@!=-<>0\n", max_size=60))
@example("{{#if a}}{{else}}{{#if b}}{{/if}}{{/if}}")
@example("{{a.[}}")
@example("[999999]")
def test_any_text_is_a_template_or_refused(source: str) -> None:
    try:
        compiled(source)
    except ValueError:
        return
    assert isinstance(text_at(source, EVENT, BODY), str)


@pytest.mark.parametrize(
    "settings",
    [
        {"title": "{{upper host}}"},
        {"resolves": ["ok"]},
        {"status": "state", "fires": ["ok"], "resolves": ["OK"]},
        {"title": "a\0b"},
        {"unknown": "x"},
        {"title": "x" * 3000},
        {"labels": {"": "x"}},
        {"dedup": ["x"] * 50},
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(settings)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ('"Cleared"', Action.RESOLVE),
        ('"seen"', Action.ACKNOWLEDGE),
        ('"raised"', Action.TRIGGER),
        ('"ok"', Action.TRIGGER),  # would be a guess; what is listed counts
        ("null", Action.TRIGGER),
        ('["cleared"]', Action.TRIGGER),
    ],
)
def test_only_a_listed_word_resolves(status: str, expected: Action) -> None:
    settings = Settings(
        status="state", fires=("raised",), acknowledges=("seen",), resolves=("cleared",)
    )
    body = b'{"title": "t", "state": %s}' % status.encode()

    (event,) = parse(Inbound(body, settings=settings)).events

    assert isinstance(event, AlertEvent)
    assert event.action is expected


def test_the_rest_of_a_body_is_no_part_of_the_dedup_key() -> None:
    settings = Settings(dedup=("host", "check"))

    def key(**members: str) -> str:
        pairs = ",".join(f'"{name}":"{value}"' for name, value in members.items())
        body = ("{" + pairs + "}").encode()
        (event,) = parse(Inbound(body, settings=settings)).events
        assert isinstance(event, AlertEvent)
        return event.dedup_key

    first = key(host="a", check="disk", at="10:00", title="91 %")
    assert first == key(host="a", check="disk", at="10:05", title="95 %")
    assert first != key(host="b", check="disk", at="10:00", title="91 %")
    assert first != key(host="a", at="10:00", title="91 %")
    assert key(title="91 %") != key(title="95 %")


def test_an_expensive_pattern_takes_no_time() -> None:
    evil = {"text": "a" * 60_000 + "b"}

    assert text_at('{{regex text "(a+)+$"}}', evil, evil) == ""
