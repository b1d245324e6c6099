"""Whatever is killed whenever: nothing that was answered 2xx is lost, and everybody is paged."""

import asyncio
import os
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.infra.clock import system_clock
from pagefree.infra.db import transaction
from pagefree.invariants.service import list_violations
from tests.crash.installation import Installation
from tests.crash.monitoring_tool import Event, MonitoringTool
from tests.programs import Program, eventually

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.crash]

WHILE_STARTING = 0.2  # so often it is not waited for until it works
WORKING = {"web": "PageFree is at", "worker": "Working: "}
# the lease of a message that was being sent is 30 s, and its next try may be cut off, too;
# what is bundled waits for the next minute besides
DRAIN_S = 150
SEED = "CRASH_SEED"  # to see a failure again

# As if two minutes had passed, in which nobody worked: what the dead had leased is due, and
# so is what is told in one message a minute.
LATER = """
UPDATE notifications
SET due_at = due_at - interval '2 minutes', finished_at = finished_at - interval '2 minutes'
"""
LEFT = """
SELECT channel || ' ' || status || ' ' || attempt_count AS what, count(*),
    max(due_at - :now) AS latest
FROM notifications WHERE due_at IS NOT NULL GROUP BY 1
UNION ALL SELECT 'escalation', count(*), max(due_at - :now)
FROM escalations WHERE due_at <= :now HAVING count(*) > 0
"""
STORED = """
SELECT convert_from(body, 'UTF8')::jsonb ->> 'event_action' AS action,
    convert_from(body, 'UTF8')::jsonb ->> 'dedup_key' AS dedup_key, count(*)
FROM inbound_requests WHERE outcome = 'processed' GROUP BY 1, 2
"""
NOT_PAGED = """
SELECT i.id FROM incidents AS i
WHERE i.status = 'triggered' AND NOT EXISTS (
    SELECT FROM notifications AS n
    WHERE n.incident_id = i.id AND n.channel = 'email' AND n.status = 'accepted')
"""
UNFLAGGED = """
SELECT n.id FROM notifications AS n JOIN attempts AS a ON a.notification_id = n.id
WHERE n.channel = 'email' AND n.attempt_count > 1
GROUP BY n.id HAVING NOT bool_or(a.possible_duplicate)
"""
# with the whole story of each key, to understand a failure by
WRONG_STATE = """
SELECT a.dedup_key, array_agg(a.status || a.opened_at || coalesce(a.resolved_at::text, '')),
    (SELECT array_agg(r.received_at || (convert_from(r.body, 'UTF8')::jsonb ->> 'event_action')
            || r.event_outcomes::text || r.alert_ids::text ORDER BY r.received_at)
        FROM inbound_requests AS r
        WHERE convert_from(r.body, 'UTF8')::jsonb ->> 'dedup_key' = a.dedup_key)
FROM alerts AS a GROUP BY a.dedup_key, a.integration_id
HAVING (count(*) FILTER (WHERE a.status = 'open') > 0) <> (a.dedup_key = ANY(:open))
"""


@dataclass(frozen=True, slots=True)
class Killing:
    """How often each process is killed, and how long it may work before."""

    times: int
    after_s: tuple[float, float]

    async def kill(self, part: Program, chance: random.Random) -> None:
        """Kill and restart: mostly at work, sometimes while it starts."""
        for _ in range(self.times):
            if chance.random() > WHILE_STARTING:
                await part.wait_for(WORKING[part.name])
            await asyncio.sleep(chance.uniform(*self.after_s))
            assert part.runs, part.printed
            part.kill()
            part.forget_output()
            part.start()
        await part.wait_for(WORKING[part.name])


@pytest.mark.fault("T-04", "web and worker are killed at random moments under load")
@pytest.mark.parametrize(
    "killing",
    [
        pytest.param(Killing(5, (0.3, 3.0)), id="quick"),
        pytest.param(Killing(10, (0.5, 6.0)), id="long", marks=pytest.mark.long),
    ],
)
async def test_sigkill_at_random_moments_loses_nothing_and_leaves_nothing_stuck(
    installation: Installation, engine: AsyncEngine, killing: Killing
) -> None:
    seed = int(os.environ.get(SEED, random.SystemRandom().randrange(1_000_000)))
    print(f"{SEED}={seed}")  # noqa: T201 -- shown when the test fails
    async with httpx2.AsyncClient(base_url=installation.address) as client:
        tool = MonitoringTool(client, installation.routing_key)
        killers = asyncio.gather(
            *(
                killing.kill(part, random.Random(f"{seed} {part.name}"))
                for part in (installation.web, installation.worker)
            )
        )
        await tool.send_until(killers.done, random.Random(seed))
        await killers
    await die_for_two_minutes(installation.worker, engine)
    await drained(engine)

    assert tool.refused > 0  # the kills were felt
    async with transaction(engine) as tx:
        stored = {
            Event(row.action, row.dedup_key): row.count
            for row in await tx.execute(text(STORED))
        }
        lost = Counter(tool.taken) - Counter(stored)
        still_open = sorted(open_after(tool.taken))
        wrong = await tx.execute(text(WRONG_STATE), {"open": still_open})
        assert lost == Counter()
        assert wrong.all() == []
        assert (await tx.execute(text(NOT_PAGED))).all() == []
        assert (await tx.execute(text(UNFLAGGED))).all() == []
        assert await list_violations(tx, system_clock()) == []
    await assert_extra_mails_are_flagged(installation, engine)


async def die_for_two_minutes(worker: Program, engine: AsyncEngine) -> None:
    """Kill it once more; when it lives again all leases are over, and nobody has waited."""
    worker.kill()
    async with transaction(engine) as tx:
        await tx.execute(text(LATER))
    worker.start()


async def drained(engine: AsyncEngine) -> None:
    """Wait until nothing is due any more, and nothing is being sent."""
    left: list[tuple[object, ...]] = []

    async def look() -> bool:
        async with transaction(engine) as tx:
            rows = await tx.execute(text(LEFT), {"now": system_clock()})
        left[:] = [tuple(row) for row in rows]
        return not left

    with suppress(AssertionError):
        await eventually(look, DRAIN_S)
    assert left == []


def open_after(taken: list[Event]) -> set[str]:
    """The conditions that were not resolved last."""
    last = {event.dedup_key: event.action for event in taken}
    return {key for key, action in last.items() if action == "trigger"}


async def assert_extra_mails_are_flagged(
    installation: Installation, engine: AsyncEngine
) -> None:
    """A mail that came twice was announced as a possible duplicate."""
    copies = Counter(mail.message_id for mail in installation.mails.mails)
    twice = {
        name.split("@")[0].split("notification-")[1]
        for name, n in copies.items()
        if n > 1
    }
    async with transaction(engine) as tx:
        flagged = await tx.scalars(
            text("SELECT notification_id::text FROM attempts WHERE possible_duplicate")
        )
    assert twice <= set(flagged)
