"""Graphs of workflows: what they are made of, what is wrong with one, how two differ."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

MOST_NODES = 100
OUT, FAILED = "out", "failed"
YES, NO = "yes", "no"
EACH, DONE = "each", "done"


class NodeKind(StrEnum):
    """What a node does."""

    TRIGGER = "trigger"
    CONDITION = "condition"
    DELAY = "delay"
    LOOP = "loop"
    JOIN = "join"
    ACTION = "action"


PORTS: Mapping[NodeKind, tuple[str, ...]] = {
    NodeKind.TRIGGER: (OUT,),
    NodeKind.CONDITION: (YES, NO),
    NodeKind.DELAY: (OUT,),
    NodeKind.LOOP: (EACH, DONE),
    NodeKind.JOIN: (OUT,),
}


@dataclass(frozen=True, slots=True)
class Node:
    """One box of the graph; `ports` are the ways out of it, "failed" apart."""

    id: str
    kind: NodeKind
    ports: tuple[str, ...] = (OUT,)


@dataclass(frozen=True, slots=True)
class Edge:
    """From a port of one node to another node."""

    source: str
    target: str
    port: str = OUT


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges; what is drawn, without where."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a graph, at a node or, without one, at the whole."""

    node: str | None
    detail: str


# -- what is wrong with a graph ---------------------------------------------------------


def faults(graph: Graph) -> list[Fault]:
    """Everything that keeps `graph` from being run; nothing if it can be."""
    shape = _faults_of_parts(graph)
    if shape:
        return shape
    maps = maps_of(graph)
    circle = _circle(maps)
    if circle:
        names = ", ".join(sorted(circle))
        return [Fault(min(circle), f"these steps lead back to themselves: {names}")]
    return [*_unreached(graph, maps), *_faults_of_loops(graph, maps)]


def _faults_of_parts(graph: Graph) -> list[Fault]:
    found = []
    nodes = {node.id: node for node in graph.nodes}
    if len(graph.nodes) > MOST_NODES:
        found.append(Fault(None, f"a workflow has at most {MOST_NODES} steps"))
    if len(nodes) < len(graph.nodes):
        found.append(Fault(None, "two steps have the same id"))
    if not any(node.kind is NodeKind.TRIGGER for node in graph.nodes):
        found.append(Fault(None, "nothing starts it: add a trigger"))
    for edge in graph.edges:
        found += _faults_of_edge(edge, nodes)
    return found


def _faults_of_edge(edge: Edge, nodes: Mapping[str, Node]) -> list[Fault]:
    for end in (edge.source, edge.target):
        if end not in nodes:
            return [Fault(None, f"there is no step {end!r} for a line to join")]
    source, target = nodes[edge.source], nodes[edge.target]
    if target.kind is NodeKind.TRIGGER:
        return [Fault(target.id, "nothing can lead to a trigger")]
    if edge.port not in _ways_out(source):
        return [Fault(source.id, f"it has no way out that is called {edge.port!r}")]
    return []


def _ways_out(node: Node) -> tuple[str, ...]:
    own = PORTS.get(node.kind, node.ports)
    return (*own, FAILED) if node.kind is NodeKind.ACTION else own


@dataclass(frozen=True, slots=True)
class Maps:
    """The edges of a graph by where they lead from and to."""

    after: Mapping[str, list[Edge]]
    before: Mapping[str, list[Edge]]


def maps_of(graph: Graph) -> Maps:
    """The edges of `graph`, to be looked up."""
    after: dict[str, list[Edge]] = {node.id: [] for node in graph.nodes}
    before: dict[str, list[Edge]] = {node.id: [] for node in graph.nodes}
    for edge in graph.edges:
        after[edge.source].append(edge)
        before[edge.target].append(edge)
    return Maps(after, before)


def _reached(maps: Maps, starts: Iterable[str]) -> set[str]:
    """The nodes that `starts` lead to, themselves included."""
    found: set[str] = set()
    left = list(starts)
    while left:
        node = left.pop()
        if node not in found:
            found.add(node)
            left += [edge.target for edge in maps.after[node]]
    return found


def _circle(maps: Maps) -> set[str]:
    """The nodes that lead back to themselves."""
    return {
        node
        for node, edges in maps.after.items()
        if node in _reached(maps, [edge.target for edge in edges])
    }


def _unreached(graph: Graph, maps: Maps) -> list[Fault]:
    triggers = [n.id for n in graph.nodes if n.kind is NodeKind.TRIGGER]
    reached = _reached(maps, triggers)
    return [
        Fault(node.id, "nothing leads to this step")
        for node in graph.nodes
        if node.id not in reached
    ]


def _faults_of_loops(graph: Graph, maps: Maps) -> list[Fault]:
    found = []
    kinds = {node.id: node.kind for node in graph.nodes}
    for loop, body in bodies(graph).items():
        if any(kinds[node] is NodeKind.LOOP for node in body):
            found.append(Fault(loop, "a loop cannot contain another loop"))
        found += [
            Fault(edge.target, "a step of a loop can only be reached from inside it")
            for node in sorted(body)
            for edge in maps.before[node]
            if edge.source not in body and (edge.source, edge.port) != (loop, EACH)
        ]
    return found


def bodies(graph: Graph) -> dict[str, frozenset[str]]:
    """The nodes that each loop goes through, by the loop's id."""
    maps = maps_of(graph)
    return {
        node.id: frozenset(
            _reached(maps, [e.target for e in maps.after[node.id] if e.port == EACH])
        )
        for node in graph.nodes
        if node.kind is NodeKind.LOOP
    }


def upstream(graph: Graph, node_id: str) -> frozenset[str]:
    """The nodes that come before this one on some way: what its templates may speak of."""
    maps = maps_of(graph)
    found: set[str] = set()
    left = [node_id]
    while left:
        edges = maps.before[left.pop()]
        new = [edge.source for edge in edges if edge.source not in found]
        found.update(new)
        left += new
    return frozenset(found)


# -- what has changed between versions ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changes:
    """What one version has that another has not."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    edges_added: tuple[Edge, ...]
    edges_removed: tuple[Edge, ...]


def changes(
    before: Mapping[str, object],
    after: Mapping[str, object],
    edges_before: Collection[Edge],
    edges_after: Collection[Edge],
) -> Changes:
    """How the nodes, by id, and the edges of two versions differ."""
    both = before.keys() & after.keys()
    return Changes(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(sorted(node for node in both if before[node] != after[node])),
        edges_added=tuple(e for e in edges_after if e not in set(edges_before)),
        edges_removed=tuple(e for e in edges_before if e not in set(edges_after)),
    )
