"""Postmortems: begun on a resolved incident, written by two, reviewed, published, found again."""

import base64
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.company import Company
from tests.e2e.screens import PHONE, Screens, fits, open_live

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

# one red dot
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4"
    "//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg=="
)
HOSTILE = "<img src=x onerror='window.hacked = 1'>"
TEXT = f"## Root causes\n\nThe **disk** was full. {HOSTILE}\n"
SHOWN = "document.querySelector('img[alt=\"disk.png\"]').naturalWidth > 0"


async def resolved(company: Company, title: str) -> int:
    """The number of an incident that Ana had and that is over."""
    incident = await company.alert(title)
    path = f"/incidents/{incident['id']}"
    await company.ana.api.put(f"{path}/acknowledgement")
    await company.ana.api.put(f"{path}/resolution", note="Deleted old logs")
    number: int = incident["number"]
    return number


def told(page: Page, words: str) -> Locator:
    """What is said beside what else may be said just now."""
    return page.get_by_role("alert").filter(has_text=words)


async def saved(page: Page) -> None:
    await expect(page.get_by_text("All is saved")).to_be_visible()


async def write(page: Page) -> None:
    """Text with an image, a line of the timeline, what is to be done."""
    await page.get_by_label("Text, Markdown").fill(TEXT)
    preview = page.get_by_role("region", name="Preview")
    await expect(preview.get_by_role("heading", name="Root causes")).to_be_visible()
    await expect(preview).to_contain_text(HOSTILE)
    image = {"name": "disk.png", "mimeType": "image/png", "buffer": PNG}
    await page.locator("input[type=file]").set_input_files(image)  # type: ignore[arg-type]
    await expect(preview.get_by_role("img", name="disk.png")).to_be_visible()
    await page.wait_for_function(SHOWN)

    story = page.get_by_role("region", name="Timeline")
    await story.get_by_role("button", name="Hide “Ana acknowledged”").click()
    await story.get_by_role("button", name="Add a line").click()
    await story.get_by_label("What happened").last.fill("Customers noticed nothing")

    items = page.get_by_role("region", name="Action items")
    await items.get_by_label("What is to be done").fill("Rotate the logs")
    await items.get_by_role("combobox", name="Owner").fill("Bo")
    await page.get_by_role("option", name="Bo", exact=True).click()
    await items.get_by_label("Due").fill("2030-03-01")
    await items.get_by_role("button", name="Add").click()
    await expect(items.get_by_role("listitem")).to_contain_text("Rotate the logs")
    await saved(page)


async def test_a_postmortem_is_written_from_a_resolved_incident_and_published(
    calm: Company, screens: Screens
) -> None:
    title = f"Disk full {uuid4().hex[:8]}"
    number = await resolved(calm, title)

    ana = await screens.of(calm.ana)
    await open_live(ana, f"/incidents/{number}")
    await ana.get_by_role("link", name="Write a postmortem").click()
    await ana.get_by_role("button", name="Begin writing").click()
    await expect(ana.get_by_label("Title")).to_have_value(title)
    await write(ana)
    await ana.get_by_role("button", name="Send to review").click()
    await expect(ana.get_by_text("In review", exact=True)).to_be_visible()

    bo = await screens.of(calm.bo, PHONE)
    await bo.goto("/postmortems?query=disk")
    await bo.get_by_role("link", name=title).click()
    await expect(bo.get_by_text("Customers noticed nothing")).to_be_visible()
    assert await bo.get_by_text("Ana acknowledged").count() == 0
    assert await fits(bo)
    await bo.get_by_role("button", name="Publish").click()
    await expect(bo.get_by_text("Published", exact=True)).to_be_visible()
    assert await bo.evaluate("() => window.hacked") is None

    await bo.get_by_role("link", name=f"#{number} {title}").click()
    told = bo.get_by_text(f"published the postmortem “{title}”")
    await expect(told).to_be_visible()


async def test_whoever_takes_over_writes_and_the_other_is_told(
    calm: Company, screens: Screens
) -> None:
    title = f"Shop slow {uuid4().hex[:8]}"
    number = await resolved(calm, title)
    incident = await calm.ana.api.get(f"/incidents/{number}")
    made = await calm.ana.api.post("/postmortems", incident_ids=[incident["id"]])
    path = f"/postmortems/{made['id']}?edit=1"
    screens.expected.update({"/lock", "/content"})  # refused: somebody else writes

    ana = await screens.of(calm.ana)
    await ana.goto(path)
    await ana.get_by_label("Summary").fill("What Ana saw.")
    await saved(ana)
    bo = await screens.of(calm.bo)
    await bo.goto(path)
    await expect(told(bo, "Ana is writing")).to_be_visible()
    await bo.get_by_role("button", name="Take over").click()
    await expect(bo.get_by_label("Summary")).to_have_value("What Ana saw.")
    await bo.get_by_label("Summary").fill("What Bo saw.")
    await saved(bo)

    await ana.get_by_label("Summary").fill("What Ana knows now.")
    await expect(told(ana, "Bo is writing")).to_be_visible()
    await ana.get_by_role("button", name="Take over with mine").click()
    await saved(ana)

    await ana.get_by_role("button", name="Done").click()
    await expect(ana.get_by_text("What Ana knows now.")).to_be_visible()
    versions = await calm.ana.api.get(f"/postmortems/{made['id']}/versions")
    assert [one["author"]["name"] for one in versions] == ["Ana", "Bo", "Ana", "Ana"]
