"""S1: a steady 1,000 distinct alerts a second; how long does a sender wait for its 202?"""

from bench.load import pace
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check

RATE = 1_000.0
SECONDS = 30.0


async def run(rig: Rig) -> dict[str, float]:
    """Post at a fixed pace; every 202 must be in the database."""
    async with rig.web() as web:
        seconds = rig.seconds(SECONDS)
        cpu = web.cpu_s()
        paced = await pace(web.port, RATE, seconds, rig.world.quiet_key)
        used = web.cpu_s() - cpu
    check(paced.errors == 0, f"{paced.errors} posts were refused")
    stored = await rig.count("SELECT count(*) FROM inbound_requests")
    check(stored == paced.answers, f"{paced.answers} accepted, {stored} stored")
    alerts = await rig.count("SELECT count(*) FROM alerts WHERE occurrences = 1")
    check(alerts == stored, f"{stored} distinct requests, {alerts} alerts")
    return {
        "accept p50": paced.p50_ms,
        "accept p99": paced.p99_ms,
        "accept max": paced.max_ms,
        "generator late p99": paced.own_late_p99_ms,
        "web CPU": 100 * used / seconds,
    }


SCENARIO = Scenario(
    "S1",
    "steady 1,000/s distinct, open loop",
    (
        Budget("accept p50", "ms"),
        Budget("accept p99", "ms", 15, at_least=False),
        Budget("accept max", "ms"),
        Budget("generator late p99", "ms"),
        Budget("web CPU", "% of a core"),
    ),
    run,
)
