"""A status page in front of everybody, with an update a second; then without its database."""

import asyncio
import time

import asyncpg
import httpx2

from bench import status
from bench.load import Load
from bench.percentiles import percentile
from bench.readers import read
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check
from bench.status import StatusPage
from pagefree.infra.db import create_engine, transaction

SECONDS = 30.0
EVERY_S = 1.0
LOOK_S = 0.05
PATIENCE_S = 20.0
ROOT = f"/s/{status.SLUG}/"
PATHS = (ROOT, f"{ROOT}api/v2/summary.json", f"{ROOT}api/v2/status.json")
SUMMARY = f"{ROOT}api/v2/summary.json"


async def run(rig: Rig) -> dict[str, float]:
    """Every request must be answered 200, and every update seen."""
    seconds = rig.seconds(SECONDS)
    engine = create_engine(rig.database_url)
    try:
        async with transaction(engine) as tx:
            page = await status.build(tx, rig)
        async with rig.web() as web, rig.worker():
            await _seen(web.port, "We look into it.")
            cpu = web.cpu_s()
            load = asyncio.create_task(read(web.port, seconds, PATHS))
            seen = await _tell(rig, page, web.port, load)
            with_database = await load
            used = web.cpu_s() - cpu
        async with rig.web() as web:
            await _seen(web.port, f"Update {len(seen)}.")
            await _cut_off(rig)
            without = await read(web.port, seconds, PATHS)
            await _seen(web.port, f"Update {len(seen)}.")
    finally:
        await engine.dispose()
    for one in (with_database, without):
        check(
            one.refused == one.broken == 0, f"{one.refused + one.broken} were refused"
        )
    return {
        "requests": with_database.per_second,
        "p99": with_database.p99_ms,
        "update seen max": max(seen) * 1000,
        "update seen p50": percentile(seen, 50),
        "web CPU per request": used / with_database.answers * 1e6,
        "requests without database": without.per_second,
        "p99 without database": without.p99_ms,
    }


async def _tell(
    rig: Rig, page: StatusPage, port: int, load: asyncio.Task[Load]
) -> list[float]:
    """An update a second while the load runs; the seconds until each was seen."""
    engine = create_engine(rig.database_url)
    seen: list[float] = []
    try:
        while not load.done() or not seen:
            begun = time.monotonic()
            body = f"Update {len(seen) + 1}."
            async with transaction(engine) as tx:
                await status.tell(tx, page, body)
            committed = time.monotonic()
            await _seen(port, body)
            seen.append(time.monotonic() - committed)
            await asyncio.sleep(max(0.0, begun + EVERY_S - time.monotonic()))
    finally:
        await engine.dispose()
    return seen


async def _seen(port: int, body: str) -> None:
    """Wait until whoever asks anew reads it."""
    url = f"http://127.0.0.1:{port}{SUMMARY}"
    end = time.monotonic() + PATIENCE_S
    async with httpx2.AsyncClient(timeout=PATIENCE_S) as client:
        while True:
            answer = await client.get(url)
            if answer.is_success and body in answer.text:
                return
            check(time.monotonic() < end, f"{body!r} is never seen")
            await asyncio.sleep(LOOK_S)


async def _cut_off(rig: Rig) -> None:
    """Nobody gets to the database any more."""
    connection = await asyncpg.connect(rig.template.server_url)
    try:
        await connection.execute("ALTER DATABASE bench ALLOW_CONNECTIONS false")
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'bench'"
        )
    finally:
        await connection.close()


SCENARIO = Scenario(
    "S8",
    "a status page of 20 components, an update a second; then with its database gone",
    (
        Budget("requests", "/s", 10_000),
        Budget("p99", "ms", 20, at_least=False),
        Budget("update seen max", "ms", 2000, at_least=False),
        Budget("update seen p50", "ms"),
        Budget("web CPU per request", "us"),
        Budget("requests without database", "/s", 10_000),
        Budget("p99 without database", "ms", 20, at_least=False),
    ),
    run,
)
