"""What a version of a workflow holds: nodes with their forms, edges; read and made runnable."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from pagefree.actions import all_actions
from pagefree.actions.base import Action, Form
from pagefree.core.workflow_graphs import Edge, Graph, Node, NodeKind
from pagefree.infra.web import Shape
from pagefree.workflows.forms import OTHERS, TRIGGERS

MOST_EDGES = 400
NODE_ID = r"^[a-z][a-z0-9_]{0,39}$"

NodeId = Annotated[str, Field(pattern=NODE_ID)]


class Position(Shape):
    """Where a node is drawn."""

    x: float = Field(ge=-1e6, le=1e6)
    y: float = Field(ge=-1e6, le=1e6)


class WorkflowNode(Shape):
    """One box: `type` is the kind of trigger, or the action; `config` is its form."""

    id: NodeId
    kind: NodeKind
    type: str = Field("", max_length=40)
    title: str = Field("", max_length=100)
    config: dict[str, JsonValue] = Field(default_factory=dict)
    retries: int = Field(4, ge=0, le=10)
    timeout_s: int = Field(20, ge=1, le=60)
    position: Position | None = None


class WorkflowEdge(Shape):
    """A line from a way out of one node to another node."""

    source: NodeId
    target: NodeId
    port: str = Field("out", max_length=20)


class WorkflowContent(Shape):
    """The graph of a version, and whether its runs wait for each other.

    Runs with the same `concurrency_key`, a template, do not run side by side: the later one
    waits (`queue`), or does not run at all (`skip`).
    """

    nodes: list[WorkflowNode] = Field([], max_length=100)
    edges: list[WorkflowEdge] = Field([], max_length=MOST_EDGES)
    concurrency_key: str = Field("", max_length=500)
    when_busy: Literal["queue", "skip"] = "queue"


@dataclass(frozen=True, slots=True)
class Runnable:
    """A version, ready to be run."""

    content: WorkflowContent
    graph: Graph
    nodes: Mapping[str, WorkflowNode]

    def triggers(self, kind: str) -> list[WorkflowNode]:
        """The triggers of this kind."""
        return [n for n in self.content.nodes if is_trigger(n) and n.type == kind]


def is_trigger(node: WorkflowNode) -> bool:
    """Whether a run can begin there."""
    return node.kind is NodeKind.TRIGGER


def runnable(content: WorkflowContent) -> Runnable:
    """What core decides by, and the nodes by id."""
    nodes = {node.id: node for node in content.nodes}
    edges = tuple(Edge(e.source, e.target, e.port) for e in content.edges)
    return Runnable(content, Graph(tuple(map(_node, content.nodes)), edges), nodes)


@lru_cache(maxsize=512)  # versions never change
def runnable_text(text: str) -> Runnable:
    """The same of a stored version."""
    return runnable(WorkflowContent.model_validate_json(text))


def _node(node: WorkflowNode) -> Node:
    action = action_of(node)
    ports = action.ports if action else ("out",)
    return Node(node.id, node.kind, ports)


def action_of(node: WorkflowNode) -> Action | None:
    """What the node does, if it is an action that there is."""
    if node.kind is not NodeKind.ACTION:
        return None
    return all_actions().get(node.type)


def form_of(node: WorkflowNode) -> type[Form] | None:
    """The form of the node's `config`; none: there is no such type."""
    if node.kind is NodeKind.ACTION:
        action = all_actions().get(node.type)
        return action.Config if action else None
    if node.kind is NodeKind.TRIGGER:
        trigger = TRIGGERS.get(node.type)
        return trigger.Form if trigger else None
    return OTHERS[node.kind].Form


def properties(form: type[Form]) -> Mapping[str, Mapping[str, Any]]:
    """The fields of a form as its JSON Schema has them."""
    return _properties(form)


@lru_cache(maxsize=256)
def _properties(form: type[Form]) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = form.model_json_schema().get(
        "properties", {}
    )
    return found
