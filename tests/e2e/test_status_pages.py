"""Customers are told from the page of an incident, and read it on the status page."""

import re
from http import HTTPStatus

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.e2e.accessibility import barriers
from tests.e2e.company import Company
from tests.e2e.mailbox import Mailbox
from tests.e2e.screens import DESKTOP, PATIENCE_S, PHONE, Screens, fits, open_live
from tests.programs import eventually

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

SECRET = "db-7 in rack 12 is on fire"  # the title of our own incident


async def checkout_page(company: Company, slug: str = "e2e") -> str:
    """A status page whose only component follows the company's service; its id."""
    page = await company.admin.post(
        "/status-pages", name="Example Shop", slug=slug, team_id=company.team_id
    )
    await company.admin.post(
        f"/status-pages/{page['id']}/components",
        name="Checkout",
        service_ids=[company.service_id],
    )
    return str(page["id"])


async def outside(company: Company, screen: Page, text: str, slug: str = "e2e") -> str:
    """All that the public page says, once it says this."""

    async def served() -> bool:
        answer = await company.admin.client.get(f"/s/{slug}/")
        return answer.status_code == HTTPStatus.OK and text in answer.text

    await eventually(served, PATIENCE_S)
    await screen.goto(f"/s/{slug}/")
    await screen.reload()  # a browser may keep the page for half a minute
    return await screen.locator("body").inner_text()


async def tell_more(phone: Page, stage: str, text: str) -> None:
    """Publish another update from the page of the status incident."""
    await phone.get_by_role("button", name="Tell more").click()
    dialog = phone.get_by_role("dialog")
    await dialog.get_by_text(stage, exact=True).click()
    await dialog.get_by_label("What people read").fill(text)
    await dialog.get_by_role("button", name="Publish now").click()
    await expect(dialog).to_be_hidden()
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
    await expect(more).to_be_visible()
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


async def mailed(mails: Mailbox, title: str, to: str, what: str) -> str:
    """The link that does this, in a mail that comes."""
    mail = await mails.wait_for(title, to, PATIENCE_S)
    found = re.search(rf"http://\S+/{what}/[\w-]+", mail.text)
    assert found, mail.text
    return found[0]


async def looked_at(page: Page) -> None:
    """Whoever uses a phone, or cannot see it, can read what is on the screen."""
    assert await barriers(page) == [], page.url
    assert await fits(page), page.url


async def follow(reader: Page, mails: Mailbox, address: str) -> None:
    """From the page to the press that confirms."""
    await reader.get_by_role("link", name="Get updates").first.click()
    await looked_at(reader)
    choice = await reader.get_by_text("E-mail", exact=True).bounding_box()
    assert choice
    assert choice["width"] > choice["height"]  # on one line
    await reader.get_by_label("Address").fill(address)
    await reader.get_by_role("button", name="Get updates").click()
    said = reader.get_by_role("status")
    await expect(said).to_contain_text("a message is on its way")
    await looked_at(reader)
    await reader.goto(await mailed(mails, "Confirm", address, "confirm"))
    await looked_at(reader)
    await reader.get_by_role("button", name="Yes, keep me posted").click()
    await expect(reader.get_by_role("heading", name="You will be told")).to_be_visible()
    await looked_at(reader)


async def publish(staff: Page, number: int, slug: str, text: str) -> None:
    """From an incident of ours to what customers read."""
    await staff.goto(f"/incidents/{number}")
    await staff.get_by_role("link", name="Tell customers").click()
    words = staff.get_by_label("What people read")
    await expect(words).to_be_visible()
    choice = staff.get_by_role("combobox", name="Status page")
    if await choice.count():
        await choice.click()
        await staff.get_by_role("option").filter(has_text=slug).click()
    await words.fill(text)
    await looked_at(staff)
    await staff.get_by_role("button", name="Publish now").click()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_who_follows_a_page_is_mailed_until_one_press_ends_it(
    calm: Company, screens: Screens, mails: Mailbox, size: ViewportSize
) -> None:
    slug, ida = f"follow{size['width']}", f"ida{size['width']}@example.org"
    text = f"We are on it, says {slug}."
    await checkout_page(calm, slug)
    reader, staff = await screens.open(size), await screens.of(calm.ana, size)
    await outside(calm, reader, "Checkout", slug)
    await looked_at(reader)
    await follow(reader, mails, ida)

    incident = await calm.alert(f"{SECRET} {slug}")
    await publish(staff, incident["number"], slug, text)
    told = await mails.wait_for("Problems with", ida, PATIENCE_S)
    assert text in told.text
    assert SECRET not in told.text + told.subject
    await outside(calm, reader, text, slug)
    for path in ("", "history"):
        await reader.goto(f"/s/{slug}/{path}")
        await looked_at(reader)
    await reader.get_by_role("link", name="Problems with").first.click()
    await looked_at(reader)

    # as mail programs do it: nobody opens a page
    end = await mailed(mails, "Problems with", ida, "unsubscribe")
    pressed = await calm.admin.client.post(
        end, data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "null"}
    )
    assert pressed.status_code == HTTPStatus.OK
    await reader.goto(end)
    await expect(reader.get_by_role("heading")).to_have_text("You are unsubscribed")
    await looked_at(reader)
    await calm.ana.api.put(f"/incidents/{incident['id']}/resolution")
