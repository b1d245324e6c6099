"""Graphs of workflows, written short."""

from itertools import pairwise
from typing import Any

Part = dict[str, Any]


def trigger(name: str = "begin", kind: str = "incident_opened", **config: Any) -> Part:
    return {"id": name, "kind": "trigger", "type": kind, "config": config}


def action(name: str, kind: str, retries: int = 4, **config: Any) -> Part:
    return {
        "id": name,
        "kind": "action",
        "type": kind,
        "config": config,
        "retries": retries,
    }


def node(name: str, kind: str, **config: Any) -> Part:
    return {"id": name, "kind": kind, "config": config}


def edge(source: str, target: str, port: str = "out") -> Part:
    return {"source": source, "target": target, "port": port}


def graph(nodes: list[Part], edges: list[Part], **more: Any) -> Part:
    return {"nodes": nodes, "edges": edges, **more}


def chain(*nodes: Part, **more: Any) -> Part:
    """Each leads to the next by its first way out."""
    pairs = pairwise(nodes)
    return graph(list(nodes), [edge(a["id"], b["id"]) for a, b in pairs], **more)
