"""Which alerts share an incident, and where they belong if nobody says so."""

from sqlalchemy import select

from pagefree.alerts.requests import Source
from pagefree.core.alerts import Severity
from pagefree.core.escalation import NO_POLICY
from pagefree.services import alert_settings
from pagefree.tables.alerts import alerts
from pagefree.tables.incidents import incidents
from tests.simulation.noise import admin, opened, rule, sent, service, settings
from tests.simulation.world import MINUTE, World

# -- grouping ----------------------------------------------------------------------


async def test_with_grouping_off_every_alert_is_an_incident(
    world: World, source: Source
) -> None:
    world.group_key = "same"
    await sent(world, source, "a", "b")
    await settings(world, world.service_id, grouping={"mode": "off"})
    await sent(world, source, "c", "d")

    assert await opened(world) == [("Disk full", n) for n in (2, 1, 1)]


async def test_alerts_within_a_window_share_an_incident(
    world: World, source: Source
) -> None:
    grouping = {"mode": "time", "window_s": 300}
    await settings(world, world.service_id, grouping=grouping)
    await world.advance(4 * MINUTE)
    await sent(world, source, "a")
    await world.advance(4 * MINUTE)
    await sent(world, source, "b")
    await world.advance(1 * MINUTE)
    await sent(world, source, "c")

    assert [count for _, count in await opened(world)] == [2, 1]


async def test_alerts_with_the_same_labels_share_an_incident(
    world: World, source: Source
) -> None:
    grouping = {"mode": "labels", "labels": ["cluster"]}
    await settings(world, world.service_id, grouping=grouping)
    for key, cluster in (("a", "eu"), ("b", "us"), ("c", "eu")):
        await sent(world, source, key, cluster=cluster)

    assert [count for _, count in await opened(world)] == [2, 1]


async def test_what_a_broken_dependency_breaks_joins_its_incident(
    world: World, source: Source
) -> None:
    database, storage = [await service(world, n) for n in ("Database", "Storage")]
    for down, up in ((world.service_id, database), (database, storage)):
        await alert_settings.put_dependencies(
            world.tx, down, [up], admin(world), world.now
        )
    grouping = {"mode": "dependencies"}
    await settings(world, world.service_id, grouping=grouping)
    await sent(world, source, "alone", title="Before")
    below = world.source(NO_POLICY, storage)

    await sent(world, below, "disk", title="Storage is broken")
    await sent(world, source, "errors", title="Checkout fails")

    assert await opened(world) == [("Before", 1), ("Storage is broken", 2)]


# -- nothing is unrouted silently --------------------------------------------------


async def test_what_nothing_routes_goes_to_the_team_it_names_else_to_the_catch_all(
    world: World, source: Source
) -> None:
    catch_all = await service(world, "Everything else", catch_all=True)
    shared = world.source(source.policy, catch_all)

    await sent(world, shared, "named", team="web")
    await sent(world, shared, "nameless")

    query = select(alerts.c.dedup_key, alerts.c.service_id, alerts.c.routed_by)
    assert {tuple(row) for row in await world.tx.execute(query)} == {
        ("named", world.service_id, "team"),
        ("nameless", catch_all, "catch_all"),
    }


async def test_a_rule_for_a_service_that_is_gone_leaves_alerts_at_home(
    world: World, source: Source
) -> None:
    gone = await service(world, "Gone")
    await rule(world, "", service_id=str(gone))
    await settings(world, gone, lifecycle="archived")

    await sent(world, source, "a")

    assert await world.tx.scalar(select(incidents.c.service_id)) == world.service_id


async def test_severity_is_still_raised_after_people_were_told(
    world: World, source: Source
) -> None:
    await rule(world, "", hold_s=60)
    await world.send(source, "a", severity=Severity.WARNING)
    await world.advance(MINUTE)

    await world.send(source, "a", severity=Severity.CRITICAL)

    assert await world.tx.scalar(select(incidents.c.severity)) == "critical"
