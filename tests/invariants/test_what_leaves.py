"""The promises about what leaves and what is kept, each broken on purpose."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from pagefree.escalation import service as escalation
from pagefree.incidents import service
from pagefree.infra.db import driver
from pagefree.invariants.service import list_violations
from tests.incidents.scene import (
    MINUTE,
    NOW,
    Scene,
    burn_one,
    plan_page,
    set_scene,
)

SECOND = timedelta(seconds=1)
ATTEMPT = """
INSERT INTO attempts (id, notification_id, number, outcome, possible_duplicate,
    started_at, finished_at)
VALUES (uuidv7(), :of, :number, :outcome, :flagged, :at, :at)
"""
SENT = "UPDATE notifications SET status = 'accepted', due_at = NULL, attempt_count = :n"
REQUEST = """
INSERT INTO inbound_requests (id, integration_id, received_at, content_type, user_agent,
    body, outcome, error, event_outcomes, alert_ids)
SELECT uuidv7(), integration_id, :now, 'application/json', 'test', '', :outcome, :error,
    '{opened}', ARRAY[id] FROM alerts
"""
DELIVERIES = """
INSERT INTO event_subscriptions (id, name, url, shape, kinds, sealed_secret, created_at)
VALUES ('01900000-0000-7000-8000-000000000001', 'Machine', 'https://example.org',
    'standard', '{incident.}', '', '2026-03-02T09:00Z');
INSERT INTO event_deliveries (id, subscription_id, event_id, kind, incident_id, sequence,
    body, status, attempts, created_at)
SELECT uuidv7(), '01900000-0000-7000-8000-000000000001', n, 'incident.triggered',
    '01900000-0000-7000-8000-000000000002', n, '{}', 'delivered', 1, '2026-03-02T09:00Z'
FROM generate_series(1, 3) AS n
"""

FOLLOWED = """
INSERT INTO status_pages (id, name, slug, languages, created_at, changed_at,
    due_at)
VALUES ('01900000-0000-7000-8000-000000000003', 'Shop', 'shop', '{en}', NOW, NOW, NOW);
INSERT INTO subscribers (id, page_id, channel, address, language, created_at)
SELECT id, id, 'email', 'a@example.org', 'en', created_at FROM status_pages;
INSERT INTO status_maintenances (id, page_id, name, status, scheduled_for,
    scheduled_until, created_at, updated_at)
SELECT id, id, 'Work', 'scheduled', created_at, created_at + interval '1 hour',
    created_at, created_at
