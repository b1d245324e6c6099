"""Workflows that run runbooks, through both engines, the API, and a runner that calls back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
import structlog

from pagefree.channels.base import Transports
from pagefree.infra.http import GuardedClient
from pagefree.infra.queue import Context
from pagefree.timeline.listening import catch_up
from pagefree.workflows.hearing import LISTENER
from pagefree.workflows.lane import Lane
from pagefree.workflows.preparing import Surroundings
from tests.api.automation import Automation, automation_of
from tests.api.conftest import BASE_URL, Api
from tests.fakes.awx import Awx
from tests.fakes.runner import Runner
from tests.workflows.graphs import Part, action, edge, graph, node, trigger

ROUNDS = 8
WORKER = {"worker": "worker-{{incident.number}}"}
TOLD = action("told", "add_note", text="{{steps.run.state}}: {{steps.run.outcome}}")
CAUGHT = action("caught", "add_note", text="not done: {{steps.run.error}}")


@dataclass(slots=True)
class Flows:
    """Ana writes workflows; both lanes and the listener work until they rest."""

    automation: Automation
    around: Surroundings

    async def hear(self) -> None:
        api = self.automation.api
        await catch_up(api.engine, LISTENER, api.clock())

    async def make(self, content: dict[str, Any]) -> str:
        """A workflow that is switched on."""
        await self.hear()
        ana = self.automation.ana.client
        body = {
            "team_id": str(self.automation.team_id),
            "name": "Restart what hangs",
            "content": content,
        }
        made = await ana.post("/v1/workflows", json=body)
        assert made.status_code == 201, made.text
        path = f"/v1/workflows/{made.json()['id']}"
        assert (await ana.patch(path, json={"enabled": True})).status_code == 200
        return path

    async def work(self) -> None:
        """Everything that is due now."""
        api = self.automation.api
        ctx = Context(api.engine, api.clock, structlog.get_logger())
        for _ in range(ROUNDS):
            await self.hear()
            await Lane(self.around).work(ctx)
            await self.automation.work()

    async def run(self) -> dict[str, Any]:
        """The newest run with its steps."""
        cy = self.automation.cy.client
        listed = (await cy.get("/v1/workflow-runs")).json()["items"]
        shown: dict[str, Any] = (
            await cy.get(f"/v1/workflow-runs/{listed[0]['id']}")
        ).json()
        return shown

    async def steps(self) -> dict[str, dict[str, Any]]:
        return {step["node"]: step for step in (await self.run())["steps"]}

    async def answer(self, node_id: str, *, approved: bool = True) -> int:
        """Cy answers, as from a phone."""
        run = await self.run()
        step = next(one for one in run["steps"] if one["node"] == node_id)
        path = f"/v1/workflow-runs/{run['id']}/steps/{step['id']}/answer"
        said = await self.automation.cy.client.put(path, json={"approved": approved})
        return said.status_code

    async def kinds(self, incident_id: str) -> list[str]:
        """What the incident's timeline tells, oldest first."""
        path = f"/v1/incidents/{incident_id}/timeline"
        found = (await self.automation.cy.client.get(path)).json()["items"]
        found.sort(key=lambda one: one["seq"])
        return [one["kind"] for one in found]

    async def notes(self, incident_id: str) -> list[str]:
        path = f"/v1/incidents/{incident_id}/timeline"
        found = (await self.automation.cy.client.get(path)).json()["items"]
        return [o["data"]["text"] for o in found if o["kind"] == "incident.note"]


@pytest.fixture
async def automation(api: Api) -> AsyncIterator[Automation]:
    async with automation_of(api) as made:
        yield made


@pytest.fixture
async def flows(automation: Automation) -> AsyncIterator[Flows]:
    http = GuardedClient(["127.0.0.0/8"])
    vault = automation.api.app.state.vault
    yield Flows(automation, Surroundings(Transports(http, None), vault, BASE_URL))
    await http.aclose()


