"""Whatever a workflow holds comes back from its file as it was."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pagefree.core.workflow_graphs import NodeKind
from pagefree.workflows.content import (
    Position,
    WorkflowContent,
    WorkflowEdge,
    WorkflowNode,
)
from pagefree.workflows.yaml_files import WorkflowFile, exported, imported

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
odd = st.sampled_from(
    [
        *("yes", "null", "~", "1e3", "0o7", "2026-03-02", "- a", "a: b", "# no", "&a"),
        *("*a", "!!str x", "{{x}}", "|", ">", "\x85", "\u2028", "\ufeff", "a\r\nb"),
        *(" a ", "'\""),
    ]
)
numbers = st.integers(-(2**53), 2**53) | st.floats(
    allow_nan=False, allow_infinity=False
)
leaves = st.none() | st.booleans() | numbers | texts | odd
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(texts | odd, inner, max_size=4)
    ),
    max_leaves=12,
)
ids = st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True)
places = st.builds(
    Position, x=st.floats(-1e6, 1e6), y=st.floats(-1e6, 1e6).map(lambda y: round(y, 3))
)
nodes = st.builds(
    WorkflowNode,
    id=ids | st.sampled_from(["yes", "no", "null", "on"]),
    kind=st.sampled_from(NodeKind),
    type=ids,
    title=texts | odd,
    config=st.dictionaries(texts | odd, values, max_size=5),
    retries=st.integers(0, 10),
    timeout_s=st.integers(1, 60),
    position=st.none() | places,
)
edges = st.builds(
    WorkflowEdge, source=ids, target=ids, port=st.sampled_from(["out", "yes", "no"])
)
contents = st.builds(
    WorkflowContent,
    nodes=st.lists(nodes, max_size=4),
    edges=st.lists(edges, max_size=4),
    concurrency_key=texts | odd,
    when_busy=st.sampled_from(["queue", "skip"]),
)
files = st.builds(
    WorkflowFile,
    name=(texts | odd).filter(bool),
    description=texts | odd,
    workflow=contents,
)


@settings(max_examples=60)
@given(files)
def test_every_workflow_survives_export_and_import(file: WorkflowFile) -> None:
    text = exported(file.name, file.description, file.workflow)

    assert imported(text) == file
    again = imported(text)
    assert exported(again.name, again.description, again.workflow) == text


@pytest.mark.parametrize("name", ["", "x" * 101])
def test_a_name_that_no_workflow_could_have_is_none(name: str) -> None:
    with pytest.raises(ValidationError):
        WorkflowFile(name=name, workflow=WorkflowContent())
