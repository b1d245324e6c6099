"""What is folded, held, suppressed or routed before it wakes anyone, and what never is."""

from sqlalchemy import select

from pagefree.alerts.requests import Source
from pagefree.core.alerts import Outcome
from pagefree.maintenance import service as maintenance
from pagefree.routing import service as routing
from pagefree.tables.alerts import alerts
from pagefree.tables.incidents import incidents
from tests.simulation.noise import (
    admin,
    opened,
    reasons,
    resolved,
    rule,
    sent,
    service,
    settings,
    work,
)
from tests.simulation.world import HOUR, MINUTE, World

# -- rules -------------------------------------------------------------------------


async def test_a_rule_may_make_an_alert_quieter(world: World, source: Source) -> None:
    await rule(world, 'labels.env == "dev"', severity="warning", priority="P5")

    await sent(world, source, "a", env="dev")

    c = incidents.c
    found = (await world.tx.execute(select(c.severity, c.priority, c.urgency))).one()
    assert tuple(found) == ("warning", "P5", "low")


async def test_a_suppressed_alert_is_kept_and_tells_nobody(
    world: World, source: Source
) -> None:
    await rule(world, 'labels.env == "dev"', suppress={"reason": "nobody runs dev"})

    first = await sent(world, source, "a", env="dev")
    second = await sent(world, source, "a", env="dev")

    assert [*first, *second] == [Outcome.SUPPRESSED, Outcome.DUPLICATE]
    assert await world.paged() == []
    assert await reasons(world) == {"a": "nobody runs dev"}


async def test_what_still_fires_when_a_suppression_ends_pages(
    world: World, source: Source
) -> None:
    await rule(world, "", suppress={"reason": "settling", "for_s": 600})
    await sent(world, source, "a")

    await world.advance(9 * MINUTE)
    assert await world.paged() == []

    await world.advance(1 * MINUTE)
    assert await world.paged() == [("ana", 10)]


async def test_without_its_rule_a_suppressed_alert_pages_at_once(
    world: World, source: Source
) -> None:
    rule_id = await rule(world, "", suppress={"reason": "noise"})
    await sent(world, source, "a")
    await world.advance(5 * MINUTE)

    await routing.delete_rule(world.tx, rule_id, admin(world), world.now)
    await world.work()

    assert await world.paged() == [("ana", 5)]


async def test_a_suppressed_alert_resolves_without_a_trace_of_an_incident(
    world: World, source: Source
) -> None:
    await rule(world, "", suppress={"reason": "noise"})
    await sent(world, source, "a")

    await resolved(world, source, "a")

    assert await reasons(world) == {}
    assert await opened(world) == []


async def test_a_rule_routes_to_another_service(world: World, source: Source) -> None:
    database = await service(world, "Database")
    await rule(world, 'title.contains("disk")', service_id=str(database))

    await sent(world, source, "a", title="a disk")

    assert await world.tx.scalar(select(incidents.c.service_id)) == database
    assert await world.tx.scalar(select(alerts.c.routed_by)) == "rule"


async def test_the_rules_of_the_team_come_after_those_of_the_installation(
    world: World, source: Source
) -> None:
    await rule(world, "", team_id=world.team_id, priority="P3")
    await rule(world, "", labels={"seen": "yes"}, priority="P1")
    await rule(world, 'labels.seen == "yes"', team_id=world.team_id, priority="P2")

    await sent(world, source, "a")

    assert await world.tx.scalar(select(incidents.c.priority)) == "P3"


async def test_a_condition_that_cannot_be_worked_out_is_counted_and_skipped(
    world: World, source: Source
) -> None:
    rule_id = await rule(world, "labels.env > 5", suppress={"reason": "noise"})

    await sent(world, source, "a", env="dev")
    await routing.add_failures(world.tx, world.failures.take())

    assert await world.paged() == [("ana", 0)]
    assert (await routing.get_rule(world.tx, rule_id)).failures == 1


