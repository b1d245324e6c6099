"""10,000 open incidents in a real browser: how it scrolls, and how soon it answers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypedDict

from playwright.async_api import Page, ViewportSize, async_playwright

from bench.percentiles import percentile
from bench.rig import Rig
from bench.scenario import Budget, Incorrect, Scenario, check
from pagefree.accounts import credentials
from pagefree.accounts.credentials import Browser
from pagefree.infra.clock import system_clock
from pagefree.infra.db import create_engine, transaction
from scripts import test_tools

INCIDENTS = 10_000
DESKTOP = ViewportSize(width=1440, height=900)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
LASTS = timedelta(hours=1)
ROWS_PX_A_FRAME = 90  # more than two rows of a desktop: as fast as one can still follow
FRAMES = 600
FRAME_MS = 1000 / 60
SLACK_MS = 0.2  # the clock of a frame is rounded
NEAR_PX = 100
TIMES = 20  # each touch
MOST_LOADS = 200
SETTLE_S = 3.0
PATIENCE_S = 30

FILL = """
INSERT INTO incidents (
    id, service_id, team_id, title, status, severity, priority, urgency, alert_count,
    open_alert_count, last_seq, opened_at
)
SELECT uuidv7((n - $3::int) * interval '1 second'), $1, $2,
    'Disk is full on node ' || n, 'triggered', 'critical', 'P1', 'high', 1, 0, 1,
    $4::timestamptz + (n - $3::int) * interval '1 second'
