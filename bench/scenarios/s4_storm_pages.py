"""S4: a storm of the same 50 conditions runs; how late is the page of a new one?"""

import asyncio

from bench.load import pace, wrk
from bench.pages import latencies_ms, once_each, paced
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check

KEYS = 50
RATE = 20.0
SECONDS = 10.0
MARGIN_S = 2.0  # the storm begins before and ends after what is measured


async def run(rig: Rig) -> dict[str, float]:
    """New keys among duplicates; each new key must page exactly once."""
    seconds, key = rig.seconds(SECONDS), rig.world.paging_key
    async with rig.sink() as sink, rig.web() as web, rig.worker():
        storm = asyncio.create_task(
            wrk(web.port, seconds + 2 * MARGIN_S, key, keys=KEYS)
        )
        await asyncio.sleep(MARGIN_S)
        new = await pace(web.port, RATE, seconds, key)
        load = await storm
        pages = await sink.pages(new.answers + KEYS)
    check(new.errors == 0, f"{new.errors} posts were refused")
    check(load.refused == 0, f"{load.refused} refused")
    check(not (wrong := once_each(pages, new.answers + KEYS)), str(wrong))
    return {
        **latencies_ms(paced(pages)),
        "storm": load.per_second,
        "generator late p99": new.own_late_p99_ms,
    }


SCENARIO = Scenario(
    "S4",
    "page of a new alert while 50 keys storm",
    (
        Budget("page p50", "ms"),
        Budget("page p99", "ms", 250, at_least=False),
        Budget("page max", "ms"),
        Budget("storm", "/s"),
        Budget("generator late p99", "ms"),
    ),
    run,
)
