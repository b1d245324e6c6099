"""The functions of the mapping language; what they cannot read they leave out."""

from collections.abc import Callable, Mapping
from functools import lru_cache

import re2
from pydantic_handlebars import HandlebarsRuntimeError, HelperFunc, HelperOptions

from pagefree.integrations.base import text_of

LONGEST = 64 * 1024  # characters that are looked at
MOST_ITEMS = 200
PATTERN_MEMORY = 1024 * 1024  # bytes
OTHERWISE = "*"  # the entry of a table for all that is not in it


def first_of(*values: object) -> str:
    """The first value that says something."""
    return next(filter(None, map(text_of, values)), "")


def lower(value: object) -> str:
    """In lower case."""
    return text_of(value).lower()


def join(items: object, between: object = ", ") -> str:
    """The items of a list, with `between` between them."""
    if not isinstance(items, list):
        return text_of(items)
    return str(between).join(filter(None, map(text_of, items[:MOST_ITEMS])))


def truncate(value: object, length: object) -> str:
    """At most so many characters."""
    if not isinstance(length, int | float) or length < 1:
        raise HandlebarsRuntimeError("truncate needs a text and a length")
    text = text_of(value)
    return text if len(text) <= length else text[: int(length) - 1] + "…"


def translate(value: object, table: object) -> str:
    """What a table like "1=critical, 2=error, *=info" says; else the value itself."""
    text, entries = text_of(value), _table(str(table))
    return entries.get(text.lower(), entries.get(OTHERWISE, text))


def capture(value: object, pattern: object) -> str:
    """The first group of a regular expression, or all that it matches; in linear time."""
    found = _pattern(str(pattern)).search(text_of(value)[:LONGEST])
    if found is None:
        return ""
    return (found.group(1) or "") if found.re.groups else found.group(0)


@lru_cache(maxsize=1024)
def _table(text: str) -> dict[str, str]:
    entries = [entry.partition("=") for entry in text.split(",")]
    if not all(name.strip() and sign for name, sign, _ in entries):
        raise HandlebarsRuntimeError('map needs a table like "1=critical, *=info"')
    return {name.strip().lower(): value.strip() for name, _, value in entries}


@lru_cache(maxsize=1024)
def _pattern(text: str) -> "re2._Regexp[str]":
    options = re2.Options()
    options.max_mem = PATTERN_MEMORY
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except re2.error as e:
        reason = e.args[0]
        words = reason.decode() if isinstance(reason, bytes) else str(reason)
        raise HandlebarsRuntimeError(f"not a regular expression: {words}") from e


def _callable(name: str, function: Callable[..., str]) -> HelperFunc:
    """`function` as Handlebars calls it."""

    def call(*values: object, **_: HelperOptions) -> str:
        try:
            return function(*values)
        except TypeError as e:
            raise HandlebarsRuntimeError(f"{name} does not take these values") from e

    return call


BY_NAME: Mapping[str, Callable[..., str]] = {
    "first_of": first_of,
    "lower": lower,
    "join": join,
    "truncate": truncate,
    "map": translate,
    "regex": capture,
}
FUNCTIONS = {name: _callable(name, function) for name, function in BY_NAME.items()}
