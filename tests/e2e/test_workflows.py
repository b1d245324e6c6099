"""A workflow: drawn by mouse and keys, tried on the past, then asking a phone about the present."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from playwright.async_api import Page, expect

from tests.e2e.company import PASSWORD, Company
from tests.e2e.screens import PHONE, Screens, open_live
from tests.fakes.http_server import Answer, Asked, serving
from tests.fakes.jira import Jira
from tests.fakes.runner import KEY

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

SLACK_PATH = "/services/T1/B1/hook"


@dataclass(slots=True)
class Outside:
    """What the workflow reaches: a ticket system, a channel, a machine that restarts."""

    jira: Jira = field(default_factory=Jira)
    jira_url: str = ""
    slack_url: str = ""
    runner_url: str = ""
    messages: list[dict[str, object]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)

    def slack(self, asked: Asked) -> Answer:
        assert asked.path == SLACK_PATH
        self.messages.append(asked.json())
        return Answer(200, b"ok")

    def runner(self, asked: Asked) -> Answer:
        order: Any = asked.json()
        if order["type"] == "runbook.run":
            self.orders.append(order["data"])
        return Answer(202, {})

    async def finish(self) -> None:
        """Say that the restart has worked."""
        reply = self.orders[-1]["callback"]
        words = {"id": "1", "state": "succeeded", "outcome": "Restarted in 2 s"}
        headers = {"Authorization": f"Bearer {reply['token']}"}
        async with httpx2.AsyncClient() as client:
            answer = await client.post(reply["url"], json=words, headers=headers)
        assert answer.status_code == HTTPStatus.OK, answer.text


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    found = Outside()
    async with AsyncExitStack() as stack:
        found.jira_url = await stack.enter_async_context(serving(found.jira.handle))
        slack = await stack.enter_async_context(serving(found.slack))
        found.slack_url = f"{slack}{SLACK_PATH}"
        found.runner_url = await stack.enter_async_context(serving(found.runner))
        yield found


async def approved_runbook(company: Company, outside: Outside, name: str) -> None:
    """Ana writes it, Bo approves it."""
    connection = await company.admin.post(
        "/target-connections",
        kind="webhook",
        name=f"Runner of {name}",
        team_id=company.team_id,
        values={"api_url": outside.runner_url, "key": KEY},
        networks=["127.0.0.1/32"],
    )
    content = {
        "name": name,
        "description": "Restarts the worker.",
        "target": "webhook",
        "connection_ids": [connection["id"]],
        "run_class": "remediation",
        "content": {"path": "/restart"},
    }
    ana, bo = company.ana.api, company.bo.api
    made = await ana.post("/runbooks", team_id=company.team_id, content=content)
    version = f"/runbooks/{made['id']}/versions/1"
    await ana.put(f"{version}/review")
    await bo.post("/session/confirm", password=PASSWORD)
    shown = await bo.get(version)
    await bo.post(f"{version}/approvals", content_hash=shown["content_hash"])


async def keep_secrets(company: Company, outside: Outside) -> None:
    for name, value in (("JIRA", "jira-token"), ("SLACK", outside.slack_url)):
        path = f"/workflow-secrets/{name}"
        await company.ana.api.put(path, team_id=company.team_id, value=value)


async def add_by_keys(page: Page, name: str) -> None:
    """The next step, found by its name and added with Enter."""
    await page.get_by_role("textbox", name="Find a step").focus()
    await page.keyboard.type(name)
    await page.keyboard.press("Enter")


async def fill(page: Page, values: dict[str, str]) -> None:
    """Fields of the step that is being looked at, by the beginnings of their names."""
    for name, value in values.items():
        label = re.compile(f"^{name}")
        await page.get_by_role("complementary").get_by_label(label).first.fill(value)


async def choose(page: Page, label: str, option: str) -> None:
    await page.get_by_role("combobox", name=re.compile(f"^{label}")).click()
    await page.get_by_role("option", name=option, exact=True).click()


async def condition(page: Page, label: str, cel: str) -> None:
    await page.get_by_role("button", name="Write CEL").click()
    await page.get_by_role("textbox", name=f"{label}, in CEL").fill(cel)


async def draw(page: Page, service: str, outside: Outside, runbook: str) -> None:
    """The trigger is dragged; every other step comes by the keyboard."""
    canvas = page.get_by_role("region", name="Canvas")
    trigger = page.get_by_role("button", name="Incident opened")
    await trigger.drag_to(canvas, target_position={"x": 140, "y": 200})
    await condition(
        page, "Only if", f'severity == "critical" && service == "{service}"'
    )
    await add_by_keys(page, "create a jira")
    await fill(
        page,
        {
            "Address": outside.jira_url,
            "E-mail": "bot@example.org",
            "Project key": "OPS",
            "Summary": "{{incident.title}}",
        },
    )
    await choose(page, "Secret with the API token", "JIRA")
    await add_by_keys(page, "slack message")
    await fill(page, {"Message": "{{incident.title}}: {{steps.jira_create.key}}"})
    await choose(page, "Secret with the address", "SLACK")
    await add_by_keys(page, "delay")
    await fill(page, {"Seconds": "1"})
    await add_by_keys(page, "condition")
    await condition(page, "Is it so that", 'status != "resolved"')
    await add_by_keys(page, "wait for approval")
    await fill(page, {"Question": "Restart the worker for {{incident.title}}?"})
    await add_by_keys(page, "run a runbook")
    await choose(page, "Runbook", runbook)


async def test_a_drawn_workflow_opens_a_ticket_asks_a_phone_and_restarts(
    calm: Company, screens: Screens, outside: Outside
) -> None:
    name = f"Restart {uuid4().hex[:8]}"
    await approved_runbook(calm, outside, name)
    await keep_secrets(calm, outside)
    past = await calm.alert(f"{name} hung yesterday")
    page = await screens.of(calm.ana)

    await page.goto("/workflows")
    await page.get_by_role("button", name="New workflow").first.click()
    await page.get_by_role("button", name="An empty canvas").click()
    await page.get_by_label("Name", exact=False).first.fill(f"Critical: {name}")
    await draw(page, past["service"]["name"], outside, name)
    await page.get_by_role("button", name="Save the workflow").click()
    its_page = page.get_by_role("heading", name=f"Critical: {name}", level=1)
    await expect(its_page).to_be_visible()

    await page.get_by_role("button", name="Dry run").click()
    await page.get_by_role("combobox", name="For the incident").fill(past["title"])
    await page.get_by_role("option", name=past["title"]).click()
    await page.get_by_role("button", name="Try it").click()
    shown = page.get_by_role("list", name="What it would do")
    await expect(shown).to_contain_text("/rest/api/3/issue")
    await expect(shown).to_contain_text(f"{past['title']}: [jira_create.key]")
    assert (outside.jira.issues, outside.messages) == ([], [])

    await page.get_by_role("switch", name=f"Critical: {name} is on").press("Space")
    await expect(page.get_by_text("On", exact=True)).to_be_visible()
    incident = await calm.alert(f"{name} hangs")
    phone = await screens.of(calm.bo, PHONE)
    await open_live(phone, f"/incidents/{incident['number']}")
    asked = phone.get_by_role("region", name=f"Critical: {name} asks")
    await expect(asked).to_contain_text("Restart the worker for")
    assert [i["fields"]["summary"] for i in outside.jira.issues] == [incident["title"]]
    assert [m["text"] for m in outside.messages] == [f"{incident['title']}: OPS-1"]
    await asked.get_by_role("button", name="Approve").click()

    told = phone.get_by_role("listitem")
    await expect(told.filter(has_text=f"started the runbook “{name}”")).to_be_visible()
    await outside.finish()
    for words in ("approved: Restart the worker", "it worked", "finished"):
        line = told.filter(has_text=words).first
        await expect(line).to_be_visible()
    await phone.get_by_role("link", name=f"Critical: {name}").first.click()
    steps = phone.get_by_role("list", name="Steps of the run")
    await expect(steps.get_by_text("answered by Bo")).to_be_visible()
