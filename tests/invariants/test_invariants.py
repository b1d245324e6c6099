"""Each promise, broken on purpose: the checker sees it, and only it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from pagefree.core.access import Actor
from pagefree.escalation import service as escalation
from pagefree.incidents import merging, people, service, writing
from pagefree.invariants.service import PROMISES, list_violations
from tests.incidents.scene import (
    MINUTE,
    NOW,
    Scene,
    burn,
    burn_one,
    plan_page,
    set_scene,
)

HOUR = timedelta(hours=1)


@pytest.fixture
async def scene(tx: AsyncConnection) -> Scene:
    return await set_scene(tx)


async def broken(tx: AsyncConnection, later: timedelta = timedelta(0)) -> set[str]:
    """The promises that are not kept."""
    return {found.promise for found in await list_violations(tx, NOW + later)}


async def lived_a_life(tx: AsyncConnection, scene: Scene) -> list[UUID]:
    """Incidents to which everything happened that may."""
    ana, bo = scene.ana, scene.bo
    ids = await burn(tx, scene, *(f"incident {n}" for n in range(9)))
    await service.acknowledge(tx, ids[0], ana, NOW)
    await service.unacknowledge(tx, ids[0], bo, NOW)
    await service.snooze(tx, ids[1], NOW + MINUTE, ana, NOW)
    await service.wake(tx, ids[1], ana, NOW)
    await service.snooze(tx, ids[1], NOW + MINUTE, ana, NOW)
    await service.resolve(tx, ids[2], "done", ana, NOW)
    await service.reopen(tx, ids[2], ana, NOW)
    await merging.merge(tx, ids[3], ids[4], ana, NOW)
    await merging.unmerge(tx, ids[3], ana, NOW)
    await merging.merge(tx, ids[5], ids[4], ana, NOW)
    await service.acknowledge(tx, ids[4], ana, NOW)
    await merging.unmerge(tx, ids[5], ana, NOW)
    await merging.merge(tx, ids[6], ids[4], ana, NOW)
    await service.resolve(tx, ids[4], None, ana, NOW)
    await merging.unmerge(tx, ids[6], ana, NOW)
    await people.assign_user(tx, ids[7], bo.user_id, ana, NOW)
    await people.add_responder(tx, ids[7], scene.eve.user_id, ana, NOW)
    await people.remove_responder(tx, ids[7], scene.eve.user_id, ana, NOW)
    await writing.add_note(tx, ids[8], "hm", ana, NOW)
    await writing.edit(tx, ids[8], {"title": "Disk"}, ana, NOW)
    return ids


async def test_an_empty_installation_keeps_every_promise(tx: AsyncConnection) -> None:
    assert await list_violations(tx, NOW) == []


async def test_whatever_may_happen_to_incidents_keeps_every_promise(
    tx: AsyncConnection, scene: Scene
) -> None:
    await lived_a_life(tx, scene)

    assert await list_violations(tx, NOW) == []


async def test_escalating_to_the_end_keeps_every_promise(
    tx: AsyncConnection, scene: Scene
) -> None:
    await lived_a_life(tx, scene)
    await tx.execute(text("UPDATE users SET platform_admin = true WHERE name = 'Bo'"))

    for minutes in range(0, 60, 5):
        now = NOW + minutes * MINUTE
        while await escalation.escalate_due(tx, now):
            pass
        await tx.execute(
            text(
                "UPDATE notifications SET status = 'skipped', skip_reason = 'snoozed',"
                " due_at = NULL WHERE status = 'planned'"
            )
        )

    assert await list_violations(tx, NOW + 60 * MINUTE) == []


BREAKS = [
    ("I-1", "UPDATE inbound_requests SET outcome = 'limbo'"),
    ("I-1", "UPDATE inbound_requests SET outcome = 'quarantined'"),
    ("I-1", "UPDATE inbound_requests SET alert_ids = '{}'"),
    ("I-1", "UPDATE inbound_requests SET alert_ids = '{null}'"),
    ("I-1", "UPDATE inbound_requests SET event_outcomes = '{lost}'"),
    ("I-1", "UPDATE inbound_requests SET event_outcomes = '{null}'"),
    ("I-1", "UPDATE alerts SET suppression = 'rule'"),
    ("I-4", "UPDATE escalations SET state = 'stopped', due_at = NULL"),
    ("I-4", "UPDATE escalations SET due_at = NULL"),
    ("I-4", "DELETE FROM escalations"),
    ("I-4", "UPDATE escalations SET state = 'exhausted', due_at = NULL"),
    ("I-5", "UPDATE escalations SET due_at = due_at - interval '31 seconds'"),
    ("I-5", "UPDATE alerts SET due_at = opened_at - interval '31 seconds'"),
    ("I-5", "UPDATE notifications SET due_at = due_at - interval '2 minutes'"),
    ("I-6", "UPDATE notifications SET status = 'accepted', due_at = NULL"),
    ("I-6", "UPDATE notifications SET status = 'failed', due_at = NULL"),
    ("I-6", "UPDATE notifications SET status = 'skipped', due_at = NULL"),
    ("I-6", "UPDATE notifications SET due_at = NULL"),
    ("I-6", "UPDATE notifications SET status = 'lost'"),
    ("I-12", "DELETE FROM events"),
    ("I-12", "UPDATE events SET seq = 7"),
    ("I-12", "UPDATE incidents SET last_seq = 2"),
    ("I-12", "UPDATE events SET actor_name = ''"),
    ("I-12", "UPDATE events SET actor_id = NULL"),
    ("I-12", "UPDATE events SET kind = 'incident.acknowledged'"),
    ("I-12", "UPDATE incidents SET snoozed_until = opened_at"),
    ("I-12", "UPDATE incidents SET open_alert_count = 2"),
    ("I-12", "UPDATE incidents SET status = 'resolved', resolved_at = opened_at"),
]


@pytest.mark.parametrize(("promise", "statement"), BREAKS)
async def test_what_breaks_a_promise_is_reported(
    tx: AsyncConnection, scene: Scene, promise: str, statement: str
) -> None:
    incident_id = await burn_one(tx, scene)
    await plan_page(tx, incident_id, scene.ana.user_id)
    await tx.execute(
        text(
            "INSERT INTO inbound_requests (id, integration_id, received_at, content_type,"
            " user_agent, body, outcome, event_outcomes, alert_ids)"
            " SELECT last_request_id, integration_id, :now, 'application/json', 'test', '',"
            " 'processed', '{opened}', ARRAY[id] FROM alerts"
        ),
        {"now": NOW},
    )
    assert await broken(tx) == set()

    await tx.execute(text(statement))

    assert await broken(tx) == {promise}


async def test_an_alert_without_incident_is_reported(
    tx: AsyncConnection, scene: Scene
) -> None:
    await burn_one(tx, scene)

    await tx.execute(text("DELETE FROM incidents"))

    assert "I-1" in await broken(tx)


async def test_an_alert_that_waits_for_nothing_is_reported(
    tx: AsyncConnection, scene: Scene
) -> None:
    await burn_one(tx, scene)

    await tx.execute(
        text(
            "UPDATE alerts SET incident_id = NULL, suppression = 'hold',"
            " suppressed_by = 'waits 5 min for it to recover'"
        )
    )

    assert "I-1" in await broken(tx)


async def test_two_open_alerts_of_one_key_are_reported(
    tx: AsyncConnection, scene: Scene
) -> None:
    await burn(tx, scene, "a", "b")
    await tx.execute(text("DROP INDEX uq_alerts_open_dedup_key"))

    await tx.execute(text("UPDATE alerts SET dedup_key = 'same'"))

    assert await broken(tx) == {"I-3"}


async def test_an_exhausted_policy_of_which_no_admin_was_told_is_reported(
    tx: AsyncConnection, scene: Scene
) -> None:
    await tx.execute(text("UPDATE users SET platform_admin = true WHERE name = 'Bo'"))
    await burn_one(tx, scene)
    for minutes in (0, 5):
        await escalation.escalate_due(tx, NOW + minutes * MINUTE)
    await tx.execute(
        text("UPDATE notifications SET due_at = :now"), {"now": NOW + HOUR}
    )
    assert await broken(tx, HOUR) == set()

    await tx.execute(text("DELETE FROM notifications WHERE kind = 'fallback'"))

    assert await broken(tx, HOUR) == {"I-4"}


async def test_a_snooze_that_nothing_ends_is_reported(
    tx: AsyncConnection, scene: Scene
) -> None:
    incident_id = await burn_one(tx, scene)
    await service.snooze(tx, incident_id, NOW + MINUTE, scene.ana, NOW)

    await tx.execute(text("UPDATE escalations SET state = 'stopped', due_at = NULL"))

    assert await broken(tx) == {"I-4"}


ILLEGAL = [
    ("acknowledge", "incident.reopened"),
    ("acknowledge", "incident.unmerged"),
    ("resolve", "incident.acknowledged"),
    ("resolve", "incident.woke"),
]


@pytest.mark.parametrize(("verb", "then"), ILLEGAL)
async def test_a_change_that_may_not_follow_is_reported(
    tx: AsyncConnection, scene: Scene, verb: str, then: str
) -> None:
    incident_id = await burn_one(tx, scene)
    await change(tx, verb, incident_id, scene.ana)
    await writing.add_note(tx, incident_id, "to be forged", scene.ana, NOW)

    await tx.execute(
        text("UPDATE events SET kind = :kind, data = :data WHERE seq = 3"),
        {"kind": then, "data": '{"status": "triggered"}'},
    )

    assert await broken(tx) == {"I-12"}


async def change(
    tx: AsyncConnection, verb: str, incident_id: UUID, actor: Actor
) -> None:
    if verb == "acknowledge":
        await service.acknowledge(tx, incident_id, actor, NOW)
    else:
        await service.resolve(tx, incident_id, None, actor, NOW)


async def test_what_is_reported_is_bounded_and_says_what_is_wrong(
    tx: AsyncConnection, scene: Scene
) -> None:
    await burn(tx, scene, *(f"incident {n}" for n in range(50)))
    await tx.execute(text("DELETE FROM escalations"))

    found = await list_violations(tx, NOW, 10)

    assert len(found) == 10
    assert {(v.promise, v.says) for v in found} == {
        ("I-4", "incident: nobody has it and nothing escalates it")
    }
    assert set(PROMISES) >= {v.promise for v in found}
