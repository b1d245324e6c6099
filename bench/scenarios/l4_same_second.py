"""L-4: the steps of 1,000 incidents are due in the same moment; how late does each begin?"""

from bench.pages import once_each
from bench.percentiles import percentile
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check
from bench.scenarios.s9_steps import AHEAD, plan, watch
from pagefree.infra.clock import system_clock

STEPS = 1_000


async def run(rig: Rig) -> dict[str, float]:
    """Each step must be taken, and page once."""
    steps = rig.size(STEPS)
    async with rig.sink() as sink, rig.worker(), rig.database() as connection:
        at = system_clock() + AHEAD
        due = await plan(rig, connection, steps, at, instants=1)
        lags = await watch(connection, due)
        pages = await sink.pages(steps)
    check(len(lags) == steps, f"{steps} steps were due, {len(lags)} were taken")
    check(not (wrong := once_each(pages, steps)), str(wrong))
    return {
        "begun late p50": percentile(lags, 50),
        "begun late max": percentile(lags, 100),
        "last page": (max(page.at for page in pages) - at.timestamp()) * 1e3,
    }


SCENARIO = Scenario(
    "L4",
    "1,000 incidents escalate in the same moment",
    (
        Budget("begun late p50", "ms"),
        Budget("begun late max", "ms", 10_000, at_least=False),
        Budget("last page", "ms"),
    ),
    run,
    once=True,
)
