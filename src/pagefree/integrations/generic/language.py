"""What people write to say where a field comes from: a path, a text in quotes, a template.

`alert.host`, `items[0].id` and `["odd name"]` are paths, `"production"` is a text, and what
has braces is Handlebars: `{{title}} on {{lower host}}`. No loops and no code, so that every
template ends soon, whatever the body is.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from pydantic_handlebars import (
    HandlebarsEnvironment,
    HandlebarsError,
    extract_dependencies,
)

from pagefree.integrations.base import text_of
from pagefree.integrations.generic.functions import FUNCTIONS

Read = Callable[[Mapping[str, object], object], object]  # of an event, and of the body

TEMPLATE_LENGTH = 2000
MOST_OUTPUT = 64 * 1024  # characters
MOST_DEPTH = 20
WHOLE = "$"  # the body, where the event is only a part of it

STEP = re.compile(
    r'(?:^|\.)([^.\[\]"{}\s]+)|\[(\d{1,6})\]|(?:^|\.)?\["([^"]{1,200})"\]'
)
QUOTED = re.compile(r'"([^"]*)"')
EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
BLOCK = re.compile(r"\{\{\{\{|\{\{~?\s*(?:\^|#(?!(?:if|unless)\b))")
CALL = re.compile(r"\{\{[{~&]*\s*([A-Za-z_][\w-]*)\s+[^\s~}]")
BACKSLASH = re.compile(r"\\(?![\"'\\])")
ALL_OF_IT = re.compile(r"\bthis\b|@|\.\.|\{\{[^}]*[\s(]\.[\s})]")


@lru_cache(maxsize=4096)
def compiled(source: str) -> Read:
    """`source`, ready to be asked. Raises ValueError that says what is wrong with it."""
    if "{{" in source:
        return _handlebars(source)
    quoted = QUOTED.fullmatch(source.strip())
    if quoted is not None:
        text = quoted[1]
        return lambda _event, _body: text
    return _path(source.strip())


def _path(source: str) -> Read:
    steps: list[str | int] = []
    at = 0
    while at < len(source):
        found = STEP.match(source, at)
        if found is None:
            raise ValueError(f"not a path from {source[at : at + 20]!r} on")
        name, number, odd = found.groups()
        steps.append(int(number) if number is not None else name or odd)
        at = found.end()
    if steps[:1] == [WHOLE]:
        return lambda _event, body: _follow(body, steps[1:])
    return lambda event, _body: _follow(event, steps)


def _follow(value: object, steps: list[str | int]) -> object:
    """What is there; None if nothing is."""
    for step in steps:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list):
            value = value[step] if step < len(value) else None
        else:
            return None
    return value


def _handlebars(source: str) -> Read:
    _check(source)
    escaped = EXPRESSION.sub(lambda found: BACKSLASH.sub(r"\\\\", found[0]), source)
    try:
        template = ENVIRONMENT.compile(escaped)
        names = extract_dependencies(escaped, helpers={*FUNCTIONS, "if", "unless"})
        template.render({})  # finds patterns and tables that are none
    except (HandlebarsError, RecursionError, AssertionError) as e:
        raise ValueError(str(e) or "this is no template") from e
    needs_all = ALL_OF_IT.search(source) is not None

    def read(event: Mapping[str, object], body: object) -> object:
        """The text; an empty one if the template fails on this event."""
        told = {n: event[n] for n in (event if needs_all else names) if n in event}
        if WHOLE in names:
            told[WHOLE] = body
        try:
            return template.render(told)
        except (HandlebarsError, RecursionError):
            return ""

    return read


def _check(source: str) -> None:
    if BLOCK.search(source):
        raise ValueError("of blocks, only {{#if}} and {{#unless}} are understood")
    for called in CALL.findall(source):
        if called not in FUNCTIONS and called != "else":
            raise ValueError(f"there is no function {called!r}")


def _environment() -> HandlebarsEnvironment:
    made = HandlebarsEnvironment(max_output_size=MOST_OUTPUT, max_depth=MOST_DEPTH)
    for name in ("each", "with", "log", "lookup"):
        made.unregister_helper(name)
    for name, function in FUNCTIONS.items():
        made.register_helper(name, function)
    return made


ENVIRONMENT = _environment()


def text_at(source: str, event: Mapping[str, object], body: object) -> str:
    """What `source` says of `event`, as text; "" if it says nothing, or is empty itself."""
    return text_of(compiled(source)(event, body)) if source else ""
