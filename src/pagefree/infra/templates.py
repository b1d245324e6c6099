"""Handlebars templates over plain data; the only file that knows the library."""

from collections.abc import Mapping
from functools import lru_cache

from pydantic_handlebars import CompiledTemplate, HandlebarsEnvironment, HandlebarsError

from pagefree.core.errors import Invalid

LONGEST = 2000  # characters of a template
MOST_OUTPUT = 8 * 1024
DEPTH = 10

_environment = HandlebarsEnvironment(max_depth=DEPTH, max_output_size=MOST_OUTPUT)


def check(template: str) -> None:
    """Raise Invalid if `template` cannot be read."""
    if len(template) > LONGEST:
        raise Invalid(f"a template has at most {LONGEST} characters")
    try:
        _compiled(template)
    except HandlebarsError as e:
        raise Invalid(f"the template is not valid: {e}") from e


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
    except (HandlebarsError, RecursionError) as e:
        raise Invalid(f"the template cannot be filled in: {str(e)[:200]}") from e


@lru_cache(maxsize=1024)
def _compiled(template: str) -> CompiledTemplate:
    return _environment.compile(template)
