"""Every kind of target against a fake of its vendor: launched, looked at, cancelled, found."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.api.automation import Automation, automation_of
from tests.api.conftest import Api
from tests.fakes import awx, github
from tests.fakes.awx import Awx
from tests.fakes.github import GitHub
from tests.fakes.gitlab import GitLab
from tests.fakes.rundeck import Rundeck
from tests.fakes.ssm import Ssm

PULLED = ("awx", "rundeck", "github_actions", "gitlab", "ssm")


@dataclass(frozen=True, slots=True)
class Kind:
    """A fake, and what to tell it."""

    fake: Callable[[], Any]
    runs: str  # where the fake keeps them
    success: dict[str, object]
    failure: dict[str, object]


KINDS = {
    "awx": Kind(Awx, "jobs", {"status": "successful"}, {"status": "failed"}),
    "rundeck": Kind(
        Rundeck, "executions", {"status": "succeeded"}, {"status": "failed"}
    ),
    "github_actions": Kind(
        GitHub,
        "runs",
        {"status": "completed", "conclusion": "success"},
        {"status": "completed", "conclusion": "failure"},
    ),
    "gitlab": Kind(GitLab, "pipelines", {"status": "success"}, {"status": "failed"}),
    "ssm": Kind(
        Ssm,
        "executions",
        {"AutomationExecutionStatus": "Success"},
        {"AutomationExecutionStatus": "Failed", "FailureMessage": "no worker"},
    ),
}


@pytest.fixture
async def automation(api: Api) -> AsyncIterator[Automation]:
    async with automation_of(api) as made:
        yield made


async def begun(automation: Automation, kind: str, fake: Any) -> str:
    """A run that a worker has looked at once."""
    await automation.connect(kind, fake.handle)
    run_id = await automation.start(await automation.approved(kind))
    await automation.work()
    return run_id


def end(kind: str, fake: Any, how: dict[str, object]) -> None:
    for run in getattr(fake, KINDS[kind].runs).values():
        run.update(how)


def statuses(kind: str, fake: Any) -> set[object]:
    """What the target says of its runs."""
    found = getattr(fake, KINDS[kind].runs).values()
    return {run.get("status", run.get("AutomationExecutionStatus")) for run in found}


@pytest.mark.parametrize("kind", PULLED)
async def test_a_run_succeeds_when_the_target_says_so(
    automation: Automation, kind: str
) -> None:
    fake = KINDS[kind].fake()
    run_id = await begun(automation, kind, fake)
    assert (await automation.run(run_id))["state"] == "running"
    end(kind, fake, KINDS[kind].success)

    await automation.later(seconds=3)

    run = await automation.run(run_id)
    assert (run["state"], fake.launches) == ("succeeded", 1)
    assert run["finished_at"] is not None


@pytest.mark.parametrize("kind", PULLED)
async def test_a_run_fails_when_the_target_says_so(
    automation: Automation, kind: str
) -> None:
    fake = KINDS[kind].fake()
    run_id = await begun(automation, kind, fake)
    end(kind, fake, KINDS[kind].failure)

    await automation.later(seconds=3)

    assert (await automation.run(run_id))["state"] == "failed"


@pytest.mark.parametrize("kind", PULLED)
async def test_cancelling_reaches_the_target(automation: Automation, kind: str) -> None:
    fake = KINDS[kind].fake()
    run_id = await begun(automation, kind, fake)

    await automation.cy.client.put(f"/v1/runbook-runs/{run_id}/cancellation")
    await automation.work()

    assert (await automation.run(run_id))["state"] == "cancelled"


@pytest.mark.parametrize("kind", PULLED)
async def test_what_takes_too_long_is_told_to_stop(
    automation: Automation, kind: str
) -> None:
    fake = KINDS[kind].fake()
    run_id = await begun(automation, kind, fake)

    await automation.later(minutes=5)

    assert (await automation.run(run_id))["state"] == "timed_out"
    stopped = {"canceled", "aborted", "completed", "Cancelled"}
    assert statuses(kind, fake) <= stopped


@pytest.mark.parametrize("kind", PULLED)
@pytest.mark.parametrize("status", [429, 503])
async def test_a_launch_that_was_refused_before_it_began_is_tried_again(
    automation: Automation, kind: str, status: int
) -> None:
    fake = KINDS[kind].fake()
    fake.refusals = ["ThrottlingException"] * 3 if kind == "ssm" else [status] * 3
    run_id = await begun(automation, kind, fake)
    for seconds in (5, 20, 60):
        assert (await automation.run(run_id))["state"] == "queued"
        await automation.later(seconds=seconds)

    assert (await automation.run(run_id))["state"] == "running"
    assert fake.launches == 1


@pytest.mark.parametrize("kind", PULLED)
async def test_three_times_and_no_more(automation: Automation, kind: str) -> None:
    fake = KINDS[kind].fake()
    fake.refusals = ["ThrottlingException"] * 4 if kind == "ssm" else [503] * 4
    run_id = await begun(automation, kind, fake)
    for seconds in (5, 20, 60):
        await automation.later(seconds=seconds)

    run = await automation.run(run_id)
    assert (run["state"], fake.launches) == ("failed", 0)
    assert "503" in run["outcome"] or "Throttling" in run["outcome"]


@pytest.mark.parametrize("kind", PULLED)
async def test_a_lost_answer_is_looked_up_by_our_id_and_nothing_is_launched_twice(
    automation: Automation, kind: str
) -> None:
    fake = KINDS[kind].fake()
    fake.loses_answer = True
    run_id = await begun(automation, kind, fake)
    assert (await automation.run(run_id))["state"] == "queued"

    await automation.later(seconds=5)
    end(kind, fake, KINDS[kind].success)
    await automation.later(seconds=3)

    assert (await automation.run(run_id))["state"] == "succeeded"
    assert fake.launches == 1


@pytest.mark.parametrize("kind", PULLED[:-1])  # AWS itself keeps it to one
async def test_an_outcome_that_cannot_be_found_out_stays_unknown(
    automation: Automation, kind: str
) -> None:
    fake = KINDS[kind].fake()
    fake.loses_answer = True
    run_id = await begun(automation, kind, fake)
    getattr(fake, KINDS[kind].runs).clear()

    await automation.later(seconds=5)
    await automation.later(minutes=1)

    run = await automation.run(run_id)
    assert (run["state"], fake.launches) == ("unknown", 1)
    await automation.later(hours=1)
    assert fake.launches == 1


async def test_output_is_streamed_in_order_and_once(automation: Automation) -> None:
    fake = Awx()
    run_id = await begun(automation, "awx", fake)
    fake.events[101] = ["PLAY [all]", f"token {awx.TOKEN}"]
    await automation.later(seconds=3)
    fake.events[101] += ["ok: [worker-1]\r\n\x1b[0;32mdone"]
    end("awx", fake, {"status": "successful"})
    await automation.later(seconds=3)

    assert await automation.lines(run_id) == [
        "PLAY [all]",
        "token •••",
        "ok: [worker-1]",
        " [0;32mdone",
    ]


async def test_awx_drops_what_the_template_does_not_ask_for_and_we_refuse_that(
    automation: Automation,
) -> None:
    fake = Awx(asks_variables=False, survey=("pagefree_run_id",))

    run_id = await begun(automation, "awx", fake)

    run = await automation.run(run_id)
    assert run["state"] == "failed"
    assert "left out worker" in run["outcome"]
    assert fake.jobs[101]["status"] == "canceled"


async def test_awx_at_another_revision_is_refused(automation: Automation) -> None:
    fake = Awx()
    await automation.connect("awx", fake.handle)
    content = {"template_id": 7, "revision": "b" * 40}
    run_id = await automation.start(await automation.approved("awx", content=content))

    await automation.work()

    assert "not at the one approved" in (await automation.run(run_id))["outcome"]
    assert fake.launches == 0


async def test_github_is_found_by_our_id_where_it_does_not_name_the_run(
    automation: Automation,
) -> None:
    fake = GitHub(names_run=False)
    run_id = await begun(automation, "github_actions", fake)
    await automation.later(seconds=3)  # finds it
    fake.steps[9001] = [{"name": "drain", "conclusion": "success"}]
    end("github_actions", fake, {"status": "completed", "conclusion": "success"})

    await automation.later(seconds=6)

    run = await automation.run(run_id)
    assert run["state"] == "succeeded"
    assert run["external_revision"] == github.SHA
    assert await automation.lines(run_id) == ["restart / drain: success"]


@pytest.mark.parametrize("kind", ["github_actions", "gitlab"])
async def test_a_tag_that_was_moved_is_refused(
    automation: Automation, kind: str
) -> None:
    fake = KINDS[kind].fake()
    fake.tag_sha = "d" * 40

    run_id = await begun(automation, kind, fake)

    run = await automation.run(run_id)
    assert (run["state"], fake.launches) == ("failed", 0)
    assert "does not name the commit" in run["outcome"]


@pytest.mark.parametrize("kind", ["github_actions", "gitlab"])
async def test_a_tag_that_is_moved_in_between_is_cancelled(
    automation: Automation, kind: str
) -> None:
    fake = KINDS[kind].fake()
    fake.run_sha = "d" * 40

    run_id = await begun(automation, kind, fake)
    await automation.later(seconds=3)

    assert (await automation.run(run_id))["state"] == "failed"
    assert statuses(kind, fake) <= {"canceled", "completed"}


async def test_a_rundeck_job_that_was_changed_is_refused(
    automation: Automation,
) -> None:
    fake = Rundeck(definition=b"- name: Something else\n")
    await automation.connect("rundeck", fake.handle)
    content = {
        "job_id": "0f5b0b9c-8d2c-4f0e-9d2a-6a1f4f6f2b11",
        "definition_sha256": "e" * 64,
    }
    run_id = await automation.start(
        await automation.approved("rundeck", content=content)
    )

    await automation.work()

    assert (await automation.run(run_id))["state"] == "failed"
    assert fake.launches == 0


@pytest.mark.parametrize(
    "drift", [{"document_hash": "0" * 64}, {"run_version": "5"}], ids=str
)
async def test_a_document_that_is_not_the_one_approved_is_refused_or_stopped(
    automation: Automation, drift: dict[str, str]
) -> None:
    fake = Ssm(**drift)  # type: ignore[arg-type]

    run_id = await begun(automation, "ssm", fake)
    await automation.later(seconds=3)

    assert (await automation.run(run_id))["state"] == "failed"
    assert statuses("ssm", fake) <= {"Cancelled"}


async def test_a_connection_is_tested_when_it_is_saved(automation: Automation) -> None:
    fake = Awx()
    connection_id = await automation.connect("awx", fake.handle)
    path = f"/v1/target-connections/{connection_id}"
    kept = (await automation.pia.client.get(path)).json()

    body = {"name": "AWX", "networks": kept["networks"]}
    wrong = {**kept["values"], "token": "wrong"}
    refused = await automation.pia.client.put(path, json={**body, "values": wrong})
    same = await automation.pia.client.put(
        path, json={**body, "values": kept["values"]}
    )
    moved = {**kept["values"], "api_url": "https://elsewhere.example.org"}
    stolen = await automation.pia.client.put(path, json={**body, "values": moved})

    assert "token" not in kept["values"]
    assert refused.status_code == 422
    assert awx.TOKEN not in refused.text
    # left out, a secret stays; but it never follows to another address
    assert same.status_code == 200
    assert stolen.status_code == 422
    assert "token" in stolen.json()["detail"]


async def test_a_hint_only_wakes_the_poller(automation: Automation) -> None:
    fake = Awx()
    run_id = await begun(automation, "awx", fake)
    connection_id = automation.connection_ids["awx"]
    said = {"id": 101, "status": "successful", "extra_vars": "{}"}
    client = await automation.api.browser(headers={})

    heard = await client.post(f"/v1/target-connections/{connection_id}/hint", json=said)
    await automation.work()

    assert heard.status_code == 202
    # AWX itself says that it is still pending
    assert (await automation.run(run_id))["state"] == "running"
    end("awx", fake, {"status": "successful"})
    await client.post(f"/v1/target-connections/{connection_id}/hint", json=said)
    await automation.work()
    assert (await automation.run(run_id))["state"] == "succeeded"
