"""S9: 10,000 escalation steps are due within one second; how late is each?"""

import asyncio
import time
from datetime import datetime, timedelta
from uuid import UUID

from bench.pages import once_each
from bench.percentiles import percentile
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check
from pagefree.core.alerts import Severity
from pagefree.core.routing import Urgency
from pagefree.incidents.service import Opening, open_many
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Connection
from pagefree.infra.ids import new_id
from pagefree.timeline.service import SYSTEM

STEPS = 10_000
INSTANTS = 20  # they are due at so many moments of the second
AHEAD = timedelta(seconds=4)  # of the first, to have written them all by then
LOOK_S = 0.02  # how often to look what was done: the lags are so much too long at most
PATIENCE_S = 30.0

DONE = """
SELECT id, incident_id FROM notifications
WHERE id > $1 AND incident_id IS NOT NULL ORDER BY id
"""


async def run(rig: Rig) -> dict[str, float]:
    """Each step must be taken once, in the order in which they are due, and page once."""
    steps = rig.size(STEPS)
    async with rig.sink() as sink, rig.worker() as worker, rig.database() as connection:
        due = await plan(rig, connection, steps, system_clock() + AHEAD)
        cpu = worker.cpu_s()
        lags = await watch(connection, due)
        pages = await sink.pages(steps)
        used = worker.cpu_s() - cpu
    check(len(lags) == steps, f"{steps} steps were due, {len(lags)} were taken")
    check(not (wrong := once_each(pages, steps)), str(wrong))
    taken = await rig.count(
        "SELECT count(*) FROM events WHERE kind = 'escalation.paged'"
    )
    check(taken == steps, f"{steps} steps were due, {taken} are in the timeline")
    unordered = await rig.count(UNORDERED)
    check(unordered == 0, f"{unordered} steps were taken before ones due earlier")
    last = max(page.at for page in pages) - min(due.values()).timestamp()
    return {
        "lag p50": percentile(lags, 50),
        "lag p99": percentile(lags, 99),
        "last page": last * 1e3,
        "worker CPU per step": used / steps * 1e6,
    }


UNORDERED = """
SELECT count(*) FROM (
    SELECT e.at < max(e.at) OVER (ORDER BY i.opened_at, e.at RANGE UNBOUNDED PRECEDING) AS late
    FROM events AS e JOIN incidents AS i ON i.id = e.incident_id
    WHERE e.kind = 'escalation.paged'
) AS steps WHERE late
"""


async def plan(
    rig: Rig,
    connection: Connection,
    steps: int,
    first: datetime,
    *,
    instants: int = INSTANTS,
) -> dict[UUID, datetime]:
    """Incidents that open, and escalate, at moments to come."""
    due: dict[UUID, datetime] = {}
    for number in range(min(instants, steps)):
        at = first + timedelta(seconds=1) * number / instants
        count = len(range(number, steps, instants))
        openings = [opening(rig, number + n * instants) for n in range(count)]
        async with connection.transaction():
            await open_many(connection, openings, at)
        due |= {one.incident_id: at for one in openings}
    check(system_clock() < first, "planning took longer than expected")
    return due


def opening(rig: Rig, number: int) -> Opening:
    """An incident that pages whoever is on call as soon as it is open."""
    return Opening(
        incident_id=new_id(),
        service_id=rig.world.service_id,
        team_id=rig.world.team_id,
        policy=rig.world.policy,
        title=f"Disk is full on node {number}",
        severity=Severity.CRITICAL,
        priority="P1",
        urgency=Urgency.HIGH,
        group_key=None,
        alert_count=0,
        cause=SYSTEM,
    )


async def watch(connection: Connection, due: dict[UUID, datetime]) -> list[float]:
    """How late each step was seen to be taken, in seconds."""
    lags: list[float] = []
    seen: set[UUID] = set()
    newest = UUID(int=0)
    until = time.monotonic() + PATIENCE_S
    while len(seen) < len(due) and time.monotonic() < until:
        await asyncio.sleep(LOOK_S)
        rows = await connection.fetch(DONE, newest)
        now = system_clock()
        for row in rows:
            if row["incident_id"] not in seen:
                seen.add(row["incident_id"])
                lags.append((now - due[row["incident_id"]]).total_seconds())
        newest = rows[-1]["id"] if rows else newest
    return lags


SCENARIO = Scenario(
    "S9",
    "10,000 escalation steps due within a second",
    (
        Budget("lag p50", "ms"),
        Budget("lag p99", "ms", 1000, at_least=False),
        Budget("last page", "ms"),
        Budget("worker CPU per step", "us"),
    ),
    run,
)
