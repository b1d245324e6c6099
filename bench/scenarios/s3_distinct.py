"""S3: every post a new condition, as fast as 64 connections can post."""

from bench.load import CONNECTIONS, wrk
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check

SECONDS = 10.0


async def run(rig: Rig) -> dict[str, float]:
    """Post distinct alerts; each must have an alert, an incident and an escalation."""
    return await storm(rig, CONNECTIONS)


async def storm(rig: Rig, connections: int) -> dict[str, float]:
    """The same with so many connections."""
    key = rig.world.quiet_key
    async with rig.web() as web:
        cpu = web.cpu_s()
        load = await wrk(web.port, rig.seconds(SECONDS), key, connections=connections)
        used = web.cpu_s() - cpu
    check(
        load.refused == load.broken == 0,
        f"{load.refused} refused, {load.broken} broken",
    )
    stored = await rig.count("SELECT count(*) FROM inbound_requests")
    check(
        load.answers <= stored <= load.answers + connections,
        f"{load.answers} answers, {stored} stored",
    )
    for table in ("alerts", "incidents", "escalations", "events"):
        rows = await rig.count(f"SELECT count(*) FROM {table}{_ONLY.get(table, '')}")
        check(rows == stored, f"{stored} stored, {rows} {table}")
    keys = await rig.count("SELECT count(DISTINCT dedup_key) FROM alerts")
    check(keys == stored, f"{stored} stored, {keys} dedup keys")
    return {
        "alerts": load.per_second,
        "p99": load.p99_ms,
        "web CPU per event": used / stored * 1e6,
    }


_ONLY = {"events": " WHERE kind = 'incident.triggered'"}

SCENARIO = Scenario(
    "S3",
    "distinct alerts, closed loop of 64",
    (
        Budget("alerts", "/s", 0.18, floor="A2"),
        Budget("p99", "ms"),
        Budget("web CPU per event", "us"),
    ),
    run,
)
