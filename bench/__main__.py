"""`python -m bench`: run the scenarios, print one table, write bench/latest.json."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import msgspec
from rich.console import Console
from rich.table import Table

from bench import anchors
from bench.rig import Template, rig, template
from bench.scenario import Budget, Incorrect, Scenario
from bench.scenarios import all_scenarios

LATEST = Path(__file__).parent / "latest.json"
ROUNDS = 3

console = Console()


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `ok` is null where there is no budget."""

    name: str
    budget: str
    figure: float
    unit: str
    floor: float | None
    ratio: float | None
    ok: bool | None


@dataclass(frozen=True, slots=True)
class Round:
    """The anchors of a round, and each scenario's figures in it."""

    floors: dict[str, float]
    figures: dict[str, dict[str, float]]


async def measure(
    scenarios: Sequence[Scenario], rounds: int, scale: float
) -> list[Round]:
    """Every scenario and the anchors, once a round, in a rotating order."""
    async with template() as made:
        done = []
        for number in range(rounds):
            at = number % len(scenarios)
            ordered = (*scenarios[at:], *scenarios[:at])
            console.print(f"round {number + 1} of {rounds}")
            due = [one for one in ordered if number == 0 or not one.once]
            done.append(await _round(made, due, scale))
    return done


async def _round(made: Template, scenarios: Sequence[Scenario], scale: float) -> Round:
    floors = {
        "A1": await anchors.commits(made.server_url, scale),
        "A2": await anchors.bare_post(scale),
    }
    figures = {}
    for scenario in scenarios:
        console.print(f"  {scenario.name}: {scenario.title}")
        async with rig(made, scale) as running:
            found = figures[scenario.name] = await scenario.run(running)
        told = ", ".join(f"{name} {value:,.1f}" for name, value in found.items())
        console.print(f"    {told}")
    return Round(floors, figures)


def report(scenarios: Sequence[Scenario], rounds: Sequence[Round]) -> list[Figure]:
    """The medians over the rounds, beside their budgets."""
    lines = [
        Figure(name, "", median(r.floors[name] for r in rounds), unit, None, None, None)
        for name, unit in (("A1", "commits/s"), ("A2", "bare POST/s"))
    ]
    for scenario in scenarios:
        lines += [_line(scenario.name, budget, rounds) for budget in scenario.budgets]
    return lines


def _line(scenario: str, budget: Budget, rounds: Sequence[Round]) -> Figure:
    rounds = [r for r in rounds if scenario in r.figures]
    figures = [r.figures[scenario][budget.name] for r in rounds]
    floor = ratio = None
    if budget.floor is not None:
        floors = [r.floors[budget.floor] for r in rounds]
        floor = median(floors)
        ratio = median(f / of for f, of in zip(figures, floors, strict=True))
    return Figure(
        name=f"{scenario} {budget.name}",
        budget=_words(budget),
        figure=median(figures),
        unit=budget.unit,
        floor=floor,
        ratio=ratio,
        ok=_holds(budget, median(figures) if ratio is None else ratio),
    )


def _words(budget: Budget) -> str:
    if budget.gate is None:
        return ""
    sign = "≥" if budget.at_least else "≤"
    times = f" x {budget.floor}" if budget.floor else f" {budget.unit}"
    return f"{sign} {budget.gate:g}{times}"


def _holds(budget: Budget, value: float) -> bool | None:
    if budget.gate is None:
        return None
    return value >= budget.gate if budget.at_least else value <= budget.gate


def show(lines: Sequence[Figure]) -> None:
    """Print the table."""
    table = Table("what", "budget", "figure", "unit", "floor", "ratio", "")
    for line in lines:
        table.add_row(
            line.name,
            line.budget,
            f"{line.figure:,.1f}",
            line.unit,
            "" if line.floor is None else f"{line.floor:,.0f}",
            "" if line.ratio is None else f"{line.ratio:.3f}",
            {None: "", True: "ok", False: "MISSED"}[line.ok],
        )
    console.print(table)


def compare(lines: Sequence[Figure], before: Path) -> None:
    """Print how each figure, or its ratio to the floor, has changed since `before`."""
    table = Table("what", "before", "now", "change")
    then = {
        one.name: one
        for one in msgspec.json.decode(before.read_bytes(), type=list[Figure])
    }
    for line in lines:
        old = then.get(line.name)
        if old is None:
            continue
        was, now = (x.figure if x.ratio is None else x.ratio for x in (old, line))
        change = f"{100 * (now / was - 1):+.0f} %" if was else ""
        table.add_row(line.name, f"{was:,.3g}", f"{now:,.3g}", change)
    console.print(table)


def main() -> int:
    """Returns 0 if every budget holds, 1 if one is missed, 2 if a result is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    known = {scenario.name: scenario for scenario in all_scenarios()}
    parser.add_argument("names", nargs="*", help=f"some of {', '.join(known)}")
    parser.add_argument("--only", action="append", default=[], help="one of them")
    parser.add_argument("--scale", type=float, default=1.0, help="0.01 is a hundredth")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--compare", type=Path, help="with what a run has written")
    args = parser.parse_args()
    names = [*args.names, *args.only] or list(known)
    if wrong := [name for name in names if name not in known]:
        parser.error(f"no scenario {wrong[0]}: choose from {', '.join(known)}")
    scenarios = [known[name] for name in names]
    load = os.getloadavg()[0]
    console.print(f"load of the machine before: {load:.2f}")
    try:
        rounds = asyncio.run(measure(scenarios, args.rounds, args.scale))
    except Incorrect as e:
        console.print(f"wrong: {e}")
        return 2
    lines = report(scenarios, rounds)
    show(lines)
    if args.compare:
        compare(lines, args.compare)
    LATEST.write_bytes(
        msgspec.json.format(msgspec.json.encode([asdict(line) for line in lines]))
    )
    return int(any(line.ok is False for line in lines) and args.scale >= 1)


if __name__ == "__main__":
    sys.exit(main())
