"""Runbooks: one person writes, another approves with the password, a third phone runs it."""

import base64
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import uuid4

import httpx2
import pytest
from playwright.async_api import Page, expect

from tests.e2e.company import PASSWORD, Company
from tests.e2e.screens import PHONE, Screens, open_live
from tests.fakes.http_server import Answer, Asked, serving

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()
HOSTILE = "<img src=x onerror='window.hacked = 1'> draining"


@dataclass(slots=True)
class Runner:
    """Takes orders; calls back when the test says so."""

    orders: list[dict[str, object]] = field(default_factory=list)

    def handle(self, asked: Asked) -> Answer:
        body = asked.json()
        data = body["data"]
        assert isinstance(data, dict)
        if body["type"] == "runbook.run":
            self.orders.append(data)
        return Answer(202, {})

    async def say(self, **words: object) -> None:
        """Call back about the order that came last."""
        reply = self.orders[-1]["callback"]
        assert isinstance(reply, dict)
        headers = {"Authorization": f"Bearer {reply['token']}"}
        async with httpx2.AsyncClient() as client:
            answer = await client.post(reply["url"], json=words, headers=headers)
        assert answer.status_code == 200, answer.text


@pytest.fixture
async def runner() -> AsyncIterator[tuple[Runner, str]]:
    fake = Runner()
    async with serving(fake.handle) as address:
        yield fake, address


async def connect(company: Company, address: str, name: str) -> None:
    await company.admin.post(
        "/target-connections",
        kind="webhook",
        name=name,
        team_id=company.team_id,
        values={"api_url": address, "key": KEY},
        networks=["127.0.0.1/32"],
    )


async def write(page: Page, name: str, connection: str) -> None:
    """As an author does in a browser: what it is, what runs, one parameter, to review."""
    await page.goto("/runbooks/new")
    await page.get_by_label(re.compile("^Name")).first.fill(name)
    await page.get_by_label("Description").fill("Restarts **one** host.")
    await page.get_by_role("radio", name="Remediation").check()
    await page.get_by_role("combobox", name=re.compile("^Target")).click()
    await page.get_by_role("option", name="Signed webhook").click()
    # the only one there is comes chosen; other tests may have made others
    chosen = page.get_by_text(connection, exact=True).first
    through = page.get_by_role("combobox", name=re.compile("^Connections"))
    await expect(through).to_be_visible()
    if not await chosen.is_visible():
        await through.click()
        await page.get_by_role("option", name=connection).click()
        await page.keyboard.press("Escape")
    await expect(chosen).to_be_visible()
    await page.get_by_label(re.compile("^Path")).fill("/restart")
    await page.get_by_role("button", name="Add a parameter").click()
    parameter = page.get_by_role("group", name="New parameter")
    await parameter.get_by_label(re.compile("^Pattern")).fill("^[a-z0-9-]{1,30}$")
    await parameter.get_by_label(re.compile("^Filled in")).fill("alert.labels.host")
    await parameter.get_by_label(re.compile("^Name")).fill("host")
    await page.get_by_role("button", name="Save the draft").click()
    await page.get_by_role("button", name="Send to review").click()
    await expect(page.get_by_text("It waits for somebody else")).to_be_visible()


async def approve(page: Page, path: str) -> None:
    """As an approver does: read, approve, prove who it is."""
    await page.goto(path)
    await expect(page.get_by_text("all of it is new")).to_be_visible()
    await page.get_by_role("button", name="Approve…").click()
    await page.get_by_role("dialog").get_by_role("button", name="Approve it").click()
    proof = page.get_by_role("dialog", name="Confirm that it is you")
    await proof.get_by_label("Your password").fill("wrong")
    await proof.get_by_role("button", name="Confirm").click()
    await expect(proof.get_by_text("The password is wrong.")).to_be_visible()
    await proof.get_by_label("Your password").fill(PASSWORD)
    await proof.get_by_role("button", name="Confirm").click()
    await expect(page.get_by_text("it can run")).to_be_visible()


async def test_a_runbook_is_written_approved_by_another_and_run_from_a_phone(
    calm: Company, screens: Screens, runner: tuple[Runner, str]
) -> None:
    fake, address = runner
    name = f"Restart {uuid4().hex[:8]}"
    await connect(calm, address, f"Runner of {name}")
    screens.expected.update({"/approvals", "/session/confirm"})

    author = await screens.of(calm.ana)
    await write(author, name, f"Runner of {name}")
    assert await author.get_by_role("button", name="Approve…").count() == 0
    await approve(await screens.of(calm.bo), author.url)

    incident = await calm.alert(f"{name} hangs", host="edge-3")
    phone = await screens.of(calm.bo, PHONE)
    await open_live(phone, f"/incidents/{incident['number']}")
    await phone.get_by_role("link", name="Run a runbook").click()
    await phone.get_by_role("link", name=name, exact=True).click()
    await expect(phone.get_by_text("Restarts one host.")).to_be_visible()
    await expect(phone.get_by_label(re.compile("^host"))).to_have_value("edge-3")
    await phone.get_by_role("button", name="Run it").click()
    state = phone.get_by_role("status", name="State of the run")
    await expect(state).to_contain_text("Running")

    assert fake.orders[-1]["parameters"] == {"host": "edge-3"}
    await fake.say(id="1", lines=[HOSTILE])
    await expect(phone.get_by_role("log")).to_contain_text(HOSTILE)
    await fake.say(id="2", state="succeeded", outcome="Restarted in 2 s")
    await expect(state).to_contain_text("Restarted in 2 s")
    assert await phone.evaluate("() => window.hacked") is None
    await phone.get_by_role("link", name="Back to the incident").click()

    told = phone.get_by_text(f"“{name}” (version 1): it worked")
    await expect(told).to_be_visible()
