"""L-10: one key fires 500 times a second; do the others of its process notice?"""

import asyncio
from collections.abc import Iterable

from bench.load import Paced, pace
from bench.pages import Page, latencies_ms, once_each
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check

LOUD = 500.0  # a second, all of one condition
RATE = 20.0  # of the others, each a condition of its own
SECONDS = 10.0
MARGIN_S = 1.0  # the loud one begins before and ends after what is measured


async def run(rig: Rig) -> dict[str, float]:
    """The others alone, then beside it; each must page exactly once."""
    seconds, key = rig.seconds(SECONDS), rig.world.paging_key
    async with rig.sink() as sink, rig.web() as web, rig.worker():
        alone = await pace(web.port, RATE, seconds, key, prefix="a")
        loud = asyncio.create_task(_storm(rig, web.port, seconds + 2 * MARGIN_S))
        await asyncio.sleep(MARGIN_S)
        beside = await pace(web.port, RATE, seconds, key, prefix="b")
        storm = await loud
        pages = await sink.pages(alone.answers + beside.answers)
    for load in (alone, beside, storm):
        check(load.errors == 0, f"{load.errors} posts were refused")
    check(not (wrong := once_each(pages, alone.answers + beside.answers)), str(wrong))
    counted = await rig.count("SELECT max(occurrences) FROM alerts")
    check(counted == storm.answers, f"{storm.answers} answers, {counted} counted")
    then, now = _p99_ms(pages, "a"), _p99_ms(pages, "b")
    return {
        "page p99 alone": then,
        "page p99 beside it": now,
        "as late as alone": now / then,
        "accept p99 alone": alone.p99_ms,
        "accept p99 beside it": beside.p99_ms,
    }


async def _storm(rig: Rig, port: int, seconds: float) -> Paced:
    return await pace(port, LOUD, seconds, rig.world.quiet_key, same=True)


def _p99_ms(pages: Iterable[Page], prefix: str) -> float:
    of_it = [page for page in pages if f" node {prefix}" in page.title]
    return latencies_ms(of_it)["page p99"]


SCENARIO = Scenario(
    "L10",
    "fairness: pages of others while one key fires 500 times a second",
    (
        Budget("page p99 alone", "ms"),
        Budget("page p99 beside it", "ms"),
        Budget("as late as alone", "x", 1.2, at_least=False),
        Budget("accept p99 alone", "ms"),
        Budget("accept p99 beside it", "ms"),
    ),
    run,
)
