"""Conditions as people make them, and what can be told without evaluating them."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.conditions import (
    FIELDS,
    Comparison,
    Look,
    Need,
    Operator,
    labels_used,
    needs,
    to_cel,
)
from pagefree.infra import cel

NOTHING: Mapping[str, object] = {**dict.fromkeys(FIELDS, ""), "labels": {}}
EVENT = {
    **NOTHING,
    "severity": "critical",
    "title": 'CPU 7 of "db" is hot',
    "labels": {"env": "prod", "a b": "it's", "number": 5, "zones": ["x", "y"]},
}


def holds(condition: str, facts: Mapping[str, object] = EVENT) -> bool:
    compiled = cel.compiled(condition)
    return compiled.holds(cel.context_of(facts, [compiled]))


def compare(field: str, operator: Operator, *values: str) -> bool:
    return holds(to_cel([Comparison(field, operator, values)], every=True))


@pytest.mark.parametrize(
    ("field", "operator", "values", "expected"),
    [
        ("severity", Operator.IS, ["critical"], True),
        ("severity", Operator.IS, ["error"], False),
        ("severity", Operator.IS_NOT, ["error"], True),
        ("severity", Operator.ONE_OF, ["error", "critical"], True),
        ("title", Operator.CONTAINS, ['"db"'], True),
        ("title", Operator.NOT_CONTAINS, ["db"], False),
        ("title", Operator.STARTS_WITH, ["CPU"], True),
        ("title", Operator.ENDS_WITH, ["hot"], True),
        ("title", Operator.MATCHES, ["^CPU [0-9] "], True),
        ("title", Operator.MATCHES, [r"^CPU \d+$"], False),
        ("title", Operator.EXISTS, [], True),
        ("body", Operator.EXISTS, [], False),
        ("body", Operator.MISSING, [], True),
        ("labels.env", Operator.IS, ["prod"], True),
        ("labels.a b", Operator.IS, ["it's"], True),
        ("labels.env", Operator.ONE_OF, ["dev", "prod"], True),
        ("labels.env", Operator.EXISTS, [], True),
        ("labels.nope", Operator.EXISTS, [], False),
        ("labels.nope", Operator.MISSING, [], True),
        ("labels.nope", Operator.IS, ["x"], False),
        ("labels.nope", Operator.IS_NOT, ["x"], True),
        ("labels.nope", Operator.CONTAINS, ["x"], False),
        ("labels.nope", Operator.NOT_CONTAINS, ["x"], True),
        ("labels.env", Operator.MATCHES, ["pr.d"], True),
    ],
)
def test_a_comparison_means_what_it_says(
    field: str, operator: Operator, values: list[str], *, expected: bool
) -> None:
    assert compare(field, operator, *values) is expected


def test_comparisons_hold_all_together_or_any_of_them() -> None:
    both = [
        Comparison("severity", Operator.IS, ("critical",)),
        Comparison("labels.env", Operator.IS, ("dev",)),
    ]

    assert not holds(to_cel(both, every=True))
    assert holds(to_cel(both, every=False))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_no_value_breaks_out_of_its_quotes(text: str) -> None:
    is_it = Comparison("title", Operator.IS, (text,))

    assert holds(to_cel([is_it], every=True), {**NOTHING, "title": text})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('severity == "error"', [Need("severity", None, Look.IS, ("error",))]),
        ("labels.env == 'x'", [Need("labels", "env", Look.IS, ("x",))]),
        ('labels["a b"] == "x"', [Need("labels", "a b", Look.IS, ("x",))]),
        ("labels['a b'] == \"x\"", [Need("labels", "a b", Look.IS, ("x",))]),
        ('title.contains("a")', [Need("title", None, Look.CONTAINS, ("a",))]),
        ('title.startsWith("a")', [Need("title", None, Look.STARTS_WITH, ("a",))]),
        ('title.endsWith("a")', [Need("title", None, Look.ENDS_WITH, ("a",))]),
        ('title.matches("^abc")', [Need("title", None, Look.STARTS_WITH, ("abc",))]),
        ('title.matches("abc+")', [Need("title", None, Look.CONTAINS, ("abc",))]),
        ('title.matches("abc*")', [Need("title", None, Look.CONTAINS, ("ab",))]),
        ('title.matches(r"ab\\d")', [Need("title", None, Look.CONTAINS, ("ab",))]),
        ('title.matches("a|b")', []),
        ('title.matches("(?i)ab")', []),
        ('title.matches(".*")', []),
        ('title.contains("a\\"b")', []),
        ('title.contains("")', []),
        ('unknown == "x"', []),
        ('labels == "x"', []),
        ('title.env == "x"', []),
        ('!(title == "x")', []),
        (
            "severity in ['x', \"y\"]",
            [Need("severity", None, Look.IS, ("x", "y"))],
        ),
        ('severity in ["x", title]', []),
        ('title in [""]', []),
        ('title == "x" ? true : false', []),
        ('title == "x" // && severity == "y"', []),
        ('title == """x && y"""', []),
        ('title == r"\\" && severity == "y"', []),
        ('"unbalanced', []),
        (
            'labels.a == "&&" && (title == "x" || body == "z") && severity == "y"',
            [
                Need("labels", "a", Look.IS, ("&&",)),
                Need("severity", None, Look.IS, ("y",)),
            ],
        ),
    ],
)
def test_what_a_condition_needs_is_read_from_it(
    condition: str, expected: list[Need]
) -> None:
    assert needs(condition) == ((tuple(expected),) if expected else ())


A, B = (Need("title", None, Look.IS, (text,)) for text in "ab")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('title == "a" || title == "b"', [[A], [B]]),
        ('(title == "a") || ((title == "b"))', [[A], [B]]),
        ('(title == "a" && title == "b") || title == "b"', [[A, B], [B]]),
        ('(title == "a") && (title == "b")', []),
        ('(title == "a" || title == "b")', [[A], [B]]),
        ('title == "a" || body != "b"', []),
        ('title == "a" || (true ? true : false)', []),
    ],
)
def test_one_of_several_alternatives_has_to_be_met(
    condition: str, expected: list[list[Need]]
) -> None:
    assert needs(condition) == tuple(map(tuple, expected))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('labels.a == "x" && labels["b c"] == "y"', {"a", "b c"}),
        ('"a" in labels', {"a"}),
        ('severity == "x" && !("a" in labels)', {"a"}),
        ("has(labels.a)", {"a"}),
        ("size(labels) > 3", None),
        ("labels.exists(l, l == title)", None),
        ('title + "a" in labels', None),
        ('labels[title] == "x"', None),
        ('title.contains("the labels")', None),
        ('severity == "x"', set()),
    ],
)
def test_it_is_known_which_labels_a_condition_looks_at(
    condition: str, expected: set[str] | None
) -> None:
    assert labels_used(condition) == expected


def met(need: Need, facts: Mapping[str, object]) -> bool:
    """Whether what a condition needs is there, so that it is worth evaluating."""
    value = facts.get(need.field)
    if need.label is not None:
        value = value.get(need.label) if isinstance(value, Mapping) else None
    if not isinstance(value, str):
        return False
    match need.look:
        case Look.IS:
            return value in need.texts
        case Look.CONTAINS:
            return any(text in value for text in need.texts)
        case Look.STARTS_WITH:
            return value.startswith(need.texts)
        case Look.ENDS_WITH:
            return value.endswith(need.texts)


words = st.text("ab&|\"'() ", max_size=3)
comparisons = st.builds(
    Comparison,
    st.sampled_from(["severity", "title", "labels.env", "labels.a b"]),
    st.sampled_from(Operator).filter(lambda o: o is not Operator.MATCHES),
    st.tuples(words),
)
events = st.builds(
    lambda severity, title, env: {
        **NOTHING,
        "severity": severity,
        "title": title,
        "labels": {"env": env} if env else {},
    },
    words,
    words,
    words,
)


@given(
    lines=st.lists(comparisons, min_size=1, max_size=3),
    event=events,
    every=st.booleans(),
)
def test_what_holds_meets_all_of_its_needs(
    lines: list[Comparison], event: dict[str, object], *, every: bool
) -> None:
    condition = to_cel(lines, every=every)

    if holds(condition, event):
        found = needs(condition)
        assert not found or any(all(met(n, event) for n in one) for one in found)
