"""A partner from the invitation to the end: sees the grant alone, and then nothing."""

import re

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.e2e.accessibility import barriers
from tests.e2e.company import Company, Person
from tests.e2e.mailbox import Mailbox
from tests.e2e.screens import DESKTOP, PATIENCE_S, PHONE, Screens, fits
from tests.programs import eventually

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

LINK = re.compile(r"http://\S+/partner/link/[\w-]+")


async def a_page(company: Company, name: str) -> None:
    """A status page with one component for everybody and one for few."""
    made = await company.admin.post(
        "/status-pages", name=name, slug=name.lower(), visibility="private"
    )
    for component in ("Checkout", "Warehouse"):
        path = f"/status-pages/{made['id']}/components"
        await company.admin.post(path, name=component)

    async def rendered() -> bool | None:
        page = await company.admin.get(f"/status-pages/{made['id']}")
        return page["version"] > 0 or None

    await eventually(rendered, PATIENCE_S)


async def invite(boss: Page, email: str) -> None:
    await boss.goto("/partners")
    await boss.get_by_role("button", name="Add a partner").click()
    await boss.get_by_label("E-mail address").fill(email)
    await boss.get_by_role("button", name="Add and invite").click()
    await expect(boss.get_by_role("heading", name=email)).to_be_visible()


async def grant(boss: Page, page: str, component: str) -> None:
    await boss.get_by_role("button", name="Grant a page").click()
    await boss.get_by_role("combobox", name="Status page").click()
    await boss.get_by_role("option", name=page).click()
    await boss.get_by_text("Some components").click()
    await boss.get_by_role("combobox", name="Components").click()
    await boss.get_by_role("option", name=component).click()
    await boss.keyboard.press("Escape")
    await boss.get_by_role("button", name="Grant it").click()
    await expect(boss.get_by_role("list", name="Grants")).to_contain_text(component)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_partner_sees_the_grant_until_it_is_taken_back(
    company: Company, screens: Screens, mails: Mailbox, size: ViewportSize
) -> None:
    name = f"Private{size['width']}"
    email = f"dan{size['width']}@agency.example"
    await a_page(company, name)
    me = await company.admin.get("/me")
    admin = Person(me["id"], me["name"], me["email"], company.admin)
    boss = await screens.of(admin, size)
    await invite(boss, email)
    await grant(boss, name, "Checkout")

    mail = await mails.wait_for("You are invited", email, PATIENCE_S)
    found = LINK.search(mail.text)
    assert found
    dan = await screens.open(size)
    await dan.goto(found[0])
    assert await barriers(dan) == []
    await dan.get_by_label("Your name").fill("Dan")
    await dan.get_by_role("button", name="Accept the invitation").click()
    await expect(dan.get_by_role("link", name=name)).to_be_visible()
    assert await barriers(dan) == []
    await dan.get_by_role("link", name=name).click()

    await expect(dan.get_by_text("Checkout")).to_be_visible()
    await dan.get_by_role("link", name="History").click()
    await dan.wait_for_url(re.compile("/history"))
    assert await barriers(dan) == []
    await dan.go_back()
    await expect(dan.get_by_text("Warehouse")).to_have_count(0)
    assert "Warehouse" not in await dan.content()
    for page in (dan, boss):
        assert await fits(page)
        assert await barriers(page) == []

    await boss.get_by_role("button", name=f"Take {name} back").click()
    await expect(boss.get_by_text("Nothing yet.")).to_be_visible()
    screens.expected.add("/")  # it is refused
    gone = await dan.reload()

    assert gone
    assert gone.status == 401
    await expect(dan.get_by_text("Checkout")).to_have_count(0)
    log = await company.admin.get("/partner-accesses", query=email)
    kinds = [one["kind"] for one in log["items"]]
    assert kinds[-1] == "signed_in"
    assert {"viewed", "denied"} <= set(kinds)
