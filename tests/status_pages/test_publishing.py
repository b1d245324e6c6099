"""From a change to what somebody outside reads: told, planned, overridden, by itself."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from pagefree.core.errors import Conflict
from pagefree.core.services import ServiceKind
from pagefree.core.status_pages import State, WorkStatus
from pagefree.core.status_views import ToldTo
from pagefree.incidents import service as incidents
from pagefree.incidents import writing
from pagefree.incidents.writing import Declaration
from pagefree.infra.db import transaction
from pagefree.services import service as services
from pagefree.services.alert_settings import put_dependencies
from pagefree.services.service import NewService
from pagefree.status_pages import components, telling, works
from pagefree.status_pages.incident_queries import StatusIncident
from pagefree.status_pages.telling import NewIncident, NewUpdate
from pagefree.status_pages.works import NewWork
from pagefree.tables.accounts import teams
from tests.status_pages.conftest import Scene

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def first(body: str = "We are looking into it.", **more: object) -> NewUpdate:
    return NewUpdate("investigating", body, **more)  # type: ignore[arg-type]


async def told(scene: Scene, new: NewIncident) -> StatusIncident:
    async with transaction(scene.engine) as tx:
        return await telling.open_incident(
            tx, scene.page_id, new, scene.actor, scene.now
        )


async def test_an_open_incident_of_a_service_shows_on_its_component(
    scene: Scene,
) -> None:
    declared = Declaration(scene.services["Checkout"], "secret cause", priority="P1")
    async with transaction(scene.engine) as tx:
        incident_id = await writing.declare(tx, declared, scene.actor, scene.now)
    await scene.work()
    assert await scene.states() == {"Checkout": "major_outage", "Search": "operational"}
    status = (await scene.get("api/v2/status.json")).json()["status"]
    assert status == {"indicator": "critical", "description": "Major System Outage"}
    for internal in ("secret cause", "internal-", "Ana", str(incident_id)):
        assert internal not in scene.everything()

    async with transaction(scene.engine) as tx:
        await incidents.resolve(
            tx, incident_id, None, scene.actor, scene.now + 36 * MINUTE
        )
    await scene.work(36 * MINUTE)

    assert set((await scene.states()).values()) == {"operational"}
    view = scene.memory.by_slug["shop"].snapshot.view
    (checkout,) = [one for one in view.components if one.name == "Checkout"]
    assert sum((day.down for day in checkout.days), timedelta(0)) == 36 * MINUTE


async def test_a_component_of_a_business_service_is_as_well_as_what_that_stands_on(
    scene: Scene,
) -> None:
    async with transaction(scene.engine) as tx:
        team_id = (await tx.execute(select(teams.c.id))).scalar_one()
        made = [
            await services.create_service(
                tx,
                NewService(name, team_id, "", None, kind=kind),
                scene.actor,
                scene.now,
            )
            for name, kind in (
                ("internal-buying", ServiceKind.BUSINESS),
                ("internal-payments", ServiceKind.TECHNICAL),
                ("internal-database", ServiceKind.TECHNICAL),
            )
        ]
        buying, payments, database = (one.id for one in made)
        line: dict[str, object] = {"name": "Buying", "service_ids": [buying]}
        await components.create_component(
            tx, scene.page_id, line, scene.actor, scene.now
        )
        declared = Declaration(database, "secret cause", priority="P1")
        await writing.declare(tx, declared, scene.actor, scene.now)
    await scene.work(MINUTE)
    assert (await scene.states())["Buying"] == "operational"

    async with transaction(scene.engine) as tx:
        for one, on in ((buying, payments), (payments, database)):
            await put_dependencies(tx, one, [on], scene.actor, scene.now)
    await scene.work(MINUTE)

    assert (await scene.states())["Buying"] == "major_outage"
    for internal in ("secret cause", "internal-"):
        assert internal not in scene.everything()


async def test_what_is_scheduled_is_told_when_its_time_comes(scene: Scene) -> None:
    later = first("At ten we tell more.", publish_at=scene.now + HOUR)
    touched = {scene.components["Search"]: State.DEGRADED}
    await told(scene, NewIncident("Slow search", later, components=touched))
    await scene.work()
    assert "Slow search" not in scene.everything()
    assert (await scene.states())["Search"] == "operational"

    await scene.work(HOUR)

    (incident,) = (await scene.get("api/v2/incidents/unresolved.json")).json()[
        "incidents"
    ]
    assert incident["name"] == "Slow search"
    assert incident["impact"] == "minor"
    assert (await scene.states())["Search"] == "degraded_performance"


async def test_what_is_scheduled_can_be_moved_until_it_is_told(scene: Scene) -> None:
    later = first("At ten we tell more.", publish_at=scene.now + HOUR)
    update = (await told(scene, NewIncident("Slow", later))).updates[0]

    async def move(to: timedelta) -> None:
        async with transaction(scene.engine) as tx:
            changes: dict[str, object] = {"publish_at": scene.now + to}
            await telling.correct_update(
                tx, update.id, changes, "later", scene.actor, scene.now
            )

    await move(3 * HOUR)
    await scene.work(HOUR)
    early = (await scene.get("api/v2/incidents.json")).json()["incidents"]
    await scene.work(2 * HOUR)
    (shown,) = (await scene.get("api/v2/incidents.json")).json()["incidents"]
    with pytest.raises(Conflict):
        await move(HOUR)

    assert early == []
    assert shown["incident_updates"][0]["display_at"] == "2026-03-02T12:01:00.000Z"


async def test_a_correction_shows_and_leaves_a_trace(scene: Scene) -> None:
    incident = await told(scene, NewIncident("Slow search", first("Wrong words.")))
    update_id = incident.updates[0].id
    changes: dict[str, object] = {
        "body": "Right words.",
        "display_at": scene.now - HOUR,
    }
    async with transaction(scene.engine) as tx:
        await telling.correct_update(
            tx, update_id, changes, "They were wrong.", scene.actor, scene.now
        )
        kept = await telling.get_incident(tx, incident.id)
    await scene.work()

    assert "Right words." in scene.everything()
    assert "Wrong words." not in scene.everything()
    (correction,) = kept.updates[0].corrections
    assert correction.before["body"] == "Wrong words."
    assert correction.reason == "They were wrong."


async def test_what_partners_are_told_is_in_no_public_file(scene: Scene) -> None:
    incident = await told(scene, NewIncident("Slow search", first()))
    partners = NewUpdate("identified", "only-for-partners", told_to=ToldTo.PARTNERS)
    async with transaction(scene.engine) as tx:
        await telling.add_update(tx, incident.id, partners, scene.actor, scene.now)
    await scene.work()

    assert "only-for-partners" not in scene.everything()
    (shown,) = (await scene.get("api/v2/incidents.json")).json()["incidents"]
    assert shown["status"] == "investigating"


async def test_what_partners_are_told_changes_no_state_that_all_can_see(
    scene: Scene,
) -> None:
    down = {scene.components["Search"]: State.MAJOR_OUTAGE}
    partners = first("secret", told_to=ToldTo.PARTNERS)
    incident = await told(scene, NewIncident("Bad", partners, components=down))
    await scene.work()
    assert set((await scene.states()).values()) == {"operational"}

    slow = {scene.components["Search"]: State.DEGRADED}
    async with transaction(scene.engine) as tx:
        for update in (
            first("For all.", components=slow),
            first("More.", told_to=ToldTo.PARTNERS, components=down),
        ):
            await telling.add_update(tx, incident.id, update, scene.actor, scene.now)
    await scene.work()

    assert (await scene.states())["Search"] == "degraded_performance"


async def test_planned_work_begins_and_ends_by_itself(scene: Scene) -> None:
    start = scene.now + HOUR
    on = [scene.components["Checkout"]]
    new = NewWork("Faster disks", "A short break.", start, start + HOUR, on)
    async with transaction(scene.engine) as tx:
        await works.plan(tx, scene.page_id, new, scene.actor, scene.now)
    await scene.work()
    path = "api/v2/scheduled-maintenances"
    upcoming = (await scene.get(f"{path}/upcoming.json")).json()
    assert [w["name"] for w in upcoming["scheduled_maintenances"]] == ["Faster disks"]

    await scene.work(HOUR)
    assert (await scene.states())["Checkout"] == "under_maintenance"
    active = (await scene.get(f"{path}/active.json")).json()["scheduled_maintenances"]
    assert [w["status"] for w in active] == ["in_progress"]

    await scene.work(HOUR)
    assert (await scene.states())["Checkout"] == "operational"
    over = (await scene.get(f"{path}.json")).json()["scheduled_maintenances"]
    assert [w["status"] for w in over] == ["completed"]


async def test_work_that_takes_longer_is_extended(scene: Scene) -> None:
    on = [scene.components["Checkout"]]
    new = NewWork("Disks", "", scene.now + MINUTE, scene.now + HOUR, on)
    async with transaction(scene.engine) as tx:
        work = await works.plan(tx, scene.page_id, new, scene.actor, scene.now)
    await scene.work(MINUTE)
    longer: dict[str, object] = {"scheduled_until": scene.now + 3 * HOUR}
    async with transaction(scene.engine) as tx:
        await works.change(tx, work.id, longer, scene.actor, scene.now)

    await scene.work(2 * HOUR)
    assert (await scene.states())["Checkout"] == "under_maintenance"
    await scene.work(HOUR)
    assert (await scene.states())["Checkout"] == "operational"


async def test_called_off_work_is_called_off_in_calendars(scene: Scene) -> None:
    new = NewWork("Disks", "", scene.now + HOUR, scene.now + 2 * HOUR)
    async with transaction(scene.engine) as tx:
        work = await works.plan(tx, scene.page_id, new, scene.actor, scene.now)
    await scene.work()
    assert "STATUS:CONFIRMED" in (await scene.get("maintenance.ics")).text

    async with transaction(scene.engine) as tx:
        cancelled = WorkStatus.CANCELLED
        await works.set_status(tx, work.id, cancelled, scene.actor, scene.now)
    await scene.work(2 * HOUR)

    calendar = (await scene.get("maintenance.ics")).text
    assert "STATUS:CANCELLED" in calendar
    assert "SEQUENCE:1" in calendar


async def test_a_series_is_announced_sixty_days_ahead(scene: Scene) -> None:
    start = scene.now + DAY
    weekly = NewWork("Weekly", "", start, start + HOUR, rrule="FREQ=WEEKLY")
    async with transaction(scene.engine) as tx:
        await works.plan(tx, scene.page_id, weekly, scene.actor, scene.now)
        before = await works.list_works(tx, scene.page_id, None, 100)

    await scene.work(40 * DAY)

    async with transaction(scene.engine) as tx:
        after = await works.list_works(tx, scene.page_id, None, 100)
    times = sorted(work.scheduled_for for work in after)
    assert len(before) == 9
    assert len(after) == 15
    assert {b - a for a, b in pairwise(times)} == {7 * DAY}


async def test_what_is_said_by_hand_ends_at_its_time(scene: Scene) -> None:
    said = (State.PARTIAL_OUTAGE, scene.now + HOUR)
    async with transaction(scene.engine) as tx:
        await components.override(
            tx, scene.components["Search"], said, scene.actor, scene.now
        )
    await scene.work()
    assert (await scene.states())["Search"] == "partial_outage"

    await scene.work(HOUR)

    assert (await scene.states())["Search"] == "operational"
