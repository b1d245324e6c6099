"""Schedules in the browser: a rota of three regions from nothing, and an override by hand."""

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, WebSocketRoute, expect

from tests.e2e.company import Company, Person
from tests.e2e.rotas import REGIONS, follow_the_sun, found, rota
from tests.e2e.screens import PHONE, Screens, live

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]


def final(page: Page) -> Locator:
    return page.get_by_role("group", name="On call", exact=True)


async def draw_over_today(page: Page) -> None:
    """Drag over the final lane, from the beginning of what is shown to its end."""
    await page.wait_for_load_state("networkidle")  # nothing more pushes it down
    await final(page).hover()
    box = await final(page).bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    await page.mouse.move(box["x"] + 1, middle)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] / 2, middle, steps=5)
    await page.mouse.move(box["x"] + box["width"] - 1, middle, steps=5)
    await page.mouse.up()


async def connect_after(page: Page, moment: asyncio.Event) -> None:
    """Let the page be told of changes from then on, as on a slow phone."""

    async def hold(connection: WebSocketRoute) -> None:
        await moment.wait()
        connection.connect_to_server()

    await page.route_web_socket(re.compile(r"/socket\.io/"), hold)


async def test_three_regions_follow_the_sun(
    company: Company, screens: Screens, cy: Person
) -> None:
    page = await screens.of(company.ana)
    await follow_the_sun(page, "Around the world")

    for region in REGIONS:
        lane = page.get_by_role("group", name=region, exact=True)
        await expect(lane.get_by_role("button").first).to_be_visible()
    schedule = await found(company, "Around the world")
    days = await company.admin.get(
        f"/schedules/{schedule['id']}/timeline",
        start="2030-03-25T00:00:00Z",
        end="2030-04-08T00:00:00Z",
    )
    assert {shift["user"]["name"] for shift in days["final"]} == {"Ana", "Bo", cy.name}
    assert days["gaps"] == []


async def test_an_override_that_is_drawn_is_on_the_board_as_well(
    company: Company, screens: Screens, cy: Person
) -> None:
    schedule_id = await rota(company, cy, "Drawn over")
    page = await screens.of(company.ana)
    await page.goto(f"/schedules/{schedule_id}?zoom=day")
    await expect(final(page).get_by_role("button").first).to_be_visible()

    await draw_over_today(page)
    dialog = page.get_by_role("dialog")
    who = dialog.get_by_role("combobox", name="Who")
    await who.fill(cy.name)
    await page.get_by_role("option", name=cy.name, exact=True).click()
    await dialog.get_by_label("Why").fill("Day of the great move")
    await dialog.get_by_role("button", name="Put Cy on call").click()
    await expect(dialog).to_be_hidden()

    shift = final(page).get_by_role(
        "button", name=re.compile("Cy: .*override.*great move")
    )
    await expect(shift).to_be_visible()
    await page.goto("/on-call")
    card = page.get_by_role("listitem").filter(has_text="Drawn over")
    await expect(card.get_by_text("Cy", exact=True)).to_be_visible()


async def test_taking_a_shift_over_and_giving_it_back_on_a_phone(
    company: Company, screens: Screens, cy: Person
) -> None:
    schedule_id = await rota(company, cy, "From a phone")
    page = await screens.of(cy, PHONE)
    opened = asyncio.Event()
    await connect_after(page, opened)
    await page.goto(f"/schedules/{schedule_id}?view=list&at=2030-01-07")

    await page.get_by_role("button", name="Ana", exact=True).first.click()
    take = page.get_by_role("button", name="Take it over")
    await expect(take).to_be_visible()
    opened.set()
    await live(page)
    await take.click()
    await page.get_by_role("button", name="Put Cy on call").click()
    covered = page.get_by_role("row", name=re.compile("override for Ana"))
    await expect(covered).to_be_visible()
    await covered.get_by_role("button").click()
    await page.get_by_role("button", name="Remove the override").click()

    await expect(covered).to_be_hidden()
