"""Which services depend on which: no cycles, and what is above and below a service."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from uuid import UUID

Graph = Mapping[UUID, Sequence[UUID]]  # what each service depends on


def graph_of(pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, list[UUID]]:
    """The graph of pairs of a service and one that it depends on."""
    graph: dict[UUID, list[UUID]] = {}
    for service_id, upstream_id in pairs:
        graph.setdefault(service_id, []).append(upstream_id)
    return graph


def upstream(graph: Graph, service_id: UUID) -> tuple[UUID, ...]:
    """Everything that a service depends on, the nearest first."""
    found: dict[UUID, None] = {}
    waiting = deque(graph.get(service_id, ()))
    while waiting:
        one = waiting.popleft()
        if one not in found:
            found[one] = None
            waiting.extend(graph.get(one, ()))
    return tuple(found)


def reversed_graph(graph: Graph) -> dict[UUID, list[UUID]]:
    """What depends on each service."""
    return graph_of((up, down) for down, ups in graph.items() for up in ups)


def makes_cycle(graph: Graph, service_id: UUID, depends_on: Iterable[UUID]) -> bool:
    """Whether a service would depend on itself if it depended on these."""
    return any(
        one == service_id or service_id in upstream(graph, one) for one in depends_on
    )


def likely_causes(
    graph: Graph, service_id: UUID, burning: AbstractSet[UUID]
) -> list[UUID]:
    """What is wrong above a service, the likeliest cause first.

    Likeliest is whatever has nothing wrong above itself: what it breaks, breaks for that
    reason. Of those the nearest comes first.
    """
    above = [one for one in upstream(graph, service_id) if one in burning]
    roots = [one for one in above if burning.isdisjoint(upstream(graph, one))]
    return [*roots, *(one for one in above if one not in roots)]
