"""Templates of strangers: what they are made of costs whoever wrote them, nobody else."""

from time import thread_time
from typing import Any

import pytest

from pagefree.core.errors import Invalid
from pagefree.infra import templates
from pagefree.infra.template_budget import ONE_FORM_S, ONE_TEXT_S, one_budget

FACTS: dict[str, Any] = {
    "rows": [{"cells": list(range(100)), "name": "row"} for _ in range(60)],
    "wide": [["x" * 100] * 200] * 200,
    "name": "Shop",
}
SLOW = 4 * ONE_TEXT_S  # for whatever one look lets through
# each would take seconds or minutes, and is shorter and shallower than the caps
BOMBS = {
    "turns": "{{#each rows}}{{#each cells}}"
    + "{{#if @root.no}}{{/if}}" * 800
    + "{{/each}}{{/each}}",
    "blocks": "{{#rows}}{{#with @root}}{{#rows}}{{#with @root}}{{#rows}}{{#cells}}"
    "{{/cells}}{{/rows}}{{/with}}{{/rows}}{{/with}}{{/rows}}",
    "helpers": "{{#if (json wide)}}{{/if}}" * 700,
    "comparisons": "{{#if (eq wide wide)}}{{#if (json wide)}}{{/if}}{{/if}}" * 300,
}
UNREADABLE = {
    "deep blocks": "{{#if name}}" * 1000 + "{{/if}}" * 1000,
    "deep helpers": "{{" + "(not " * 3000 + "name" + ")" * 3000 + "}}",
    "many elses": "{{#if no}}" + "{{else if no}}" * 900 + "{{/if}}",
    "braces": "{" * 15_000,
    "an open end": '{{name "' * 2000,
    "repeated in each other": "{{# each rows}}" * 3 + "{{/ each}}" * 3,
    "too long": "x" * 20_001,
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_a_template_that_takes_too_long_is_given_up(name: str) -> None:
    templates.check_body(BOMBS[name])

    began = thread_time()
    with pytest.raises(Invalid, match="takes too long"):
        templates.fill_in(BOMBS[name], FACTS)

    assert thread_time() - began < SLOW


def test_the_shorter_ones_of_other_places_are_given_up_too() -> None:
    bomb = BOMBS["blocks"]
    templates.check(bomb)

    began = thread_time()
    assert templates.filled_in(bomb, FACTS) == ""
    with pytest.raises(Invalid, match="takes too long"):
        templates.rendered(bomb, FACTS)

    assert thread_time() - began < 2 * SLOW


def test_all_texts_of_a_form_share_one_time() -> None:
    bomb = BOMBS["turns"]

    began = thread_time()
    with one_budget():
        for _ in range(50):
            with pytest.raises(Invalid):
                templates.fill_in(bomb, FACTS)

    assert thread_time() - began < ONE_FORM_S + 2 * SLOW
    assert templates.fill_in("{{name}}", FACTS) == "Shop"


@pytest.mark.parametrize("name", list(UNREADABLE))
def test_what_cannot_be_read_is_refused_when_it_is_saved(name: str) -> None:
    with pytest.raises(Invalid):
        templates.check_body(UNREADABLE[name])


@pytest.mark.parametrize(
    "template",
    [
        "{{rows.__class__}}",
        "{{name.upper}}",
        "{{lookup rows '__len__'}}",
        "{{log name}}",
    ],
)
def test_nothing_but_data_is_reached(template: str) -> None:
    assert templates.fill_in(template, FACTS) == ""


def test_values_are_never_read_as_templates() -> None:
    facts = {"title": "{{secrets.TOKEN}}", "secrets": {"TOKEN": "hush"}}

    assert templates.fill_in("{{title}}", facts) == "{{secrets.TOKEN}}"


def test_an_ordinary_long_list_is_filled_in() -> None:
    text = templates.fill_in("{{#each rows}}{{name}} {{@index}}\n{{/each}}", FACTS)

    assert text.splitlines()[59] == "row 59"
