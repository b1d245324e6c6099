"""What the audit costs: a change of configuration with its trigger, and without."""

import time

import httpx2

from bench.percentiles import percentile
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check

BLOCKS = 40  # half of them without: what else slows the machine slows both
EACH = 25
WARM_UP = 50

TRIGGER = "ALTER TABLE services {} TRIGGER pagefree_audit"
ENTRIES = "SELECT count(*) FROM audit_entries WHERE kind = 'service.updated'"


async def run(rig: Rig) -> dict[str, float]:
    """One admin changes a service over the API, again and again."""
    waited: dict[str, list[float]] = {"ENABLE": [], "DISABLE": []}
    blocks = 2 * rig.size(BLOCKS // 2)
    async with rig.web() as web, rig.worker(), rig.database() as connection:
        await _change(rig, web.port, WARM_UP)
        before = await connection.fetchval(ENTRIES)
        for number in range(blocks):
            verb = "ENABLE" if number % 2 == 0 else "DISABLE"
            await connection.execute(TRIGGER.format(verb))
            waited[verb] += await _change(rig, web.port, EACH)
        kept = await connection.fetchval(ENTRIES) - before
    changed = len(waited["ENABLE"])
    check(kept == changed, f"{changed} changes were to be kept, {kept} were")
    with_it, without = (percentile(waited[verb], 50) for verb in waited)
    return {"p50": with_it, "without": without, "cost": 100 * (with_it / without - 1)}


async def _change(rig: Rig, port: int, times: int) -> list[float]:
    headers = {"Authorization": f"Bearer {rig.world.api_key}"}
    url = f"http://127.0.0.1:{port}/v1/services/{rig.world.service_id}"
    seconds = []
    async with httpx2.AsyncClient(headers=headers, timeout=60) as client:
        for _ in range(times):
            text = f"as of {time.perf_counter_ns()}"
            began = time.perf_counter()
            answer = await client.patch(url, json={"description": text})
            seconds.append(time.perf_counter() - began)
            answer.raise_for_status()
    return seconds


SCENARIO = Scenario(
    "audit",
    "a change of a service, audited",
    (
        Budget("p50", "ms"),
        Budget("without", "ms"),
        Budget("cost", "%", 5, at_least=False),
    ),
    run,
)
