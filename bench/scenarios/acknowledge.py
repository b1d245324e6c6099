"""Acknowledging while a storm runs: how long does a person wait?"""

import asyncio
import time
from uuid import UUID

import httpx2

from bench.load import wrk
from bench.percentiles import percentile
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check

KEYS = 500
SECONDS = 10.0
MARGIN_S = 1.0
PAUSE_S = 0.05  # between one and the next

OPEN = "SELECT id FROM incidents ORDER BY id LIMIT $1"


async def run(rig: Rig) -> dict[str, float]:
    """Each incident acknowledged once, and its escalation stopped."""
    seconds, key = rig.seconds(SECONDS), rig.world.paging_key
    async with rig.sink(), rig.web() as web, rig.worker():
        storm = asyncio.create_task(
            wrk(web.port, seconds + 2 * MARGIN_S, key, keys=KEYS)
        )
        await asyncio.sleep(MARGIN_S)
        async with rig.database() as connection:
            rows = await connection.fetch(OPEN, min(KEYS, round(seconds / PAUSE_S)))
        waited = await _acknowledge(rig, web.port, [row["id"] for row in rows])
        load = await storm
    check(load.refused == 0, f"{load.refused} refused")
    stopped = await rig.count(
        "SELECT count(*) FROM escalations WHERE state = 'stopped'"
    )
    check(stopped == len(rows), f"{len(rows)} acknowledged, {stopped} stopped")
    return {
        "p50": percentile(waited, 50),
        "p95": percentile(waited, 95),
        "storm": load.per_second,
    }


async def _acknowledge(rig: Rig, port: int, ids: list[UUID]) -> list[float]:
    headers = {"Authorization": f"Bearer {rig.world.api_key}"}
    seconds = []
    async with httpx2.AsyncClient(headers=headers, timeout=60) as client:
        for incident_id in ids:
            path = f"/v1/incidents/{incident_id}/acknowledgement"
            began = time.perf_counter()
            answer = await client.put(f"http://127.0.0.1:{port}{path}")
            seconds.append(time.perf_counter() - began)
            answer.raise_for_status()
            await asyncio.sleep(PAUSE_S)
    return seconds


SCENARIO = Scenario(
    "acknowledge",
    "acknowledge while 500 keys storm",
    (
        Budget("p50", "ms"),
        Budget("p95", "ms", 100, at_least=False),
        Budget("storm", "/s"),
    ),
    run,
)
