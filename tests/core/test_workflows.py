from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.workflow_graphs import (
    MOST_NODES,
    Edge,
    Graph,
    Node,
    NodeKind,
    changes,
    faults,
    upstream,
)
from pagefree.core.workflows import (
    MOST_CHAIN,
    MOST_RUNS_AN_HOUR,
    MOST_TURNS,
    SETTLED,
    Key,
    Step,
    StepStatus,
    advance,
    capped,
    is_capped,
    is_told_again,
    refusal,
    retry_at,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KINDS = {
    "t": NodeKind.TRIGGER,
    "c": NodeKind.CONDITION,
    "l": NodeKind.LOOP,
    "j": NodeKind.JOIN,
    "d": NodeKind.DELAY,
}


def drawn(*edges: str, nodes: str = "") -> Graph:
    """A graph of edges like "a>b" or "a:failed>b"; the first letter tells the kind."""
    lines = []
    for one in edges:
        source, target = one.split(">")
        name, _, port = source.partition(":")
        lines.append(Edge(name, target, port or "out"))
    names = dict.fromkeys(
        [*nodes.split(), *(n for e in lines for n in (e.source, e.target))]
    )
    made = (Node(name, KINDS.get(name[0], NodeKind.ACTION)) for name in names)
    return Graph(tuple(made), tuple(lines))


def done(port: str = "out") -> Step:
    return Step(StepStatus.SUCCEEDED, port)


LOST = Step(StepStatus.FAILED)


@pytest.mark.parametrize(
    ("graph", "detail"),
    [
        (drawn("a>b"), "nothing starts it"),
        (
            Graph((Node("t", NodeKind.TRIGGER), Node("t", NodeKind.TRIGGER)), ()),
            "same id",
        ),
        (Graph((Node("t", NodeKind.TRIGGER),), (Edge("t", "x"),)), "no step 'x'"),
        (drawn("t>a", "a>t2"), "nothing can lead to a trigger"),
        (drawn("t>a", "a:maybe>b"), "no way out"),
        (drawn("t:failed>a"), "no way out"),
        (drawn("t>a", "a>b", "b>a"), "back to themselves: a, b"),
        (drawn("t>a", nodes="b"), "nothing leads to this step"),
        (drawn("t>l", "l:each>l2", "l2:each>a"), "cannot contain another loop"),
        (drawn("t>l", "l:each>a", "t>a"), "only be reached from inside"),
        (drawn("t>l", "l:each>a", "l:done>a"), "only be reached from inside"),
        (drawn(*(f"t>a{n}" for n in range(MOST_NODES))), f"at most {MOST_NODES}"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_with_a_graph_is_said(graph: Graph, detail: str) -> None:
    assert any(detail in fault.detail for fault in faults(graph))


def test_a_sound_graph_has_no_faults() -> None:
    graph = drawn(
        "t>c", "c:yes>l", "c:no>a", "l:each>b", "b>d", "l:done>j", "a:failed>j"
    )

    assert faults(graph) == []


def test_only_what_comes_before_can_be_spoken_of() -> None:
    graph = drawn("t>a", "t>b", "a>j", "b>j", "j>e")

    assert upstream(graph, "e") == {"t", "a", "b", "j"}
    assert upstream(graph, "a") == {"t"}


def test_a_condition_starts_one_way_and_skips_the_other() -> None:
    graph = drawn("t>c", "c:yes>a", "c:no>b", "a>j", "b>j")

    following = advance(graph, "t", {("c", 0): done("yes")})

    assert following.started == (("a", 0),)
    assert following.skipped == (("b", 0),)
    joined = advance(
        graph,
        "t",
        {("c", 0): done("yes"), ("b", 0): Step(StepStatus.SKIPPED), ("a", 0): done()},
    )
    assert joined.started == (("j", 0),)


def test_only_the_branch_of_the_trigger_that_fired_is_live() -> None:
    graph = drawn("t>a", "t2>b", "a>j", "b>j")

    following = advance(graph, "t", {})

    assert following.started == (("a", 0),)
    assert following.skipped == (("b", 0),)


def test_a_failure_is_caught_by_an_edge_or_ends_the_run() -> None:
    caught = drawn("t>a", "a>b", "a:failed>e")
    uncaught = drawn("t>a", "a>b")

    following = advance(caught, "t", {("a", 0): LOST})
    ended = advance(uncaught, "t", {("a", 0): LOST})

    assert (following.started, following.skipped) == ((("e", 0),), (("b", 0),))
    assert (ended.failed_at, ended.ended, ended.started) == (("a", 0), True, ())


def test_a_loop_goes_turn_by_turn_and_then_on() -> None:
    graph = drawn("t>l", "l:each>a", "a>b", "l:done>e")
    steps: dict[Key, Step] = {("l", 0): Step(StepStatus.LOOPING, None, 2)}

    order: list[Key] = []
    for _ in range(10):
        following = advance(graph, "t", steps)
        order += following.started
        steps |= dict.fromkeys(following.started, done())
        steps |= dict.fromkeys(following.finished, done("done"))
        if following.ended:
            break

    turns = [("a", 0), ("b", 0), ("a", 1), ("b", 1)]
    assert order == [*turns, ("e", 0)]


@pytest.mark.parametrize("turns", [0, 3])
def test_a_loop_with_nothing_to_do_is_over_at_once(turns: int) -> None:
    empty = drawn("t>l", "l:done>e") if turns else drawn("t>l", "l:each>a", "l:done>e")

    following = advance(empty, "t", {("l", 0): Step(StepStatus.LOOPING, None, turns)})

    assert following.finished == (("l", 0),)
    assert following.started == (("e", 0),)


def test_a_run_with_a_trigger_alone_has_ended() -> None:
    assert advance(drawn("t>a", nodes="t2"), "t2", {}).skipped == (("a", 0),)
    assert advance(drawn(nodes="t"), "t", {}).ended


# -- properties -------------------------------------------------------------------------


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Sound graphs without circles: edges lead from earlier to later nodes."""
    size = draw(st.integers(1, 9))
    letters = draw(st.lists(st.sampled_from("acjl"), min_size=size, max_size=size))
    names = ["t", *(f"{letter}{n}" for n, letter in enumerate(letters))]
    ports = {"t": ["out"], "c": ["yes", "no"], "l": ["each", "done"], "j": ["out"]}
    edges = []
    for place, name in enumerate(names[1:], 1):
        sources = draw(
            st.lists(
                st.sampled_from(names[:place]), min_size=1, max_size=3, unique=True
            )
        )
        for source in sources:
            ways = ports.get(source[0], ["out", "failed"])
            edges.append(Edge(source, name, draw(st.sampled_from(ways))))
    made = (Node(name, KINDS.get(name[0], NodeKind.ACTION)) for name in names)
    return Graph(tuple(made), tuple(edges))


def settled(graph: Graph, key: Key, random: Random) -> Step:
    """Any result that a step of this kind can have; always the same for the same seed."""
    kind = next(node.kind for node in graph.nodes if node.id == key[0])
    match kind:
        case NodeKind.CONDITION:
            return done(random.choice(["yes", "no"]))
        case NodeKind.LOOP:
            return Step(StepStatus.LOOPING, None, random.randint(0, 3))
        case NodeKind.ACTION:
            return random.choice([done(), done(), LOST])
        case _:
            return done()


def run(graph: Graph, seed: int, order: int) -> tuple[dict[Key, Step], list[Key]]:
    """How a run ends: results depend on the step alone, their order on `order`."""
    steps: dict[Key, Step] = {}
    started: list[Key] = []
    shuffle = Random(order)
    for _ in range(500):
        following = advance(graph, "t", steps)
        started += following.started
        steps |= dict.fromkeys(following.started, Step(StepStatus.DUE))
        steps |= dict.fromkeys(following.skipped, Step(StepStatus.SKIPPED))
        for loop in following.finished:
            steps[loop] = done("done")
        if following.ended:
            return steps, started
        due = sorted(
            key for key, step in steps.items() if step.status is StepStatus.DUE
        )
        chosen = shuffle.choice(due)
        steps[chosen] = settled(graph, chosen, Random(f"{seed}{chosen}"))
    raise AssertionError("the run never ends")


sound = graphs().filter(lambda graph: not faults(graph))


@given(graph=sound, seed=st.integers(0, 1000), order=st.integers(0, 1000))
def test_every_run_ends_and_no_step_starts_twice(
    graph: Graph, seed: int, order: int
) -> None:
    _, started = run(graph, seed, order)

    assert len(started) == len(set(started))


@given(graph=sound, seed=st.integers(0, 1000), order=st.integers(0, 1000))
def test_the_order_in_which_steps_settle_changes_nothing(
    graph: Graph, seed: int, order: int
) -> None:
    one, _ = run(graph, seed, order)
    other, _ = run(graph, seed, order + 1)

    if any(step.status is StepStatus.FAILED for step in one.values()):
        return  # what was under way when a failure ended the run depends on when it did
    assert one == other


@given(graph=sound, seed=st.integers(0, 1000), order=st.integers(0, 1000))
def test_a_step_starts_only_when_everything_before_it_is_settled(
    graph: Graph, seed: int, order: int
) -> None:
    steps: dict[Key, Step] = {}
    shuffle = Random(order)
    for _ in range(100):
        following = advance(graph, "t", steps)
        known = {**dict.fromkeys(following.skipped, LOST), **steps}
        known |= dict.fromkeys(following.finished, done("done"))
        for node, turn in following.started:
            before = (e for e in graph.edges if e.target == node and e.source != "t")
            for edge in (e for e in before if e.port != "each"):
                found = known.get((edge.source, turn), known.get((edge.source, 0)))
                assert found is not None
                assert found.status in SETTLED
        steps |= dict.fromkeys(following.started, Step(StepStatus.DUE))
        steps |= dict.fromkeys(following.skipped, Step(StepStatus.SKIPPED))
        steps |= dict.fromkeys(following.finished, done("done"))
        due = sorted(
            key for key, step in steps.items() if step.status is StepStatus.DUE
        )
        if following.ended or not due:
            return
        chosen = shuffle.choice(due)
        steps[chosen] = settled(graph, chosen, Random(f"{seed}{chosen}"))


@given(graph=sound, seed=st.integers(0, 1000))
def test_asking_twice_without_anything_new_starts_nothing(
    graph: Graph, seed: int
) -> None:
    steps, _ = run(graph, seed, 0)

    again = advance(graph, "t", steps)

    assert (again.started, again.skipped, again.finished) == ((), (), ())


# -- retries, guards, caps, differences -------------------------------------------------


@given(step_id=st.uuids(), attempts=st.integers(1, 40))
def test_each_retry_waits_longer_but_never_beyond_the_cap(
    step_id: UUID, attempts: int
) -> None:
    wait = retry_at(step_id, attempts, None, NOW) - NOW

    assert timedelta(seconds=3) < wait <= timedelta(minutes=12, seconds=30)
    assert retry_at(step_id, attempts, None, NOW) - NOW == wait


def test_what_the_other_side_asks_for_is_waited_within_reason() -> None:
    assert retry_at(uuid4(), 1, 600, NOW) == NOW + timedelta(minutes=10)
    assert retry_at(uuid4(), 1, 10**6, NOW) == NOW + timedelta(hours=1)


def test_a_workflow_cannot_feed_itself_without_end() -> None:
    one, others = uuid4(), [uuid4() for _ in range(MOST_CHAIN)]

    assert refusal(one, [], 0) is None
    assert "start itself" in (refusal(one, [uuid4(), one], 0) or "")
    assert "started each other" in (refusal(one, others, 0) or "")
    assert "within an hour" in (refusal(one, [], MOST_RUNS_AN_HOUR) or "")


def test_a_loop_is_capped() -> None:
    assert capped([1, 2, 3], 2) == [1, 2]
    assert len(capped(list(range(1000)), 1000)) == MOST_TURNS


def test_versions_are_compared_by_node_and_edge() -> None:
    found = changes(
        {"a": 1, "b": 2, "c": 3},
        {"a": 1, "b": 5, "d": 4},
        [Edge("a", "b"), Edge("a", "c")],
        [Edge("a", "b"), Edge("b", "d")],
    )

    assert (found.added, found.removed, found.changed) == (("d",), ("c",), ("b",))
    assert found.edges_added == (Edge("b", "d"),)
    assert found.edges_removed == (Edge("a", "c"),)


def test_a_workflow_is_held_back_when_it_has_run_often_enough() -> None:
    assert not is_capped(999, 1000)
    assert is_capped(1000, 1000)


@pytest.mark.parametrize(
    ("minutes_ago", "again"), [(None, True), (0, False), (59, False), (60, True)]
)
def test_people_hear_once_an_hour_that_it_is(
    minutes_ago: int | None, *, again: bool
) -> None:
    told_at = None if minutes_ago is None else NOW - timedelta(minutes=minutes_ago)

    assert is_told_again(told_at, NOW) is again
