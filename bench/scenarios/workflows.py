"""1,000 workflow runs of 5 steps start at once; how long do they take, and the pages meanwhile?"""

import asyncio
import time

from bench.load import pace
from bench.pages import latencies_ms, once_each
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check
from pagefree.core.access import Actor
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Channel, create_engine, notify, transaction
from pagefree.infra.ids import new_id
from pagefree.timeline.service import SYSTEM
from pagefree.workflows import queries, service
from pagefree.workflows.content import WorkflowContent, runnable_text
from pagefree.workflows.service import Draft
from pagefree.workflows.starting import Start, start

RUNS = 1000
STEPS = 5
RATE = 10.0  # alerts a second meanwhile
SECONDS = 20.0
PATIENCE_S = 180.0
LOOK_S = 0.1

LEFT = "SELECT count(*) FROM workflow_runs WHERE status <> 'succeeded'"
ENDED = (
    "SELECT count(*) FROM workflow_steps WHERE status = 'succeeded' AND attempts = 1"
)


async def run(rig: Rig) -> dict[str, float]:
    """Every step must be done once; paging goes on as if there were no workflows."""
    runs = rig.size(RUNS)
    async with rig.sink() as sink, rig.web() as web, rig.worker() as worker:
        cpu = worker.cpu_s()
        seconds = rig.seconds(SECONDS)
        paced = asyncio.create_task(
            pace(web.port, RATE, seconds, rig.world.paging_key, prefix="w")
        )
        url = f"http://127.0.0.1:{rig.template.sink_port}/steps"
        took = await _run_all(rig, runs, url)
        used = worker.cpu_s() - cpu
        sent = await paced
        pages = await sink.pages(sent.answers)
    check(sent.errors == 0, f"{sent.errors} posts were refused")
    check(not (wrong := once_each(pages, sent.answers)), str(wrong))
    done = await rig.count(ENDED)
    check(done == runs * STEPS, f"of {runs * STEPS} steps {done} were done once")
    return {
        "all runs": took,
        "steps": runs * STEPS / took,
        "worker CPU per step": used / (runs * STEPS) * 1e6,
        **latencies_ms(pages, "page meanwhile"),
    }


async def _run_all(rig: Rig, runs: int, url: str) -> float:
    """Seconds from the start of all until the end of the last."""
    engine = create_engine(rig.database_url)
    try:
        async with transaction(engine) as tx:
            now = system_clock()
            actor = Actor(new_id(), "bench", platform_admin=True)
            draft = Draft(None, "Five steps")
            made = await service.create(tx, actor, draft, _graph(url), "", now)
            workflow = await queries.get_startable(tx, made.id)
            if workflow is None:
                raise RuntimeError("the workflow has just been made")
        trigger = runnable_text(workflow.content).triggers("manual")[0]
        begun = time.monotonic()
        async with transaction(engine) as tx:
            starts = [Start(workflow, trigger, SYSTEM) for _ in range(runs)]
            await start(tx, starts, system_clock())
            await notify(tx, Channel.STEPS)
        await _wait(rig, begun)
        return time.monotonic() - begun
    finally:
        await engine.dispose()


async def _wait(rig: Rig, begun: float) -> None:
    async with rig.database() as connection:
        while await connection.fetchval(LEFT):
            check(time.monotonic() < begun + PATIENCE_S, "the runs never end")
            await asyncio.sleep(LOOK_S)


def _graph(url: str) -> WorkflowContent:
    names = [f"step_{number}" for number in range(STEPS)]
    nodes: list[dict[str, object]] = [
        {"id": "begin", "kind": "trigger", "type": "manual"}
    ]
    nodes += [
        {
            "id": name,
            "kind": "action",
            "type": "http_request",
            "config": {"url": url, "json_body": {"run": "{{run.id}}"}},
        }
        for name in names
    ]
    ways = zip(["begin", *names], names, strict=False)
    edges = [{"source": source, "target": target} for source, target in ways]
    return WorkflowContent.model_validate({"nodes": nodes, "edges": edges})


SCENARIO = Scenario(
    "workflows",
    "1,000 workflow runs of 5 steps, started at once",
    (
        Budget("all runs", "s", 60, at_least=False),
        Budget("steps", "/s"),
        Budget("worker CPU per step", "us"),
        Budget("page meanwhile p50", "ms"),
        Budget("page meanwhile p99", "ms", 250, at_least=False),
        Budget("page meanwhile max", "ms"),
    ),
    run,
)