@pytest.fixture
async def runner(automation: Automation) -> Runner:
    made = Runner(automation.api.clock())
    await automation.connect("webhook", made.handle)
    return made


def running(runbook_id: str, *before: Part, **config: object) -> dict[str, Any]:
    """Trigger, condition, perhaps an approval, the run, and a note about how it went."""
    asked: Part = {"runbook_id": runbook_id, "parameters": WORKER, **config}
    run = action("run", "run_runbook", **asked)
    loud = node("loud", "condition", condition='status == "triggered"')
    ports = {"loud": "yes", "ask": "approved"}
    way = [loud, *before, run]
    edges = [edge(a["id"], b["id"], ports[a["id"]]) for a, b in pairwise(way)]
    return graph(
        [trigger(), *way, TOLD, CAUGHT],
        [
            edge("begin", "loud"),
            *edges,
            edge("run", "told"),
            edge("run", "caught", "failed"),
        ],
    )


ASK = action("ask", "wait_for_approval", question="Restart it?")


async def test_an_incident_runs_a_runbook_and_the_workflow_goes_on_with_its_result(
    automation: Automation, flows: Flows, runner: Runner
) -> None:
    runbook_id = await automation.approved(auto_safe=True)
    await flows.make(running(runbook_id))
    incident_id = await automation.incident()
    shown = await automation.cy.client.get(f"/v1/incidents/{incident_id}")
    number = shown.json()["number"]

    await flows.work()
    waiting = (await flows.steps())["run"]["status"]
    (order,) = runner.orders
    token = order["callback"]["token"]
    await automation.call_back(order["run_id"], token, state="succeeded")
    await flows.work()

    assert waiting == "waiting"
    assert order["parameters"] == {"worker": f"worker-{number}"}
    assert (await flows.run())["status"] == "succeeded"
    assert (await flows.steps())["caught"]["status"] == "skipped"
    (note,) = await flows.notes(incident_id)
    assert note.startswith("succeeded:")
    told = [k for k in await flows.kinds(incident_id) if not k.startswith("escalation")]
    assert told[-6:] == [
        "workflow.started",
        "runbook_run.queued",
        "runbook_run.running",
        "runbook_run.succeeded",
        "incident.note",
        "workflow.finished",
    ]


async def test_awx_ends_the_step_when_its_job_has(
    automation: Automation, flows: Flows
) -> None:
    awx = Awx()
    await automation.connect("awx", awx.handle)
    runbook_id = await automation.approved("awx", auto_safe=True)
    await flows.make(running(runbook_id))
    incident_id = await automation.incident()
    await flows.work()

    for job in awx.jobs.values():
        job.update(status="failed")
    await automation.later(minutes=1)
    await flows.work()

    (note,) = await flows.notes(incident_id)
    assert note.startswith("not done: the runbook has failed")
    assert (await flows.steps())["told"]["status"] == "skipped"


async def test_what_is_not_marked_safe_waits_for_somebody_who_may_run_it(
    automation: Automation, flows: Flows, runner: Runner
) -> None:
    runbook_id = await automation.approved()
    await flows.make(running(runbook_id, ASK))
    await automation.incident()

    await flows.work()
    before = len(runner.orders)
    answered = await flows.answer("ask")
    await flows.work()
    (order,) = runner.orders
    found = await automation.sql("SELECT confirmed_by_id, automatic FROM runbook_runs")
    token = order["callback"]["token"]
    await automation.call_back(order["run_id"], token, state="succeeded")
    await flows.work()

    assert (before, answered) == (0, 204)
    assert found == [(automation.cy.id, False)]
    assert (await flows.run())["status"] == "succeeded"


async def test_a_no_runs_nothing(
    automation: Automation, flows: Flows, runner: Runner
) -> None:
    runbook_id = await automation.approved()
    await flows.make(running(runbook_id, ASK))
    await automation.incident()
    await flows.work()

    await flows.answer("ask", approved=False)
    await flows.work()

    assert (await flows.steps())["run"]["status"] == "skipped"
    assert runner.orders == []


