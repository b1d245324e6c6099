"""L-8 and S7: 10 million raw requests, a million open alerts, 200,000 incidents; still quick?"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import httpx2

from bench.crowd import Crowd, fill
from bench.load import Paced, pace
from bench.percentiles import percentile
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Connection
from pagefree.infra.web import next_cursor

REQUESTS, INCIDENTS = 10_000_000, 200_000
TIMES = 100  # each question in peace
RATE, SECONDS = 1_000.0, 30.0
OF_ALERTS = "SELECT id FROM alerts WHERE {} ORDER BY id DESC LIMIT 50"
OF_INCIDENTS = "SELECT id FROM incidents WHERE {} ORDER BY id DESC LIMIT 50"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the API, and the statement that says the same."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    same: str = ""  # none: it is not a list


async def run(rig: Rig) -> dict[str, float]:
    """Each question again and again, first in peace, then while alerts come in."""
    async with rig.database() as connection:
        filled_s = await _fill(connection, rig)
        questions = await _questions(connection)
        expected = {
            name: [row["id"] for row in await connection.fetch(question.same)]
            for name, question in questions.items()
            if question.same
        }
    headers = {"Authorization": f"Bearer {rig.world.api_key}"}
    async with (
        rig.web() as web,
        httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{web.port}/v1", headers=headers, timeout=60
        ) as client,
    ):
        for name, ids in expected.items():
            listed = await _ids(client, questions[name])
            check(listed == ids, f"{name}: not what it should be")
        idle = await _in_peace(client, questions, rig.size(TIMES))
        load = pace(web.port, RATE, rig.seconds(SECONDS), rig.world.quiet_key)
        paced, busy = await _under_load(client, questions, asyncio.create_task(load))
    check(paced.errors == 0, f"{paced.errors} posts were refused")
    return {
        "slowest p99": max(idle.values()),
        **{f"{name} p99": idle[name] for name in questions},
        "p95 under load": percentile(busy, 95),
        "accept p99 meanwhile": paced.p99_ms,
        "filled in": filled_s,
    }


async def _fill(connection: Connection, rig: Rig) -> float:
    """In seconds; a crash meanwhile would lose it, so the disk is not waited for."""
    crowd = Crowd(rig.size(REQUESTS), rig.size(INCIDENTS), all_alerts_open=True)
    began = time.perf_counter()
    async with _carelessly(connection):
        await fill(connection, rig.world, crowd, system_clock())
    return time.perf_counter() - began


@asynccontextmanager
async def _carelessly(connection: Connection) -> AsyncIterator[None]:
    await connection.execute("ALTER SYSTEM SET fsync = off")
    await connection.execute("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        await connection.execute("ALTER SYSTEM RESET fsync")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.execute("CHECKPOINT")


async def _questions(connection: Connection) -> dict[str, Question]:
    incident, alert = [
        await connection.fetchval(
            f"SELECT id FROM {table} ORDER BY id OFFSET (SELECT count(*) / 2 FROM {table})"
            " LIMIT 1"
        )
        for table in ("incidents", "alerts")
    ]
    integration = await connection.fetchval("SELECT integration_id FROM alerts LIMIT 1")
    deep = next_cursor([alert], 1, lambda row: row) or ""
    critical = "status = 'open' AND severity = 'critical'"
    return {
        "open incidents": Question(
            "/incidents", {}, OF_INCIDENTS.format("status <> 'resolved'")
        ),
        "incident counts": Question("/incidents/counts"),
        "open alerts": Question("/alerts", {}, OF_ALERTS.format("status = 'open'")),
        "open alerts, deep": Question(
            "/alerts",
            {"cursor": deep},
            OF_ALERTS.format(f"status = 'open' AND id < '{alert}'"),
        ),
        "critical alerts": Question(
            "/alerts", {"severity": "critical"}, OF_ALERTS.format(critical)
        ),
        "alerts by words": Question(
            "/alerts",
            {"query": "node 1", "status": "all"},
            OF_ALERTS.format("title LIKE '%node 1%'"),
        ),
        "alerts of an incident": Question(
            f"/incidents/{incident}/alerts",
            {},
            OF_ALERTS.format(f"incident_id = '{incident}'"),
        ),
        "an alert": Question(f"/alerts/{alert}"),
        "timeline": Question(f"/incidents/{incident}/timeline"),
        "raw requests": Question(f"/integrations/{integration}/requests"),
        "unreadable requests": Question("/unread-requests"),
        "integrations": Question("/integrations"),
    }


async def _ids(client: httpx2.AsyncClient, question: Question) -> list[UUID]:
    answer = await client.get(question.path, params=question.query)
    answer.raise_for_status()
    return [UUID(item["id"]) for item in answer.json()["items"]]


async def _in_peace(
    client: httpx2.AsyncClient, questions: Mapping[str, Question], times: int
) -> dict[str, float]:
    found = {}
    for name, question in questions.items():
        taken = [await _seconds(client, question) for _ in range(times)]
        found[name] = percentile(taken, 99)
    return found


async def _under_load(
    client: httpx2.AsyncClient,
    questions: Mapping[str, Question],
    load: asyncio.Task[Paced],
) -> tuple[Paced, Sequence[float]]:
    """One question after the other, as somebody does who looks around, while it lasts."""
    taken = []
    while not load.done():
        for question in questions.values():
            taken.append(await _seconds(client, question))
            await asyncio.sleep(0.01)
    return await load, taken


async def _seconds(client: httpx2.AsyncClient, question: Question) -> float:
    began = time.perf_counter()
    answer = await client.get(question.path, params=question.query)
    taken = time.perf_counter() - began
    answer.raise_for_status()
    return taken


NAMES = (
    *("open incidents", "incident counts", "open alerts", "open alerts, deep"),
    *("critical alerts", "alerts by words", "alerts of an incident", "an alert"),
    *("timeline", "raw requests", "unreadable requests", "integrations"),
)
SCENARIO = Scenario(
    "L8",
    "10 million raw requests, a million open alerts, 200,000 incidents",
    (
        Budget("slowest p99", "ms", 25, at_least=False),
        *(Budget(f"{name} p99", "ms") for name in NAMES),
        Budget("p95 under load", "ms", 50, at_least=False),
        Budget("accept p99 meanwhile", "ms"),
        Budget("filled in", "s"),
    ),
    run,
)
