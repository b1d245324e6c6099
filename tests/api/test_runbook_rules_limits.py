"""Five and six: where it may reach, how often, and what starts it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from pagefree.channels.base import Transports
from pagefree.core.access import Actor, Role, Scope
from pagefree.core.errors import PageFreeError
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.runbooks import service
from pagefree.runbooks.service import Automation as Asking
from pagefree.runbooks.service import RunAsk
from tests.api.automation import LOOPBACK, Automation, automation_of
from tests.api.conftest import Api
from tests.fakes import runner
from tests.fakes.http_server import Answer, Asked, serving
from tests.fakes.runner import Runner

# ways to write an address of ours, or of the cloud's metadata
INSIDE = (
    "https://127.0.0.1:8443",
    "https://localhost:8443",
    "https://169.254.169.254",
    "https://[::1]:8443",
    "https://[::ffff:127.0.0.1]:8443",
    "https://[64:ff9b::a9fe:a9fe]",
    "https://[2002:7f00:1::]",
    "https://0x7f.1",
    "https://2130706433",
    "https://017700000001",
    "https://127.1",
    "https://10.0.0.1",
    "https://100.64.0.1",
    "https://0.0.0.0",
    "http://example.org",
    "https://user:password@example.org",
    "https://example.org@127.0.0.1",
    "https://example.org\\@127.0.0.1",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "https://example.org:22",
)


@pytest.fixture
async def automation(api: Api) -> AsyncIterator[Automation]:
    async with automation_of(api) as made:
        yield made


@pytest.fixture
async def fake(automation: Automation) -> Runner:
    """A runner that checks signatures, connected."""
    made = Runner(automation.api.clock())
    await automation.connect("webhook", made.handle)
    return made


# -- 5: targets ----------------------------------------------------------------------


@pytest.mark.parametrize("address", INSIDE)
async def test_rule_5_no_connection_leads_inside(
    automation: Automation, address: str
) -> None:
    body = {
        "kind": "webhook",
        "name": "Inside",
        "team_id": str(automation.team_id),
        "values": {"api_url": address, "key": runner.KEY},
    }

    refused = await automation.bo.client.post("/v1/target-connections", json=body)

    assert refused.status_code == 422


async def test_rule_5_redirects_are_not_followed(
    automation: Automation, fake: Runner
) -> None:
    asked = len(fake.asked)
    inside = await automation.stack.enter_async_context(serving(fake.handle))

    def redirect(_: Asked) -> Answer:
        return Answer(307, headers={"Location": inside})

    with pytest.raises(AssertionError, match="the test failed"):
        await automation.connect("webhook", redirect)

    assert len(fake.asked) == asked


async def test_rule_5_only_a_platform_admin_opens_internal_networks_and_narrow_ones(
    automation: Automation, fake: Runner
) -> None:
    kept = automation.connection_ids["webhook"]
    path = f"/v1/target-connections/{kept}"
    shown = (await automation.bo.client.get(path)).json()
    body = {"name": "x", "values": {**shown["values"], "key": runner.KEY}}

    by_team = await automation.bo.client.put(
        path, json={**body, "networks": [*LOOPBACK, "10.1.2.3/32"]}
    )
    kept_as_it_is = await automation.bo.client.put(
        path, json={**body, "networks": LOOPBACK}
    )
    too_wide = await automation.pia.client.put(
        path, json={**body, "networks": ["10.0.0.0/8"]}
    )

    assert by_team.status_code == 403
    assert kept_as_it_is.status_code == 200
    assert too_wide.status_code == 422
    assert fake.orders == []


async def test_rule_5_a_second_answer_of_the_name_server_is_checked_like_the_first(
    automation: Automation,
) -> None:
    answers = ["127.0.0.1"]

    async def rebinding(host: str, port: int) -> list[str]:
        assert (host, bool(port)) == ("runner.example.org", True)
        return list(answers)

    http = GuardedClient(resolve=rebinding)
    automation.api.app.state.transports = Transports(http, None)
    fake = Runner(automation.api.clock())
    url = await automation.stack.enter_async_context(serving(fake.handle))
    named = url.replace("127.0.0.1", "runner.example.org")
    await automation.connect("webhook", fake.handle, api_url=named)
    runbook_id = await automation.approved()

    states = []
    for second in ("169.254.169.254", "10.0.0.1", "::ffff:10.0.0.1", "127.0.0.1"):
        answers[:] = ["127.0.0.1", second]
        run_id = await automation.start(runbook_id)
        await automation.work()
        states.append((await automation.run(run_id))["state"])

    assert states == ["queued", "queued", "queued", "running"]
    assert len(fake.orders) == 1


@pytest.mark.usefixtures("fake")
async def test_rule_5_connections_are_used_only_by_the_teams_they_are_for(
    automation: Automation,
) -> None:
    ops = await automation.api.team("Ops")
    dan = await automation.api.user("Dan", teams={ops.id: Role.TEAM_ADMIN})
    body = {"team_id": str(ops.id), "content": automation.content()}

    refused = await dan.client.post("/v1/runbooks", json=body)

    assert refused.status_code == 422
    assert "no such connection" in refused.json()["detail"]


@pytest.mark.usefixtures("fake")
async def test_rule_5_lists_of_hosts_have_an_end(automation: Automation) -> None:
    hosts = {"type": "array", "items": {"type": "string"}, "maxItems": 2}
    runbook_id = await automation.approved(parameters={"properties": {"hosts": hosts}})

    answers = [
        await automation.ask(runbook_id, parameters={"hosts": ["web-1"] * count})
        for count in (2, 3)
    ]

    assert [one.status_code for one in answers] == [201, 422]


async def test_rule_5_a_runbook_runs_so_often_so_many_at_once_and_cools_down(
    automation: Automation, fake: Runner
) -> None:
    rare = await automation.approved(most_per_hour=2, at_once=1)
    await automation.start(rare)
    at_once = await automation.ask(rare)
    await automation.work()
    for order in fake.orders:
        call = order["callback"]["token"]
        await automation.call_back(order["run_id"], call, state="succeeded")
    second = await automation.ask(rare)
    await automation.sql("UPDATE runbook_runs SET state = 'failed', due_at = NULL")
    third = await automation.ask(rare)

    assert [at_once.status_code, second.status_code] == [409, 201]
    assert third.status_code == 429
    assert int(third.headers["retry-after"]) > 0


@pytest.mark.parametrize("whose", ["runbook", "installation"])
async def test_rule_5_the_kill_switch_also_holds_what_is_queued(
    automation: Automation, fake: Runner, whose: str
) -> None:
    runbook_id = await automation.approved()
    run_id = await automation.start(runbook_id)
    if whose == "runbook":
        path = f"/v1/runbooks/{runbook_id}/stop"
        await automation.cy.client.put(path, json={"reason": "it is broken"})
    else:
        settings = {"approval_days": 90, "stopped_reason": "it is broken"}
        await automation.pia.client.put("/v1/runbook-settings", json=settings)

    refused = await automation.ask(runbook_id)
    await automation.work()

    assert refused.status_code == 409
    assert "it is broken" in refused.json()["detail"]
    assert (await automation.run(run_id))["state"] == "failed"
    assert fake.orders == []


@pytest.mark.usefixtures("fake")
async def test_rule_5_planned_work_may_forbid_a_run(automation: Automation) -> None:
    runbook_id = await automation.approved(calendar="not_in_maintenance")
    now = automation.api.clock()
    window = {
        "team_id": str(automation.team_id),
        "name": "Upgrade",
        "start_at": now.isoformat(),
        "end_at": (now + timedelta(hours=1)).isoformat(),
    }
    await automation.bo.client.post("/v1/maintenance-windows", json=window)

    refused = await automation.ask(runbook_id)
    automation.api.clock.advance(timedelta(hours=1))
    after = await automation.ask(runbook_id)

    assert [refused.status_code, after.status_code] == [409, 201]


# -- 6: what may start it ------------------------------------------------------------


async def automatic(
    automation: Automation, runbook_id: str, approved_by: Actor | None = None
) -> str:
    """A workflow asks for a run; its state, or the code of the refusal."""
    asking = Asking(uuid4(), "Restart what hangs", approved_by)
    ask = RunAsk(UUID(runbook_id), asking, {"worker": "worker-1"})
    try:
        async with transaction(automation.api.engine) as tx:
            run_id = await service.start(tx, ask, automation.api.clock())
            return (await service.run_state(tx, run_id)).value
    except PageFreeError as e:
        return e.code


@pytest.mark.usefixtures("fake")
async def test_rule_6_workflows_start_only_what_is_marked_safe(
    automation: Automation,
) -> None:
    unsafe = await automation.approved()
    safe = await automation.approved(auto_safe=True)
    role = {automation.team_id: Role.RESPONDER}
    cy = Actor(automation.cy.id, "Cy", roles=role)
    observer = Actor(automation.cy.id, "Cy", roles={automation.team_id: Role.OBSERVER})

    assert await automatic(automation, unsafe) == "forbidden"
    assert await automatic(automation, unsafe, observer) == "forbidden"
    assert await automatic(automation, unsafe, cy) == "queued"
    assert await automatic(automation, safe) == "queued"
    # an incident that the run has caused does not start it again
    assert await automatic(automation, safe) == "too_many_requests"
    automation.api.clock.advance(timedelta(minutes=5))
    assert await automatic(automation, safe) == "queued"


@pytest.mark.usefixtures("fake")
async def test_rule_6_what_is_destructive_is_never_marked_safe(
    automation: Automation,
) -> None:
    content = automation.content(run_class="destructive", auto_safe=True)
    body = {"team_id": str(automation.team_id), "content": content}

    made = await automation.ana.client.post("/v1/runbooks", json=body)

    assert made.status_code == 422


@pytest.mark.usefixtures("fake")
async def test_rule_6_only_who_may_run_it_starts_it(automation: Automation) -> None:
    runbook_id = await automation.approved()
    ops = await automation.api.team("Ops")
    dan = await automation.api.user("Dan", teams={ops.id: Role.TEAM_ADMIN})
    eve = await automation.api.user("Eve", teams={automation.team_id: Role.OBSERVER})
    body = {"parameters": {"worker": "worker-1"}}
    path = f"/v1/runbooks/{runbook_id}/runs"
    read_only = await automation.api.key(automation.cy, Scope.READ)

    answers = [
        await client.post(path, json=body)
        for client in (dan.client, eve.client, read_only)
    ]

    assert [one.status_code for one in answers] == [403, 403, 403]
