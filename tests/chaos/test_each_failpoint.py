"""An installation dies at each of its failpoints: nothing is lost, and what is doubled says so."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.infra.db import transaction
from pagefree.invariants.service import list_violations
from tests.chaos.deeds import AT_START, DEEDS
from tests.chaos.failpoint_names import names
from tests.chaos.small_world import SmallWorld, small_world
from tests.programs import eventually

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.crash]

ONLY = "FAILPOINT"  # how those begin that are wanted: to see a failure again
DRAIN_S = 120
IN_CHAIN = 3  # what is cut off more often is not begun once more
MOST = 1 + IN_CHAIN  # copies
LOOK_AGAIN_S = 0.1
# what is leased is not over, however far away the end of its lease is
LEFT = """
SELECT what, count(*) FROM (
    SELECT 'notification ' || channel || ' ' || status AS what,
        CASE WHEN status = 'sending' THEN created_at ELSE due_at END
    FROM notifications
    UNION ALL SELECT 'escalation', due_at FROM escalations
    UNION ALL SELECT 'alert', due_at FROM alerts
    UNION ALL SELECT 'update', withdraw_due_at FROM notifications
    UNION ALL SELECT 'status message', CASE WHEN leased THEN created_at ELSE due_at END
        FROM status_messages
    UNION ALL SELECT 'mailing', CASE WHEN queued_at IS NULL THEN created_at END
        FROM status_mailings
    UNION ALL SELECT 'delivery', due_at FROM event_deliveries WHERE status = 'pending'
    UNION ALL SELECT 'step ' || node,
        CASE WHEN status = 'running' THEN created_at ELSE due_at END
        FROM workflow_steps
    UNION ALL SELECT 'run', due_at FROM runbook_runs
    UNION ALL SELECT 'chat', due_at FROM incident_chats
    UNION ALL SELECT 'digest', due_at FROM digests
    UNION ALL SELECT 'link', due_at FROM sign_in_links
    UNION ALL SELECT 'partner link', due_at FROM partner_links
    UNION ALL SELECT 'invitation', due_at FROM invitations
    UNION ALL SELECT 'report', due_at FROM report_mails
    UNION ALL SELECT 'planned report', due_at FROM mailed_reports
    UNION ALL SELECT 'doubted provider', since FROM provider_states
    UNION ALL SELECT 'calendar', CASE WHEN read_at IS NULL THEN created_at END
        FROM time_off_calendars
) AS work (what, due_at) WHERE due_at <= :soon GROUP BY what
"""
UNREAD = """
SELECT name FROM event_listeners WHERE seq < (SELECT max(id) FROM events)
"""
NOT_SENT = """
SELECT id, channel, status, skip_reason FROM notifications
WHERE status NOT IN ('accepted', 'delivered', 'skipped')
"""
FLAGGED = """
SELECT 'notification-' || notification_id FROM attempts WHERE possible_duplicate
UNION ALL SELECT 'status-' || id FROM status_messages WHERE possible_duplicate
"""
NOT_ENDED = """
SELECT node || ' ' || status FROM workflow_steps WHERE status NOT IN ('succeeded', 'skipped')
UNION ALL SELECT 'run ' || state FROM runbook_runs WHERE state <> 'succeeded'
UNION ALL SELECT 'delivery ' || status FROM event_deliveries WHERE status <> 'delivered'
UNION ALL SELECT 'link' FROM sign_in_links WHERE sent_at IS NULL
UNION ALL SELECT 'partner link' FROM partner_links WHERE sent_at IS NULL
UNION ALL SELECT 'invitation' FROM invitations WHERE sent_at IS NULL
"""
# the runner was not asked, or was not told that it may: nobody asks a second time
MAY_STAY_UNKNOWN = {"run unknown"}
FLAGS = ("notification-", "status-")  # of the others, a copy costs nothing


async def drained(world: SmallWorld) -> None:
    """Wait until nothing is left to do."""
    left: list[tuple[object, ...]] = []

    async def look() -> bool:
        await world.call_back()
        left[:] = await world.sql(LEFT, soon=world.mortal.now()) or await world.sql(
            UNREAD
        )
        if left:
            await asyncio.sleep(LOOK_AGAIN_S)  # looking costs those who work
        return not left

    try:
        await eventually(look, DRAIN_S)
    except AssertionError as e:
        raise AssertionError(f"not done: {left}") from e


def chains(found: Iterable[str]) -> list[list[str]]:
    """Each once, in chains without a rest: after each of them everything is waited for.

    A chain has one name of an area and is short, so that nothing is cut off so often that
    it is given up. Those that happen when it starts are in one of their own.
    """
    areas: dict[str, list[str]] = {}
    at_start: list[str] = []
    for name in found:
        area = area_of(name)
        (at_start if area in AT_START else areas.setdefault(area, [])).append(name)
    made = []
    for together in zip_longest(*areas.values()):
        names = [name for name in together if name]
        made += [names[i : i + IN_CHAIN] for i in range(0, len(names), IN_CHAIN)]
    return [*made, at_start]


def area_of(name: str) -> str:
    """What it belongs to."""
    return name.partition(".")[0]


async def cut_off_at(world: SmallWorld, chain: Sequence[str]) -> None:
    """Have it die at each of them, one life after the other, and live again."""
    doing: list[asyncio.Task[None]] = []
    for name in chain:
        deed = partial(DEEDS[area_of(name)], world, name)
        if area_of(name) in AT_START:
            await world.mortal.kill()
            await deed()
            await world.mortal.start(f"{name}:exit")
        else:
            await world.mortal.arm(f"{name}:exit")
            doing.append(asyncio.create_task(deed()))
        await death(world, name, doing)
        if area_of(name) not in AT_START or name == chain[-1]:
            await world.mortal.start()
    await asyncio.gather(*doing)
    await drained(world)


async def death(
    world: SmallWorld, name: str, doing: Sequence[asyncio.Task[None]]
) -> None:
    """Wait for it; whoever does not get an answer meanwhile comes again."""
    ended = asyncio.create_task(world.mortal.ended())
    while not ended.done():
        left = [one for one in doing if not one.done()]
        await asyncio.wait({ended, *left}, return_when=asyncio.FIRST_COMPLETED)
        for one in doing:
            if one.done():
                one.result()
    assert await ended, name


@pytest.mark.fault("T-01", "ingest dies before its commit, and before its answer")
@pytest.mark.fault("T-02", "the sender dies before, during and after a call")
@pytest.mark.fault("T-03", "everything else dies between an effect and its write")
async def test_an_installation_that_dies_at_any_failpoint_loses_nothing(
    fresh_database: str, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with small_world(fresh_database, engine, tmp_path) as world:
        await world.mortal.start()
        await DEEDS["sender"](world, "before")
        await drained(world)

        wanted = os.environ.get(ONLY, "")
        for chain in chains(name for name in names() if name.startswith(wanted)):
            await cut_off_at(world, chain)

        async with transaction(engine) as tx:
            assert await list_violations(tx, world.mortal.now()) == []
        ended = await world.sql(NOT_ENDED)
        assert {str(row[0]) for row in ended} <= MAY_STAY_UNKNOWN
        assert await world.sql(NOT_SENT) == []
        await assert_copies_are_flagged(world)


async def assert_copies_are_flagged(world: SmallWorld) -> None:
    """A mail came at most once more for each death, and twice only where that is said."""
    copies = Counter(
        (mail.recipient, mail.message_id.strip("<>").partition("@")[0])
        for mail in world.outside.mails.mails
    )
    twice = {name for (_, name), n in copies.items() if n > 1}
    flagged = {str(row[0]) for row in await world.sql(FLAGGED)}
    assert max(n for (_, name), n in copies.items() if name.startswith(FLAGS)) <= MOST
    assert {name for name in twice if name.startswith(FLAGS)} <= flagged
