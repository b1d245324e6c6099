"""T-36: nothing was paged for 20 minutes, and in the moment it is back all senders come again."""

import asyncio
from datetime import timedelta

from bench.pages import once_each
from bench.percentiles import percentile
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check
from bench.scenarios.s9_steps import opening
from bench.senders import Tool, at_once, event
from pagefree.incidents.service import open_many
from pagefree.infra.clock import system_clock

AWAY = timedelta(minutes=20)
WAITING = 2_400  # incidents whose page was due meanwhile
SENDERS = 3_000  # events that could not be told
CONNECTIONS = 500
BATCHES = 20


async def run(rig: Rig) -> dict[str, float]:
    """What waited and what comes must each page exactly once."""
    waiting, senders = rig.size(WAITING), rig.size(SENDERS)
    await _wait(rig, waiting)
    key = rig.world.paging_key
    async with rig.sink() as sink, rig.web() as web:
        tool = Tool(web.port, min(CONNECTIONS, senders))
        began = system_clock().timestamp()
        coming = asyncio.create_task(
            at_once(tool, senders, lambda n, due: event(key, f"sender {n}", due))
        )
        async with rig.worker():
            sent = await coming
            pages = await sink.pages(waiting + senders)
        tool.close()
    check(not (wrong := once_each(pages, waiting + senders)), str(wrong))
    stored = await rig.count("SELECT count(DISTINCT dedup_key) FROM alerts")
    return {
        "lost": senders - stored,
        "sent again": sum(one.tries - 1 for one in sent),
        "accept p99": percentile([one.took_s for one in sent], 99),
        "all taken": max(one.at for one in sent) - began,
        "all paged": max(page.at for page in pages) - began,
    }


async def _wait(rig: Rig, count: int) -> None:
    """Incidents that opened one after the other while nobody looked."""
    first = system_clock() - AWAY
    openings = [opening(rig, number) for number in range(count)]
    each = -(-count // BATCHES)
    async with rig.database() as connection:
        for batch in range(0, count, each):
            at = first + AWAY * batch / count
            async with connection.transaction():
                await open_many(connection, openings[batch : batch + each], at)


SCENARIO = Scenario(
    "herd",
    "2,400 pages that waited for 20 minutes, and 3,000 senders that come at once",
    (
        Budget("lost", "events", 0, at_least=False),
        Budget("sent again", "times"),
        Budget("accept p99", "ms"),
        Budget("all taken", "s", 60, at_least=False),
        Budget("all paged", "s", 60, at_least=False),
    ),
    run,
    once=True,
)
