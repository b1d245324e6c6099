"""S3 with 200 routing rules: what do they cost where hardly any matches?"""

import asyncio
from datetime import timedelta

from bench.load import Load, wrk
from bench.processes import Child
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check
from pagefree.core.access import Actor
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Channel, create_engine, transaction
from pagefree.infra.ids import new_id
from pagefree.routing import service as routing
from pagefree.routing.actions import RuleActions
from pagefree.routing.service import Draft

RULES = 200
SECONDS = 3.0
SETTLE_S = 1.5  # until ingest has heard of a change of the rules
TURNS = (False, True, True, False)  # a database that grows favours neither
ADMIN = Actor(new_id(), "Bench", platform_admin=True)
# as people write them; the last one matches what is posted
CONDITIONS = (
    'labels.team == "team-{n}" && severity == "critical"',
    'title.startsWith("Backup {n} ")',
    'service == "service-{n}"',
    'title.contains("timeout {n}") && labels.env == "prod"',
    'title.matches("^CPU {n} .* hot")',
    '"cluster" in labels && labels["cluster"].startsWith("eu-{n}-")',
    'kind == "datadog" || labels.queue == "queue-{n}"',
    'severity in ["warning", "info"] && title.endsWith("on host {n}")',
)
MATCHING = 'title.endsWith("node 7")'


async def run(rig: Rig) -> dict[str, float]:
    """Post distinct alerts by turns with and without the rules."""
    await _make(rig)
    loads: dict[bool, list[Load]] = {True: [], False: []}
    cpu = dict.fromkeys(loads, 0.0)
    async with rig.web() as web:
        for turn, ruled in enumerate(TURNS):
            await _switch(rig, ruled=ruled)
            before = web.cpu_s() + rig.postgres_cpu_s()
            loads[ruled].append(await _load(rig, web, turn))
            cpu[ruled] += web.cpu_s() + rig.postgres_cpu_s() - before
    routed = await rig.count("SELECT count(*) FROM incidents WHERE priority = 'P5'")
    check(routed > 0, "no rule has matched")
    each = {k: cpu[k] / sum(one.answers for one in loads[k]) for k in loads}
    rates = {k: sum(one.per_second for one in loads[k]) / len(loads[k]) for k in loads}
    return {
        # CPU is what bounds S3, and it does not depend on what else the machine does
        "cost": (each[True] / each[False] - 1) * 100,
        "CPU of rules per event": (each[True] - each[False]) * 1e6,
        "cost in alerts": (1 - rates[True] / rates[False]) * 100,
        "alerts": rates[True],
    }


async def _load(rig: Rig, web: Child, turn: int) -> Load:
    seconds, key = rig.seconds(SECONDS), rig.world.quiet_key
    load = await wrk(web.port, seconds, key, prefix=f"turn{turn}-")
    check(
        load.refused == load.broken == 0,
        f"{load.refused} refused, {load.broken} broken",
    )
    return load


async def _make(rig: Rig) -> None:
    now = system_clock()
    conditions = [CONDITIONS[n % len(CONDITIONS)] for n in range(RULES - 1)]
    texts = [text.replace("{n}", str(n)) for n, text in enumerate(conditions)]
    actions = RuleActions(priority="P5")
    engine = create_engine(rig.database_url, pool_size=1)
    try:
        async with transaction(engine) as tx:
            for n, text in enumerate([*texts, MATCHING]):
                draft = Draft(f"rule {n}", text, None, actions)
                later = now + timedelta(microseconds=n)
                await routing.create_rule(tx, None, draft, ADMIN, later)
    finally:
        await engine.dispose()


async def _switch(rig: Rig, *, ruled: bool) -> None:
    async with rig.database() as connection:
        await connection.execute("UPDATE routing_rules SET enabled = $1", ruled)
        await connection.execute("SELECT pg_notify($1, '')", Channel.CONFIG.value)
    await asyncio.sleep(SETTLE_S)


SCENARIO = Scenario(
    "S3R",
    "S3 with 200 routing rules",
    (
        Budget("cost", "%", 20, at_least=False),
        Budget("CPU of rules per event", "us"),
        Budget("cost in alerts", "%"),
        Budget("alerts", "/s"),
    ),
    run,
)
