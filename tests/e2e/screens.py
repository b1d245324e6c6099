"""Real Chromium in which somebody looks at the web app."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from tests.e2e.company import Person

DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=375, height=812)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
)
# asking is the only way to learn that nobody is signed in; browsers complain of the 401
EXPECTED = "/v1/me"
# A busy machine is slow without being wrong, and what is there at once costs nothing.
PATIENCE_S = 60
PATIENCE_MS = PATIENCE_S * 1000
TRIES = 5  # of what is promised within seconds
# so many times slower than this machine: `PAGEFREE_E2E_SLOW=4 make test ARGS=tests/e2e`
SLOWNESS = float(os.environ.get("PAGEFREE_E2E_SLOW", "1"))


@dataclass  # without slots: Playwright sets attributes on what it calls back
class Screens:
    """Opens browsers that share nothing, and remembers what they complain about."""

    browser: Browser
    address: str
    contexts: AsyncExitStack
    complaints: list[str] = field(default_factory=list)
    # ends of addresses that a test lets refuse something: browsers complain of that
    expected: set[str] = field(default_factory=lambda: {EXPECTED})
    excused: set[str] = field(default_factory=set)  # parts of such addresses

    async def open(self, size: ViewportSize = DESKTOP) -> Page:
        """A browser of somebody who is not signed in."""
        context = await self.browser.new_context(
            base_url=self.address,
            viewport=size,
            # what fades in has less contrast meanwhile, and what slides is hard to press
            reduced_motion="reduce",
        )
        self.contexts.push_async_callback(context.close)
        page = await new_page(context)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    async def of(self, person: Person, size: ViewportSize = DESKTOP) -> Page:
        """A browser in which this person is signed in."""
        page = await self.open(size)
        await bring_cookies(page.context, person, self.address)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        known = address.endswith(tuple(self.expected)) or any(
            part in address for part in self.excused
        )
        if message.type in {"error", "warning"} and not known:
            self.complaints.append(f"{message.text} ({address})")


async def new_page(context: BrowserContext) -> Page:
    """A patient page, on a processor as slow as is asked for."""
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    if SLOWNESS > 1:
        devtools = await context.new_cdp_session(page)
        await devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWNESS})
    return page


async def bring_cookies(context: BrowserContext, person: Person, address: str) -> None:
    """The session that the person already has."""
    for name, value in person.api.client.cookies.items():
        await context.add_cookies([{"name": name, "value": value, "url": address}])


async def open_live(page: Page, path: str) -> None:
    """Go to `path`; returns once the page is told of changes."""
    await page.goto(path)
    await live(page)


async def live(page: Page) -> None:
    """Wait until the page is told of changes."""
    await expect(page.locator("[data-connection=live]")).to_be_visible()


def row(page: Page, title: str) -> Locator:
    """The incident with this title in the list."""
    rows = page.get_by_role("list", name="Incidents").get_by_role("listitem")
    return rows.filter(has_text=title)


async def fits(page: Page) -> bool:
    """Nothing sticks out at the side."""
    return bool(
        await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    )


@asynccontextmanager
async def chromium_at(binary: Path) -> AsyncIterator[Browser]:
    """A browser without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=binary, args=list(FLAGS)
        )
        try:
            yield browser
        finally:
            await browser.close()
