"""L-5: who is on call, of 500 schedules among 10,000 people; and a year of one of them."""

import time
from collections.abc import Sequence
from uuid import UUID

import httpx2

from bench.percentiles import percentile
from bench.rig import Rig
from bench.rotas import BEGIN
from bench.scenario import Budget, Scenario, check
from bench.scenarios.schedule_year import draw
from pagefree.core.access import Actor
from pagefree.core.rotations import Unit
from pagefree.infra.clock import system_clock
from pagefree.infra.db import create_engine, transaction
from pagefree.schedules import editing as schedules
from pagefree.schedules import plans

PEOPLE, SCHEDULES = 10_000, 500
LAYERS = (Unit.WEEK, Unit.DAY)  # each among half of a schedule's people
TIMES, YEARS = 50, 10
FILL = """
INSERT INTO users (id, email, name, time_zone, created_at)
SELECT uuidv7(), 'turn-' || n || '@example.org', 'Turn ' || n, 'Europe/Berlin', $1
FROM generate_series(1, $2::int) AS n
RETURNING id
"""


async def run(rig: Rig) -> dict[str, float]:
    """Somebody must be on call in each, and in one at every instant of a year."""
    people, count = rig.size(PEOPLE), rig.size(SCHEDULES)
    schedule = await _fill(rig, people, count)
    headers = {"Authorization": f"Bearer {rig.world.api_key}"}
    asked = []
    async with (
        rig.web() as web,
        httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{web.port}/v1", headers=headers, timeout=60
        ) as client,
    ):
        await client.get("/on-call")  # the first one finds nothing prepared
        for _ in range(rig.size(TIMES)):
            began = time.perf_counter()
            answer = await client.get("/on-call")
            asked.append(time.perf_counter() - began)
            check(answer.is_success, answer.text)
            held = sum(bool(one["users"]) for one in answer.json())
            check(held > count, f"{held} of {count + 1} schedules have somebody")
        path = f"/schedules/{schedule}"
        drawn = [await draw(client, path) for _ in range(rig.size(YEARS))]
    return {
        "who is on call p50": percentile(asked, 50),
        "who is on call p99": percentile(asked, 99),
        "a year of one p50": percentile(drawn, 50),
        "a year of one max": percentile(drawn, 100),
    }


async def _fill(rig: Rig, people: int, count: int) -> UUID:
    """Returns one of the schedules."""
    now = system_clock()
    async with rig.database() as connection:
        ids = [row["id"] for row in await connection.fetch(FILL, now, people)]
        await connection.execute("ANALYZE users")
    actor = Actor(ids[0], "Turn 1", platform_admin=True)
    engine = create_engine(rig.database_url)
    try:
        async with transaction(engine) as tx:
            made = [
                await schedules.create(tx, _draft(rig, n, ids[n::count]), actor, now)
                for n in range(count)
            ]
    finally:
        await engine.dispose()
    return made[0]


def _draft(rig: Rig, number: int, people: Sequence[UUID]) -> plans.Draft:
    layers = tuple(
        plans.NewLayer(
            start_at=BEGIN,
            unit=unit,
            user_ids=tuple(people[part :: len(LAYERS)] or people),
        )
        for part, unit in enumerate(LAYERS)
    )
    name = f"Schedule {number}"
    return plans.Draft(name, rig.world.team_id, "Europe/Berlin", layers)


SCENARIO = Scenario(
    "L5",
    "who is on call of 500 schedules among 10,000 people, through the API",
    (
        Budget("who is on call p50", "ms"),
        Budget("who is on call p99", "ms", 100, at_least=False),
        Budget("a year of one p50", "ms"),
        Budget("a year of one max", "ms", 1000, at_least=False),
    ),
    run,
    once=True,
)
