"""Parameters of a runbook: the part of JSON Schema that their forms may use."""

import unicodedata
from collections.abc import Mapping

from pagefree.core.errors import Invalid

MOST = 40
MOST_ITEMS = 50  # the blast radius: so many hosts at most, whatever a runbook says
LONGEST_PATTERN = 256
LONGEST_TEXT = 1000
# of text for which a version gives neither a pattern nor a list: nothing that a shell or
# a command line could take for more than a word
WORD = "^[A-Za-z0-9][A-Za-z0-9_.:@/-]*$"
SHOWN = frozenset({"type", "title", "description", "default", "examples"})
KEYWORDS: Mapping[str, frozenset[str]] = {
    "string": SHOWN | {"enum", "pattern", "minLength", "maxLength"},
    "integer": SHOWN | {"enum", "minimum", "maximum"},
    "number": SHOWN | {"enum", "minimum", "maximum"},
    "boolean": SHOWN,
    "array": SHOWN | {"items", "minItems", "maxItems", "uniqueItems"},
}
TOP = frozenset(
    {"type", "title", "description", "properties", "required", "additionalProperties"}
)
NUMBERS = ("integer", "number")


def completed(schema: Mapping[str, object]) -> dict[str, object]:
    """`schema` with all that is left to us made strict. Raises Invalid.

    Only a flat object of text, numbers, switches and lists; patterns are anchored; text
    without one is a word; lists are bounded.
    """
    unknown = set(schema) - TOP
    if unknown:
        raise Invalid(f"the parameters use {min(unknown)!r}")
    properties = schema.get("properties", {})
    if schema.get("type", "object") != "object" or not isinstance(properties, Mapping):
        raise Invalid("the parameters are an object with properties")
    if len(properties) > MOST:
        raise Invalid(f"a runbook has at most {MOST} parameters")
    required = schema.get("required", [])
    if not isinstance(required, list) or not set(map(str, required)) <= set(properties):
        raise Invalid("a required parameter is not described")
    return {
        "type": "object",
        "properties": {
            name: _property(name, described) for name, described in properties.items()
        },
        "required": sorted(map(str, required)),
        "additionalProperties": False,
    }


def _property(name: object, described: object) -> dict[str, object]:
    if not isinstance(name, str) or not name.isidentifier() or not name.isascii():
        raise Invalid("a parameter is called by letters, digits and underscores")
    if not isinstance(described, Mapping):
        raise Invalid(f"{name}: not described")
    kind = described.get("type")
    allowed = KEYWORDS.get(kind) if isinstance(kind, str) else None
    if allowed is None:
        raise Invalid(f"{name}: the type is none of {', '.join(KEYWORDS)}")
    unknown = set(described) - allowed
    if unknown:
        raise Invalid(f"{name}: uses {min(map(str, unknown))!r}")
    made = dict(described)
    if kind == "string":
        return _text(name, made)
    if kind == "array":
        return _list(name, made)
    return made


def _text(name: str, made: dict[str, object]) -> dict[str, object]:
    if "enum" not in made:
        pattern = made.setdefault("pattern", WORD)
        if not isinstance(pattern, str) or len(pattern) > LONGEST_PATTERN:
            raise Invalid(f"{name}: a pattern has at most {LONGEST_PATTERN} characters")
        if not (pattern.startswith("^") and pattern.endswith("$")):
            raise Invalid(f"{name}: a pattern begins with ^ and ends with $")
    longest = made.setdefault("maxLength", LONGEST_TEXT)
    if not isinstance(longest, int) or longest > LONGEST_TEXT:
        raise Invalid(f"{name}: maxLength is at most {LONGEST_TEXT}")
    return made


def _list(name: str, made: dict[str, object]) -> dict[str, object]:
    most = made.setdefault("maxItems", MOST_ITEMS)
    if not isinstance(most, int) or most > MOST_ITEMS:
        raise Invalid(f"{name}: maxItems is at most {MOST_ITEMS}")
    items = made.get("items")
    if not isinstance(items, Mapping) or items.get("type") == "array":
        raise Invalid(f"{name}: items are text, numbers or switches")
    return {**made, "items": _property(name, items)}


def is_plain(text: str) -> bool:
    """Whether `text` is one line that shows all that is in it.

    Line ends, other control characters, marks that turn the direction of writing and
    dashes that only look like one are not.
    """
    return not any(
        unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp", "Cs"}
        or (unicodedata.category(c) == "Pd" and c != "-")
        for c in text
    )


def require_plain(values: Mapping[str, object]) -> None:
    """Raise Invalid where a value holds text that is not plain."""
    for name, value in values.items():
        items = value if isinstance(value, list) else [value]
        if any(isinstance(item, str) and not is_plain(item) for item in items):
            raise Invalid(f"{name}: holds characters that cannot be seen")
