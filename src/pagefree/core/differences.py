"""What differs between two trees of plain JSON, for people who decide about it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Differing:
    """One place that differs; None where there is nothing."""

    path: str  # "parameters.properties.host.pattern"
    before: object
    after: object


def differences(before: object, after: object, path: str = "") -> list[Differing]:
    """Every place that differs, in the order of the names; lists are compared whole."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return [] if _same(before, after) else [Differing(path, before, after)]
    return [
        found
        for name in sorted({*before, *after})
        for found in differences(
            before.get(name), after.get(name), f"{path}.{name}" if path else str(name)
        )
    ]


def _same(before: object, after: object) -> bool:
    """Equal and of one type: to JSON, true is not 1."""
    return type(before) is type(after) and before == after
