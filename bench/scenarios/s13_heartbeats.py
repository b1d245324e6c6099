"""S13: 100,000 heartbeats ping once a minute, and one in a hundred falls silent."""

import asyncio
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import msgspec

from bench.percentiles import percentile
from bench.processes import output_of
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Connection
from pagefree.infra.ids import new_id

HEARTBEATS = 100_000
PERIOD_S = 60.0
GRACE = timedelta(seconds=5)
SILENT = 100  # one in so many
LOOK_S = 0.05  # how often to look what was found: the lags are so much too long at most
PATIENCE_S = 30.0  # after the last one should have been found

INTEGRATION = """
INSERT INTO integrations (id, service_id, kind, name, created_at)
SELECT $1, id, 'heartbeat', 'Heartbeats', $2 FROM services WHERE name = 'Quiet'
"""
MAKE = """
INSERT INTO heartbeats (
    id, integration_id, ping_id, name, slug, severity, period, time_zone, grace, state,
    created_at
)
SELECT id, $1, ping_id, 'Job ' || n, 'job-' || n, 'critical', $2, 'UTC', $3, 'new', $4
FROM unnest($5::uuid[], $6::uuid[]) WITH ORDINALITY AS new (id, ping_id, n)
"""
FOUND = "SELECT id, dedup_key FROM alerts WHERE id > $1 ORDER BY id"
PINGED = "SELECT id, last_ping_at FROM heartbeats WHERE id = ANY ($1::uuid[])"


class Pinged(msgspec.Struct):
    """What the pinging program saw."""

    answers: int
    errors: int
    p50_ms: float
    p99_ms: float


async def run(rig: Rig) -> dict[str, float]:
    """Every silent one must be found, no other, and every ping be answered and kept."""
    count, period = rig.size(HEARTBEATS), timedelta(seconds=rig.seconds(PERIOD_S))
    async with rig.database() as connection:
        ids, ping_ids = await _make(connection, count, period)
        silent = ids[::SILENT]
        async with rig.web() as web, rig.worker() as worker:
            cpu = web.cpu_s() + worker.cpu_s()
            began, postgres = time.perf_counter(), rig.postgres_cpu_s()
            watching = asyncio.create_task(_watch(connection, silent, period))
            pinged = await _ping(web.port, ping_ids, count / period.total_seconds())
            found = await watching
            took = time.perf_counter() - began
            used = (web.cpu_s() + worker.cpu_s() - cpu) / took
            postgres_used = (rig.postgres_cpu_s() - postgres) / took
        last = {
            row["id"]: row["last_ping_at"]
            for row in await connection.fetch(PINGED, list(found))
        }
    check(pinged.errors == 0, f"{pinged.errors} pings were refused")
    sent = 2 * count - len(silent)
    check(pinged.answers == sent, f"{sent} were sent, {pinged.answers} answered")
    kept = await rig.count("SELECT sum(ping_count)::bigint FROM heartbeats")
    check(kept == sent, f"{sent} were answered, {kept} are kept")
    missing = set(silent) - found.keys()
    check(not missing, f"{len(missing)} of {len(silent)} silent ones were not found")
    # the others fall silent too, when the pings end
    late = {
        i: (at - last[i] - period - GRACE).total_seconds() for i, at in found.items()
    }
    check(min(late.values()) >= 0, "one was found before it was down")
    lags = [late[i] for i in silent]
    return {
        "lag p50": percentile(lags, 50),
        "lag p99": percentile(lags, 99),
        "ping p99": pinged.p99_ms,
        "PageFree CPU": used,
        "PostgreSQL CPU": postgres_used,
    }


async def _make(
    connection: Connection, count: int, period: timedelta
) -> tuple[list[UUID], list[UUID]]:
    now, integration_id = system_clock(), new_id()
    await connection.execute(INTEGRATION, integration_id, now)
    ids = [new_id() for _ in range(count)]
    ping_ids = [uuid4() for _ in range(count)]
    await connection.execute(
        MAKE, integration_id, period, GRACE, now, ids, ping_ids, timeout=120
    )
    await connection.execute("ANALYZE heartbeats")
    return ids, ping_ids


async def _ping(port: int, ping_ids: list[UUID], rate: float) -> Pinged:
    with tempfile.TemporaryDirectory(prefix="pagefree-bench-") as folder:
        file = Path(folder) / "ids"
        file.write_text("\n".join(map(str, ping_ids)), encoding="ascii")
        text = await output_of(
            sys.executable,
            "-m",
            "bench.pings",
            *("--port", str(port), "--ids", str(file)),
            *("--rate", str(rate), "--silent", str(SILENT)),
        )
    return msgspec.json.decode(text.splitlines()[-1], type=Pinged)


async def _watch(
    connection: Connection, silent: list[UUID], period: timedelta
) -> dict[UUID, datetime]:
    """When each was seen to be found, until all that are silent were."""
    found: dict[UUID, datetime] = {}
    newest = UUID(int=0)
    longest = 2 * period + GRACE + timedelta(seconds=PATIENCE_S)
    until = time.monotonic() + longest.total_seconds()
    while time.monotonic() < until and not found.keys() >= set(silent):
        await asyncio.sleep(LOOK_S)
        rows = await connection.fetch(FOUND, newest)
        now = system_clock()
        for row in rows:
            found[UUID(row["dedup_key"].removeprefix("heartbeat:"))] = now
        newest = rows[-1]["id"] if rows else newest
    return found


SCENARIO = Scenario(
    "S13",
    "100,000 heartbeats a minute, one in a hundred falls silent",
    (
        Budget("lag p50", "ms"),
        Budget("lag p99", "ms", 2000, at_least=False),
        Budget("ping p99", "ms"),
        Budget("PageFree CPU", "cores"),
        Budget("PostgreSQL CPU", "cores"),
    ),
    run,
)
