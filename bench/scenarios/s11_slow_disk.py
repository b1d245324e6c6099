"""S11: S3 on a disk that takes two milliseconds to flush, as those of clouds do."""

from bench.rig import Rig
from bench.scenario import Budget, Scenario
from bench.scenarios import s3_distinct

FLUSH_US = 2_000
CONNECTIONS = 256


async def run(rig: Rig) -> dict[str, float]:
    """Each commit waits as if for the disk; what is stored is checked as in S3."""
    async with rig.database() as server:
        await server.execute(f"ALTER SYSTEM SET commit_delay = {FLUSH_US}")
        await server.execute("ALTER SYSTEM SET commit_siblings = 0")
        await server.execute("SELECT pg_reload_conf()")
        try:
            return await s3_distinct.storm(rig, CONNECTIONS)
        finally:
            await server.execute("ALTER SYSTEM RESET ALL")
            await server.execute("SELECT pg_reload_conf()")


SCENARIO = Scenario(
    "S11",
    f"distinct alerts on a disk of 2 ms a flush, closed loop of {CONNECTIONS}",
    (
        Budget("alerts", "/s", 8_000),
        Budget("p99", "ms"),
        Budget("web CPU per event", "us"),
    ),
    run,
)
