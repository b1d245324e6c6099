"""S6: who is on call now for 10,000 schedules of three layers; and 90 days of one."""

import asyncio
import gc
import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bench.percentiles import percentile
from bench.rig import Rig
from bench.rotas import BEGIN, INSTANTS, plans
from bench.scenario import Budget, Scenario, check
from pagefree.core.schedules import Plan, everyone, final_shifts, on_call
from tests.core.schedule_oracle import final_people

SCHEDULES = 10_000
QUARTER = timedelta(days=90)
CALENDARS = 50  # of so many schedules
CHECKED = 3  # schedules around each instant: the oracle is slow
MINUTE = timedelta(minutes=1)


async def run(rig: Rig) -> dict[str, float]:
    """Every answer around a clock change must be what the oracle says, minute by minute."""
    return await asyncio.to_thread(_run, rig.size(SCHEDULES))


def _run(count: int) -> dict[str, float]:
    made = plans(count)
    gc.freeze()  # as a process that has started does
    now = [_seconds(on_call, made, at) for at in INSTANTS]
    all_layers = [_seconds(everyone, made, at) for at in INSTANTS]
    calendars = [_seconds(_calendar, [plan], BEGIN) for plan in made[:CALENDARS]]
    gc.unfreeze()
    _check(made)
    return {
        "on call now": percentile(now, 50),
        "on the worst of nine days of clock changes": 1e3 * max(now),
        "everyone in any layer": percentile(all_layers, 50),
        "90 days of one p50": percentile(calendars, 50),
        "90 days of one p99": percentile(calendars, 99),
    }


def _seconds(
    ask: Callable[[Plan, datetime], object], made: Sequence[Plan], at: datetime
) -> float:
    """How long it takes to ask for each of the schedules."""
    began = time.perf_counter()
    for plan in made:
        ask(plan, at)
    return time.perf_counter() - began


def _calendar(plan: Plan, at: datetime) -> object:
    return final_shifts(plan, at, at + QUARTER)


def _check(made: Sequence[Plan]) -> None:
    chance = random.Random(7)
    for at in INSTANTS:
        start = at - 60 * MINUTE
        for plan in chance.sample(made, min(CHECKED, len(made))):
            expected = final_people(plan, start, start + 120 * MINUTE)
            shifts = final_shifts(plan, start, start + 120 * MINUTE)
            for minute, people in enumerate(expected):
                look = start + minute * MINUTE
                drawn = [s.people for s in shifts if s.start <= look < s.end]
                check(
                    on_call(plan, look) == people
                    and drawn == ([people] if people else []),
                    f"at {look} {people} are on call",
                )


SCENARIO = Scenario(
    "s6",
    "who is on call, 10,000 schedules of three layers",
    (
        Budget("on call now", "ms", 50, at_least=False),
        Budget("on the worst of nine days of clock changes", "ms"),
        Budget("everyone in any layer", "ms"),
        Budget("90 days of one p50", "ms"),
        Budget("90 days of one p99", "ms", 20, at_least=False),
    ),
    run,
)
