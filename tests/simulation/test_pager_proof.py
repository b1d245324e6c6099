"""Quiet hours, peace while off duty, and proof that the pager works before it is needed."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from pagefree.core.access import Actor, Role
from pagefree.core.alerts import Severity
from pagefree.core.errors import NotFound
from pagefree.core.notifications import Status
from pagefree.core.routing import Urgency
from pagefree.infra.ids import new_id
from pagefree.notifications import log_queries, preference_queries, readiness
from pagefree.notifications.log_queries import Search
from pagefree.notifications.preference_queries import Preferences
from pagefree.schedules import queries as schedule_queries
from pagefree.schedules.plans import Draft, NewLayer
from pagefree.tables.accounts import contact_methods
from pagefree.tables.notifications import notifications
from tests.simulation.world import HOUR, MINUTE, START, World

MORNING = Preferences(quiet_from=time(8), quiet_to=time(10))  # the world begins at nine
AT_ONCE = timedelta(0)
DAY = timedelta(days=1)


async def wants(world: World, wanted: Preferences) -> None:
    email = await world.methods_of("ana")
    await world.rules(
        "ana", (Urgency.HIGH, AT_ONCE, email), (Urgency.LOW, AT_ONCE, email)
    )
    await preference_queries.put_preferences(world.tx, world.people["ana"], wanted)


async def schedule(world: World, name: str) -> None:
    """On call from now on."""
    layer = NewLayer(START, (world.people[name],))
    draft = Draft("Rota", world.team_id, "UTC", (layer,))
    await schedule_queries.insert_schedule(world.tx, draft, world.now)


async def page_ana(world: World, severity: Severity) -> None:
    await world.trigger(world.policy(("ana", 24 * HOUR)), severity=severity)


async def test_quiet_hours_hold_back_what_is_not_urgent_until_they_end(
    world: World,
) -> None:
    await wants(world, MORNING)

    await page_ana(world, Severity.INFO)
    await world.advance(59 * MINUTE)
    assert await world.paged() == []
    await world.advance(MINUTE)

    assert await world.paged() == [("ana", 60)]


async def test_quiet_hours_never_silence_what_is_critical_unless_the_person_says_so(
    world: World,
) -> None:
    await wants(world, MORNING)
    await page_ana(world, Severity.CRITICAL)
    assert await world.paged() == [("ana", 0)]

    await wants(world, replace(MORNING, quiet_urgent=True))
    await page_ana(world, Severity.CRITICAL)
    await world.advance(HOUR)

    assert await world.paged() == [("ana", 0), ("ana", 60)]


async def test_low_urgency_spares_who_is_not_on_call_if_they_want(
    world: World,
) -> None:
    await wants(world, Preferences(low_off_duty=False))

    await page_ana(world, Severity.INFO)
    await world.advance(HOUR)
    assert await world.statuses() == ["skipped:off_duty"]
    await page_ana(world, Severity.CRITICAL)

    assert await world.paged() == [("ana", 60)]


async def test_a_team_is_ready_when_everybody_was_reached_lately(world: World) -> None:
    await world.join("ana")
    ana = world.people["ana"]
    actor = Actor(ana, "ana")

    [before] = await readiness.of_team(world.tx, world.team_id, world.now)
    assert await readiness.prove(world.tx, actor, ana, world.now) == 1
    await world.work()
    [after] = await readiness.of_team(world.tx, world.team_id, world.now)
    [later] = await readiness.of_team(world.tx, world.team_id, world.now + 31 * DAY)

    assert (before.proven, after.proven, later.proven) == (False, True, False)
    assert [way.channel for way in after.ways] == ["email"]
    with pytest.raises(NotFound):
        await readiness.of_team(world.tx, new_id(), world.now)


async def test_whoever_is_on_call_soon_is_tested_once_and_found_if_that_fails(
    world: World,
) -> None:
    await world.join("ana")
    await world.join("bo", Role.TEAM_ADMIN)
    await schedule(world, "ana")
    email = await world.methods_of("ana")
    await world.set_method(email, address={"email": "not an address"})

    assert await readiness.look_ahead(world.tx, world.now) == 0
    await world.work()
    assert await readiness.look_ahead(world.tx, world.now) == 1

    asked = select(notifications.c.status).where(notifications.c.kind == "proof")
    assert list((await world.tx.execute(asked)).scalars()) == ["failed"]
    [finding] = await readiness.findings(world.tx)
    assert finding.user_id == world.people["ana"]
    assert finding.detail.startswith("ana is on call from 2026-03-02 09:00 UTC")


async def test_a_quiet_test_waits_for_the_day_and_the_finding_does_not(
    world: World,
) -> None:
    await world.join("ana")
    await schedule(world, "ana")
    world.now += 18 * HOUR  # three in the morning

    assert await readiness.look_ahead(world.tx, world.now) == 1
    tests = select(notifications.c.id).where(notifications.c.kind == "proof")
    assert list(await world.tx.execute(tests)) == []

    world.now += 6 * HOUR
    await readiness.look_ahead(world.tx, world.now)
    await world.work()
    assert len(list(await world.tx.execute(tests))) == 1
    assert await readiness.look_ahead(world.tx, world.now) == 0


async def test_a_finding_ends_once_the_person_is_proven(world: World) -> None:
    await world.join("ana")
    await schedule(world, "ana")
    email = await world.methods_of("ana")
    await world.set_method(email, disabled_at=world.now)
    await readiness.look_ahead(world.tx, world.now)
    assert len(await readiness.findings(world.tx)) == 1

    await world.set_method(email, disabled_at=None)
    await readiness.look_ahead(world.tx, world.now)
    await world.work()  # the quiet test arrives

    assert await readiness.look_ahead(world.tx, world.now) == 0
    assert await readiness.findings(world.tx) == []
    proven = select(contact_methods.c.proven_at).where(
        contact_methods.c.user_id == world.people["ana"],
        contact_methods.c.channel == "email",
    )
    assert await world.tx.scalar(proven) == world.now


async def test_the_delivery_log_is_searched(world: World) -> None:
    await page_ana(world, Severity.CRITICAL)
    await world.trigger(world.policy(("bo", HOUR)))

    async def found(search: Search) -> list[str]:
        logged = await log_queries.list_logged(world.tx, search, None, 50)
        return sorted(f"{one.channel} {one.status}" for one in logged)

    assert await found(Search()) == ["email delivered"] * 2 + ["in_app delivered"] * 2
    assert await found(Search(channel="email", user_id=world.people["bo"])) == [
        "email delivered"
    ]
    assert await found(Search(status=Status.FAILED)) == []
    assert await found(Search(since=world.now + HOUR)) == []
    assert await found(Search(provider_id="nothing like it")) == []