FROM generate_series(1, $3::int) AS n
"""
ADMIN = "SELECT id FROM users WHERE email = 'admin@example.org'"
IS_OPEN = "SELECT count(*) FROM incidents WHERE status = 'triggered'"

# how many rows the list has, drawn or not
LENGTH = """() => {
    const list = document.querySelector('ul[aria-label="Incidents"]');
    return Math.round(list.clientHeight / list.children[1].offsetHeight);
}"""
TO_THE_END = "() => window.scrollTo({ top: document.body.scrollHeight })"
SCROLL = """async ({ frames, px }) => {
    const gaps = [];
    let last = await new Promise(requestAnimationFrame);
    for (let frame = 0; frame < frames; frame++) {
        window.scrollBy({ top: px });
        const now = await new Promise(requestAnimationFrame);
        gaps.push(now - last);
        last = now;
    }
    return gaps;
}"""
# from the touch to the picture that answers it, as the browser itself has it
WATCH = """() => {
    window.touched = [];
    new PerformanceObserver((list) => window.touched.push(
        ...list.getEntries().filter((one) => one.interactionId).map((one) => one.toJSON())
    )).observe({ type: "event", durationThreshold: 16, buffered: false });
}"""
FOCUS = """(at) => {
    const rows = [...document.querySelectorAll("li a[data-row]")]
        .filter((row) => row.getBoundingClientRect().top > 100);
    rows[at % 8].focus({ preventScroll: true });
}"""


class Touch(TypedDict):
    """One event of an interaction, as the browser reports it."""

    name: str
    duration: float


async def run(rig: Rig) -> dict[str, float]:
    """Every incident is there, each acknowledgement arrives, and frames come in time."""
    incidents = rig.size(INCIDENTS)
    token = await _fill(rig, incidents)
    async with rig.up() as server, _browser() as page:
        address = f"http://127.0.0.1:{server.port}"
        await page.context.add_cookies(
            [{"name": "pagefree", "value": token, "url": address}]
        )
        await page.goto(f"{address}/incidents")
        await page.locator("li a[data-row]").first.wait_for()
        await _load_all(page, incidents)
        gaps = await _scroll(page, rig.size(FRAMES))
        times = rig.size(TIMES)
        acknowledged = await _acknowledge(page, times)
        opened = await _open(page, times)
    still_open = await rig.count(IS_OPEN)
    check(
        still_open == incidents - times,
        f"{times} acknowledged, {incidents - still_open} are",
    )
    in_time = sum(gap <= FRAME_MS + SLACK_MS for gap in gaps) / len(gaps)
    return {
        "frames in time": 100 * in_time,
        "frame p95": percentile([gap / 1000 for gap in gaps], 95),
        "acknowledge p95": percentile(acknowledged, 95),
        "open p95": percentile(opened, 95),
    }


async def _fill(rig: Rig, incidents: int) -> str:
    """Returns the session of a browser in which an admin is signed in."""
    of = (rig.world.service_id, rig.world.team_id)
    async with rig.database() as connection:
        await connection.execute(FILL, *of, incidents, system_clock())
        await connection.execute("VACUUM ANALYZE incidents")
        admin_id = await connection.fetchval(ADMIN)
    engine = create_engine(rig.database_url)
    try:
        async with transaction(engine) as tx:
            holder = await credentials.holder_of(tx, admin_id)
            if holder is None:
                raise Incorrect("nobody can sign in")
            return await credentials.start_session(
                tx, holder, Browser("bench", "127.0.0.1"), LASTS, system_clock()
            )
    finally:
        await engine.dispose()


@asynccontextmanager
async def _browser() -> AsyncIterator[Page]:
    binary = test_tools.chromium()
    check(binary is not None, "no Chromium to look with")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(binary), args=list(FLAGS)
        )
        try:
            page = await browser.new_page(viewport=DESKTOP, bypass_csp=True)
            page.set_default_timeout(PATIENCE_S * 1000)
            yield page
        finally:
            await browser.close()


async def _load_all(page: Page, incidents: int) -> None:
    """Scroll to the end until there is no more."""
    for _ in range(MOST_LOADS):
        length = await page.evaluate(LENGTH)
        if length >= incidents:
            break
        await page.evaluate(TO_THE_END)
        await page.wait_for_function(f"({LENGTH})() > {length}")
    length = await page.evaluate(LENGTH)
    check(length == incidents, f"{incidents} incidents, {length} in the list")
    await asyncio.sleep(SETTLE_S)


async def _scroll(page: Page, frames: int) -> list[float]:
    """Milliseconds from each frame to the next, up through the list."""
    asked = {"frames": frames, "px": -ROWS_PX_A_FRAME}
    gaps: list[float] = await page.evaluate(SCROLL, asked)
    return gaps


async def _acknowledge(page: Page, times: int) -> list[float]:
    """Seconds from the key to the picture in which the row is acknowledged."""
    await page.evaluate(WATCH)
    await page.evaluate(FOCUS, 0)
    for _ in range(times):
        await page.keyboard.press("j")
        row = page.locator("li:focus-within")
        await page.keyboard.press("a")
        await row.get_by_text("Acknowledged").wait_for()
    await page.wait_for_load_state("networkidle")
    return await _touches(page, {"keydown"})


async def _open(page: Page, times: int) -> list[float]:
    """Seconds from the press to the picture that answers it."""
    await page.evaluate("() => { window.touched = []; }")
    for at in range(times):
        await page.evaluate(FOCUS, at)
        stood = await page.evaluate("scrollY")
        await page.locator("li:focus-within a[data-row]").click()
        await page.get_by_role("heading", name="Disk is full on node").wait_for()
        await page.go_back()
        await page.wait_for_function(f"Math.abs(scrollY - {stood}) < {NEAR_PX}")
        await page.locator("li a[data-row]").first.wait_for()
    return await _touches(page, {"click", "pointerup"})


async def _touches(page: Page, names: set[str]) -> list[float]:
    """Seconds of those that took as long as a frame; the browser reports no others."""
    await asyncio.sleep(SETTLE_S)
    said = await page.evaluate("() => JSON.stringify(window.touched)")
    touches: list[Touch] = json.loads(said)
    return [one["duration"] / 1000 for one in touches if one["name"] in names] or [0]


SCENARIO = Scenario(
    "list-10k",
    "10,000 open incidents in the list of a browser",
    (
        Budget("frames in time", "%", 95),
        Budget("frame p95", "ms"),
        Budget("acknowledge p95", "ms", 100, at_least=False),
        Budget("open p95", "ms", 100, at_least=False),
    ),
    run,
)