FROM status_pages;
INSERT INTO status_mailings (id, page_id, maintenance_id, kind, created_at, queued_at)
SELECT id, id, id, 'planned', created_at, created_at FROM status_pages;
INSERT INTO status_messages (id, subscriber_id, mailing_id, sent_at, created_at)
SELECT id, id, id, created_at, created_at FROM status_pages;
""".replace("NOW", f"'{NOW.isoformat()}'")


@pytest.fixture
async def scene(tx: AsyncConnection) -> Scene:
    return await set_scene(tx)


async def broken(tx: AsyncConnection) -> set[str]:
    """The promises that are not kept."""
    return {found.promise for found in await list_violations(tx, NOW)}


async def sent(
    tx: AsyncConnection, scene: Scene, *tries: tuple[int, str, bool]
) -> UUID:
    """A page that was sent with these numbers, outcomes and flags."""
    page = await plan_page(tx, await burn_one(tx, scene), scene.ana.user_id)
    for number, outcome, flagged in tries:
        values = {"number": number, "outcome": outcome, "flagged": flagged}
        await tx.execute(text(ATTEMPT), {"of": page, "at": NOW, **values})
    await tx.execute(text(SENT), {"n": tries[-1][0]})
    return page


FLAGGED = [
    ([(1, "accepted", False)], set()),
    ([(1, "failed", False), (2, "accepted", False)], set()),
    ([(2, "accepted", True)], set()),
    ([(2, "accepted", False)], {"I-7"}),
    ([(1, "unknown", False), (2, "accepted", True)], set()),
    ([(1, "unknown", False), (2, "accepted", False)], {"I-7"}),
    ([(1, "failed", False), (3, "accepted", False)], {"I-7"}),
]


@pytest.mark.parametrize(("tries", "found"), FLAGGED, ids=range(len(FLAGGED)))
async def test_a_second_try_after_one_that_may_have_arrived_has_to_say_so(
    tx: AsyncConnection,
    scene: Scene,
    tries: list[tuple[int, str, bool]],
    found: set[str],
) -> None:
    await sent(tx, scene, *tries)

    assert await broken(tx) == found


@pytest.mark.parametrize(("after", "found"), [(9, set()), (11, {"I-8"})])
async def test_a_page_long_after_somebody_had_it_is_reported(
    tx: AsyncConnection, scene: Scene, after: int, found: set[str]
) -> None:
    await sent(tx, scene, (1, "accepted", False))
    [incident_id] = await tx.scalars(text("SELECT id FROM incidents"))
    await service.acknowledge(tx, incident_id, scene.ana, NOW)

    late = {"at": NOW + after * SECOND}
    await tx.execute(text("UPDATE attempts SET started_at = :at"), late)

    assert await broken(tx) == found


async def test_an_acknowledgement_that_left_no_trace_is_reported(
    tx: AsyncConnection, scene: Scene
) -> None:
    incident_id = await burn_one(tx, scene)

    await tx.execute(
        text(
            "INSERT INTO action_links (id, token_hash, incident_id, user_id, verb,"
            " created_at, expires_at, used_at)"
            " VALUES (uuidv7(), 'x', :incident, :user, 'acknowledge', :now, :now, :now)"
        ),
        {"incident": incident_id, "user": scene.ana.user_id, "now": NOW},
    )

    assert await broken(tx) == {"I-9"}


async def test_a_step_that_comes_before_its_time_is_reported(
    tx: AsyncConnection, scene: Scene
) -> None:
    twice = replace(scene.policy, steps=scene.policy.steps * 2)
    await burn_one(tx, scene, policy=twice)
    for minutes in (0, 5):
        await escalation.escalate_due(tx, NOW + minutes * MINUTE)
    await tx.execute(
        text(
            "UPDATE notifications SET status = 'skipped', skip_reason = 'snoozed',"
            " due_at = NULL"
        )
    )
    assert await broken(tx) == set()

    await tx.execute(
        text("UPDATE events SET at = :at WHERE data ->> 'step' = '2'"),
        {"at": NOW + 4 * MINUTE},
    )

    assert await broken(tx) == {"I-11"}


REQUESTS = [
    ("processed", 1, set()),
    ("processed", 2, {"I-18"}),
    ("ignored", 1, {"I-2"}),
]


@pytest.mark.parametrize(("outcome", "times", "found"), REQUESTS)
async def test_events_are_counted_and_those_put_aside_do_nothing(
    tx: AsyncConnection,
    scene: Scene,
    outcome: str,
    times: int,
    found: set[str],
) -> None:
    await burn_one(tx, scene)

    values = {"outcome": outcome, "now": NOW}
    error = None if outcome == "processed" else "it says nothing"
    for _ in range(times):
        await tx.execute(text(REQUEST), {**values, "error": error})

    assert await broken(tx) == found


DELIVERED = [
    ("SELECT 1", set()),
    ("UPDATE event_deliveries SET sequence = 1 WHERE event_id = 3", {"I-16"}),
    ("UPDATE event_deliveries SET attempts = 0", {"I-16"}),
    ("UPDATE event_deliveries SET status = 'pending'", {"I-16"}),
    ("UPDATE event_deliveries SET status = 'lost'", {"I-16"}),
    ("UPDATE event_subscriptions SET disabled_at = created_at", {"I-16"}),
]


@pytest.mark.parametrize(("statement", "found"), DELIVERED, ids=range(len(DELIVERED)))
async def test_what_machines_are_told_is_in_order_and_gets_there(
    tx: AsyncConnection, statement: str, found: set[str]
) -> None:
    await (await driver(tx)).execute(DELIVERIES)

    await tx.execute(text(statement))

    assert await broken(tx) == found


FOLLOWERS = [
    ("confirmed_at = created_at", set()),
    ("bounces = 0", {"I-17"}),
    ("confirmed_at = created_at, stopped_at = created_at - interval '1 h'", {"I-17"}),
]


@pytest.mark.parametrize(("statement", "found"), FOLLOWERS, ids=range(len(FOLLOWERS)))
async def test_only_those_who_confirmed_are_told_of_a_status_page(
    tx: AsyncConnection, statement: str, found: set[str]
) -> None:
    await (await driver(tx)).execute(FOLLOWED)

    await tx.execute(text(f"UPDATE subscribers SET {statement}"))

    assert await broken(tx) == found


@pytest.mark.parametrize(("until_s", "found"), [(0, set()), (-1, {"I-19"})])
async def test_silence_that_was_believed_too_soon_is_reported(
    tx: AsyncConnection, scene: Scene, until_s: int, found: set[str]
) -> None:
    await tx.execute(
        text(
            "INSERT INTO heartbeats (id, integration_id, ping_id, name, slug, severity,"
            " period, time_zone, grace, created_at, state, reason, expected_at)"
            " VALUES (uuidv7(), :integration, uuidv7(), 'Backup', 'backup', 'critical',"
            " '1 hour', 'UTC', '5 minutes', :now, 'down', 'missed', :now)"
        ),
        {"integration": scene.integration_id, "now": NOW},
    )

    until = NOW + 5 * MINUTE + until_s * SECOND
    await tx.execute(
        text("INSERT INTO listening (id, since, until) VALUES (1, :now, :until)"),
        {"now": NOW, "until": until},
    )

    assert await broken(tx) == found


async def test_what_was_cleaned_away_from_under_an_open_incident_is_reported(
    tx: AsyncConnection, scene: Scene
) -> None:
    await burn_one(tx, scene)

    await tx.execute(text("DELETE FROM alerts"))
    await tx.execute(text("UPDATE incidents SET open_alert_count = 1"))

    assert "I-20" in await broken(tx)
