"""Regular expressions that people write, matched in linear time."""

from functools import lru_cache

import re2

MEMORY = 1024 * 1024  # bytes
LONGEST = 64 * 1024  # characters that are looked at


@lru_cache(maxsize=1024)
def compiled(text: str) -> "re2._Regexp[str]":
    """`text` as a regular expression. Raises ValueError."""
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except re2.error as e:
        reason = e.args[0]
        words = reason.decode() if isinstance(reason, bytes) else str(reason)
        raise ValueError(f"not a regular expression: {words}") from e


def found(pattern: str, text: str) -> str | None:
    """The first group of what matches, or all of it; none if nothing does."""
    match = compiled(pattern).search(text[:LONGEST])
    if match is None:
        return None
    return (match.group(1) or "") if match.re.groups else match.group(0)


def without(pattern: str, text: str) -> str:
    """`text` without all that matches."""
    return compiled(pattern).sub("", text[:LONGEST])