# what the step says when it must not, by what was left out
REFUSED: dict[str, tuple[Part, Part, tuple[Part, ...], str]] = {
    "nobody asked": ({}, {}, (), "marked safe"),
    "destructive, nobody asked": (
        {"run_class": "destructive"},
        {"confirmation": "Restart worker"},
        (),
        "marked safe",
    ),
    "destructive, not named": ({"run_class": "destructive"}, {}, (ASK,), "to confirm"),
    "destructive, named wrongly": (
        {"run_class": "destructive"},
        {"confirmation": "restart worker"},
        (ASK,),
        "to confirm",
    ),
    "parameters that do not fit": (
        {"auto_safe": True},
        {"parameters": {"worker": "{{incident.title}}"}},
        (),
        "worker",
    ),
}


@pytest.mark.parametrize("case", list(REFUSED))
async def test_a_workflow_gets_around_none_of_the_rules(
    automation: Automation, flows: Flows, runner: Runner, case: str
) -> None:
    content, config, before, why = REFUSED[case]
    runbook_id = await automation.approved(**content)
    await flows.make(running(runbook_id, *before, **config))
    incident_id = await automation.incident()
    await flows.work()
    if before:
        await flows.answer("ask")
        await flows.work()

    assert runner.orders == []
    (note,) = await flows.notes(incident_id)
    assert why in note


async def test_what_is_destructive_runs_once_it_is_approved_and_named(
    automation: Automation, flows: Flows, runner: Runner
) -> None:
    runbook_id = await automation.approved(run_class="destructive")
    content = running(runbook_id, ASK, confirmation="Restart worker")
    await flows.make(content)
    await automation.incident()
    await flows.work()
    await flows.answer("ask")
    await flows.work()

    assert len(runner.orders) == 1


@pytest.mark.parametrize("named", [True, False], ids=["named", "not named"])
async def test_of_several_connections_the_step_names_one(
    automation: Automation, flows: Flows, *, named: bool
) -> None:
    first, second = (Runner(automation.api.clock()) for _ in range(2))
    ids = [await automation.connect("webhook", r.handle) for r in (first, second)]
    runbook_id = await automation.approved(auto_safe=True, connection_ids=ids)
    await flows.make(running(runbook_id, connection_id=ids[1] if named else ""))
    incident_id = await automation.incident()

    await flows.work()

    assert [len(first.orders), len(second.orders)] == ([0, 1] if named else [0, 0])
    if not named:
        (note,) = await flows.notes(incident_id)
        assert "name one of the connections" in note


async def test_what_a_run_does_to_its_incident_does_not_start_it_again(
    automation: Automation, flows: Flows, runner: Runner
) -> None:
    runbook_id = await automation.approved(auto_safe=True)
    content = running(runbook_id)
    content["nodes"][0] = trigger(kind="note_added")
    await flows.make(content)
    incident_id = await automation.incident()
    path = f"/v1/incidents/{incident_id}/notes"
    await automation.cy.client.post(path, json={"text": "hm"})

    await flows.work()
    (order,) = runner.orders
    token = order["callback"]["token"]
    await automation.call_back(order["run_id"], token, state="succeeded")
    await flows.work()  # the workflow's own note is one that was added

    assert len(runner.orders) == 1
    assert "workflow.held_back" in await flows.kinds(incident_id)


async def test_a_workflow_that_posts_to_its_own_address_is_stopped(
    automation: Automation, flows: Flows
) -> None:
    flow = await flows.make(graph([trigger("posted", "webhook")], []))
    url = (await automation.ana.client.post(f"{flow}/hooks")).json()["url"]
    stranger = await automation.api.browser(headers={})
    run_id = (await stranger.post(url, json={})).json()["id"]

    own = await stranger.post(url, json={}, headers={"X-PageFree-Run": run_id})
    new = await stranger.post(url, json={}, headers={"X-PageFree-Run": "nonsense"})

    assert [own.status_code, new.status_code] == [409, 202]
