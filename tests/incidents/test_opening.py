"""What ingest does: open, join and end many incidents in a constant number of statements."""

import asyncio

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from pagefree.core.alerts import Severity
from pagefree.incidents import service
from pagefree.incidents.service import Attachment
from pagefree.infra.db import driver
from pagefree.timeline.service import Cause, CauseKind
from tests.incidents.scene import (
    MINUTE,
    NOW,
    Scene,
    add_alerts,
    burn,
    burn_one,
    escalating,
    fate,
    history,
    numbers,
    opening,
    plan_page,
    row_of,
)


def attachment(scene: Scene, incident_id: object, **changes: object) -> Attachment:
    """One alert that joins."""
    values: dict[str, object] = {
        "incident_id": incident_id,
        "opened": 1,
        "resolved": 0,
        "severity": Severity.ERROR,
        "titles": ["Disk full"],
        "cause": scene.source,
    }
    return Attachment(**{**values, **changes})  # type: ignore[arg-type]


async def test_an_incident_opens_triggered_and_escalates_at_once(
    tx: AsyncConnection, scene: Scene
) -> None:
    incident_id = await burn_one(tx, scene)

    row = await row_of(tx, incident_id)
    assert row["status"] == "triggered"
    assert row["open_alert_count"] == row["alert_count"] == row["last_seq"] == 1
    assert await escalating(tx, incident_id) == ("running", NOW)
    assert await history(tx, incident_id) == ["triggered"]


async def test_five_hundred_incidents_open_in_as_many_statements_as_one(
    tx: AsyncConnection, scene: Scene
) -> None:
    connection = await driver(tx)
    asked: list[str] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        asked.append(record.query)

    with connection.query_logger(note):
        await service.open_many(connection, [opening(scene)], NOW)
        await asyncio.sleep(0)  # what is noted comes in the next turn of the loop
        for_one = len(asked)
        await service.open_many(connection, [opening(scene) for _ in range(500)], NOW)
        await asyncio.sleep(0)

    assert len(asked) == 2 * for_one <= 6


async def test_an_open_group_is_found_and_a_resolved_one_is_not(
    tx: AsyncConnection, scene: Scene
) -> None:
    kept = await burn_one(tx, scene, group_key="a")
    ended = await burn_one(tx, scene, group_key="b")
    await service.resolve(tx, ended, None, scene.ana, NOW)

    keys = [(scene.service_id, "a"), (scene.service_id, "b")]
    found = await service.open_by_group(await driver(tx), keys)

    assert {key: incident.id for key, incident in found.items()} == {keys[0]: kept}


async def test_the_same_group_cannot_be_open_twice(
    tx: AsyncConnection, scene: Scene
) -> None:
    await burn_one(tx, scene, group_key="a")

    with pytest.raises(asyncpg.UniqueViolationError):
        await burn_one(tx, scene, group_key="a")


async def test_alerts_that_join_are_counted_and_make_it_no_quieter(
    tx: AsyncConnection, scene: Scene
) -> None:
    incident_id = await burn_one(tx, scene)
    other = Cause(CauseKind.INTEGRATION, scene.integration_id, "Other")

    await service.attach_many(
        await driver(tx),
        [
            attachment(scene, incident_id, severity=Severity.INFO),
            attachment(scene, incident_id, severity=Severity.CRITICAL, cause=other),
        ],
        NOW,
    )

    row = await row_of(tx, incident_id)
    assert (row["alert_count"], row["open_alert_count"]) == (3, 3)
    assert (row["severity"], row["priority"]) == ("critical", "P1")
    assert await history(tx, incident_id) == ["triggered", "joined", "updated"]
    assert await numbers(tx, incident_id) == [1, 2, 3]


async def test_a_milder_alert_leaves_the_severity_alone(
    tx: AsyncConnection, scene: Scene
) -> None:
    incident_id = await burn_one(tx, scene)

    mild = attachment(scene, incident_id, severity=Severity.INFO)
    await service.attach_many(await driver(tx), [mild], NOW)

    assert (await row_of(tx, incident_id))["severity"] == "error"
    assert await history(tx, incident_id) == ["triggered", "joined"]


async def test_when_the_last_alert_ends_the_incident_is_resolved_by_its_source(
    tx: AsyncConnection, scene: Scene
) -> None:
    incident_id = await burn_one(tx, scene)
    page = await plan_page(tx, incident_id, scene.ana.user_id)
    ended = attachment(scene, incident_id, opened=0, resolved=1, severity=None)

    await service.attach_many(await driver(tx), [ended], NOW + MINUTE)

    row = await row_of(tx, incident_id)
    assert (row["status"], row["resolved_at"]) == ("resolved", NOW + MINUTE)
    assert row["resolved_by_id"] is None
    assert await escalating(tx, incident_id) == ("stopped", None)
    assert await fate(tx, page) == ("skipped", "resolved")
    assert await history(tx, incident_id) == ["triggered", "resolved"]
    assert await numbers(tx, incident_id) == [1, 2]


async def test_an_incident_with_an_alert_left_stays_open(
    tx: AsyncConnection, scene: Scene
) -> None:
    incident_id = await burn_one(tx, scene)
    await add_alerts(tx, scene, [incident_id])
    connection = await driver(tx)
    await service.attach_many(connection, [attachment(scene, incident_id)], NOW)

    ended = attachment(scene, incident_id, opened=0, resolved=1, severity=None)
    await service.attach_many(connection, [ended], NOW)

    assert (await row_of(tx, incident_id))["status"] == "triggered"


async def test_a_source_acknowledges_without_naming_anybody(
    tx: AsyncConnection, scene: Scene
) -> None:
    open_one, over = await burn(tx, scene, "a", "b")
    await service.resolve(tx, over, None, scene.ana, NOW)

    await service.acknowledge_many(
        await driver(tx), [open_one, over], scene.source, NOW
    )

    row = await row_of(tx, open_one)
    assert (row["status"], row["acknowledged_by_id"]) == ("acknowledged", None)
    assert (await row_of(tx, over))["status"] == "resolved"
    assert await escalating(tx, open_one) == ("stopped", None)


async def test_nothing_to_open_or_attach_is_no_statement_at_all(
    tx: AsyncConnection,
) -> None:
    connection = await driver(tx)

    await service.open_many(connection, [], NOW)
    await service.attach_many(connection, [], NOW)

    assert await service.open_by_group(connection, []) == {}
