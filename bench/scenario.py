"""What a scenario is, and what it reports."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.rig import Rig


class Incorrect(Exception):
    """The figures do not count: something was lost, doubled or refused."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Where a figure must be: at least or at most `gate`."""

    name: str
    unit: str
    gate: float | None = None  # of the figure, or of its ratio to the floor
    at_least: bool = True
    floor: str | None = None  # "A1" or "A2": the gate is on the ratio to it


@dataclass(frozen=True, slots=True)
class Scenario:
    """One load, and the figures it yields by the names of its budgets."""

    name: str
    title: str
    budgets: tuple[Budget, ...]
    run: Callable[[Rig], Awaitable[dict[str, float]]]  # raises Incorrect
    once: bool = False  # in the first round alone: it takes long


def check(holds: bool, what: str) -> None:  # noqa: FBT001 - reads like assert
    """Raise Incorrect unless `holds`."""
    if not holds:
        raise Incorrect(what)
