"""Rotas of three regions, set up in the browser or as quickly as it goes."""

import re
from datetime import timedelta
from typing import Any

from playwright.async_api import Page, expect

from pagefree.infra.clock import system_clock
from tests.e2e.company import Company, Person

REGIONS = ("Asia-Pacific", "Europe and Africa", "Americas")
HOURS = (("00:00", "08:00"), ("08:00", "16:00"), ("16:00", "00:00"))


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


async def rota(company: Company, cy: Person, name: str) -> str:
    """The id of a new schedule that is as `follow_the_sun` would have made it."""
    people = zip(REGIONS, HOURS, (company.ana, company.bo, cy), strict=True)
    made = await company.admin.post(
        "/schedules",
        name=name,
        team_id=company.team_id,
        time_zone="UTC",
        layers=[_layer(*each) for each in people],
    )
    return str(made["id"])


def _layer(region: str, hours: tuple[str, str], person: Person) -> dict[str, Any]:
    start, end = hours
    yesterday = system_clock() - timedelta(days=1)
    window = {"weekdays": list(range(7)), "start": start, "end": end}
    return {
        "name": region,
        "unit": "week",
        "lengths": [1],
        "start_at": f"{yesterday:%Y-%m-%d}T{start}:00Z",
        "user_ids": [person.id],
        "restriction": {"windows": [window]},
    }


async def found(company: Company, name: str) -> dict[str, str]:
    """The schedule with this name."""
    schedules = await company.admin.get("/schedules")
    return next(each for each in schedules if each["name"] == name)
