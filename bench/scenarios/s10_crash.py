"""S10: kill -9 the application, then PostgreSQL, while alerts come; what is lost, who is paged?"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

from bench.pages import DUE, Page, Sink
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check
from bench.senders import Sent, Tool, event, until
from pagefree.infra.clock import system_clock

STORM, TRICKLE = (
    300.0,
    20.0,
)  # events a second: those that page nobody, and those that do
BEFORE_S = 3.0  # each fault, and after the last
PATIENCE_S = 60.0  # what was being sent is sent again after its lease
POLL_S = 0.5
STORED = "SELECT count(DISTINCT dedup_key) FROM alerts"


async def run(rig: Rig) -> dict[str, float]:
    """Every event that was answered 2xx must be there once, and page if it is to."""
    world, over, before_s = rig.world, asyncio.Event(), rig.seconds(BEFORE_S)
    async with rig.sink() as sink, AsyncExitStack() as parts:
        app = await parts.enter_async_context(rig.up())
        tool, other = Tool(app.port), Tool(app.port)
        storm = asyncio.create_task(
            until(over, tool, STORM, lambda n, d: event(world.quiet_key, f"s{n}", d))
        )
        paging = asyncio.create_task(
            until(
                over, other, TRICKLE, lambda n, d: event(world.paging_key, f"p{n}", d)
            )
        )
        await asyncio.sleep(before_s)
        app_killed = system_clock().timestamp()
        await app.kill()
        await parts.enter_async_context(rig.up(app.port))
        await asyncio.sleep(before_s)
        base_killed = system_clock().timestamp()
        await rig.kill_postgres()
        await rig.start_postgres()
        await asyncio.sleep(before_s)
        over.set()
        stormed, paged = await storm, await paging
        pages = await _all_of(sink, paged)
        for one in (tool, other):
            one.close()
    stored = await rig.count(STORED)
    names = {page.title for page in pages}
    check(len(names) == len(paged), f"{len(paged)} were to page, {len(names)} did")
    return {
        "lost": len(stormed) + len(paged) - stored,
        "sent again": sum(one.tries - 1 for one in (*stormed, *paged)),
        "paged twice": len(pages) - len(names),
        "paging again, application killed": _again(pages, app_killed),
        "paging again, PostgreSQL killed": _again(pages, base_killed),
    }


async def _all_of(sink: Sink, sent: Sequence[Sent]) -> list[Page]:
    """Everything that came, once each has paged."""
    pages: list[Page] = []
    end = system_clock().timestamp() + PATIENCE_S
    while len({page.title for page in pages}) < len(sent):
        check(system_clock().timestamp() < end, "some page does not come")
        await asyncio.sleep(POLL_S)
        pages = await sink.pages(0)
    return pages


def _again(pages: Sequence[Page], since: float) -> float:
    """Seconds until an event of after the fault had paged."""
    return min(
        page.at - since
        for page in pages
        if float(page.title.rpartition(DUE)[2]) >= since
    )


SCENARIO = Scenario(
    "S10",
    "kill -9 of the application, then of PostgreSQL, at 320 events/s",
    (
        Budget("lost", "events", 0, at_least=False),
        Budget("sent again", "times"),
        Budget("paged twice", "pages"),
        Budget("paging again, application killed", "s", 10, at_least=False),
        Budget("paging again, PostgreSQL killed", "s", 10, at_least=False),
    ),
    run,
    once=True,
)
