"""The lane: runs side by side, a story from the incident to the result, and what is live."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from pagefree.runbooks.lane import Lane
from tests.api.automation import Automation, automation_of
from tests.api.conftest import Api
from tests.fakes.awx import Awx
from tests.fakes.http_server import serving
from tests.fakes.runner import Runner

PATIENCE_S = 60  # it takes milliseconds, on a machine that does nothing else


@pytest.fixture
async def automation(api: Api) -> AsyncIterator[Automation]:
    async with automation_of(api) as made:
        yield made


async def test_a_slow_target_holds_up_nobody_else(automation: Automation) -> None:
    arrived, released = asyncio.Event(), asyncio.Event()

    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        arrived.set()
        await released.wait()
        writer.close()

    slow, quick = Runner(automation.api.clock()), Runner(automation.api.clock())
    await automation.connect("webhook", slow.handle)
    slow_id = automation.connection_ids["webhook"]
    late = await automation.approved()
    await automation.connect("webhook", quick.handle)
    soon = await automation.approved(name="Other")
    server = await asyncio.start_server(stall, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    path = f"/v1/target-connections/{slow_id}"
    kept = (await automation.pia.client.get(path)).json()
    assert kept["values"]["api_url"].startswith("http://127.0.0.1:")
    async with server:
        await lead_to(automation, slow_id, f"http://127.0.0.1:{port}")
        first = await automation.start(late)
        second = await automation.start(soon)
        lane = Lane(automation.means)

        await lane.look()
        await asyncio.wait_for(arrived.wait(), PATIENCE_S)
        async with asyncio.timeout(PATIENCE_S):
            # the database says when: nothing else can be waited for
            while (await automation.run(second))["state"] != "running":  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        states = [(await automation.run(one))["state"] for one in (first, second)]
        released.set()
        await lane.idle()

    assert states == ["queued", "running"]
    # it has hung up without a word: nobody knows, and nobody tries again
    assert (await automation.run(first))["state"] == "unknown"


async def lead_to(automation: Automation, connection_id: str, url: str) -> None:
    """Another address of the same runner, approved anew: here by hand, untested."""
    sealed = automation.api.app.state.vault.seal(
        f'{{"api_url": "{url}", "key": "whsec_{"A" * 32}", "check_path": "/"}}'.encode(),
        f"target connection {connection_id}",
    )
    await automation.sql(
        "UPDATE target_connections SET sealed = :sealed WHERE id = :id",
        sealed=sealed,
        id=connection_id,
    )


async def test_the_lane_says_when_it_has_to_look_again(automation: Automation) -> None:
    lane = Lane(automation.means)
    assert await lane.look() is None
    await automation.connect("awx", Awx().handle)
    run_id = await automation.start(await automation.approved("awx"))

    await lane.look()
    await lane.idle()
    soon = await lane.look()

    assert (await automation.run(run_id))["state"] == "running"
    assert soon == 2.0


async def test_a_responder_runs_what_was_approved_and_sees_it_through(
    automation: Automation,
) -> None:
    """The whole way: an incident at night, a form, a press, output, the result."""
    fake = Awx()
    await automation.connect("awx", fake.handle)
    runbook_id = await automation.approved(
        "awx", parameters={"properties": {"number": {"type": "integer"}}}
    )
    incident_id = await automation.incident()
    about = {"incident_id": incident_id}
    form = (
        await automation.cy.client.get(f"/v1/runbooks/{runbook_id}/form", params=about)
    ).json()
    assert (form["may_run"], form["confirmation"], form["version"]) == (True, None, 1)

    run_id = await automation.start(runbook_id, parameters={"number": 7}, **about)
    await automation.work()
    fake.events[101] = ["TASK [drain]", "TASK [restart]"]
    await automation.later(seconds=3)
    halfway = await automation.lines(run_id)
    fake.jobs[101]["status"] = "successful"
    await automation.later(seconds=3)

    listed = await automation.cy.client.get("/v1/runbook-runs", params=about)
    run = listed.json()["items"][0]
    assert halfway == ["TASK [drain]", "TASK [restart]"]
    assert (run["id"], run["state"], run["started_by"]) == (run_id, "succeeded", "Cy")
    assert run["external_url"].endswith("/#/jobs/101")
    assert run["outcome"] == "AWX: successful"


async def test_a_run_that_is_cancelled_in_time_never_leaves(
    automation: Automation,
) -> None:
    fake = Awx()
    await automation.connect("awx", fake.handle)
    run_id = await automation.start(await automation.approved("awx"))
    path = f"/v1/runbook-runs/{run_id}/cancellation"

    asked = await automation.cy.client.put(path)
    again = await automation.cy.client.put(path)
    await automation.work()
    late = await automation.cy.client.put(path)

    assert [asked.status_code, again.status_code, late.status_code] == [200, 200, 409]
    assert (await automation.run(run_id))["state"] == "cancelled"
    assert fake.launches == 0


async def test_a_target_that_is_down_for_too_long_is_told_of(
    automation: Automation,
) -> None:
    fake = Awx()
    async with serving(fake.handle):
        await automation.connect("awx", fake.handle)
    run_id = await automation.start(await automation.approved("awx"))
    await automation.stack.aclose()  # nobody listens there any more

    await automation.work()
    for seconds in (5, 20, 60):
        await automation.later(seconds=seconds)

    run = await automation.run(run_id)
    assert (run["state"], fake.launches) == ("failed", 0)
    assert "could not be reached" in run["outcome"]
