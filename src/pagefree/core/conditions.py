"""Conditions of rules: made from fields, operators and values, and what they need to hold.

Conditions are CEL (github.com/google/cel-spec). It is evaluated elsewhere; here it is
written for people who do not, and read just far enough to know when not to evaluate it.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

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
    texts: tuple[str, ...]  # one of them


STRING = r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
PLAIN = r"(?:\"(?P<{0}d>[^\"\\]*)\"|'(?P<{0}s>[^'\\]*)')"
PLAIN_LIST = r"(?:\"[^\"\\]*\"|'[^'\\]*')(?:\s*,\s*(?:\"[^\"\\]*\"|'[^'\\]*'))*"
PLAINS = re.compile(r"\"([^\"]*)\"|'([^']*)'")
BRACKETS, CLOSING = frozenset("([{"), frozenset(")]}")
SUBJECT = rf"(?P<field>[a-z_]+)(?:\.(?P<dotted>[A-Za-z_]\w*)|\[{PLAIN.format('l')}\])?"
EQUALS = re.compile(rf"{SUBJECT}\s*==\s*{PLAIN.format('v')}")
ONE_OF = re.compile(rf"{SUBJECT}\s+in\s+\[(?P<list>\s*{PLAIN_LIST})\s*\]")
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


@lru_cache(maxsize=4096)  # rules are loaded far more often than they change
def needs(condition: str) -> tuple[tuple[Need, ...], ...]:
    """What `condition` needs, as far as it is plain to see; nothing is a right answer too.

    One entry for each part that `||` joins: of one of them all the needs have to be met.
    Sound because a false part makes a whole of `&&` false, or impossible to work out,
    which counts as no match as well.
    """
    if UNUSUAL.search(condition):
        return ()
    found = [
        tuple(need for part in parts if (need := _need(part)) is not None)
        for parts in _alternatives(condition)
    ]
    return tuple(found) if all(found) else ()


def labels_used(condition: str) -> frozenset[str] | None:
    """The names of the labels that `condition` can look at; none: perhaps all of them."""
    found = list(STATIC_LABEL.finditer(condition))
    if len(found) != len(re.findall(r"\blabels\b", condition)):
        return None
    return frozenset(
        next(v for v in match.groupdict().values() if v is not None) for match in found
    )


def _alternatives(condition: str) -> list[list[str]]:
    """The parts that `||` joins, each as the parts that `&&` joins; none if unclear."""
    parts = _split(condition, "||")
    if len(parts) > 1:
        found = [_alternatives(part) for part in parts]
        return [one for each in found for one in each] if all(found) else []
    inner = _unwrapped(condition)
    if inner is not None:
        return _alternatives(inner)
    conjuncts = [part.strip() for part in _split(condition, "&&")]
    return [conjuncts] if conjuncts else []


def _split(condition: str, at: str) -> list[str]:
    """What stands between the operators `at` that are in no bracket; none if unclear."""
    parts = [""]
    depth = 0
    for piece in PIECE.findall(condition):
        if piece in {'"', "'", "//"} or RAW_QUOTE.match(piece):
            return []
        depth += (piece in BRACKETS) - (piece in CLOSING)
        if depth == 0 and piece == "?":
            return []
        if depth == 0 and piece == at:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _unwrapped(condition: str) -> str | None:
    """What is in the brackets around the whole of it, if there are such."""
    text = condition.strip()
    if not (text.startswith("(") and text.endswith(")")):
        return None
    pieces = PIECE.findall(text)
    depths = list(accumulate((p in BRACKETS) - (p in CLOSING) for p in pieces))
    # the bracket that opens it closes nowhere before the end
    return None if 0 in depths[:-1] else text[1:-1]


def _need(part: str) -> Need | None:
    found = EQUALS.fullmatch(part)
    if found is not None:
        return _about(
            found, Look.IS, found["vd"] if found["vs"] is None else found["vs"]
        )
    found = ONE_OF.fullmatch(part)
    if found is not None:
        return _about(
            found, Look.IS, *(d or s for d, s in PLAINS.findall(found["list"]))
        )
    found = CALL.fullmatch(part)
    if found is None:
        return None
    text = found["argument"][1:-1]
    if found["call"] == "matches":
        return _about(found, *_beginning(text))
    return None if "\\" in text else _about(found, Look(found["call"]), text)


def _about(found: re.Match[str], look: Look, *texts: str) -> Need | None:
    labels = (found["dotted"], found["ld"], found["ls"])
    label = next((one for one in labels if one is not None), None)
    field = found["field"]
    known = field in FIELDS if label is None else field == LABELS
    return Need(field, label, look, texts) if known and all(texts) else None


def _beginning(pattern: str) -> tuple[Look, str]:
    """The plain text that every match of a regular expression begins with; may be empty."""
    look = Look.STARTS_WITH if pattern.startswith("^") else Look.CONTAINS
    pattern = pattern.removeprefix("^")
    if "|" in pattern or "(?" in pattern:
        return look, ""
    end = UNPLAIN.search(pattern)
    if end is None:
        return look, pattern
    optional = end[0] in "*?{"  # what stands before it may be missing
    return look, pattern[: end.start() - optional] if end.start() else ""
