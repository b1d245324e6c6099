"""S2: a storm of the same 50 conditions, as fast as 64 connections can post."""

from bench.load import CONNECTIONS, wrk
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check

KEYS = 50
SECONDS = 10.0


async def run(rig: Rig) -> dict[str, float]:
    """Post duplicates; 50 alerts must count every stored request exactly once."""
    async with rig.web() as web:
        cpu = web.cpu_s()
        load = await wrk(web.port, rig.seconds(SECONDS), rig.world.quiet_key, keys=KEYS)
        used = web.cpu_s() - cpu
    check(
        load.refused == load.broken == 0,
        f"{load.refused} refused, {load.broken} broken",
    )
    stored = await rig.count("SELECT count(*) FROM inbound_requests")
    check(
        load.answers <= stored <= load.answers + CONNECTIONS,
        f"{load.answers} answers, {stored} stored",
    )
    open_alerts = await rig.count("SELECT count(*) FROM alerts WHERE status = 'open'")
    check(open_alerts == min(KEYS, stored), f"{open_alerts} open alerts")
    counted = await rig.count("SELECT sum(occurrences)::bigint FROM alerts")
    check(counted == stored, f"{stored} stored, {counted} counted")
    incidents = await rig.count("SELECT count(*) FROM incidents")
    check(incidents == open_alerts, f"{incidents} incidents")
    return {
        "events": load.per_second,
        "p99": load.p99_ms,
        "web CPU per event": used / stored * 1e6,
    }


SCENARIO = Scenario(
    "S2",
    "duplicates over 50 keys, closed loop of 64",
    (
        Budget("events", "/s", 0.20, floor="A2"),
        Budget("p99", "ms"),
        Budget("web CPU per event", "us"),
    ),
    run,
)
