"""What one event costs: CPU, WAL, rows and disk; the figures that docs/explanation/scale.md uses."""

import asyncio
from dataclasses import dataclass, fields

from bench.load import Load, wrk
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check

SECONDS = 10.0
FEW_KEYS = 50
IDLE_S = 2.0  # until what was set going is done
WAL = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"
DISK = "SELECT pg_database_size(current_database())"
ROWS = """
SELECT (SELECT count(*) FROM inbound_requests) + (SELECT count(*) FROM alerts)
    + (SELECT count(*) FROM incidents) + (SELECT count(*) FROM escalations)
    + (SELECT count(*) FROM events)
"""
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


@dataclass(frozen=True, slots=True)
class Counted:
    """What had been used so far."""

    web_cpu_s: float
    postgres_cpu_s: float
    wal: float  # bytes
    disk: float  # bytes
    rows: float


async def run(rig: Rig) -> dict[str, float]:
    """Distinct events, then duplicates; each divided by how many there were."""
    figures: dict[str, float] = {}
    async with rig.web() as web:
        for name, keys in (("distinct", 0), ("duplicate", FEW_KEYS)):
            before = await _count(rig, web.cpu_s())
            load = await _post(rig, web.port, keys)
            await asyncio.sleep(IDLE_S)
            after = await _count(rig, web.cpu_s())
            figures |= _each(name, before, after, load.answers)
        figures["connections of a web process"] = await rig.count(CONNECTIONS) - 1
    return figures


async def _post(rig: Rig, port: int, keys: int) -> Load:
    load = await wrk(
        port, rig.seconds(SECONDS), rig.world.quiet_key, keys=keys, prefix=f"c{keys}-"
    )
    check(load.refused == 0, f"{load.refused} posts were refused")
    check(load.answers > 0, "nothing was answered")
    return load


async def _count(rig: Rig, web_cpu_s: float) -> Counted:
    async with rig.database() as connection:
        await connection.execute("CHECKPOINT")  # pages are written whole once after it
        wal, disk, rows = [
            float(await connection.fetchval(query)) for query in (WAL, DISK, ROWS)
        ]
    return Counted(web_cpu_s, rig.postgres_cpu_s(), wal, disk, rows)


def _each(name: str, before: Counted, after: Counted, events: int) -> dict[str, float]:
    used = {
        one.name: (getattr(after, one.name) - getattr(before, one.name)) / events
        for one in fields(Counted)
    }
    return {
        f"{name}: web CPU": used["web_cpu_s"] * 1e6,
        f"{name}: PostgreSQL CPU": used["postgres_cpu_s"] * 1e6,
        f"{name}: WAL": used["wal"],
        f"{name}: disk": used["disk"],
        f"{name}: rows": used["rows"],
    }


MICROSECONDS = "\N{MICRO SIGN}s"
UNITS = {
    "web CPU": MICROSECONDS,
    "PostgreSQL CPU": MICROSECONDS,
    "WAL": "B",
    "disk": "B",
    "rows": "",
}
SCENARIO = Scenario(
    "cost",
    "what one event costs",
    (
        *(
            Budget(f"{name}: {what}", unit)
            for name in ("distinct", "duplicate")
            for what, unit in UNITS.items()
        ),
        Budget("connections of a web process", ""),
    ),
    run,
)
