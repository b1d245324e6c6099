"""From the first sign-in through an identity provider to the first page, by clicks alone."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Locator, Page, expect

from pagefree.infra.clock import system_clock
from tests.e2e.accessibility import barriers
from tests.e2e.company import Company
from tests.e2e.mailbox import Mailbox
from tests.e2e.screens import PATIENCE_S, PHONE, Screens, fits
from tests.fakes.openid_provider import CLIENT_ID, SECRET, Claims, openid_provider

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

NEA: Claims = {
    "sub": "00u9",
    "email": "nea@example.org",
    "email_verified": True,
    "name": "Nea Okafor",
    "groups": ["payments-leads"],
}
FIVE_MINUTES_S = 300


@asynccontextmanager
async def identity_provider(company: Company) -> AsyncIterator[None]:
    """Acme's: its leads of payments are admins of a team that has nothing yet."""
    admin = company.admin
    await admin.post("/session/confirm", password=company.admin_password)
    team = await admin.post("/teams", name="Payments")
    async with openid_provider(system_clock, dict(NEA)) as idp:
        made = await admin.post("/identity-providers", name="Acme", issuer=idp.url)
        path = f"/identity-providers/{made['id']}"
        await admin.put(f"{path}/secret", secret=SECRET)
        mapping = {
            "group": "payments-leads",
            "team_id": team["id"],
            "role": "team_admin",
        }
        await admin.patch(path, client_id=CLIENT_ID, enabled=True, mappings=[mapping])
        try:
            yield
        finally:
            await admin.patch(path, enabled=False)


async def test_whoever_signs_in_first_is_led_to_a_page_that_arrives(
    company: Company, mails: Mailbox, screens: Screens
) -> None:
    began = time.monotonic()
    page = await screens.open(PHONE)
    async with identity_provider(company):
        await page.goto("/")
        await page.get_by_role("button", name="Acme").click()
        await page.get_by_role("link", name="Set up paging").click()

    await expect(done(page, "Make a team")).to_be_visible()
    await expect(page.get_by_text("nea@example.org").first).to_be_visible()
    await press(page, "Skip this")
    await press(page, "Put me on call")
    await expect(done(page, "Put somebody on call")).to_be_visible()
    await press(page, "Page whoever is on call")
    await page.get_by_label("Name of the service").fill("Checkout")
    await press(page, "Add the service")
    await press(page, "Make a key")
    await expect(page.get_by_text("curl -X POST")).to_be_visible()
    assert await fits(page)
    assert await barriers(page) == []
    await press(page, "Go on")
    await press(page, "Send a test alert")

    mail = await mails.wait_for("", "nea@example.org", PATIENCE_S)
    assert time.monotonic() - began < FIVE_MINUTES_S
    await expect(done(page, "See a page arrive")).to_be_visible()
    await page.goto(mail.link)
    await page.get_by_role("button", name="Acknowledge").click()
    await expect(page.get_by_role("status")).to_have_text("Acknowledged: you have it")
    await page.goto("/set-up")
    await expect(done(page, "How you are reached")).to_be_visible()


def done(page: Page, title: str) -> Locator:
    """The tick of a step."""
    steps = page.get_by_role("list", name="Steps").get_by_role("listitem")
    return steps.filter(has_text=title).get_by_label("done")


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()
