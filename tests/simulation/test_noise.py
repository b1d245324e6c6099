"""What is folded, held, suppressed or routed before it wakes anyone, and what never is."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from pagefree.alerts.requests import Source
from pagefree.core.access import Actor
from pagefree.core.alerts import Action, Outcome, Severity
from pagefree.core.bundles import MOST_ALONE
from pagefree.core.escalation import NO_POLICY
from pagefree.infra.ids import new_id
from pagefree.invariants import service as invariants
from pagefree.maintenance import service as maintenance
from pagefree.maintenance.service import Draft as Work
from pagefree.routing import service as routing
from pagefree.routing.actions import RuleActions
from pagefree.routing.service import Draft
from pagefree.services import alert_settings
from pagefree.tables.alerts import alerts
from pagefree.tables.incidents import incidents
from pagefree.tables.notifications import outbox_messages
from pagefree.tables.services import services
from tests.simulation.world import HOUR, MINUTE, START, World


@pytest.fixture
async def source(world: World) -> Source:
    """An integration of the service Shop, which pages Ana."""
    policy = await world.set_own_policy(("ana", 24 * HOUR))
    return world.source(policy)


def admin(world: World) -> Actor:
    return Actor(world.people["ana"], "ana", platform_admin=True)


async def rule(
    world: World, condition: str, *, team_id: UUID | None = None, **actions: object
) -> UUID:
    draft = Draft("rule", condition, None, RuleActions.model_validate(actions))
    made = await routing.create_rule(world.tx, team_id, draft, admin(world), world.now)
    return made.id


async def work(world: World, start: timedelta, length: timedelta) -> UUID:
    """Planned work on everything."""
    begins = world.now + start
    draft = Work("Upgrade", begins, begins + length, (), {}, None, "UTC", None)
    made = await maintenance.create_window(
        world.tx, None, draft, admin(world), world.now
    )
    return made.id


async def service(world: World, name: str, **columns: object) -> UUID:
    """One more service of the team."""
    service_id = new_id()
    row = {"id": service_id, "team_id": world.team_id, "name": name}
    await world.tx.execute(
        insert(services).values(**row, created_at=world.now, **columns)
    )
    return service_id


async def settings(world: World, service_id: UUID, **columns: object) -> None:
    await world.tx.execute(
        update(services).where(services.c.id == service_id).values(**columns)
    )


async def opened(world: World) -> list[tuple[str, int]]:
    """Every incident by title, with the number of its alerts."""
    c = incidents.c
    rows = await world.tx.execute(select(c.title, c.alert_count).order_by(c.number))
    return [(row.title, row.alert_count) for row in rows]


async def reasons(world: World) -> Mapping[str, str | None]:
    """Why nobody is told, by dedup key of what is open."""
    query = select(alerts).where(alerts.c.status == "open")
    return {a.dedup_key: a.suppressed_by for a in await world.tx.execute(query)}


async def sent(world: World, source: Source, *keys: str, **more: str) -> list[Outcome]:
    outcomes = await world.send(source, *keys, **more)  # type: ignore[arg-type]
    await world.work()
    assert await invariants.list_violations(world.tx, world.now) == []
    return outcomes


async def resolved(world: World, source: Source, key: str) -> None:
    await world.send(source, key, action=Action.RESOLVE)
    await world.work()


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


# -- storms ------------------------------------------------------------------------


async def mails(world: World) -> list[tuple[str, int]]:
    """Every mail: its title, and how many seconds after the start it left."""
    c = outbox_messages.c
    rows = await world.tx.execute(select(c.title, c.at).order_by(c.at, c.id))
    return [(row.title, int((row.at - START).total_seconds())) for row in rows]


async def storm(world: World, source: Source, number: int, first: int = 0) -> None:
    for n in range(first, first + number):
        await world.send(source, f"key {n}", title=f"Disk {n}")
    await world.work()


async def test_a_storm_is_a_few_mails_and_one_that_tells_of_the_rest(
    world: World, source: Source
) -> None:
    await storm(world, source, 60)

    found = [title for title, _ in await mails(world)]
    assert len(found) == MOST_ALONE + 1
    assert found[-1].startswith("55 incidents: ")
    assert await world.statuses() == ["delivered"] * 60
    assert await invariants.list_violations(world.tx, world.now) == []


async def test_what_follows_waits_for_the_next_mail(
    world: World, source: Source
) -> None:
    await storm(world, source, 10)
    world.now += timedelta(seconds=20)
    await storm(world, source, 30, first=10)
    assert len(await mails(world)) == MOST_ALONE + 1

    await world.advance(MINUTE)

    *_, (title, at) = await mails(world)
    assert title.startswith("30 incidents: ")
    assert at == 60
    assert await invariants.list_violations(world.tx, world.now) == []


async def test_trouble_with_another_service_does_not_wait(
    world: World, source: Source
) -> None:
    database = await service(world, "Database")
    await storm(world, source, 10)
    world.now += timedelta(seconds=20)
    await storm(world, source, 3, first=10)

    await world.send(world.source(source.policy, database), "lake", title="No lake")
    await world.work()

    *_, (title, at) = await mails(world)
    assert title.startswith("4 incidents: ")
    assert "No lake" in title
    assert at == 20


async def test_what_was_resolved_meanwhile_is_not_in_the_mail(
    world: World, source: Source
) -> None:
    await storm(world, source, 10)
    world.now += timedelta(seconds=20)
    await storm(world, source, 4, first=10)
    await world.send(source, "key 12", action=Action.RESOLVE)

    await world.advance(MINUTE)

    *_, (title, _) = await mails(world)
    assert title.startswith("3 incidents: ")
