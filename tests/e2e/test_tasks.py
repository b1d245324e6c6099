"""What people do in the web app on an ordinary day: one short test for each task."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.e2e.company import PASSWORD, Company, Door, Person
from tests.e2e.screens import DESKTOP, PHONE, Screens, row

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

NEW_PASSWORD = "wrong pony charger clip"


@asynccontextmanager
async def observer(company: Company, name: str) -> AsyncIterator[Person]:
    """Somebody new who may look at what the team does, and no more."""
    email = f"{name.lower()}@example.org"
    teams = await company.admin.get("/teams")
    user = await company.admin.post("/users", email=email, name=name, password=PASSWORD)
    path = f"/teams/{teams[0]['id']}/members/{user['id']}"
    await company.admin.put(path, role="observer")
    door = Door(company.address)
    async with door.clients:
        yield Person(user["id"], name, email, await door.sign_in(email, PASSWORD))


async def page_of(
    company: Company, screens: Screens, title: str, size: ViewportSize = DESKTOP
) -> Page:
    """Ana looks at the incident of a new alert."""
    incident = await company.alert(title)
    page = await screens.of(company.ana, size)
    await page.goto(f"/incidents/{incident['number']}")
    await expect(acknowledge(page)).to_be_visible()
    return page


def acknowledge(page: Page) -> Locator:
    return page.get_by_role("button", name="Acknowledge", exact=True)


async def choose(page: Page, action: str) -> Locator:
    """Press what stands behind the three dots; returns the dialog it opens, if any."""
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name=action).click()
    return page.get_by_role("dialog")


async def pick(page: Page, box: str, text: str, option: str) -> None:
    await page.get_by_role("combobox", name=box).fill(text)
    await page.get_by_role("option", name=option).click()


async def test_snoozing_an_incident_and_waking_it(
    company: Company, screens: Screens
) -> None:
    page = await page_of(company, screens, "Snooze me", PHONE)

    await choose(page, "For 30 minutes")
    await expect(page.get_by_text("Snoozed", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Wake now").click()

    await expect(acknowledge(page)).to_be_visible()


async def test_reassigning_to_a_person_and_then_to_a_policy(
    company: Company, screens: Screens
) -> None:
    page = await page_of(company, screens, "Reassign me")

    await choose(page, "Reassign…")
    await pick(page, "Who", "bo@", "Bo")
    await page.get_by_role("button", name="Page Bo").click()
    await expect(page.get_by_text("reassigned to Bo")).to_be_visible()
    dialog = await choose(page, "Reassign…")
    await dialog.get_by_text("To a policy").click()
    await pick(page, "Policy", "Ana", "Ana, then Bo")
    await page.get_by_role("button", name="Page Ana, then Bo").click()

    await expect(page.get_by_text("reassigned to Ana, then Bo")).to_be_visible()


async def test_asking_somebody_to_help_and_taking_them_off_again(
    company: Company, screens: Screens
) -> None:
    page = await page_of(company, screens, "Help me")

    await choose(page, "Ask somebody to help…")
    await pick(page, "Who", "Bo", "Bo")
    await page.get_by_role("button", name="Page Bo").click()
    await expect(page.get_by_text("asked Bo to help")).to_be_visible()
    await page.get_by_role("button", name="Take Bo off").click()

    await expect(page.get_by_text("took Bo off the incident")).to_be_visible()


async def test_merging_an_incident_into_another_and_out_again(
    company: Company, screens: Screens
) -> None:
    into = await company.alert("The whole of it")
    page = await page_of(company, screens, "A part of it")

    await choose(page, "Merge into another…")
    await pick(page, "Into", "The whole", f"#{into['number']} The whole of it")
    await page.get_by_role("button", name=f"Merge into #{into['number']}").click()
    await expect(page.get_by_text("its alerts are part of")).to_be_visible()
    await choose(page, f"Un-merge from #{into['number']}")

    await expect(acknowledge(page)).to_be_visible()


async def test_editing_what_an_incident_is_worth(
    company: Company, screens: Screens
) -> None:
    page = await page_of(company, screens, "Edit me", PHONE)

    dialog = await choose(page, "Edit title, priority, urgency…")
    await dialog.get_by_role("combobox", name="Priority").click()
    await page.get_by_role("option", name="P4").click()
    await dialog.get_by_text("Can wait").click()
    await dialog.get_by_role("button", name="Save").click()

    await expect(page.get_by_text("low urgency")).to_be_visible()
    badge = page.get_by_role("main").get_by_text("P4", exact=True)
    await expect(badge).to_be_visible()


async def test_resolving_with_a_note_and_opening_again(
    company: Company, screens: Screens
) -> None:
    page = await page_of(company, screens, "Resolve me")

    dialog = await choose(page, "Resolve with a note…")
    await dialog.get_by_label("What it was").fill("A cable was loose")
    await dialog.get_by_role("button", name="Resolve", exact=True).click()
    await expect(page.get_by_text("resolved: A cable was loose")).to_be_visible()
    await page.get_by_role("button", name="Re-open").click()

    await expect(acknowledge(page)).to_be_visible()


async def test_acknowledging_and_resolving_everything_from_a_phone(
    company: Company, screens: Screens
) -> None:
    words = "Storm over the shop"
    await asyncio.gather(*(company.alert(f"{words}, {count}") for count in range(60)))
    page = await screens.of(company.ana, PHONE)
    await page.goto(f"/incidents?query={words}")
    await page.get_by_role("button", name="Select", exact=True).click()

    for verb in ("Acknowledge", "Resolve"):
        await page.get_by_label("Select all that are shown").check()
        everything = page.get_by_role("button", name="Select everything")
        selected = page.get_by_text("60 selected").first
        await expect(everything.or_(selected).first).to_be_visible()
        if await everything.is_visible():
            await everything.click()
        await expect(selected).to_be_visible()
        bar = page.get_by_role("toolbar")
        await bar.get_by_role("button", name=verb).click()
        await page.get_by_role("button", name=f"{verb} 60 incidents").click()
        await expect(bar).to_be_hidden()  # it is done, and nothing is selected

    await expect(page.get_by_text("No incident fits these filters")).to_be_visible()


async def test_keeping_a_view_under_a_name(company: Company, screens: Screens) -> None:
    page = await screens.of(company.bo)
    await page.goto("/incidents?tab=all&severity=critical")

    await page.get_by_role("button", name="Views").click()
    await page.get_by_label("Keep what is shown now as").fill("All that is critical")
    await page.get_by_role("button", name="Keep").click()
    await page.goto("/incidents")
    await page.get_by_role("button", name="Views").click()
    await page.get_by_role("link", name="All that is critical").click()

    await expect(page).to_have_url(re.compile("severity=critical"))


async def test_paging_the_team_of_a_service_by_hand(
    company: Company, screens: Screens
) -> None:
    page = await screens.of(company.bo, PHONE)
    await page.goto("/on-call")

    await page.get_by_role("button", name="Page someone").click()
    await pick(page, "What is affected", "Shop", "Shop (Web)")
    await page.get_by_label("What is wrong").fill("The shop smells of smoke")
    await page.get_by_role("button", name="Page the Web team").click()

    title = page.get_by_role("heading", name=re.compile("smells of smoke"))
    await expect(title).to_be_visible()


async def test_an_observer_is_offered_nothing_that_would_be_refused(
    company: Company, screens: Screens
) -> None:
    incident = await company.alert("Only look at me")
    async with observer(company, "Olga") as olga:
        page = await screens.of(olga)

        await page.goto("/incidents")
        await expect(row(page, "Only look at me")).to_be_visible()
        await expect(page.get_by_role("checkbox")).to_have_count(0)
        await page.goto(f"/incidents/{incident['number']}")
        await expect(page.get_by_text("opened the incident")).to_be_visible()

        await expect(acknowledge(page)).to_have_count(0)
        await expect(page.get_by_role("button", name="More actions")).to_have_count(0)
        await expect(page.get_by_role("textbox")).to_have_count(0)


async def test_signing_out_elsewhere_and_changing_the_password(
    company: Company, screens: Screens
) -> None:
    door = Door(company.address)
    async with observer(company, "Pia") as pia, door.clients:
        elsewhere = await door.sign_in(pia.email, PASSWORD)
        page = await screens.of(pia)
        await page.goto("/me?tab=security")

        there = page.get_by_role("button", name="Sign out there")
        await there.click()
        await expect(there).to_have_count(0)
        await page.get_by_label("Current password").fill(PASSWORD)
        await page.get_by_label("New password").fill(NEW_PASSWORD)
        await page.get_by_role("button", name="Change the password").click()
        await expect(page.get_by_text("The password is changed")).to_be_visible()

        assert (
            await elsewhere.client.get("/v1/me")
        ).status_code == HTTPStatus.UNAUTHORIZED
        await door.sign_in(pia.email, NEW_PASSWORD)


async def test_a_policy_in_use_says_by_what(company: Company, screens: Screens) -> None:
    page = await screens.of(company.ana)
    screens.excused.add("/v1/escalation-policies/")  # of its being refused
    await page.goto("/policies")
    await page.get_by_role("link", name="Ana, then Bo").click()

    await page.get_by_role("button", name="Delete the policy").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox").fill("Ana, then Bo")
    await dialog.get_by_role("button", name="Delete the policy").click()

    await expect(dialog.get_by_role("alert")).to_contain_text("Shop")
