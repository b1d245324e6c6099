"""The twelve rules of running things for people, each tried by somebody who breaks it."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from pagefree.channels.base import Transports
from pagefree.core.access import Actor, Role, Scope
from pagefree.core.errors import PageFreeError
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.runbooks import recording, service
from pagefree.runbooks.service import Automation as Asking
from pagefree.runbooks.service import RunAsk
from tests.api.automation import LOOPBACK, Automation, automation_of
from tests.api.conftest import Api
from tests.fakes import runner
from tests.fakes.awx import Awx
from tests.fakes.http_server import Answer, Asked, serving
from tests.fakes.runner import Runner

INJECTIONS = (
    *("worker-1; rm -rf /", "$(reboot)", "`id`", "worker-1\nrm -rf /", "--force"),
    *("worker-1 && id", "worker-1|id", "\u2014force", "worker\u20101", "{{secrets}}"),
    *("{% include '/etc/passwd' %}", "${jndi:ldap://x}", "worker-1\0", "worker-\u0661"),
    *("../../worker-1", "worker-1\u202e", "worker-1 ", " worker-1", "WORKER-1", ""),
)
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


async def ordered(automation: Automation, fake: Runner) -> tuple[str, str]:
    """A run that the runner has accepted, and the token it was given."""
    run_id = await automation.start(await automation.approved())
    await automation.work()
    return run_id, fake.orders[-1]["callback"]["token"]


# -- 1: the catalogue only -----------------------------------------------------------


@pytest.mark.usefixtures("fake")
async def test_rule_1_nothing_runs_that_is_not_in_the_catalogue(
    automation: Automation,
) -> None:
    runbook_id = await automation.approved()

    answers = [
        await automation.ask(runbook_id, command="rm -rf /"),
        await automation.ask(runbook_id, content={"path": "/other"}),
        await automation.ask(
            runbook_id, parameters={"worker": "worker-1", "script": "id"}
        ),
        await automation.ask(str(uuid4())),
        await automation.ask(runbook_id, version=7),
    ]

    assert [one.status_code for one in answers] == [422, 422, 422, 404, 404]


async def test_rule_1_documents_that_run_any_shell_text_are_refused(
    automation: Automation, fake: Runner
) -> None:
    content = {
        "document": "AWS-RunShellScript",
        "version": "1",
        "document_hash": "0" * 64,
    }
    body = automation.content(target="ssm", content=content)

    made = await automation.ana.client.post(
        "/v1/runbooks", json={"team_id": str(automation.team_id), "content": body}
    )

    assert made.status_code == 422
    assert "any text" in made.json()["detail"]
    assert fake.orders == []


# -- 2: immutable versions -----------------------------------------------------------


async def test_rule_2_a_version_swapped_between_approval_and_run_does_not_run(
    automation: Automation, fake: Runner
) -> None:
    runbook_id = await automation.approved()
    await automation.sql(
        "UPDATE runbook_versions SET content = jsonb_set(content, '{content,path}', '\"/x\"')"
    )

    refused = await automation.ask(runbook_id)

    assert refused.status_code == 409
    assert "not what was approved" in refused.json()["detail"]
    assert fake.orders == []


@pytest.mark.parametrize(
    "swap",
    [
        "UPDATE runbook_versions SET content = jsonb_set(content, '{timeout_s}', '301')",
        "UPDATE runbook_versions SET content_hash = repeat('0', 64)",
        "UPDATE runbook_versions SET state = 'deprecated'",
        "UPDATE runbook_approvals SET revoked_at = at",
        "UPDATE target_connections SET fingerprint = 'another'",
        "UPDATE target_connections SET deleted_at = updated_at",
        "DELETE FROM runbook_approvals",
    ],
)
async def test_rule_2_what_is_swapped_after_the_run_was_queued_is_not_launched(
    automation: Automation, fake: Runner, swap: str
) -> None:
    run_id = await automation.start(await automation.approved())
    await automation.sql(swap)

    await automation.work()

    run = await automation.run(run_id)
    assert run["state"] == "failed"
    assert run["outcome"].startswith("Not started")
    assert fake.orders == []


@pytest.mark.usefixtures("fake")
async def test_rule_2_an_edit_is_a_new_version_without_approvals(
    automation: Automation,
) -> None:
    runbook_id = await automation.approved()
    path = f"/v1/runbooks/{runbook_id}/versions"
    before = (await automation.ana.client.get(f"{path}/1")).json()

    edited = {"content": automation.content(timeout_s=301)}
    made = (await automation.ana.client.post(path, json=edited)).json()
    same = await automation.ana.client.post(path, json=edited)
    difference = (await automation.bo.client.get(f"{path}/2/diff")).json()
    refused = await automation.ask(runbook_id, version=2)

    assert (made["number"], made["state"], made["approvals"]) == (2, "draft", [])
    assert made["content_hash"] != before["content_hash"]
    assert same.status_code == 409
    assert refused.status_code == 409
    assert difference["against"] == 1
    expected = {"path": "timeout_s", "before": 300, "after": 301}
    assert difference["differences"] == [expected]
    # the approved one stays what it was, and is what runs
    assert (await automation.ana.client.get(f"{path}/1")).json() == before
    run = await automation.run(await automation.start(runbook_id))
    assert (run["version"], run["content_hash"]) == (1, before["content_hash"])


# -- 3: four eyes --------------------------------------------------------------------


@pytest.mark.usefixtures("fake")
async def test_rule_3_nobody_approves_their_own_work_whatever_they_become(
    automation: Automation,
) -> None:
    runbook_id = await automation.write()
    shown = await automation.submit(runbook_id)
    await automation.confirm(automation.ana)

    as_team_admin = await automation.approve(automation.ana, runbook_id, shown)
    await automation.sql(
        "UPDATE users SET platform_admin = true WHERE id = :id", id=automation.ana.id
    )
    as_platform_admin = await automation.approve(automation.ana, runbook_id, shown)

    assert [as_team_admin.status_code, as_platform_admin.status_code] == [403, 403]
    assert (await automation.ask(runbook_id)).status_code == 409


@pytest.mark.usefixtures("fake")
async def test_rule_3_whoever_wrote_what_nobody_has_approved_approves_no_later_version(
    automation: Automation,
) -> None:
    runbook_id = await automation.write()
    path = f"/v1/runbooks/{runbook_id}/versions"
    await automation.ana.client.put(f"{path}/1/deprecation")
    body = {"content": automation.content(timeout_s=60)}
    await automation.cy.client.post(path, json=body)
    shown = await automation.submit(runbook_id, 2)
    await automation.confirm(automation.ana)

    refused = await automation.approve(automation.ana, runbook_id, shown, 2)

    assert refused.status_code == 403
    assert "written" in refused.json()["detail"]


@pytest.mark.usefixtures("fake")
async def test_rule_3_approving_asks_for_the_password_within_five_minutes(
    automation: Automation,
) -> None:
    runbook_id = await automation.write()
    shown = await automation.submit(runbook_id)

    never = await automation.approve(automation.bo, runbook_id, shown)
    await automation.confirm(automation.bo)
    automation.api.clock.advance(timedelta(minutes=5, seconds=1))
    late = await automation.approve(automation.bo, runbook_id, shown)
    wrong = await automation.bo.client.post(
        "/v1/session/confirm", json={"password": "guessed"}
    )
    after_wrong = await automation.approve(automation.bo, runbook_id, shown)
    await automation.confirm(automation.bo)
    other = await automation.api.browser(await automation.api.session(automation.bo.id))
    path = f"/v1/runbooks/{runbook_id}/versions/1/approvals"
    in_another_browser = await other.post(path, json={"content_hash": shown})
    in_time = await automation.approve(automation.bo, runbook_id, shown)

    assert [never.status_code, late.status_code, wrong.status_code] == [403, 403, 422]
    assert after_wrong.status_code == 403
    assert in_another_browser.status_code == 403
    assert in_time.status_code == 201
    assert in_time.json()["state"] == "approved"


@pytest.mark.usefixtures("fake")
async def test_rule_3_programs_never_approve(automation: Automation) -> None:
    runbook_id = await automation.write()
    shown = await automation.submit(runbook_id)
    await automation.confirm(automation.bo)
    program = await automation.api.key(automation.bo, *Scope)
    path = f"/v1/runbooks/{runbook_id}/versions/1/approvals"

    by_key = await program.post(path, json={"content_hash": shown})
    # nor by sending the session along
    program.cookies.set("pagefree", automation.bo.token)
    with_both = await program.post(path, json={"content_hash": shown})
    confirmed = await program.post(
        "/v1/session/confirm", json={"password": "correct horse battery"}
    )

    assert [by_key.status_code, with_both.status_code] == [403, 403]
    assert confirmed.status_code == 403


@pytest.mark.usefixtures("fake")
async def test_rule_3_only_what_was_shown_is_approved(automation: Automation) -> None:
    runbook_id = await automation.write()
    await automation.submit(runbook_id)
    await automation.confirm(automation.bo)

    refused = await automation.approve(automation.bo, runbook_id, "0" * 64)

    assert refused.status_code == 409


@pytest.mark.usefixtures("fake")
async def test_rule_3_what_is_destructive_needs_two_and_its_name_typed_in(
    automation: Automation,
) -> None:
    runbook_id = await automation.write(run_class="destructive")
    shown = await automation.submit(runbook_id)
    await automation.confirm(automation.bo)
    await automation.confirm(automation.pia)

    one = await automation.approve(automation.bo, runbook_id, shown)
    again = await automation.approve(automation.bo, runbook_id, shown)
    too_early = await automation.ask(runbook_id, version=1)
    two = await automation.approve(automation.pia, runbook_id, shown)
    untyped = await automation.ask(runbook_id)
    typed = await automation.ask(runbook_id, confirmation="Restart worker")

    assert [one.json()["state"], two.json()["state"]] == ["in_review", "approved"]
    assert [again.status_code, too_early.status_code] == [409, 409]
    assert [untyped.status_code, typed.status_code] == [422, 201]


async def test_rule_3_an_approver_who_was_demoted_before_the_run_has_not_approved(
    automation: Automation, fake: Runner
) -> None:
    run_id = await automation.start(await automation.approved())
    path = f"/v1/teams/{automation.team_id}/members/{automation.bo.id}"
    await automation.pia.client.put(path, json={"role": "responder"})

    await automation.work()

    assert "may no longer approve" in (await automation.run(run_id))["outcome"]
    assert fake.orders == []


@pytest.mark.usefixtures("fake")
async def test_rule_3_approvals_expire(automation: Automation) -> None:
    runbook_id = await automation.approved()
    automation.api.clock.advance(timedelta(days=29))
    assert (await automation.ask(runbook_id)).status_code == 201
    await automation.sql(
        "UPDATE runbook_approvals SET expires_at = at + interval '29 d'"
    )

    expired = await automation.ask(runbook_id)

    assert expired.status_code == 409
    assert "expired" in expired.json()["detail"]


@pytest.mark.usefixtures("fake")
async def test_rule_3_a_team_may_name_approvers_and_take_that_back(
    automation: Automation,
) -> None:
    path = f"/v1/teams/{automation.team_id}/runbook-approvers/{automation.cy.id}"
    runbook_id = await automation.write()
    shown = await automation.submit(runbook_id)
    await automation.confirm(automation.cy)

    before = await automation.approve(automation.cy, runbook_id, shown)
    await automation.bo.client.put(path)
    named = await automation.approve(automation.cy, runbook_id, shown)
    await automation.bo.client.delete(path)
    after = await automation.ask(runbook_id)

    assert [before.status_code, named.status_code] == [403, 201]
    assert after.status_code == 409
    assert "may no longer approve" in after.json()["detail"]


# -- 4: parameters -------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(INJECTIONS)))
async def test_rule_4_nothing_is_injected_through_a_parameter(
    automation: Automation, fake: Runner, number: int
) -> None:
    runbook_id = await automation.approved()
    text = INJECTIONS[number]

    refused = await automation.ask(runbook_id, parameters={"worker": text})

    assert refused.status_code == 422
    # what was typed in is not said again
    assert not text.strip() or text not in refused.json()["detail"]
    assert fake.orders == []


@pytest.mark.usefixtures("fake")
async def test_rule_4_text_without_a_pattern_is_a_word(automation: Automation) -> None:
    schema = {"properties": {"host": {"type": "string"}}}
    runbook_id = await automation.approved(parameters=schema)

    answers = {
        text: (await automation.ask(runbook_id, parameters={"host": text})).status_code
        for text in ("web-1.example.org:8080", "a b", "-f", "a;b", "a'b", "$a")
    }

    assert answers.pop("web-1.example.org:8080") == 201
    assert set(answers.values()) == {422}


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^a|b$"])
@pytest.mark.usefixtures("fake")
async def test_rule_4_patterns_are_matched_whole_and_in_linear_time(
    automation: Automation, pattern: str
) -> None:
    schema = {"properties": {"host": {"type": "string", "pattern": pattern}}}
    runbook_id = await automation.approved(parameters=schema)

    async with asyncio.timeout(5):
        bomb = await automation.ask(runbook_id, parameters={"host": "a" * 900 + "!"})
        part = await automation.ask(runbook_id, parameters={"host": "x; b"})

    assert [bomb.status_code, part.status_code] == [422, 422]


async def test_rule_4_alerts_fill_parameters_only_by_declared_bindings_that_match(
    automation: Automation, fake: Runner
) -> None:
    title = {"type": "string", "pattern": "^[A-Za-z ]+$"}
    runbook_id = await automation.approved(
        parameters={"properties": {"what": title}}, bindings={"what": "incident.title"}
    )
    incident_id = await automation.incident()
    asked = {"incident_id": incident_id}
    form = await automation.cy.client.get(
        f"/v1/runbooks/{runbook_id}/form", params=asked
    )

    fine = await automation.ask(runbook_id, parameters={}, **asked)
    await automation.sql("UPDATE incidents SET title = 'Shop $(reboot)'")
    hostile = await automation.ask(runbook_id, parameters={}, **asked)
    await automation.work()

    assert form.json()["values"] == {"what": "Shop is down"}
    assert form.json()["may_run"] is True
    assert [fine.status_code, hostile.status_code] == [201, 422]
    assert fake.orders[0]["parameters"] == {"what": "Shop is down"}


async def test_rule_4_values_never_leave_the_text_of_a_body_that_they_are_put_into(
    automation: Automation, fake: Runner
) -> None:
    body = json.dumps({"say": "{{incident.title}}", "deep": ["{{parameters.worker}}"]})
    runbook_id = await automation.approved(content={"path": "/x", "body": body})
    incident_id = await automation.incident()
    hostile = 'x", "admin": true, "y": "{{parameters.worker}}'
    await automation.sql("UPDATE incidents SET title = :title", title=hostile)

    await automation.start(runbook_id, incident_id=incident_id)
    await automation.work()

    assert fake.orders[0]["body"] == {"say": hostile, "deep": ["worker-1"]}


@pytest.mark.parametrize(
    "bomb",
    [
        "{{#each a}}" * 40 + "{{/each}}" * 40,
        "{{#repeat 1000000}}x{{/repeat}}",
        "{{lookup this '__class__'}}",
        "{{unclosed",
        "{" * 2500,
    ],
)
async def test_rule_4_template_bombs_do_no_harm(
    automation: Automation, fake: Runner, bomb: str
) -> None:
    content = automation.content(content={"body": json.dumps({"a": bomb})})
    body = {"team_id": str(automation.team_id), "content": content}
    async with asyncio.timeout(10):
        made = await automation.ana.client.post("/v1/runbooks", json=body)
        if made.status_code == 201:
            await automation.approve_all(made.json()["id"])
            await automation.start(made.json()["id"])
            await automation.work()

    assert made.status_code in {201, 422}
    assert all(len(json.dumps(order)) < 20_000 for order in fake.orders)
    assert "class" not in json.dumps([order.get("body") for order in fake.orders])


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


# -- 7: signed requests --------------------------------------------------------------


async def test_rule_7_the_order_is_signed_counts_five_minutes_and_once(
    automation: Automation, fake: Runner
) -> None:
    run_id, _ = await ordered(automation, fake)
    sent = fake.asked[-1]
    order = fake.orders[0]

    assert order["run_id"] == run_id
    assert order["content_hash"] == (await automation.run(run_id))["content_hash"]
    assert fake.handle(sent).body == {"error": "replayed"}
    forged = sent.__class__(
        sent.method,
        sent.path,
        sent.query,
        sent.headers,
        sent.body.replace(b"worker-1", b"worker-2"),
    )
    assert fake.handle(forged).body == {"error": "signature"}
    fake.now += timedelta(minutes=5)
    assert fake.handle(sent).body == {"error": "expired"}
    fake.now -= timedelta(minutes=5)
    fake.nonces.clear()
    fake.allowed = {"0" * 64}
    assert fake.handle(sent).body == {"error": "content"}


# -- 8: callbacks --------------------------------------------------------------------


async def test_rule_8_a_runner_tells_progress_and_the_result(
    automation: Automation, fake: Runner
) -> None:
    run_id, token = await ordered(automation, fake)

    first = await automation.call_back(run_id, token, id="1", lines=["draining"])
    again = await automation.call_back(run_id, token, id="1", lines=["draining"])
    last = await automation.call_back(
        run_id, token, id="2", state="succeeded", outcome="Restarted", result={"n": 1}
    )

    assert [one.json()["verdict"] for one in (first, again, last)] == [
        "applied",
        "repeated",
        "applied",
    ]
    run = await automation.run(run_id)
    assert (run["state"], run["outcome"], run["result"]) == (
        "succeeded",
        "Restarted",
        {"n": 1},
    )
    assert await automation.lines(run_id) == ["draining"]


async def test_rule_8_forged_callbacks_are_recorded_and_change_nothing(
    automation: Automation, fake: Runner
) -> None:
    run_id, token = await ordered(automation, fake)
    other_id, other = await ordered(automation, fake)
    tokens = ("", "rb_guessed", token.upper(), other, token[:-1])

    answers = [
        await automation.call_back(run_id, one, state="failed", lines=["x"])
        for one in tokens
    ]

    assert {one.status_code for one in answers} == {403}
    assert (await automation.run(run_id))["state"] == "running"
    assert await automation.lines(run_id) == []
    kept = await automation.sql(
        "SELECT verdict, count(*) FROM runbook_callbacks GROUP BY 1"
    )
    assert [tuple(one) for one in kept] == [("forged", len(tokens))]
    assert (await automation.run(other_id))["state"] == "running"


async def test_rule_8_late_callbacks_are_recorded_and_change_nothing(
    automation: Automation, fake: Runner
) -> None:
    over_id, over = await ordered(automation, fake)
    await automation.call_back(over_id, over, state="failed", outcome="No")
    late_id, late = await ordered(automation, fake)
    automation.api.clock.advance(timedelta(minutes=5))

    answers = [
        await automation.call_back(over_id, over, state="succeeded", lines=["x"]),
        await automation.call_back(late_id, late, state="succeeded"),
    ]
    await automation.work()

    assert [one.status_code for one in answers] == [409, 409]
    assert (await automation.run(over_id))["state"] == "failed"
    assert (await automation.run(late_id))["state"] == "timed_out"
    kept = await automation.sql("SELECT verdict FROM runbook_callbacks ORDER BY id")
    assert sorted(one[0] for one in kept) == ["applied", "late", "late"]


async def test_rule_8_output_is_capped_and_never_repeats_the_token(
    automation: Automation, fake: Runner
) -> None:
    run_id, token = await ordered(automation, fake)
    await automation.call_back(run_id, token, lines=[f"my token is {token}"])
    for _ in range(12):
        await automation.call_back(run_id, token, lines=["x" * 5000] * 90)

    found = await automation.sql(
        "SELECT count(*), max(octet_length(text)) FROM runbook_run_lines"
    )
    assert tuple(found[0]) == (1000, 4096)
    assert (await automation.lines(run_id))[0] == "my token is •••"


@pytest.mark.usefixtures("fake")
async def test_rule_8_only_the_hash_of_a_token_is_kept(automation: Automation) -> None:
    fake = Runner(automation.api.clock())
    await automation.connect("webhook", fake.handle)
    _, token = await ordered(automation, fake)

    kept = await automation.sql("SELECT r::text FROM runbook_runs AS r")
    audited = await automation.sql("SELECT a::text FROM runbook_audit AS a")

    assert token.startswith("rb_")
    assert all(token not in str(one) for one in (*kept, *audited))


# -- 9: the truth is pulled ----------------------------------------------------------


async def test_rule_9_what_a_runner_says_does_not_count_where_the_target_can_be_asked(
    automation: Automation,
) -> None:
    awx = Awx()
    await automation.connect("awx", awx.handle)
    run_id = await automation.start(await automation.approved("awx"))
    await automation.work()
    token = await _known_token(automation, run_id)

    said = await automation.call_back(run_id, token, state="succeeded", lines=["ok"])
    await automation.work()

    assert said.json()["verdict"] == "noted"
    assert (await automation.run(run_id))["state"] == "running"
    assert await automation.lines(run_id) == ["ok"]


async def _known_token(automation: Automation, run_id: str) -> str:
    await automation.sql(
        "UPDATE runbook_runs SET token_hash = sha256('known') WHERE id = :id", id=run_id
    )
    return "known"


# -- 10: audit -----------------------------------------------------------------------


async def test_rule_10_the_audit_says_who_did_what_and_shows_when_it_was_bent(
    automation: Automation, fake: Runner
) -> None:
    run_id, token = await ordered(automation, fake)
    await automation.call_back(run_id, token, state="succeeded", outcome="Done")
    exported = await automation.pia.client.get("/v1/runbook-audit/export")
    lines = [json.loads(line) for line in exported.text.splitlines()]

    told = [(line["kind"], line["actor_name"]) for line in lines]
    assert told == [
        ("target_connection.created", "Pia"),
        ("runbook.written", "Ana"),
        ("runbook.submitted", "Ana"),
        ("runbook.approved", "Bo"),
        ("runbook_run.queued", "Cy"),
        ("runbook_run.running", "PageFree"),
        ("runbook_run.succeeded", "Runner"),
    ]
    assert lines[4]["data"]["parameters"] == {"worker": "worker-1"}
    assert lines[-1]["data"]["outcome"] == "Done"
    assert runner.KEY not in exported.text
    assert await broken(automation) is None
    await automation.sql(
        "UPDATE runbook_audit SET actor_name = 'Bo' WHERE kind = 'runbook.written'"
    )
    assert await broken(automation) == lines[1]["id"]
    refused = await automation.bo.client.get("/v1/runbook-audit/export")
    assert refused.status_code == 403


async def broken(automation: Automation) -> int | None:
    """The first entry that does not continue the chain."""
    async with transaction(automation.api.engine) as tx:
        return recording.breaks(await recording.entries(tx, 0, None, 1000), "")


async def test_rule_10_an_incident_tells_of_its_runs(
    automation: Automation, fake: Runner
) -> None:
    runbook_id = await automation.approved()
    incident_id = await automation.incident()
    run_id = await automation.start(runbook_id, incident_id=incident_id)
    await automation.work()
    token = fake.orders[0]["callback"]["token"]
    await automation.call_back(run_id, token, state="succeeded")

    found = await automation.cy.client.get(f"/v1/incidents/{incident_id}/timeline")

    kinds = [one["kind"] for one in found.json()["items"]]
    assert [one for one in kinds if one.startswith("runbook_run")] == [
        "runbook_run.succeeded",
        "runbook_run.running",
        "runbook_run.queued",
    ]


# -- 11: unknown is unknown ----------------------------------------------------------


async def test_rule_11_an_answer_that_was_lost_is_never_asked_for_again(
    automation: Automation, fake: Runner
) -> None:
    runbook_id = await automation.approved()
    fake.loses_answer = True
    run_id = await automation.start(runbook_id)

    await automation.work()
    for _ in range(3):
        await automation.later(minutes=10)

    run = await automation.run(run_id)
    assert run["state"] == "unknown"
    assert len(fake.orders) == 1


async def test_rule_11_only_what_was_refused_before_it_began_is_tried_again(
    automation: Automation, fake: Runner
) -> None:
    runbook_id = await automation.approved()
    for refusals, expected in (([503, 429], "running"), ([500], "unknown")):
        fake.refusals = [*refusals]
        run_id = await automation.start(runbook_id)
        await automation.work()
        for seconds in (5, 20):
            await automation.later(seconds=seconds)
        assert (await automation.run(run_id))["state"] == expected
    fake.refusals = [400]
    run_id = await automation.start(runbook_id)
    await automation.work()
    assert (await automation.run(run_id))["state"] == "failed"
