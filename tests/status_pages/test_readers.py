"""Programs that others wrote for Statuspage read our JSON over real HTTP, unchanged."""

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect
from prometheus_client.parser import text_string_to_metric_families

from pagefree.infra.db import transaction
from pagefree.status_pages import service
from pagefree.status_pages.front import StatusFront
from tests.api.desk import serving
from tests.e2e.screens import chromium_at
from tests.programs import Program, eventually
from tests.status_pages.conftest import VAULT, Scene, nowhere

EXPORTER = Path(sys.executable).parent / "statuspage-prometheus-exporter"
MODULES = Path(__file__).parents[2] / "web" / "node_modules"
# Statuspage's own, to be put on any page
WIDGET = MODULES / "@statuspage" / "status-widget" / "dist" / "index.js"
DOMAIN = "status.localhost"  # browsers find it on this machine without asking anybody
WITHIN_S = 60
Sample = tuple[dict[str, str], float]


@pytest.fixture
async def address(busy: Scene) -> AsyncIterator[str]:
    """Where the page is served."""
    front = StatusFront(busy.memory, VAULT, busy.clock).in_front_of(nowhere)
    async with serving(front) as found:
        yield found


async def exported(url: str, folder: Path) -> dict[str, list[Sample]]:
    """What the exporter makes of a page, by metric."""
    services, metrics = folder / "services.json", folder / "shop.prom"
    services.write_text(json.dumps({"shop": {"name": "Shop", "url": url}}))
    variables = {
        "RUN_MODE": "once",
        "SERVICES_JSON_PATH": str(services),
        "METRICS_TEXTFILE_PATH": str(metrics),
    }
    program = Program((EXPORTER,), folder, "exporter", variables)
    program.start()

    async def over() -> bool:
        return not program.runs

    try:
        await eventually(over, WITHIN_S)
    finally:
        program.kill()
    found: dict[str, list[Sample]] = {}
    for family in text_string_to_metric_families(metrics.read_text()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


async def test_an_exporter_for_prometheus_reads_it(
    busy: Scene, address: str, tmp_path: Path
) -> None:
    found = await exported(f"{address}/s/shop/api/v2/summary.json", tmp_path)

    summary = (await busy.get("api/v2/summary.json")).json()
    ((_, probed),) = found["statuspage_probe_check"]
    ((_, status),) = found["statuspage_service_status"]
    ((incident, _),) = found["statuspage_incident_info"]
    states = {
        labels["component_name"]: value
        for labels, value in found["statuspage_component_status"]
    }
    works = {
        labels["maintenance_id"]: labels
        for labels, _ in found["statuspage_maintenance_info"]
    }
    assert (probed, status) == (1, 0)
    assert incident["incident_name"] == "Slow search"
    assert incident["impact"] == "major"
    assert incident["affected_components"] == "Search"
    assert incident["shortlink"] == summary["incidents"][0]["shortlink"]
    assert states == {"Checkout": 0, "Search": 0}  # under maintenance, partly out
    assert works.keys() == {one["id"] for one in summary["scheduled_maintenances"]}
    assert {one["affected_components"] for one in works.values()} == {"Checkout"}
    assert all(one["scheduled_end"] > one["scheduled_start"] for one in works.values())


@pytest.mark.browser
@pytest.mark.xdist_group("whole program")
async def test_the_widget_of_statuspage_shows_it_on_a_page_of_somebody_else(
    busy: Scene, address: str, chromium: Path
) -> None:
    async with transaction(busy.engine) as tx:
        values: dict[str, object] = {"domain": DOMAIN}
        await service.change_page(tx, busy.page_id, values, busy.actor, busy.now)
    await busy.work()
    status = (await busy.get("api/v2/status.json")).json()["status"]
    ours = address.replace("127.0.0.1", DOMAIN)

    async with chromium_at(chromium) as browser:
        page = await browser.new_page()
        # of an origin that is not the page's
        await page.set_content(f'<statuspage-widget src="{ours}"></statuspage-widget>')
        await page.add_script_tag(path=WIDGET)

        link = page.get_by_role("link", name=status["description"])
        await expect(link).to_have_attribute("href", ours)
        colour = link.locator(".status-indicator")
        assert status["indicator"] in (await colour.get_attribute("class") or "")
