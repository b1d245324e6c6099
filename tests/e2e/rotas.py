"""Rotas that somebody sets up in the browser."""

import re

from playwright.async_api import Page, expect

from tests.e2e.company import Company

REGIONS = ("Asia-Pacific", "Europe and Africa", "Americas")


async def follow_the_sun(page: Page, name: str) -> None:
    """Set up three regions of one person each, from an empty schedule."""
    await page.goto("/schedules")
    await page.get_by_role("link", name=re.compile("New schedule")).first.click()
    await page.get_by_role("textbox", name="Name", exact=True).fill(name)
    await page.get_by_role("button", name="Follow the sun").click()
    for region, person in zip(REGIONS, ("Ana", "Bo", "Cy"), strict=True):
        box = page.get_by_role("combobox", name=f"Add a person to {region}")
        await box.fill(person)
        await page.get_by_role("option", name=person, exact=True).click()
    await expect(page.get_by_role("list", name="On call")).to_be_visible()
    await expect(page.get_by_text("Nothing to complain of")).to_be_visible()
    await page.get_by_role("button", name="Add the schedule").click()
    await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


async def found(company: Company, name: str) -> dict[str, str]:
    """The schedule with this name."""
    schedules = await company.admin.get("/schedules")
    return next(each for each in schedules if each["name"] == name)
