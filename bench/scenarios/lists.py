"""Incident lists over 200,000 incidents, through the API."""

import time
from collections.abc import Mapping
from uuid import UUID

import httpx2

from bench.percentiles import percentile
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check
from pagefree.infra.clock import system_clock
from pagefree.infra.web import next_cursor

INCIDENTS = 200_000
TIMES = 200  # each list
OPEN_EVERY = 10  # one in so many is open
LIMIT = 50

FILL = """
INSERT INTO incidents (
    id, service_id, team_id, title, status, severity, priority, urgency, alert_count,
    open_alert_count, last_seq, opened_at, resolved_at
)
SELECT uuidv7((n - $4::int) * interval '1 second'), $1, $2,
    'Disk is full on node ' || n,
    CASE WHEN n % $3 = 0 THEN 'triggered' ELSE 'resolved' END,
    'critical', 'P1', 'high', 1, 0, 1, $5::timestamptz + (n - $4::int) * interval '1 second',
    CASE WHEN n % $3 > 0 THEN $5::timestamptz END
FROM generate_series(1, $4::int) AS n
"""
# The same rows as plain statements.
OPEN = "SELECT id FROM incidents WHERE status <> 'resolved' ORDER BY id DESC LIMIT 50"
ALL = "SELECT id FROM incidents ORDER BY id DESC LIMIT 50"
DEEP = """
SELECT id FROM incidents WHERE id < $1 ORDER BY id DESC LIMIT 50
"""
WORDS = """
SELECT id FROM incidents WHERE title LIKE '%node%' AND title LIKE '%77%' ORDER BY id DESC LIMIT 50
"""
MIDDLE = "SELECT id FROM incidents ORDER BY id OFFSET $1 LIMIT 1"


async def run(rig: Rig) -> dict[str, float]:
    """Each kind of list again and again; each must be what a plain statement says."""
    incidents = rig.size(INCIDENTS)
    middle = await _fill(rig, incidents)
    headers = {"Authorization": f"Bearer {rig.world.api_key}"}
    figures = {}
    async with (
        rig.web() as web,
        httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{web.port}/v1", headers=headers, timeout=60
        ) as client,
    ):
        for name, (query, rows) in _lists(rig, middle).items():
            listed = await _ids(client, query)
            async with rig.database() as connection:
                asked = (middle,) if "$1" in rows else ()
                expected = [row["id"] for row in await connection.fetch(rows, *asked)]
            check(listed == expected, f"the list {name} is not what it should be")
            figures[f"{name} p99"] = await _p99(client, query, rig.size(TIMES))
    return figures


def _lists(rig: Rig, middle: UUID) -> dict[str, tuple[dict[str, str], str]]:
    """What to ask the API for, and the statement that says the same."""
    deep = next_cursor([middle], 1, lambda row: row) or ""
    team = str(rig.world.team_id)
    return {
        "open": ({}, OPEN),
        "deep": ({"status": "all", "cursor": deep}, DEEP),
        "of a team": ({"status": "all", "team_id": team}, ALL),
        "by words": ({"status": "all", "query": "node 77"}, WORDS),
    }


async def _fill(rig: Rig, incidents: int) -> UUID:
    """Returns the incident in the middle."""
    of = (rig.world.service_id, rig.world.team_id)
    async with rig.database() as connection:
        await connection.execute(FILL, *of, OPEN_EVERY, incidents, system_clock())
        await connection.execute("VACUUM ANALYZE incidents")
        middle: UUID = await connection.fetchval(MIDDLE, incidents // 2)
        return middle


async def _ids(client: httpx2.AsyncClient, query: Mapping[str, str]) -> list[UUID]:
    answer = await client.get("/incidents", params=query)
    answer.raise_for_status()
    return [UUID(item["id"]) for item in answer.json()["items"]]


async def _p99(
    client: httpx2.AsyncClient, query: Mapping[str, str], times: int
) -> float:
    """Milliseconds, as somebody sees them who asks again and again."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        answer = await client.get("/incidents", params=query)
        seconds.append(time.perf_counter() - began)
        answer.raise_for_status()
    return percentile(seconds, 99)


SCENARIO = Scenario(
    "lists",
    "incident lists over 200,000 incidents, through the API",
    (
        Budget("open p99", "ms", 25, at_least=False),
        Budget("deep p99", "ms", 25, at_least=False),
        Budget("of a team p99", "ms", 25, at_least=False),
        Budget("by words p99", "ms", 25, at_least=False),
    ),
    run,
)
