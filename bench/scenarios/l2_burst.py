"""L-2: 2,000 single events in ten seconds, 200 at a time; how far behind does paging get?"""

from bench.pages import latencies_ms, once_each
from bench.percentiles import percentile
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check
from bench.senders import Tool, event, steadily

EVENTS, SECONDS = 2_000, 10.0
TOGETHER = 200  # events of one moment


async def run(rig: Rig) -> dict[str, float]:
    """Refused ones are sent again; each must page exactly once."""
    key = rig.world.paging_key
    count, seconds = rig.size(EVENTS), rig.seconds(SECONDS)

    async with rig.sink() as sink, rig.web() as web, rig.worker():
        tool = Tool(web.port, TOGETHER)
        sent = await steadily(
            tool,
            count / seconds,
            seconds,
            lambda n, due: event(key, f"node {n}", due),
            together=TOGETHER,
        )
        pages = await sink.pages(len(sent))
        tool.close()
    check(not (wrong := once_each(pages, len(sent))), str(wrong))
    stored = await rig.count("SELECT count(DISTINCT dedup_key) FROM alerts")
    last = max(page.at for page in pages) - max(one.due for one in sent)
    return {
        "lost": len(sent) - stored,
        "sent again": sum(one.tries - 1 for one in sent),
        "accept p99": percentile([one.took_s for one in sent], 99),
        **latencies_ms(pages),
        "last page after the last event": last,
    }


SCENARIO = Scenario(
    "L2",
    "2,000 events in ten seconds, 200 at a time, each of which pages",
    (
        Budget("lost", "events", 0, at_least=False),
        Budget("sent again", "times"),
        Budget("accept p99", "ms"),
        Budget("page p50", "ms"),
        Budget("page p99", "ms", 5000, at_least=False),
        Budget("page max", "ms"),
        Budget("last page after the last event", "s", 60, at_least=False),
    ),
    run,
    once=True,
)
