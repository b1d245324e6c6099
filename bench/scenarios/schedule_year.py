"""A year of one schedule: as core answers it, and drawn through the API."""

import gc
import time
from datetime import datetime, timedelta

import httpx2

from bench.percentiles import percentile
from bench.rig import Rig
from bench.rotas import BEGIN, plans
from bench.scenario import Budget, Scenario, check
from pagefree.core.schedules import final_shifts, on_call
from pagefree.infra.clock import system_clock

TIMES = 100
YEAR = timedelta(days=365)
LAYERS: tuple[dict[str, object], ...] = (
    {"unit": "week", "lengths": [1]},
    {
        "unit": "day",
        "lengths": [4, 3],
        "restriction": {
            "windows": [
                {"weekdays": [0, 1, 2, 3, 4], "start": "20:00", "end": "06:00"}
            ],
            "holidays": {"country": "DE", "mode": "except"},
        },
    },
    {
        "unit": "hour",
        "lengths": [12],
        "restriction": {
            "windows": [{"weekdays": [5, 6], "start": "00:00", "end": "00:00"}]
        },
    },
)


async def run(rig: Rig) -> dict[str, float]:
    """The final shifts must be whom the pager would page, whenever it is asked."""
    gc.freeze()  # as a process that has started does
    core = [_core() for _ in range(rig.size(TIMES))]
    gc.unfreeze()
    headers = {"Authorization": f"Bearer {rig.world.api_key}"}
    async with (
        rig.web() as web,
        httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{web.port}/v1", headers=headers, timeout=60
        ) as client,
    ):
        path = await _schedule(rig, client)
        drawn = [await draw(client, path) for _ in range(rig.size(TIMES))]
    return {
        "core p50": percentile(core, 50),
        "core p95": percentile(core, 95),
        "through the API p50": percentile(drawn, 50),
        "through the API p95": percentile(drawn, 95),
    }


def _core() -> float:
    [plan] = plans(1)
    began = time.perf_counter()
    shifts = final_shifts(plan, BEGIN, BEGIN + YEAR)
    took = time.perf_counter() - began
    for shift in shifts:
        check(on_call(plan, shift.start) == shift.people, f"at {shift.start}")
    return took


async def _schedule(rig: Rig, client: httpx2.AsyncClient) -> str:
    """The path of a new schedule, which everybody of the installation is on."""
    users = (await client.get("/users")).json()["items"]
    people = [user["id"] for user in users]
    layers = [
        {**layer, "name": str(n), "start_at": BEGIN.isoformat(), "user_ids": people}
        for n, layer in enumerate(LAYERS)
    ]
    body = {
        "name": "A year",
        "team_id": str(rig.world.team_id),
        "time_zone": "Europe/Berlin",
        "layers": layers,
    }
    answer = await client.post("/schedules", json=body)
    check(answer.status_code == 201, answer.text)
    return f"/schedules/{answer.json()['id']}"


async def draw(client: httpx2.AsyncClient, path: str) -> float:
    """Seconds that a year from now takes; its shifts must follow each other."""
    start = system_clock().replace(microsecond=0)
    window = {"start": start.isoformat(), "end": (start + YEAR).isoformat()}
    began = time.perf_counter()
    answer = await client.get(f"{path}/timeline", params=window)
    took = time.perf_counter() - began
    final = answer.json()["final"]
    ends = [datetime.fromisoformat(shift["end"]) for shift in final]
    begins = [datetime.fromisoformat(shift["start"]) for shift in final]
    check(begins == [start, *ends[:-1]], "the shifts do not follow each other")
    check(ends[-1] == start + YEAR, "the shifts do not fill the year")
    return took


SCENARIO = Scenario(
    "schedule-year",
    "a year of one schedule of three layers",
    (
        Budget("core p50", "ms"),
        Budget("core p95", "ms", 100, at_least=False),
        Budget("through the API p50", "ms"),
        Budget("through the API p95", "ms", 100, at_least=False),
    ),
    run,
)
