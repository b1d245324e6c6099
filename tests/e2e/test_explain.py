"""Explanations in the browser: of a policy while it is edited, before an event, and afterwards."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.company import Company
from tests.e2e.screens import PHONE, Screens

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]


@pytest.fixture
async def policy_id(company: Company) -> str:
    """A policy of its own: Bo at once, nobody else."""
    teams = await company.admin.get("/teams")
    step = {"timeout_s": 600, "targets": [{"kind": "user", "id": company.bo.id}]}
    name = "Explained"
    for policy in await company.admin.get("/escalation-policies"):
        if policy["name"] == name:
            return str(policy["id"])
    made = await company.admin.post(
        "/escalation-policies", name=name, team_id=teams[0]["id"], steps=[step]
    )
    return str(made["id"])


async def add_ana_as_step_2(page: Page) -> None:
    """Ana is next, for what is urgent only."""
    await page.get_by_role("button", name="Add a step").click()
    step = page.get_by_role("listitem", name="Step 2", exact=True)
    box = step.get_by_role("combobox", name="Page in step 2")
    await box.fill("Ana")
    await page.get_by_role("option", name="Ana", exact=True).click()
    await step.get_by_role("button", name="More settings of step 2").click()
    await step.get_by_role("combobox", name="For which incidents").click()
    await page.get_by_role("option", name="Urgent incidents only").click()


async def test_an_edited_policy_is_previewed_and_then_pages_as_it_said(
    company: Company, screens: Screens, policy_id: str
) -> None:
    page = await screens.of(company.ana)
    await page.goto(f"/policies/{policy_id}?edit=1")
    minutes = page.get_by_role("list", name="Minute by minute")
    await expect(minutes).to_contain_text(re.compile("At once.*Bo by e-mail"))

    await add_ana_as_step_2(page)

    await expect(minutes).to_contain_text(re.compile("10 min.*Ana by e-mail"))
    await page.get_by_text("Not urgent", exact=True).click()
    await expect(minutes).to_contain_text("Step 2 is passed over")
    await page.get_by_role("button", name="Save the policy").click()
    await expect(page.get_by_text("Only for what is urgent")).to_be_visible()

    incident = await company.ana.api.post(
        "/incidents", service_id=company.service_id, title="It is explained"
    )
    await company.ana.api.put(
        f"/incidents/{incident['id']}/assignee", policy_id=policy_id
    )
    await page.goto(f"/incidents/{incident['number']}")

    coming = page.get_by_role("group", name="Who is told next")
    await expect(coming).to_contain_text(
        re.compile(
            r"Next: Ana by e-mail in (10:00|[5-9]:\d\d), then the platform admins"
        )
    )
    await company.ana.api.put(f"/incidents/{incident['id']}/resolution")


async def test_an_event_is_explained_before_anybody_sends_it(
    company: Company, screens: Screens
) -> None:
    page = await screens.of(company.ana)
    await page.goto("/explain")
    await page.get_by_role("combobox", name="Service").fill("Shop")
    await page.get_by_role("option", name="Shop", exact=True).click()

    await expect(page.get_by_text("A new incident opens.")).to_be_visible()
    minutes = page.get_by_role("list", name="Minute by minute")
    await expect(minutes).to_contain_text(re.compile("Ana by e-mail.*Bo by e-mail"))

    await page.get_by_role("combobox", name="What happens").click()
    await page.get_by_role("option", name="pagerduty_v2 posts an event").click()
    await expect(page.get_by_text("no routing rule matches")).to_be_visible()
    event = page.get_by_role("textbox", name="Event")
    await event.fill("{")
    await expect(page.get_by_role("alert")).to_contain_text("unreadable")


async def test_somebody_reads_on_a_phone_why_they_were_not_paged(
    company: Company, screens: Screens
) -> None:
    incident = await company.alert("It pages Ana first")
    page = await screens.of(company.bo, PHONE)
    await page.goto(f"/incidents/{incident['number']}")

    await page.get_by_role("button", name="Why was I not paged?").click()

    told = page.get_by_role("region", name="Bo", exact=True)
    await expect(told).to_contain_text("Bo (you)")
    await expect(told).to_contain_text("Step 2 is still to come.")
    await company.ana.api.put(f"/incidents/{incident['id']}/resolution")
