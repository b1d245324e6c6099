"""What people do in the web app, and what nobody must be able to do to them."""

import re

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.e2e.company import PASSWORD, Company
from tests.e2e.mailbox import Mailbox
from tests.e2e.screens import DESKTOP, PATIENCE_S, PHONE, Screens, open_live, row

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
HOSTILE = (
    "Hostile <script>window.hacked = 1</script>"
    '<img src=x onerror="window.hacked = 1"> [press](javascript:hacked=1) \u202eeslaf'
)
# what Tab does not reach one by one: arrows move inside of these
TRACK_FOCUS = """() => {
    const found = [...document.querySelectorAll("a[href], button, input, select, textarea")]
        .filter((each) => each.checkVisibility({ visibilityProperty: true })
            && !each.disabled && !each.closest("[aria-hidden=true]")
            && !["tab", "radio", "menuitem", "option"].includes(each.role ?? each.type)
            && each.type !== "radio" && each.type !== "hidden");
    window.missed = new Set(found);
    window.missed.delete(document.activeElement);
    window.unseen = [];
    document.addEventListener("focusin", ({ target }) => {
        window.missed.delete(target);
        const { left, right } = target.getBoundingClientRect();
        if (right <= 0 || left >= innerWidth) window.unseen.push(target);
    });
    return found.length;
}"""
WRONG = """() => [...window.missed, ...window.unseen]
    .map((each) => each.outerHTML.slice(0, 200))"""


async def go_to(page: Page, place: str, size: ViewportSize) -> None:
    """Use the navigation: at the side; on a phone at the bottom, or behind More there."""
    name = "Places" if size is PHONE else "Sections"
    shown = page.get_by_role("navigation", name=name)
    if size is PHONE and place != "Incidents":
        await shown.get_by_role("button", name="More").click()
        shown = page.get_by_role("dialog")
    await shown.get_by_role("link", name=place).click()


async def sign_in(page: Page, email: str) -> None:
    await page.goto("/")
    await page.get_by_label(re.compile("^E-mail")).fill(email)
    await page.get_by_label(re.compile("^Password")).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("tab", name="All")).to_be_visible()


async def add_service(page: Page, name: str, policy: str) -> None:
    await page.get_by_role("button", name="New service").click()
    form = page.get_by_role("dialog")
    await form.get_by_label(re.compile("^Name")).fill(name)
    await form.get_by_role("combobox", name=re.compile("^Escalation policy")).click()
    await page.get_by_role("option", name=policy).click()
    await form.get_by_role("button", name="Add the service").click()
    await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


async def connect_a_tool(page: Page) -> None:
    await page.get_by_role("link", name="Connect a tool").first.click()
    await page.get_by_role("button", name="PagerDuty Events API v2").click()
    await page.get_by_role("button", name="Make the key and show the set-up").click()
    await expect(page.get_by_text("Waiting for the first event")).to_be_visible()
    await page.get_by_role("button", name="Send a test alert").first.click()
    await page.get_by_role("button", name="Send it").click()
    await expect(page.get_by_text("Events arrive")).to_be_visible()


@SIZES
async def test_a_person_sets_up_a_service_and_works_on_its_first_incident(
    company: Company, screens: Screens, size: ViewportSize
) -> None:
    service = f"Checkout at {size['width']} px"
    page = await screens.open(size)
    await sign_in(page, company.ana.email)

    await go_to(page, "Services", size)
    await add_service(page, service, "Ana, then Bo")
    await connect_a_tool(page)
    await go_to(page, "Incidents", size)
    incident = row(page, service)
    await expect(incident).to_contain_text("Triggered")
    await page.keyboard.press("j")
    await expect(incident.get_by_role("link").first).to_be_focused()
    await page.keyboard.press("a")
    await expect(incident).to_contain_text("Acknowledged")
    await page.keyboard.press("r")
    # at once: it can be taken back for some seconds only
    toast = page.get_by_role("alert").filter(has_text="Resolved #")
    await toast.get_by_role("button", name="Undo").click()

    await expect(incident).to_contain_text("Triggered")


@SIZES
async def test_tab_reaches_everything_one_can_press_and_nothing_out_of_sight(
    company: Company, screens: Screens, size: ViewportSize
) -> None:
    title = f"Reach me at {size['width']} px"
    await company.alert(title)
    signed_out = await screens.open(size)
    await signed_out.goto("/sign-in")
    await expect(signed_out.get_by_role("button", name="Sign in")).to_be_visible()
    listing = await screens.of(company.bo, size)
    await open_live(listing, f"/incidents?tab=all&query={title}")
    await expect(row(listing, title)).to_be_visible()

    for page in (signed_out, listing):
        for _ in range(2 * await page.evaluate(TRACK_FOCUS)):
            await page.keyboard.press("Tab")

    assert await signed_out.evaluate(WRONG) == []
    assert await listing.evaluate(WRONG) == []


async def test_text_of_an_alert_runs_nowhere(
    calm: Company, mails: Mailbox, screens: Screens
) -> None:
    incident = await calm.alert(
        HOSTILE, note=HOSTILE, href="javascript:window.hacked=1"
    )
    alerts = await calm.bo.api.get(f"/incidents/{incident['id']}/alerts")
    mail = await mails.wait_for("Hostile", calm.ana.email, within_s=PATIENCE_S)
    page = await screens.of(calm.bo)
    places = (
        "/incidents?tab=all",
        f"/incidents/{incident['number']}",
        "/alerts",
        f"/alerts/{alerts['items'][0]['id']}",
        mail.link,
    )

    for place in places:
        await page.goto(place)
        await expect(page.get_by_text("Hostile <script>").first).to_be_visible()
        assert await page.evaluate("() => window.hacked") is None
        assert await page.locator("[href^='javascript' i], img[src='x']").count() == 0
