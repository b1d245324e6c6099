"""The library: what is listed, and how it went the last time; the runner of the demo."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.api.automation import Automation, automation_of
from tests.api.conftest import Api
from tests.fakes.runner import Runner


@pytest.fixture
async def automation(api: Api) -> AsyncIterator[Automation]:
    async with automation_of(api) as made:
        await made.connect("webhook", Runner(api.clock()).handle)
        yield made


async def listed(automation: Automation, **query: str) -> list[dict[str, Any]]:
    found = await automation.cy.client.get("/v1/runbooks", params=query)
    assert found.status_code == 200, found.text
    items: list[dict[str, Any]] = found.json()["items"]
    return items


async def test_the_library_is_searched_by_class_and_state(
    automation: Automation,
) -> None:
    approved = await automation.approved(name="Restart")
    waiting = await automation.write(name="Look", run_class="diagnostic")
    await automation.submit(waiting)

    async def ids(**query: str) -> list[str]:
        return [one["id"] for one in await listed(automation, **query)]

    assert await ids() == [waiting, approved]
    assert await ids(run_class="diagnostic") == [waiting]
    assert await ids(state="approved") == [approved]
    assert await ids(state="in_review") == [waiting]
    assert await ids(state="draft") == []
    assert await ids(state="approved", q="look") == []


async def test_a_runbook_stays_among_the_approved_while_a_newer_version_waits(
    automation: Automation,
) -> None:
    runbook_id = await automation.approved()
    content = automation.content(description="Restarts it, and says so.")
    path = f"/v1/runbooks/{runbook_id}/versions"
    await automation.ana.client.post(path, json={"content": content})

    for state in ("approved", "draft"):
        assert [one["id"] for one in await listed(automation, state=state)] == [
            runbook_id
        ]


async def test_the_library_tells_how_it_went_the_last_time(
    automation: Automation,
) -> None:
    runbook_id = await automation.approved()
    assert (await listed(automation))[0]["last_run"] is None
    await automation.start(runbook_id)
    automation.api.clock.advance(timedelta(seconds=1))
    newer = await automation.start(runbook_id)

    last = (await listed(automation))[0]["last_run"]

    assert (last["id"], last["state"]) == (newer, "queued")


async def test_whoever_has_to_type_their_password_again_is_told_by_a_code(
    automation: Automation,
) -> None:
    runbook_id = await automation.write()
    content_hash = await automation.submit(runbook_id)

    refused = await automation.approve(automation.bo, runbook_id, content_hash)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_confirmed")


@pytest.mark.parametrize("demo", [True, False])
async def test_the_runner_of_the_demo_is_only_there_in_a_demo(
    api: Api, *, demo: bool
) -> None:
    api.app.state.demo = demo
    client = await api.browser()

    check = {"type": "runbook.check", "data": None}
    asked = await client.post("/api/demo-runner/restart", json=check)

    assert asked.status_code == (204 if demo else 404)


async def test_an_order_without_the_token_of_a_run_achieves_nothing(
    automation: Automation,
) -> None:
    automation.api.app.state.demo = True
    run_id = await automation.start(await automation.approved())
    reply = {"token": str(uuid4()), "url": "http://127.0.0.1/"}
    data = {"run_id": run_id, "parameters": {}, "callback": reply}
    client = await automation.api.browser()

    order = {"type": "runbook.run", "data": data}
    taken = await client.post("/api/demo-runner/restart", json=order)

    assert taken.status_code == 202
    assert (await automation.run(run_id))["state"] == "queued"
    assert await automation.lines(run_id) == []