async def test_alerts_get_one_dedup_key_from_a_template(
    world: World, source: Source
) -> None:
    await rule(world, "", dedup_key="{{labels.cluster}}/{{title}}")

    first = await sent(world, source, "pod-1", cluster="eu")
    second = await sent(world, source, "pod-2", cluster="eu")

    assert [*first, *second] == [Outcome.OPENED, Outcome.DUPLICATE]
    assert await reasons(world) == {"eu/Disk full": None}


# -- hold, and the nth time --------------------------------------------------------


async def test_a_held_alert_that_recovers_wakes_nobody(
    world: World, source: Source
) -> None:
    await rule(world, "", hold_s=300)
    await sent(world, source, "a")
    await world.advance(4 * MINUTE)

    await resolved(world, source, "a")
    await world.advance(HOUR)

    assert await world.paged() == []


async def test_a_held_alert_that_does_not_recover_pages(
    world: World, source: Source
) -> None:
    await rule(world, "", hold_s=300)
    await sent(world, source, "a")
    await world.advance(2 * MINUTE)
    await sent(world, source, "a")

    await world.advance(HOUR)

    assert await world.paged() == [("ana", 5)]
    assert await opened(world) == [("Disk full", 1)]


async def test_people_are_told_at_the_third_time_within_a_while(
    world: World, source: Source
) -> None:
    await rule(world, "", count={"times": 3, "within_s": 600})

    for minutes in (0, 9, 9):  # the first is too long ago for the third
        await world.advance(minutes * MINUTE)
        await sent(world, source, "a")
    assert await world.paged() == []

    await sent(world, source, "a")
    assert await world.paged() == [("ana", 18)]


async def test_what_flaps_counts_although_it_resolves_in_between(
    world: World, source: Source
) -> None:
    await rule(world, "", count={"times": 3, "within_s": 600})

    for _ in range(3):
        await sent(world, source, "a")
        await resolved(world, source, "a")
        await world.advance(MINUTE)

    assert await opened(world) == [("Disk full", 1)]


# -- planned work ------------------------------------------------------------------


async def test_planned_work_explains_alerts_and_what_outlasts_it_pages(
    world: World, source: Source
) -> None:
    await work(world, 10 * MINUTE, HOUR)
    await world.advance(20 * MINUTE)
    await sent(world, source, "a", "b")
    await resolved(world, source, "a")
    assert await reasons(world) == {"b": "Upgrade"}

    await world.advance(2 * HOUR)

    assert await world.paged() == [("ana", 70)]
    assert await opened(world) == [("Disk full", 1)]


async def test_work_that_is_called_off_explains_nothing_any_more(
    world: World, source: Source
) -> None:
    window_id = await work(world, 0 * MINUTE, HOUR)
    await sent(world, source, "a")
    await world.advance(5 * MINUTE)

    await maintenance.delete_window(world.tx, window_id, admin(world), world.now)
    await world.work()

    assert await world.paged() == [("ana", 5)]


async def test_an_incident_that_was_open_before_the_work_stays_open(
    world: World, source: Source
) -> None:
    await sent(world, source, "a")
    await work(world, 0 * MINUTE, HOUR)

    await sent(world, source, "a")

    assert await reasons(world) == {"a": None}


# -- over by itself ----------------------------------------------------------------


async def test_an_alert_that_is_not_heard_of_again_is_over(
    world: World, source: Source
) -> None:
    await settings(world, world.service_id, auto_resolve=HOUR)
    await sent(world, source, "a")
    await world.advance(30 * MINUTE)
    await sent(world, source, "a")

    await world.advance(59 * MINUTE)
    assert await reasons(world) == {"a": None}

    await world.advance(MINUTE)
    assert await reasons(world) == {}
    assert await world.tx.scalar(select(incidents.c.status)) == "resolved"


async def test_a_suppressed_alert_is_over_by_itself_too(
    world: World, source: Source
) -> None:
    await rule(world, "", suppress={"reason": "noise"}, auto_resolve_s=600)
    await sent(world, source, "a")

    await world.advance(10 * MINUTE)

    assert await reasons(world) == {}
