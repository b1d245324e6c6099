"""Every report over a year of 200,000 incidents and a million alerts, through the API."""

import time
from collections.abc import Mapping
from datetime import timedelta

import httpx2

from bench.percentiles import percentile
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check
from pagefree.infra.clock import system_clock
from pagefree.insights.reports import REPORTS

INCIDENTS = 200_000
ALERTS_EACH = 5
TIMES = 8  # each report
YEAR = timedelta(days=365)

# opened one after the other all year; answered within ten minutes, over within an hour
FILL = """
INSERT INTO incident_facts (
    incident_id, service_id, team_id, urgency, opened_at, acknowledged_at, resolved_at,
    reopened, steps, gave_up, merged, alerts, events
)
SELECT uuidv7(made.at - $4::timestamptz), $1, $2,
    CASE WHEN n % 3 = 0 THEN 'low' ELSE 'high' END, made.at,
    CASE WHEN n % 10 > 0 THEN made.at + n % 600 * interval '1 second' END,
    made.at + (600 + n % 3000) * interval '1 second', 0, 1 + n % 3, n % 50 = 0, false, 5, 35
FROM generate_series(1, $3::int) AS n, LATERAL (
    SELECT $4::timestamptz - n * (interval '364 days' / $3) AS at
) AS made
"""
FILL_ALERTS = """
INSERT INTO alert_facts (
    incident_id, dedup_key, service_id, team_id, title, opened_at, alerts, events, urgency,
    answered
)
SELECT f.incident_id, 'disk/' || (hashtext(f.incident_id::text) % 2000 + k), f.service_id,
    f.team_id, 'Disk is full', f.opened_at, 1, 7, f.urgency, f.acknowledged_at IS NOT NULL
FROM incident_facts AS f, generate_series(1, $1::int) AS k
"""
FILL_CALLS = """
INSERT INTO interruptions (incident_id, user_id, cause, team_id, service_id, urgency, at)
SELECT f.incident_id, u.id, 'step 1', f.team_id, f.service_id, f.urgency, f.opened_at
FROM incident_facts AS f, (SELECT id FROM users ORDER BY id LIMIT 1) AS u
"""
TABLES = ("incident_facts", "alert_facts", "interruptions")


async def run(rig: Rig) -> dict[str, float]:
    """Each report again and again, of the whole year; the first counts all incidents."""
    incidents = rig.size(INCIDENTS)
    await _fill(rig, incidents)
    now = system_clock()
    window = {
        "from": (now - YEAR).isoformat(),
        "to": (now + timedelta(days=1)).isoformat(),
    }
    headers = {"Authorization": f"Bearer {rig.world.api_key}"}
    figures: dict[str, float] = {}
    async with (
        rig.web() as web,
        httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{web.port}/v1/insights",
            headers=headers,
            timeout=60,
        ) as client,
    ):
        answer = await client.get("/summary", params=window)
        [[counted, *_]] = answer.json()["rows"]
        check(counted == incidents, f"{counted} of {incidents} counted")
        for key in REPORTS:
            figures[f"{key} p95"] = await _p95(client, key, window, rig.size(TIMES))
    return {"slowest p95": max(figures.values()), **figures}


async def _fill(rig: Rig, incidents: int) -> None:
    of = (rig.world.service_id, rig.world.team_id)
    async with rig.database() as connection:
        await connection.execute(FILL, *of, incidents, system_clock())
        await connection.execute(FILL_ALERTS, ALERTS_EACH)
        await connection.execute(FILL_CALLS)
        for table in TABLES:
            await connection.execute(f"VACUUM ANALYZE {table}")


async def _p95(
    client: httpx2.AsyncClient, key: str, window: Mapping[str, str], times: int
) -> float:
    """Milliseconds, as somebody sees them who asks again and again."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        answer = await client.get(f"/{key}", params=window)
        seconds.append(time.perf_counter() - began)
        answer.raise_for_status()
    return percentile(seconds, 95)


SCENARIO = Scenario(
    "insights",
    "reports over a year of 200,000 incidents and a million alerts",
    (
        Budget("slowest p95", "ms", 500, at_least=False),
        *(Budget(f"{key} p95", "ms") for key in REPORTS),
    ),
    run,
)
