"""Handlebars templates over plain data; the only file that knows the library."""

import re
from collections.abc import Mapping
from functools import lru_cache

from pydantic_handlebars import CompiledTemplate, HandlebarsError, extract_dependencies

from pagefree.core.errors import Invalid
from pagefree.infra.template_budget import TimedEnvironment

LONGEST = 2000  # characters of a template
MOST_OUTPUT = 8 * 1024
DEPTH = 10

LONGEST_BODY = 20_000  # of what workflows send
MOST_BODY = 64 * 1024
MOST_REPEATED = 2  # blocks in each other: refused at once, where others take too long
EXPRESSION = re.compile(r"{{{?[#&^/]?(.*?)}}", re.DOTALL)
REPEATING = re.compile(r"{{~?\s*([#/])\s*each\b")
TEXTS = re.compile(r"\"[^\"]*\"|'[^']*'")
PATH = re.compile(r"(?<![\w@./-])[A-Za-z_]\w*(?:\.[\w-]+)*")

UNREADABLE = (HandlebarsError, RecursionError)

_environment = TimedEnvironment(max_depth=DEPTH, max_output_size=MOST_OUTPUT)
_body_environment = TimedEnvironment(
    max_depth=DEPTH, max_output_size=MOST_BODY, extra_helpers=True
)


def check(template: str) -> None:
    """Raise Invalid if `template` cannot be read."""
    if len(template) > LONGEST:
        raise Invalid(f"a template has at most {LONGEST} characters")
    try:
        _compiled(template)
    except UNREADABLE as e:
        raise Invalid(f"the template is not valid: {_why(e)}") from e


def filled_in(template: str, facts: Mapping[str, object]) -> str:
    """`template` with `facts` in it; empty where that fails."""
    try:
        return _compiled(template).render(dict(facts))
    except Exception:  # noqa: BLE001 - text of others meets a template of others
        return ""


def rendered(template: str, facts: Mapping[str, object]) -> str:
    """`template` with `facts` in it. Raises Invalid where that fails."""
    try:
        return _compiled(template).render(dict(facts))
    except Exception as e:  # a helper of the library may raise anything
        raise Invalid(f"the template cannot be filled in: {str(e)[:200]}") from e


@lru_cache(maxsize=1024)
def _compiled(template: str) -> CompiledTemplate:
    return _environment.compile(template)


# -- of workflows: longer, and a mistake is told instead of left out ------------------


def check_body(template: str) -> None:
    """Raise Invalid if `template` cannot be read, or could take too long to fill in."""
    if len(template) > LONGEST_BODY:
        raise Invalid(f"a template has at most {LONGEST_BODY} characters")
    depth = deepest = 0
    for opened in REPEATING.finditer(template):
        depth += 1 if opened[1] == "#" else -1
        deepest = max(deepest, depth)
    if deepest > MOST_REPEATED:
        raise Invalid(f"at most {MOST_REPEATED} repeated blocks stand in each other")
    try:
        _compiled_body(template)
        names_in(template)
    except UNREADABLE as e:
        raise Invalid(f"the template is not valid: {_why(e)}") from e


def _why(error: Exception) -> str:
    """In words: what is nested too deeply ends in the library's own recursion."""
    return "too deep" if isinstance(error, RecursionError) else str(error)[:200]


def names_in(template: str) -> frozenset[str]:
    """The paths that a valid template speaks of, whole: "incident.title".

    Inside blocks that change what names mean, only those that begin at the top count.
    """
    roots = extract_dependencies(template, include_extra_helpers=True)
    found = set(roots)
    for expression in EXPRESSION.findall(template):
        for path in PATH.findall(TEXTS.sub("", expression)):
            if path.partition(".")[0] in roots:
                found.add(path)
    return frozenset(found)


def fill_in(template: str, facts: Mapping[str, object]) -> str:
    """`template` with `facts` in it; what is not there is empty. Raises Invalid."""
    try:
        return _compiled_body(template).render(dict(facts))
    except Exception as e:
        raise Invalid(f"the template could not be filled in: {e}") from e


@lru_cache(maxsize=1024)
def _compiled_body(template: str) -> CompiledTemplate:
    return _body_environment.compile(template)
