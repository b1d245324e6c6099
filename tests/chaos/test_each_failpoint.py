"""An installation dies at each of its failpoints: nothing is lost, and what is doubled says so."""

import asyncio
import os
from collections import Counter
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
DRAIN_S = 60
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


async def cut_off_at(world: SmallWorld, name: str) -> None:
    """Have it die there, and live again."""
    area = name.partition(".")[0]
    if area in AT_START:
        await world.mortal.kill()
        await DEEDS[area](world, name)
        await world.mortal.start(f"{name}:exit")
        assert await world.mortal.ended(), name
        await world.mortal.start()
    else:
        await world.mortal.arm(f"{name}:exit")
        await die_and_live(world, name)
    await drained(world)


async def die_and_live(world: SmallWorld, name: str) -> None:
    """Do it; whoever does not get an answer comes again."""
    doing = asyncio.create_task(DEEDS[name.partition(".")[0]](world, name))
    ended = asyncio.create_task(world.mortal.ended())
    await asyncio.wait({doing, ended}, return_when=asyncio.FIRST_COMPLETED)
    if doing.done():
        doing.result()
    assert await ended, name
    await world.mortal.start()
    await doing


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

        for name in names():
            if name.startswith(os.environ.get(ONLY, "")):
                await cut_off_at(world, name)

        async with transaction(engine) as tx:
            assert await list_violations(tx, world.mortal.now()) == []
        ended = await world.sql(NOT_ENDED)
        assert {str(row[0]) for row in ended} <= MAY_STAY_UNKNOWN
        assert await world.sql(NOT_SENT) == []
        await assert_copies_are_flagged(world)


async def assert_copies_are_flagged(world: SmallWorld) -> None:
    """Nobody got the same mail more than twice, and twice only where that is said."""
    copies = Counter(
        (mail.recipient, mail.message_id.strip("<>").partition("@")[0])
        for mail in world.outside.mails.mails
    )
    twice = {name for (_, name), n in copies.items() if n > 1}
    flagged = {str(row[0]) for row in await world.sql(FLAGGED)}
    assert max(copies.values()) <= 2
    assert {name for name in twice if name.startswith(FLAGS)} <= flagged
