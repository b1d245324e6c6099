"""The forms of runbooks: typed, bounded, and nothing a command line could choke on."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.errors import Invalid
from pagefree.core.parameters import (
    MOST,
    MOST_ITEMS,
    WORD,
    completed,
    is_plain,
    require_plain,
)


def of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def test_what_is_left_open_is_made_strict() -> None:
    hosts = {"type": "array", "items": {"type": "string"}}

    made = completed({**of(host={"type": "string"}, hosts=hosts), "required": ["host"]})

    word = {"type": "string", "pattern": WORD, "maxLength": 1000}
    assert made == {
        "type": "object",
        "properties": {
            "host": word,
            "hosts": {"type": "array", "items": word, "maxItems": MOST_ITEMS},
        },
        "required": ["host"],
        "additionalProperties": False,
    }
    assert completed(made) == made
    assert completed({})["properties"] == {}


def test_lists_of_values_numbers_and_switches_stay_as_they_are() -> None:
    count = {"type": "integer", "minimum": 1, "maximum": 5}
    size = {"type": "string", "enum": ["s", "m"], "maxLength": 1}
    force = {"type": "boolean", "default": False}

    made = completed(of(count=count, size=size, force=force))

    assert made["properties"] == {"count": count, "size": size, "force": force}


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"$ref": "http://example.org"}, "ref"),
        ({"type": "array"}, "an object"),
        ({"properties": []}, "an object"),
        (of(**{f"p{n}": {"type": "boolean"} for n in range(MOST + 1)}), "at most"),
        ({**of(), "required": ["a"]}, "not described"),
        ({**of(), "required": "a"}, "not described"),
        (of(**{"a-b": {"type": "string"}}), "letters"),
        (of(ä={"type": "string"}), "letters"),
        ({"properties": {1: {"type": "string"}}}, "letters"),
        (of(a="string"), "not described"),
        (of(a={"type": "object"}), "type"),
        (of(a={"type": ["string"]}), "type"),
        (of(a={"type": "string", "format": "uri"}), "format"),
        (of(a={"type": "string", "pattern": "a$"}), "begins"),
        (of(a={"type": "string", "pattern": "^a"}), "begins"),
        (of(a={"type": "string", "pattern": 1}), "a pattern has"),
        (of(a={"type": "string", "pattern": f"^{'a' * 255}$"}), "a pattern has"),
        (of(a={"type": "string", "maxLength": 1001}), "maxLength"),
        (of(a={"type": "string", "maxLength": "x"}), "maxLength"),
        (of(a={"type": "array"}), "items"),
        (of(a={"type": "array", "items": {"type": "array"}}), "items"),
        (of(a={"type": "array", "items": {"type": "string"}, "maxItems": 51}), "most"),
        (of(a={"type": "array", "items": {}, "maxItems": "x"}), "most"),
    ],
)
def test_the_rest_of_json_schema_is_refused(schema: Any, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        completed(schema)


@pytest.mark.parametrize(
    "text", ["a\nb", "a\0b", "\u202eb", "a\u2028b", "\u2014force", "\u2013x", "\ufeff"]
)
def test_text_that_shows_something_else_than_it_is_is_refused(text: str) -> None:
    assert not is_plain(text)
    for value in (text, ["fine", text]):
        with pytest.raises(Invalid, match="cannot be seen"):
            require_plain({"a": value})


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd"]), max_size=20))
def test_letters_and_digits_are_plain(text: str) -> None:
    assert is_plain(f"{text}-{text} ")
    require_plain({"a": text, "b": [1, text], "c": 2})
