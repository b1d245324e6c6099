"""Breaking glass: two people let run at once what nobody has approved, and all can see it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.invariants.service import list_violations
from tests.api.automation import Automation, automation_of
from tests.api.conftest import PASSWORD, Api, Person
from tests.fakes.runner import Runner

WHY = "Checkout is down and the old runbook restarts the wrong worker."


@pytest.fixture
async def automation(api: Api) -> AsyncIterator[Automation]:
    async with automation_of(api) as made:
        yield made


@pytest.fixture
async def runner(automation: Automation) -> Runner:
    made = Runner(automation.api.clock())
    await automation.connect("webhook", made.handle)
    return made


async def dan(automation: Automation) -> Person:
    """One more who responds."""
    teams = {automation.team_id: Role.RESPONDER}
    return await automation.api.user("Dan", password=PASSWORD, teams=teams)


async def hash_of(automation: Automation, runbook_id: str) -> str:
    found = await automation.ana.client.get(f"/v1/runbooks/{runbook_id}/versions/1")
    content_hash: str = found.json()["content_hash"]
    return content_hash


async def ask(
    automation: Automation, person: Person, runbook_id: str, incident_id: str
) -> httpx2.Response:
    body = {
        "content_hash": await hash_of(automation, runbook_id),
        "incident_id": incident_id,
        "reason": WHY,
    }
    path = f"/v1/runbooks/{runbook_id}/versions/1/emergencies"
    return await person.client.post(path, json=body)


async def confirm(
    automation: Automation, person: Person, runbook_id: str, emergency_id: str
) -> httpx2.Response:
    body = {"content_hash": await hash_of(automation, runbook_id)}
    path = f"/v1/runbook-emergencies/{emergency_id}/confirmation"
    return await person.client.put(path, json=body)


async def broken(
    automation: Automation, runbook_id: str, incident_id: str
) -> dict[str, Any]:
    """Ana, who has written it, has asked; Cy has confirmed."""
    await automation.confirm(automation.ana)
    asked = await ask(automation, automation.ana, runbook_id, incident_id)
    assert asked.status_code == 201, asked.text
    await automation.confirm(automation.cy)
    id_ = asked.json()["id"]
    said = await confirm(automation, automation.cy, runbook_id, id_)
    assert said.status_code == 200, said.text
    found: dict[str, Any] = said.json()
    return found


async def violations(automation: Automation) -> list[str]:
    async with transaction(automation.api.engine) as tx:
        found = await list_violations(tx, automation.api.clock())
    return [one.says for one in found if one.promise == "I-15"]


async def test_two_people_let_a_draft_run_for_one_incident_and_everybody_hears_of_it(
    automation: Automation, runner: Runner
) -> None:
    runbook_id = await automation.write()
    incident_id = await automation.incident()
    refused = await automation.ask(runbook_id, version=1, incident_id=incident_id)
    assert refused.status_code == 409

    emergency = await broken(automation, runbook_id, incident_id)
    run_id = await automation.start(runbook_id, version=1, incident_id=incident_id)
    await automation.work()

    assert len(runner.orders) == 1
    run = await automation.run(run_id)
    assert (run["state"], run["emergency_id"]) == ("running", emergency["id"])
    version = await automation.cy.client.get(f"/v1/runbooks/{runbook_id}/versions/1")
    assert version.json()["state"] == "in_review"
    told = await automation.sql("SELECT user_id, text FROM shift_notices")
    assert {row[0] for row in told} == {automation.ana.id, automation.bo.id}
    assert "Break glass: Ana and Cy let “Restart worker” (version 1) run" in told[0][1]
    assert WHY in told[0][1]
    line = await automation.cy.client.get(f"/v1/incidents/{incident_id}/timeline")
    kinds = [one["kind"] for one in line.json()["items"]]
    assert {"runbook.emergency_asked", "runbook.emergency_confirmed"} <= set(kinds)
    kept = await automation.sql(
        "SELECT data FROM runbook_audit WHERE kind = 'runbook_run.queued'"
    )
    assert kept[0][0]["emergency_id"] == emergency["id"]
    assert await violations(automation) == []


@pytest.mark.usefixtures("runner")
async def test_it_holds_for_that_incident_and_for_an_hour_only(
    automation: Automation,
) -> None:
    runbook_id = await automation.write()
    incident_id, other = await automation.incident(), await automation.incident()
    await broken(automation, runbook_id, incident_id)

    elsewhere = await automation.ask(runbook_id, version=1, incident_id=other)
    nowhere = await automation.ask(runbook_id, version=1)
    unnamed = await automation.ask(runbook_id, incident_id=incident_id)
    automation.api.clock.advance(timedelta(hours=1))
    late = await automation.ask(runbook_id, version=1, incident_id=incident_id)

    codes = [one.status_code for one in (elsewhere, nowhere, unnamed, late)]
    assert codes == [409] * 4


@pytest.mark.usefixtures("runner")
async def test_it_takes_a_second_one_who_has_written_nothing_of_it_and_proves_it(
    automation: Automation,
) -> None:
    runbook_id = await automation.write()
    incident_id = await automation.incident()
    unproven = await ask(automation, automation.ana, runbook_id, incident_id)
    await automation.confirm(automation.cy)
    asked = await ask(automation, automation.cy, runbook_id, incident_id)
    id_ = asked.json()["id"]

    alone = await confirm(automation, automation.cy, runbook_id, id_)
    await automation.confirm(automation.ana)
    writer = await confirm(automation, automation.ana, runbook_id, id_)
    unproven_two = await confirm(automation, automation.bo, runbook_id, id_)
    await automation.confirm(automation.bo)
    automation.api.clock.advance(timedelta(minutes=16))
    await automation.confirm(automation.bo)
    late = await confirm(automation, automation.bo, runbook_id, id_)

    codes = [one.status_code for one in (unproven, alone, writer, unproven_two, late)]
    assert codes == [403, 403, 403, 403, 409]
    refused = await automation.ask(runbook_id, version=1, incident_id=incident_id)
    assert refused.status_code == 409


@pytest.mark.usefixtures("runner")
async def test_what_is_destructive_takes_two_who_have_not_written_it(
    automation: Automation,
) -> None:
    runbook_id = await automation.write(run_class="destructive")
    incident_id = await automation.incident()
    await automation.confirm(automation.ana)
    await automation.confirm(automation.cy)

    writer = await ask(automation, automation.ana, runbook_id, incident_id)
    other = await ask(automation, automation.cy, runbook_id, incident_id)

    assert (writer.status_code, other.status_code) == (403, 201)


@pytest.mark.parametrize(
    "swap",
    [
        "UPDATE runbook_versions SET content = jsonb_set(content, '{timeout_s}', '301')",
        "UPDATE runbook_versions SET state = 'deprecated'",
        "UPDATE target_connections SET fingerprint = 'another'",
        "UPDATE users SET deactivated_at = created_at WHERE name = 'Ana'",
        "UPDATE runbook_emergencies SET expires_at = confirmed_at",
        "UPDATE runbooks SET stopped_at = created_at",
    ],
    ids=["content", "deprecated", "connection", "left", "expired", "stopped"],
)
async def test_what_changes_after_it_was_let_run_is_not_launched(
    automation: Automation, runner: Runner, swap: str
) -> None:
    runbook_id = await automation.write()
    incident_id = await automation.incident()
    await broken(automation, runbook_id, incident_id)
    run_id = await automation.start(runbook_id, version=1, incident_id=incident_id)

    await automation.sql(swap)
    await automation.work()

    assert runner.orders == []
    assert (await automation.run(run_id))["state"] == "failed"


@pytest.mark.usefixtures("runner")
async def test_somebody_else_who_may_approve_looks_back_at_it(
    automation: Automation,
) -> None:
    runbook_id = await automation.write()
    incident_id = await automation.incident()
    emergency = await broken(automation, runbook_id, incident_id)
    path = f"/v1/runbook-emergencies/{emergency['id']}/review"
    said = {"text": "It was right; approve it properly."}

    responder = await (await dan(automation)).client.put(path, json=said)
    one_of_two = await automation.ana.client.put(path, json=said)
    done = await automation.bo.client.put(path, json=said)
    again = await automation.bo.client.put(path, json=said)

    codes = [one.status_code for one in (responder, one_of_two, done, again)]
    assert codes == [403, 403, 200, 409]
    listed = await automation.cy.client.get(
        f"/v1/runbooks/{runbook_id}/versions/1/emergencies"
    )
    assert [one["reviewed_by"] for one in listed.json()] == ["Bo"]


@pytest.mark.parametrize(
    "lie",
    [
        "UPDATE runbook_runs SET emergency_id = gen_random_uuid()",
        "UPDATE runbook_emergencies SET confirmed_by_id = asked_by_id",
        "UPDATE runbook_emergencies SET content_hash = repeat('0', 64)",
        "UPDATE runbook_emergencies SET confirmed_at = confirmed_at + interval '1 day'",
    ],
    ids=["made up", "alone", "content", "afterwards"],
)
@pytest.mark.usefixtures("runner")
async def test_a_run_that_two_people_have_not_let_run_breaks_the_promise(
    automation: Automation, lie: str
) -> None:
    runbook_id = await automation.write()
    incident_id = await automation.incident()
    await broken(automation, runbook_id, incident_id)
    await automation.start(runbook_id, version=1, incident_id=incident_id)
    assert await violations(automation) == []

    await automation.sql(lie)

    assert any("no two people" in one for one in await violations(automation))
