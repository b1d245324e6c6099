"""Conditions of rules: made from fields, operators and values, and what they need to hold.

Conditions are CEL (github.com/google/cel-spec). It is evaluated elsewhere; here it is
written for people who do not, and read just far enough to know when not to evaluate it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

# What a condition may speak of besides labels; each is text.
FIELDS = (
    "kind",
    "integration",
    "service",
    "team",
    "action",
    "severity",
    "title",
    "body",
    "dedup_key",
    "group_key",
    "source_url",
)
LABELS = "labels"


class Operator(StrEnum):
    """How a field is compared."""

    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    MATCHES = "matches"  # a regular expression, anywhere in the text
    EXISTS = "exists"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of a condition; a label is written `labels.name`."""

    field: str
    operator: Operator
    values: tuple[str, ...] = ()  # one, or several for one_of; none for exists


CALLS = {
    Operator.CONTAINS: "contains",
    Operator.NOT_CONTAINS: "contains",
    Operator.STARTS_WITH: "startsWith",
    Operator.ENDS_WITH: "endsWith",
    Operator.MATCHES: "matches",
}
NEGATED = {Operator.IS_NOT, Operator.NOT_CONTAINS, Operator.MISSING}


def to_cel(comparisons: Sequence[Comparison], *, every: bool) -> str:
    """CEL that is true when every one of `comparisons` is, or when any is.

    A label that is not there equals nothing and contains nothing.
    """
    parts = [_compared(one) for one in comparisons]
    if every:
        return " && ".join(parts)
    return " || ".join(f"({part})" for part in parts)


def _compared(one: Comparison) -> str:
    label = one.field.removeprefix(f"{LABELS}.") if "." in one.field else None
    value = _literal(one.values[0]) if one.values else '""'
    there = f"{_literal(label)} in {LABELS}" if label is not None else ""
    subject = f"{LABELS}[{_literal(label)}]" if label is not None else one.field
    if one.operator in {Operator.EXISTS, Operator.MISSING}:
        holds = there or f'{subject} != ""'
    elif one.operator is Operator.ONE_OF:
        holds = f"{subject} in [{', '.join(map(_literal, one.values))}]"
    elif one.operator in CALLS:
        holds = f"{subject}.{CALLS[one.operator]}({value})"
    else:
        holds = f"{subject} == {value}"
    if there and holds != there:
        holds = f"{there} && {holds}"
    return f"!({holds})" if one.operator in NEGATED else holds


def _literal(text: str) -> str:
    # the escapes of JSON are a part of those of CEL
    return json.dumps(text, ensure_ascii=False)


# -- what has to be true for a condition to be -------------------------------------


class Look(StrEnum):
    """A quick look at one text."""

    IS = "is"
    CONTAINS = "contains"
    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"


@dataclass(frozen=True, slots=True)
class Need:
    """Something without which a condition cannot be true; it may be false all the same."""

    field: str
    label: str | None
    look: Look
    text: str


STRING = r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
PLAIN = r"(?:\"(?P<{0}d>[^\"\\]*)\"|'(?P<{0}s>[^'\\]*)')"
SUBJECT = rf"(?P<field>[a-z_]+)(?:\.(?P<dotted>[A-Za-z_]\w*)|\[{PLAIN.format('l')}\])?"
EQUALS = re.compile(rf"{SUBJECT}\s*==\s*{PLAIN.format('v')}")
CALL = re.compile(
    rf"{SUBJECT}\.(?P<call>contains|startsWith|endsWith|matches)"
    rf"\(\s*[rR]?(?P<argument>{STRING})\s*\)"
)
PIECE = re.compile(rf"[rR]?{STRING}|&&|\|\||//|.", re.DOTALL)
UNUSUAL = re.compile(r"\"\"\"|'''")  # strings of several lines
RAW_QUOTE = re.compile(r"[rR].*\\[\"']", re.DOTALL)  # a backslash ends nothing there
UNPLAIN = re.compile(r"[\\.\[\](){}*+?^$|]")  # in a regular expression
STATIC_LABEL = re.compile(
    rf"\blabels(?:\.(?P<dotted>[A-Za-z_]\w*)(?!\w|\s*\()|\[{PLAIN.format('l')}\])"
    rf"|(?:^|(?<=[(&|]))\s*{PLAIN.format('k')}\s+in\s+labels\b(?!\s*[.\[(+])"
)


def needs(condition: str) -> tuple[Need, ...]:
    """What `condition` needs, as far as it is plain to see; nothing is a right answer too.

    Sound for a condition that is an `&&` of parts: where one part is false, the whole is
    false or cannot be worked out, which counts as no match as well.
    """
    found = (_need(part.strip()) for part in _conjuncts(condition))
    return tuple(need for need in found if need is not None)


def may_hold(need: Need, facts: Mapping[str, object]) -> bool:
    """Whether a condition with this need can be true of `facts`."""
    value = facts.get(need.field)
    if need.label is not None:
        labels = value if isinstance(value, Mapping) else {}
        if need.label not in labels:
            return False
        value = labels[need.label]
    if need.look is Look.IS:
        return value == need.text
    if not isinstance(value, str):
        return True  # a list may contain it too: leave it to the condition
    if need.look is Look.CONTAINS:
        return need.text in value
    if need.look is Look.STARTS_WITH:
        return value.startswith(need.text)
    return value.endswith(need.text)


def labels_used(condition: str) -> frozenset[str] | None:
    """The names of the labels that `condition` can look at; none: perhaps all of them."""
    found = list(STATIC_LABEL.finditer(condition))
    if len(found) != len(re.findall(r"\blabels\b", condition)):
        return None
    return frozenset(
        next(v for v in match.groupdict().values() if v is not None) for match in found
    )


def _conjuncts(condition: str) -> list[str]:
    """The parts that `&&` joins; none if something else holds them together."""
    parts = [""]
    depth = 0
    if UNUSUAL.search(condition):
        return []
    for piece in PIECE.findall(condition):
        if piece in {'"', "'", "//"} or RAW_QUOTE.match(piece):
            return []
        depth += (piece in "([{") - (piece in ")]}")
        if depth == 0 and piece in {"||", "?"}:
            return []
        if depth == 0 and piece == "&&":
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _need(part: str) -> Need | None:
    found = EQUALS.fullmatch(part)
    if found is not None:
        text = found["vd"] if found["vd"] is not None else found["vs"]
        return _about(found, Look.IS, text)
    found = CALL.fullmatch(part)
    if found is None:
        return None
    text = found["argument"][1:-1]
    if found["call"] == "matches":
        return _about(found, *_beginning(text))
    return None if "\\" in text else _about(found, Look(found["call"]), text)


def _about(found: re.Match[str], test: Look, text: str) -> Need | None:
    label = next(
        (found[k] for k in ("dotted", "ld", "ls") if found[k] is not None), None
    )
    field = found["field"]
    known = field in FIELDS if label is None else field == LABELS
    return Need(field, label, test, text) if known and text else None


def _beginning(pattern: str) -> tuple[Look, str]:
    """The plain text that every match of a regular expression begins with; may be empty."""
    test = Look.STARTS_WITH if pattern.startswith("^") else Look.CONTAINS
    pattern = pattern.removeprefix("^")
    if "|" in pattern or "(?" in pattern:
        return test, ""
    end = UNPLAIN.search(pattern)
    if end is None:
        return test, pattern
    optional = end[0] in "*?{"  # what stands before it may be missing
    return test, pattern[: end.start() - optional] if end.start() else ""
