"""Conditions in CEL; the only file that knows the library that evaluates them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import cel

from pagefree.core.conditions import FIELDS, LABELS, labels_used
from pagefree.core.errors import Invalid

LONGEST = 2000  # characters
DEEPEST = 20  # brackets in brackets
LOOPS = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(\s*(\w*)")
PATTERNS = re.compile(
    r"\.\s*matches\s*\(\s*([rR]?(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'))\s*\)"
)
FIRST_LINE = 300

Context = cel.Context


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a condition may speak of: texts, and maps of which anything may be missing."""

    texts: frozenset[str]
    maps: frozenset[str]

    def empty(self) -> dict[str, object]:
        """Something to try a condition on."""
        return {**dict.fromkeys(self.texts, ""), **{name: {} for name in self.maps}}


OF_EVENTS = Vocabulary(frozenset(FIELDS), frozenset({LABELS}))


class Unclear(Exception):
    """A condition could not be worked out for an event."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition; an empty one is always true."""

    program: cel.Program | None
    fields: frozenset[str] = frozenset()
    labels: frozenset[str] | None = frozenset()  # it looks at; none: perhaps all

    def holds(self, context: Context) -> bool:
        """Whether it is true. A label that is not there makes it false. Raises Unclear."""
        if self.program is None:
            return True
        try:
            answer = self.program.execute(context)
        except KeyError:
            return False
        except Exception as e:
            raise Unclear(_first_line(e)) from e
        if not isinstance(answer, bool):
            raise Unclear("the condition is neither true nor false")
        return answer


@lru_cache(maxsize=4096)  # rules are loaded far more often than they change
def compiled(text: str, words: Vocabulary = OF_EVENTS) -> Condition:
    """`text` as a condition. Raises Invalid where it never could be worked out."""
    if not text.strip():
        return Condition(None)
    if len(text) > LONGEST:
        raise Invalid(f"a condition has at most {LONGEST} characters")
    if max(accumulate((c in "([{") - (c in ")]}") for c in text)) > DEEPEST:
        raise Invalid(f"a condition has at most {DEEPEST} brackets in each other")
    loops = LOOPS.findall(text)
    if len(loops) > 1:  # one in another could take minutes
        raise Invalid("a condition goes through a list or map at most once")
    program = _program(text)
    used = frozenset(program.variables()) - set(loops)
    if unknown := sorted(used - words.texts - words.maps):
        known = ", ".join(sorted(words.texts | words.maps))
        raise Invalid(f"there is no field {unknown[0]!r}; there are {known}")
    for pattern in PATTERNS.findall(text):
        _try(_program(f'"".matches({pattern})'), {})
    condition = Condition(program, used, labels_used(text))
    _try(program, words.empty())
    return condition


def context_of(facts: Mapping[str, object], conditions: list[Condition]) -> Context:
    """What `conditions` are evaluated on: of `facts` only what they look at.

    Handing everything over would cost more than evaluating. Raises Unclear.
    """
    fields = frozenset[str]().union(*(c.fields for c in conditions))
    given = {name: facts[name] for name in fields}
    labels = given.get(LABELS)
    if isinstance(labels, Mapping) and all(c.labels is not None for c in conditions):
        names = frozenset[str]().union(*(c.labels or () for c in conditions))
        given[LABELS] = {name: labels[name] for name in names if name in labels}
    try:
        return Context(given)
    except Exception as e:
        raise Unclear(_first_line(e)) from e


def _program(text: str) -> cel.Program:
    try:
        return cel.compile(text)
    except Exception as e:
        raise Invalid(f"the condition is not valid: {_first_line(e)}") from e


def _try(program: cel.Program, facts: Mapping[str, object]) -> None:
    try:
        answer = program.execute(dict(facts))
    except KeyError:
        return
    except Exception as e:
        raise Invalid(f"the condition is not valid: {_first_line(e)}") from e
    if not isinstance(answer, bool):
        raise Invalid("the condition is neither true nor false")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:FIRST_LINE]
