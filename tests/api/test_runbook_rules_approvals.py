"""One to three: the catalogue, versions that never change, four eyes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from pagefree.core.access import Scope
from tests.api.automation import Automation, automation_of
from tests.api.conftest import Api
from tests.fakes.runner import Runner


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
