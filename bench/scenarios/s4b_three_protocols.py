"""S4b: three other integrations post distinct alerts in three protocols; who waits for it?"""

import asyncio

from bench.load import CONNECTIONS, PATHS, pace, wrk
from bench.pages import latencies_ms, once_each, paced
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check

RATE = 20.0
SECONDS = 10.0
MARGIN_S = 2.0  # the storm begins before and ends after what is measured


async def run(rig: Rig) -> dict[str, float]:
    """Each paced alert must page exactly once, and nothing of the storm may be lost."""
    seconds, keys = rig.seconds(SECONDS), rig.world.quiet_keys
    async with rig.sink() as sink, rig.web() as web, rig.worker():
        storms = [
            asyncio.create_task(
                wrk(
                    web.port,
                    seconds + 2 * MARGIN_S,
                    keys[protocol],
                    prefix=f"{protocol}-",
                    protocol=protocol,
                    connections=CONNECTIONS // len(PATHS),
                )
            )
            for protocol in PATHS
        ]
        await asyncio.sleep(MARGIN_S)
        new = await pace(web.port, RATE, seconds, rig.world.paging_key)
        loads = await asyncio.gather(*storms)
        pages = await sink.pages(new.answers)
    check(new.errors == 0, f"{new.errors} posts were refused")
    for protocol, load in zip(PATHS, loads, strict=True):
        lost = load.refused + load.broken
        check(lost == 0, f"{protocol}: {lost} refused or broken")
    check(not (wrong := once_each(pages, new.answers)), str(wrong))
    await _check_stored(rig, sum(load.answers for load in loads) + new.answers)
    return {
        **latencies_ms(paced(pages)),
        "storm": sum(load.per_second for load in loads),
        "generator late p99": new.own_late_p99_ms,
    }


async def _check_stored(rig: Rig, answers: int) -> None:
    stored = await rig.count("SELECT count(*) FROM inbound_requests")
    check(
        answers <= stored <= answers + CONNECTIONS,
        f"{answers} answers, {stored} stored",
    )
    opened = await rig.count("SELECT count(*) FROM alerts")
    check(opened == stored, f"{stored} stored, {opened} alerts")


SCENARIO = Scenario(
    "S4b",
    "page of one integration while three others storm in three protocols",
    (
        Budget("page p50", "ms"),
        Budget("page p99", "ms", 500, at_least=False),
        Budget("page max", "ms"),
        Budget("storm", "/s"),
        Budget("generator late p99", "ms"),
    ),
    run,
)
