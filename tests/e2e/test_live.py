"""What somebody sees who only looks: every change, without touching anything."""

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.company import Company
from tests.e2e.screens import Screens, open_live, row

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

SEEN_MS = 1_000
POLL_MS = 30_000
# every connection fails, as behind a proxy that does not let it through
NO_WEB_SOCKETS = """
    WebSocket = class {
        constructor() { setTimeout(() => this.onerror(new Event("error"))); }
        close() {}
    };
"""
SOCKETS = re.compile(r"/socket\.io/")


async def mark(page: Page) -> None:
    """Leave something behind that a reload would wipe away."""
    await page.evaluate("() => { window.marked = true; }")


async def is_marked(page: Page) -> bool:
    return bool(await page.evaluate("() => window.marked"))


async def test_the_list_of_another_browser_shows_each_change_within_a_second(
    company: Company, screens: Screens
) -> None:
    page = await screens.of(company.bo)
    await open_live(page, "/incidents?tab=all")
    await expect(page.get_by_role("tab", name="All")).to_be_visible()
    await mark(page)
    seen = row(page, "List is watched")

    incident = await company.alert("List is watched")
    await expect(seen).to_contain_text("Triggered", timeout=SEEN_MS)
    await company.ana.api.put(f"/incidents/{incident['id']}/acknowledgement")
    await expect(seen).to_contain_text("Ana", timeout=SEEN_MS)
    await expect(seen).to_contain_text("Acknowledged", timeout=SEEN_MS)
    await company.ana.api.put(f"/incidents/{incident['id']}/resolution")
    await expect(seen).to_contain_text("Resolved", timeout=SEEN_MS)

    assert await is_marked(page)


async def test_the_page_of_an_incident_shows_each_change_within_a_second(
    company: Company, screens: Screens
) -> None:
    incident = await company.alert("Page is watched")
    path = f"/incidents/{incident['id']}"
    page = await screens.of(company.bo)
    await open_live(page, f"/incidents/{incident['number']}")
    await expect(page.get_by_role("button", name="Acknowledge")).to_be_visible()
    await mark(page)

    await company.ana.api.put(f"{path}/acknowledgement")
    await expect(page.get_by_text("Ana acknowledged")).to_be_visible(timeout=SEEN_MS)
    await company.ana.api.post(f"{path}/notes", text="The disk was full")
    await expect(page.get_by_text("The disk was full")).to_be_visible(timeout=SEEN_MS)
    await company.ana.api.put(f"{path}/resolution", note="It has room again")
    await expect(page.get_by_text("It has room again")).to_be_visible(timeout=SEEN_MS)
    await expect(page.get_by_role("button", name="Re-open")).to_be_visible(
        timeout=SEEN_MS
    )

    assert await is_marked(page)


async def test_where_sockets_are_blocked_the_list_still_refreshes(
    company: Company, screens: Screens
) -> None:
    page = await screens.of(company.bo)

    async def refuse(route: Route) -> None:
        await route.abort()

    await page.route(SOCKETS, refuse)
    await page.add_init_script(NO_WEB_SOCKETS)
    await page.clock.install()
    await page.goto("/incidents")
    await expect(page.get_by_text("Not live")).to_be_visible()
    await company.alert("Told by nobody")

    await page.clock.fast_forward(POLL_MS)

    await expect(row(page, "Told by nobody")).to_be_visible()
    screens.complaints[:] = [c for c in screens.complaints if "/socket.io/" not in c]
