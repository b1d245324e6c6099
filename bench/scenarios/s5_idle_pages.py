"""S5: 20 alerts a second on an idle system; how late are their pages?"""

from bench.load import Paced, pace
from bench.pages import Page, Sink, latencies_ms, once_each
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check

RATE = 20.0
SECONDS = 15.0


async def run(rig: Rig) -> dict[str, float]:
    """First as `pagefree web` and `pagefree worker`, then as `pagefree up`."""
    async with rig.sink() as sink, rig.web() as web, rig.worker():
        sent, apart = await _page(rig, sink, web.port, "w")
    async with rig.sink() as sink, rig.up() as up:
        _, together = await _page(rig, sink, up.port, "u")
    return {
        **latencies_ms(apart),
        **latencies_ms(together, "one process: page"),
        "generator late p99": sent.own_late_p99_ms,
    }


async def _page(
    rig: Rig, sink: Sink, port: int, prefix: str
) -> tuple[Paced, list[Page]]:
    seconds = rig.seconds(SECONDS)
    sent = await pace(port, RATE, seconds, rig.world.paging_key, prefix=prefix)
    pages = await sink.pages(sent.answers)
    check(sent.errors == 0, f"{sent.errors} posts were refused")
    check(not (wrong := once_each(pages, sent.answers)), str(wrong))
    return sent, pages


SCENARIO = Scenario(
    "S5",
    "page on an idle system, 20/s",
    (
        Budget("page p50", "ms", 15, at_least=False),
        Budget("page p99", "ms", 50, at_least=False),
        Budget("page max", "ms"),
        Budget("one process: page p50", "ms", 15, at_least=False),
        Budget("one process: page p99", "ms", 50, at_least=False),
        Budget("one process: page max", "ms"),
        Budget("generator late p99", "ms"),
    ),
    run,
)
