"""An incident that gets worse while it is open."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pagefree.core.alerts import Severity
from pagefree.core.routing import Urgency
from pagefree.escalation import service as escalation
from pagefree.incidents import service, writing
from pagefree.incidents.service import Attachment
from pagefree.infra.db import driver
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import contact_methods
from pagefree.tables.notifications import notification_rules, notifications
from pagefree.tables.timeline import events
from tests.incidents.scene import (
    MINUTE,
    NOW,
    Scene,
    burn,
    burn_one,
    escalating,
    history,
    row_of,
)

QUIET = {"severity": Severity.WARNING, "priority": "P3", "urgency": Urgency.LOW}


def worse(scene: Scene, incident_id: object, *, opened: int = 1) -> Attachment:
    """A critical alert joins, or one that is open becomes critical."""
    titles = ["Disk gone"] * opened
    return Attachment(
        incident_id,  # type: ignore[arg-type]
        opened,
        0,
        Severity.CRITICAL,
        titles,
        scene.source,
    )


async def only_urgent_at_once(tx: AsyncConnection, scene: Scene) -> None:
    """Ana is told at once of what is urgent, and an hour later of what is not."""
    owned = contact_methods.c.user_id == scene.ana.user_id
    method_id = await tx.scalar(select(contact_methods.c.id).where(owned))
    for urgency, delay in ((Urgency.HIGH, timedelta()), (Urgency.LOW, 60 * MINUTE)):
        await tx.execute(
            insert(notification_rules).values(
                id=new_id(),
                user_id=scene.ana.user_id,
                contact_method_id=method_id,
                urgency=urgency.value,
                delay=delay,
            )
        )


async def planned(tx: AsyncConnection, incident_id: object) -> list[object]:
    """When what was planned for the incident is sent."""
    query = select(notifications.c.send_at).where(
        notifications.c.incident_id == incident_id
    )
    return sorted((await tx.execute(query)).scalars())


@pytest.mark.parametrize("opened", [1, 0])
async def test_what_becomes_critical_pages_at_once_by_the_rules_for_what_is_urgent(
    tx: AsyncConnection, scene: Scene, opened: int
) -> None:
    await only_urgent_at_once(tx, scene)
    incident_id = await burn_one(tx, scene, **QUIET)
    await escalation.escalate_due(tx, NOW)
    assert await planned(tx, incident_id) == [NOW + 60 * MINUTE]

    alert = worse(scene, incident_id, opened=opened)
    await service.attach_many(await driver(tx), [alert], NOW + MINUTE)
    await escalation.escalate_due(tx, NOW + MINUTE)

    row = await row_of(tx, incident_id)
    assert (row["severity"], row["priority"], row["urgency"]) == (
        "critical",
        "P1",
        "high",
    )
    assert await planned(tx, incident_id) == [NOW + MINUTE, NOW + 60 * MINUTE]


async def test_the_timeline_says_what_changed_and_why(
    tx: AsyncConnection, scene: Scene
) -> None:
    incident_id = await burn_one(tx, scene, **QUIET)

    await service.attach_many(await driver(tx), [worse(scene, incident_id)], NOW)

    query = select(events.c.data, events.c.actor_name).where(
        events.c.incident_id == incident_id, events.c.kind == "incident.updated"
    )
    changes = {
        "severity": {"from": "warning", "to": "critical"},
        "priority": {"from": "P3", "to": "P1"},
        "urgency": {"from": "low", "to": "high"},
    }
    assert [tuple(row) for row in await tx.execute(query)] == [
        ({"changes": changes}, "Prometheus")
    ]


async def test_nobody_is_paged_anew_for_what_somebody_has(
    tx: AsyncConnection, scene: Scene
) -> None:
    incident_id = await burn_one(tx, scene, **QUIET)
    await service.acknowledge(tx, incident_id, scene.ana, NOW)

    await service.attach_many(await driver(tx), [worse(scene, incident_id)], NOW)

    assert (await row_of(tx, incident_id))["urgency"] == "high"
    assert await escalating(tx, incident_id) == ("stopped", None)


async def test_what_was_urgent_before_keeps_its_place_in_the_policy(
    tx: AsyncConnection, scene: Scene
) -> None:
    incident_id = await burn_one(tx, scene)
    await escalation.escalate_due(tx, NOW)

    alert = worse(scene, incident_id)
    await service.attach_many(await driver(tx), [alert], NOW + MINUTE)

    assert (await row_of(tx, incident_id))["priority"] == "P1"
    assert await escalating(tx, incident_id) == ("running", NOW + 5 * MINUTE)


async def test_what_a_person_made_quiet_stays_so_until_it_gets_worse(
    tx: AsyncConnection, scene: Scene
) -> None:
    incident_id = await burn_one(tx, scene, severity=Severity.CRITICAL, priority="P1")
    quiet = {"priority": "P4", "urgency": "low"}
    await writing.edit(tx, incident_id, quiet, scene.ana, NOW)

    await service.attach_many(await driver(tx), [worse(scene, incident_id)], NOW)

    row = await row_of(tx, incident_id)
    assert (row["priority"], row["urgency"]) == ("P4", "low")
    assert await history(tx, incident_id) == ["triggered", "updated", "joined"]


async def test_a_storm_that_gets_worse_takes_as_many_statements_as_one_incident(
    tx: AsyncConnection, scene: Scene
) -> None:
    connection = await driver(tx)
    one, *many = await burn(tx, scene, *["Disk full"] * 101, **QUIET)
    asked: list[str] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        asked.append(record.query)

    with connection.query_logger(note):
        await service.attach_many(connection, [worse(scene, one)], NOW)
        await asyncio.sleep(0)  # what is noted comes in the next turn of the loop
        for_one = len(asked)
        await service.attach_many(connection, [worse(scene, i) for i in many], NOW)
        await asyncio.sleep(0)

    assert len(asked) == 2 * for_one <= 12
    due = {await escalating(tx, i) for i in many}
    assert due == {("running", NOW)}
