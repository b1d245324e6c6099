"""Which services depend on which."""

from uuid import uuid4

from pagefree.core.dependencies import (
    graph_of,
    likely_causes,
    makes_cycle,
    reversed_graph,
    upstream,
)

SHOP, API, CACHE, DATABASE = (uuid4() for _ in range(4))
GRAPH = graph_of([(SHOP, API), (SHOP, CACHE), (API, DATABASE), (CACHE, DATABASE)])


def test_a_service_depends_on_what_its_dependencies_depend_on_the_nearest_first() -> (
    None
):
    assert upstream(GRAPH, SHOP) == (API, CACHE, DATABASE)
    assert upstream(GRAPH, DATABASE) == ()


def test_what_depends_on_a_service_is_found_the_other_way_round() -> None:
    assert upstream(reversed_graph(GRAPH), DATABASE) == (API, CACHE, SHOP)


def test_nothing_depends_on_itself() -> None:
    assert makes_cycle(GRAPH, SHOP, [SHOP])
    assert makes_cycle(GRAPH, DATABASE, [SHOP])
    assert not makes_cycle(GRAPH, SHOP, [DATABASE])


def test_the_likeliest_cause_has_nothing_wrong_above_itself() -> None:
    assert likely_causes(GRAPH, SHOP, {API, DATABASE}) == [DATABASE, API]
    assert likely_causes(GRAPH, SHOP, {API, CACHE}) == [API, CACHE]
    assert likely_causes(GRAPH, DATABASE, {SHOP}) == []
