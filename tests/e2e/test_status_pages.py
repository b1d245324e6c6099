"""Customers are told from the page of an incident, and read it on the status page."""

from http import HTTPStatus

import pytest
from playwright.async_api import Page, expect

from tests.e2e.company import Company
from tests.e2e.screens import PHONE, Screens, open_live
from tests.programs import eventually

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

SECRET = "db-7 in rack 12 is on fire"  # the title of our own incident
SHOWN_WITHIN_S = 30
PATIENCE_MS = 15_000


async def checkout_page(company: Company) -> str:
    """A status page whose only component follows the company's service; its id."""
    page = await company.admin.post(
        "/status-pages", name="Example Shop", slug="e2e", team_id=company.team_id
    )
    await company.admin.post(
        f"/status-pages/{page['id']}/components",
        name="Checkout",
        service_ids=[company.service_id],
    )
    return str(page["id"])


async def outside(company: Company, screen: Page, text: str) -> str:
    """All that the public page says, once it says this."""

    async def served() -> bool:
        answer = await company.admin.client.get("/s/e2e/")
        return answer.status_code == HTTPStatus.OK and text in answer.text

    await eventually(served, SHOWN_WITHIN_S)
    await screen.goto("/s/e2e/")
    await screen.reload()  # a browser may keep the page for half a minute
    return await screen.locator("body").inner_text()


async def tell_more(phone: Page, stage: str, text: str) -> None:
    """Publish another update from the page of the status incident."""
    await phone.get_by_role("button", name="Tell more").click()
    dialog = phone.get_by_role("dialog")
    await dialog.get_by_text(stage, exact=True).click()
    await dialog.get_by_label("What people read").fill(text)
    await dialog.get_by_role("button", name="Publish now").click()
    await expect(dialog).to_be_hidden(timeout=PATIENCE_MS)
    await expect(phone.get_by_text(text)).to_be_visible()


async def test_customers_are_told_from_the_page_of_an_incident_until_it_is_over(
    calm: Company, screens: Screens
) -> None:
    page_id = await checkout_page(calm)
    reader = await screens.open()
    await outside(calm, reader, "Checkout")
    incident = await calm.alert(SECRET)
    colleague = await screens.of(calm.bo)
    await open_live(colleague, f"/status-pages/{page_id}")
    phone = await screens.of(calm.ana, PHONE)
    await phone.goto(f"/incidents/{incident['number']}")

    await phone.get_by_role("link", name="Tell customers").click()
    await expect(phone.get_by_label("Title")).to_have_value("Problems with Checkout")
    await phone.get_by_label("What people read").fill("Payments fail. We are on it.")
    await phone.get_by_role("button", name="Publish now").click()

    more = phone.get_by_role("button", name="Tell more")
    await expect(more).to_be_visible(timeout=PATIENCE_MS)
    told = await outside(calm, reader, "Payments fail. We are on it.")
    assert "Problems with Checkout" in told
    assert "Major outage" in told
    assert SECRET not in await reader.content()
    row = colleague.get_by_role("list", name="Open").get_by_role("listitem")
    await expect(row).to_contain_text("Investigating")

    await tell_more(phone, "Identified", "A bad release; we take it back.")
    await outside(calm, reader, "A bad release; we take it back.")
    await expect(row).to_contain_text("Identified")

    await calm.ana.api.put(f"/incidents/{incident['id']}/resolution")
    await tell_more(phone, "Resolved", "Payments work again.")
    over = await outside(calm, reader, "Payments work again.")
    assert "Major outage" not in over.split("Problems with Checkout")[0]
    closed = colleague.get_by_role("list", name="Over").get_by_role("listitem")
    await expect(closed).to_contain_text("Resolved")

    await phone.goto(f"/incidents/{incident['number']}")
    customers = phone.get_by_role("region", name="Customers")
    await expect(customers).to_contain_text("resolved on Example Shop")
    timeline = phone.get_by_role("region", name="Timeline")
    await expect(timeline).to_contain_text("told people on Example Shop")
