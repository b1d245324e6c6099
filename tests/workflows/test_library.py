"""The workflows that come along: sound, and the same after export and import."""

import pytest

from pagefree.core.errors import Invalid
from pagefree.workflows.checking import problems
from pagefree.workflows.content import WorkflowContent
from pagefree.workflows.filling import secrets_of
from pagefree.workflows.yaml_files import (
    WorkflowTemplate,
    exported,
    imported,
    library,
)

GROUPS = {"ticketing", "communication", "auto-resolution", "escalation"}


def test_there_are_enough_of_every_group() -> None:
    assert len(library()) >= 12
    assert {template.group for template in library()} == GROUPS


@pytest.mark.parametrize("template", library(), ids=lambda template: template.id)
def test_every_template_could_be_saved_as_it_is(template: WorkflowTemplate) -> None:
    secrets = {name for node in template.content.nodes for name in secrets_of(node)}

    assert problems(template.content, secrets) == []
    assert template.description


@pytest.mark.parametrize("template", library(), ids=lambda template: template.id)
def test_a_workflow_survives_export_and_import(template: WorkflowTemplate) -> None:
    text = exported(template.name, template.description, template.content)

    assert imported(text).workflow == template.content


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: &a [1]\nb: *a", "aliases"),
        ("a: [", "not YAML"),
        ("name: x", "workflow"),
        ("name: x\nworkflow: {}\nmore: 1", "more"),
        ("!!python/object/apply:os.system ['true']", "not YAML"),
        ("x" * 300_000, "characters"),
    ],
    ids=["aliases", "broken", "incomplete", "unknown", "code", "long"],
)
def test_a_file_that_cannot_be_read_says_why(text: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        imported(text)


def test_a_workflow_with_nothing_in_it_is_not_sound() -> None:
    assert problems(WorkflowContent(), set())
