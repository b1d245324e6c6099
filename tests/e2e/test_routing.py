"""What becomes of signals, in the browser: rules, heartbeats and maintenance windows."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.company import Company
from tests.e2e.screens import PHONE, Screens
from tests.programs import START_S, eventually

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]


@dataclass(frozen=True, slots=True)
class Service:
    """A service of its own for one test: what is done to it disturbs no other."""

    id: str
    name: str
    key: str
    company: Company

    async def alert(self, title: str) -> None:
        event = {
            "routing_key": self.key,
            "event_action": "trigger",
            "payload": {"summary": title, "source": "a test", "severity": "critical"},
        }
        answer = await self.company.admin.client.post("/v2/enqueue", json=event)
        assert answer.status_code == HTTPStatus.ACCEPTED, answer.text


async def service_of(company: Company, name: str) -> Service:
    """A new service of the team, and a way in for its alerts."""
    admin = company.admin
    shop = await admin.get(f"/services/{company.service_id}")
    made = await admin.post(
        "/services",
        name=name,
        team_id=shop["team"]["id"],
        escalation_policy_id=shop["escalation_policy"]["id"],
    )
    integration = await admin.post(
        f"/services/{made['id']}/integrations", kind="pagerduty_v2", name="Events"
    )
    return Service(made["id"], name, integration["routing_key"], company)


async def rule_of(company: Company, name: str) -> None:
    """A rule of the team that matches nothing."""
    shop = await company.admin.get(f"/services/{company.service_id}")
    await company.admin.post(
        "/routing-rules",
        team_id=shop["team"]["id"],
        name=name,
        condition='title == "nothing is called like this"',
        actions={"urgency": "low"},
    )


async def test_a_rule_is_put_together_tried_and_followed(
    company: Company, screens: Screens
) -> None:
    hall = await service_of(company, "Pallet hall")
    await company.alert("Pallet 0 is missing")
    page = await screens.of(company.ana)
    await page.goto("/routing")
    await page.get_by_role("link", name="New rule").first.click()

    await page.get_by_label("Name").fill("Pallets belong to their hall")
    await page.get_by_role("combobox", name="Value of line 1").fill("Pallet")
    await page.get_by_role("button", name="Add what it does").click()
    await page.get_by_role("menuitem", name="Send it to a service").click()
    await page.get_by_role("combobox", name="Service", exact=True).fill("Pallet h")
    await page.get_by_role("option", name="Pallet hall").click()
    await expect(page.get_by_text("Would have matched 1 of")).to_be_visible()
    examples = page.get_by_role("list", name="Examples")
    await expect(examples).to_contain_text("critical → Pallet hall")
    await page.get_by_role("button", name="Add the rule").click()
    in_list = page.get_by_role("listitem").filter(has_text="Pallets belong")
    await expect(in_list).to_contain_text("If title contains “Pallet”")

    incident = await routed(company, hall)
    await page.goto(f"/incidents/{incident['number']}")
    main = page.get_by_role("main")
    await expect(main.get_by_role("link", name="Pallet hall").first).to_be_visible()


async def routed(company: Company, to: Service) -> Any:
    """The first new incident that went where the rule sends it."""
    numbers = count(1)

    async def look() -> Any:
        incident = await company.alert(f"Pallet {next(numbers)} is missing")
        return incident if incident["service"]["id"] == to.id else None

    return await eventually(look, START_S)


async def test_rules_are_put_in_order_with_the_mouse_and_with_the_keyboard(
    company: Company, screens: Screens
) -> None:
    for name in ("Rule of order A", "Rule of order B", "Rule of order C"):
        await rule_of(company, name)
    page = await screens.of(company.ana)
    await page.goto("/routing")
    rows = page.get_by_role("listitem").filter(has_text="Rule of order")
    await expect(rows).to_have_count(3)

    await drag(page, rows.nth(2), rows.nth(0))
    await expect(rows).to_contain_text(["order C", "order A", "order B"])
    await eventually(lambda: order_is(company, "CAB"), START_S)
    await page.get_by_role("button", name="Move Rule of order A down").focus()
    await page.keyboard.press("Enter")
    await expect(rows).to_contain_text(["order C", "order B", "order A"])
    await eventually(lambda: order_is(company, "CBA"), START_S)
    await page.get_by_label("Rule of order B is on").press("Space")

    await expect(rows.nth(1)).to_contain_text("off")
    rules = await company.admin.get("/routing-rules")
    assert [r["name"] for r in rules if not r["enabled"]] == ["Rule of order B"]


async def drag(page: Page, row: Locator, onto: Locator) -> None:
    """Take a row by its handle and let it go over another."""
    start, end = await row.bounding_box(), await onto.bounding_box()
    assert start is not None
    assert end is not None
    x = start["x"] + 26
    await page.mouse.move(x, start["y"] + 24)
    await page.mouse.down()
    await page.mouse.move(x, end["y"] + end["height"], steps=4)
    await page.mouse.move(x, end["y"] + 2, steps=4)
    await page.mouse.up()


async def order_is(company: Company, letters: str) -> bool:
    rules = await company.admin.get("/routing-rules")
    names = [r["name"] for r in rules if r["name"].startswith("Rule of order")]
    return "".join(name[-1] for name in names) == letters


async def test_a_heartbeat_that_goes_down_opens_an_incident(
    company: Company, screens: Screens
) -> None:
    await service_of(company, "Cellar")
    page = await screens.of(company.ana, PHONE)
    await page.goto("/heartbeats")
    await page.get_by_role("button", name="New heartbeat").first.click()
    form = page.get_by_role("dialog")
    await form.get_by_role("combobox", name="Service").fill("Cell")
    await page.get_by_role("option", name="Cellar").click()
    await form.get_by_label("Name").fill("Wine counter")
    await form.get_by_label("Period", exact=True).fill("7")
    await form.get_by_role("button", name="Add the heartbeat").click()
    await page.get_by_role("button", name="Go on to the set-up").click()
    its_page = page.get_by_role("heading", name="Wine counter", level=1)
    await expect(its_page).to_be_visible()
    await expect(page.get_by_text("every 7 d, 1 h of grace")).to_be_visible()
    await expect(page.get_by_text("No ping yet")).to_be_visible()

    (heartbeat,) = (await company.admin.get("/heartbeats", query="Wine"))["items"]
    await expect(page.get_by_text(heartbeat["ping_url"], exact=True)).to_be_visible()
    await ping(company, heartbeat["ping_url"])
    await expect(page.get_by_text("Up", exact=True)).to_be_visible()
    await ping(company, f"{heartbeat['ping_url']}/3")
    await expect(page.get_by_text("Down", exact=True)).to_be_visible()
    await expect(page.get_by_text("exit status 3")).to_be_visible()
    await page.get_by_role("link", name="Open the incident").click()

    title = page.get_by_role("heading", name=re.compile("Wine counter"), level=1)
    await expect(title).to_be_visible()


async def ping(company: Company, address: str) -> None:
    answer = await company.admin.client.get(address)
    assert answer.status_code == HTTPStatus.OK, answer.text


async def test_maintenance_that_begins_now_keeps_alerts_quiet_until_it_ends(
    company: Company, screens: Screens
) -> None:
    roof = await service_of(company, "Roof")
    page = await screens.of(company.ana, PHONE)
    await page.goto("/maintenance")
    await page.get_by_role("button", name="New window").first.click()
    form = page.get_by_role("dialog")
    await form.get_by_label("What is done").fill("New tiles")
    await form.get_by_role("combobox", name="Services").fill("Roo")
    await page.get_by_role("option", name="Roof").click()
    await page.keyboard.press("Escape")  # closes only the list
    await form.get_by_role("button", name="Begin now").click()
    work = page.get_by_role("listitem").filter(has_text="New tiles")
    await expect(work).to_contain_text("Under way")

    title = await kept_quiet(roof)
    await page.goto(f"/services/{roof.id}")
    await expect(page.get_by_role("link", name="New tiles")).to_be_visible()
    await page.goto("/maintenance")
    await page.get_by_role("button", name="End New tiles now").click()
    await page.get_by_role("button", name="End it now", exact=True).click()
    await expect(work).to_be_hidden()

    await eventually(lambda: company.admin.incident(title), START_S)


async def kept_quiet(service: Service) -> str:
    """The title of the first new alert that opens no incident, because of the work."""
    numbers = count(1)

    async def look() -> str | None:
        title = f"Tile {next(numbers)} is loose"
        await service.alert(title)
        quiet = await service.company.admin.get("/alerts", suppressed="true")
        titles = {alert["title"] for alert in quiet["items"]}
        return title if title in titles else None

    return await eventually(look, START_S)
