"""What somebody sees who only looks: every change, without touching anything."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.e2e.company import Company
from tests.e2e.screens import TRIES, Screens, open_live, row

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


class Watch:
    """What becomes of a screen: it has to, and within a second if nothing else is slow."""

    def __init__(self) -> None:
        self.late: set[str] = set()

    async def sees(self, where: Locator, text: str) -> None:
        """Wait until it stands there."""
        told = expect(where.filter(has_text=text).first)
        try:
            await told.to_be_visible(timeout=SEEN_MS)
        except AssertionError:
            self.late.add(text)
            await told.to_be_visible()


async def test_the_list_of_another_browser_shows_each_change_within_a_second(
    company: Company, screens: Screens
) -> None:
    page = await screens.of(company.bo)
    await open_live(page, "/incidents?tab=all")
    await expect(page.get_by_role("tab", name="All")).to_be_visible()
    await mark(page)

    async def each_change(title: str) -> set[str]:
        watch, seen = Watch(), row(page, title)
        incident = await company.alert(title)
        await watch.sees(seen, "Triggered")
        await company.ana.api.put(f"/incidents/{incident['id']}/acknowledgement")
        await watch.sees(seen, "Ana")
        await watch.sees(seen, "Acknowledged")
        await company.ana.api.put(f"/incidents/{incident['id']}/resolution")
        await watch.sees(seen, "Resolved")
        return watch.late

    assert await always_late(each_change, "List is watched") == set()
    assert await is_marked(page)


async def test_the_page_of_an_incident_shows_each_change_within_a_second(
    company: Company, screens: Screens
) -> None:
    page = await screens.of(company.bo)

    async def each_change(title: str) -> set[str]:
        incident = await company.alert(title)
        path = f"/incidents/{incident['id']}"
        await open_live(page, f"/incidents/{incident['number']}")
        await expect(page.get_by_role("button", name="Acknowledge")).to_be_visible()
        await mark(page)
        watch, main = Watch(), page.get_by_role("main")
        await company.ana.api.put(f"{path}/acknowledgement")
        await watch.sees(main, "Ana acknowledged")
        await company.ana.api.post(f"{path}/notes", text="The disk was full")
        await watch.sees(main, "The disk was full")
        await company.ana.api.put(f"{path}/resolution", note="It has room again")
        await watch.sees(main, "It has room again")
        await watch.sees(page.get_by_role("button"), "Re-open")
        assert await is_marked(page)
        return watch.late

    assert await always_late(each_change, "Page is watched") == set()


async def always_late(
    each_change: Callable[[str], Awaitable[set[str]]], title: str
) -> set[str]:
    """What was seen in time in none of a few tries: another program may be busy in one."""
    late = await each_change(title)
    for attempt in range(1, TRIES):
        if late:
            late &= await each_change(f"{title} again, {attempt}")
    return late


async def test_where_sockets_are_blocked_the_list_still_refreshes(
    company: Company, screens: Screens
) -> None:
    page = await screens.of(company.bo)

    async def refuse(route: Route) -> None:
        await route.abort()

    screens.excused.add("/socket.io/")
    await page.route(SOCKETS, refuse)
    await page.add_init_script(NO_WEB_SOCKETS)
    await page.clock.install()
    await page.goto("/incidents")
    await expect(page.get_by_text("Not live")).to_be_visible()
    await company.alert("Told by nobody")

    await page.clock.fast_forward(POLL_MS)

    await expect(row(page, "Told by nobody")).to_be_visible()
