"""Shifts that change hands in the browser; the pager and the calendars say the same."""

import re
from datetime import datetime, timedelta

import pytest
import recurring_ical_events
from icalendar import Calendar
from playwright.async_api import Page, expect

from pagefree.infra.clock import system_clock
from tests.e2e.company import Company, Person
from tests.e2e.rotas import rota
from tests.e2e.screens import PHONE, Screens

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

Shift = tuple[datetime, datetime, str]
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AHEAD = 9 * DAY


async def open_shift_of(page: Page, name: str, schedule_id: str) -> None:
    """The sheet of somebody's shift on a day to come."""
    day = f"{system_clock() + AHEAD:%Y-%m-%d}"
    await page.goto(f"/schedules/{schedule_id}?view=list&zoom=day&at={day}")
    await page.get_by_role("button", name=name, exact=True).first.click()


async def offer_to_bo(page: Page, schedule_id: str) -> None:
    """Ana offers a shift for one of his."""
    await open_shift_of(page, "Ana", schedule_id)
    await page.get_by_role("button", name="Offer it to somebody").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("combobox", name="To", exact=True).fill("Bo")
    await page.get_by_role("option", name="Bo", exact=True).click()
    await dialog.get_by_role("combobox", name="In return").click()
    await page.get_by_role("option").nth(3).click()  # after "Nothing"
    await dialog.get_by_label("Why").fill("A wedding")
    await dialog.get_by_role("button", name="Offer it to Bo").click()
    await expect(dialog).to_be_hidden()


async def make_calendar(page: Page, schedule_id: str) -> str:
    """The address at which calendar programs read the schedule."""
    await page.goto(f"/schedules/{schedule_id}")
    await page.get_by_role("button", name="Make a secret address").click()
    address = page.get_by_text(re.compile(r"^http://\S+\.ics$"))
    await expect(address).to_be_visible()
    return await address.inner_text()


async def paged_at(company: Company, policy_id: str, at: datetime) -> list[str]:
    """Whom the pager would page for an incident that begins then."""
    answer = await company.admin.post(
        "/explain", policy_id=policy_id, at=at.isoformat()
    )
    [story] = answer["stories"]
    first = next(step for step in story["steps"] if step["kind"] == "page")
    return [person["user"]["name"] for person in first["people"]]


async def policy_of(company: Company, schedule_id: str, name: str) -> str:
    """A policy that pages whoever is on call in the schedule."""
    target = {"kind": "schedule", "id": schedule_id}
    made = await company.admin.post(
        "/escalation-policies",
        name=name,
        team_id=company.team_id,
        steps=[{"timeout_s": 600, "targets": [target]}],
    )
    return str(made["id"])


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def shifts(
    company: Company, schedule_id: str, start: datetime, end: datetime
) -> list[Shift]:
    """Who has which shift, by the API."""
    path = f"/schedules/{schedule_id}/shifts"
    span = {"start": start.isoformat(), "end": end.isoformat()}
    return [
        (instant(each["start"]), instant(each["end"]), each["user"]["name"])
        for each in await company.admin.get(path, **span)
    ]


async def events(
    company: Company, address: str, start: datetime, end: datetime
) -> list[Shift]:
    """Who has which shift, by the calendar as programs read it."""
    answer = await company.admin.client.get(address)
    seen = recurring_ical_events.of(Calendar.from_ical(answer.content))
    return [
        (event.start, event.end, str(event["summary"]).split(" on call: ")[0])
        for event in seen.between(start, end)
    ]


def by_hour(found: list[Shift], start: datetime, end: datetime) -> list[set[str]]:
    """Who is on call in each hour: a calendar joins what follows each other."""
    hours = range(int((end - start) / HOUR))
    return [
        {who for begin, until, who in found if begin <= start + hour * HOUR < until}
        for hour in hours
    ]


async def test_a_swap_is_the_same_to_the_pager_the_api_and_the_calendar(
    company: Company, screens: Screens, cy: Person
) -> None:
    schedule_id = await rota(company, cy, "Swapped around")
    policy_id = await policy_of(company, schedule_id, "Swapped around")
    page = await screens.of(company.ana)
    address = await make_calendar(page, schedule_id)

    await offer_to_bo(page, schedule_id)
    phone = await screens.of(company.bo, PHONE)
    await phone.goto("/on-call")
    offers = phone.get_by_role("list", name="For you to answer")
    offer = offers.get_by_role("listitem").filter(has_text="Swapped around")
    await expect(offer).to_contain_text("A wedding")
    [swap] = await company.bo.api.get("/me/swaps")
    given, back = instant(swap["start"]), instant(swap["in_return"]["start"])
    assert await paged_at(company, policy_id, given + HOUR) == ["Ana"]
    assert await paged_at(company, policy_id, back + HOUR) == ["Bo"]

    await offer.get_by_role("button", name="Accept").click()

    await expect(phone.get_by_text("The shift is yours")).to_be_visible()
    await page.goto("/on-call")
    ended = page.get_by_role("list", name="Swaps and cover of the last 30 days")
    await expect(ended).to_contain_text("Swapped")
    assert await paged_at(company, policy_id, given + HOUR) == ["Bo"]
    assert await paged_at(company, policy_id, back + HOUR) == ["Ana"]
    days = (min(given, back) - DAY, max(given, back) + DAY)
    told = by_hour(await events(company, address, *days), *days)
    assert told == by_hour(await shifts(company, schedule_id, *days), *days)
    assert told[int((given - days[0]) / HOUR)] == {"Bo"}
    assert told[int((back - days[0]) / HOUR)] == {"Ana"}


async def test_who_asks_for_cover_is_covered_by_the_first_to_take_it(
    company: Company, screens: Screens, cy: Person
) -> None:
    schedule_id = await rota(company, cy, "Covered")
    page = await screens.of(company.ana, PHONE)
    await open_shift_of(page, "Ana", schedule_id)
    await page.get_by_role("button", name="Ask for cover").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Why").fill("The dentist")
    await dialog.get_by_role("button", name="Ask for cover").click()
    await expect(dialog).to_be_hidden()

    phone = await screens.of(cy, PHONE)
    await phone.goto("/on-call")
    asked = phone.get_by_role("listitem").filter(has_text="asks for cover in Covered")
    await expect(asked).to_contain_text("The dentist")
    await asked.get_by_role("button", name="I take it").click()

    await expect(phone.get_by_text("You have it")).to_be_visible()
    await page.goto("/on-call")
    await expect(page.get_by_text("Cy has it")).to_be_visible()
    [request] = await company.ana.api.get("/me/cover-requests")
    span = instant(request["start"]), instant(request["end"])
    assert await shifts(company, schedule_id, *span) == [(*span, cy.name)]
