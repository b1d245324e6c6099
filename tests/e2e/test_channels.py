"""Channels: an admin sets them up, people prove their addresses, and are paged there."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from tests.e2e.company import PASSWORD, Company, Door, Person
from tests.e2e.screens import PATIENCE_S, PHONE, Screens
from tests.fake_servers import serving
from tests.fakes.pushover import Pushover
from tests.programs import eventually

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

USER_KEY = "u" * 30
TELEGRAM = {"bot_token": "1:token", "webhook_secret": "s" * 20}


@pytest.fixture
async def people(company: Company) -> AsyncIterator[tuple[Person, Person]]:
    """The platform admin, and Gil, whom no other test pages."""
    me = await company.admin.get("/me")
    admin = Person(me["id"], me["name"], me["email"], company.admin)
    email = f"gil-{uuid4().hex}@example.org"
    made = await company.admin.post(
        "/users", email=email, name="Gil", password=PASSWORD
    )
    async with AsyncExitStack() as clients:
        door = Door(company.address, clients)
        yield (
            admin,
            Person(made["id"], "Gil", email, await door.sign_in(email, PASSWORD)),
        )


@pytest.fixture
async def provider() -> AsyncIterator[Pushover]:
    """Takes what Pushover would take."""
    async with serving(Pushover()) as fake:
        yield fake
    assert fake.complaints == []


async def paging(company: Company, person: Person) -> Company:
    """The company with a service whose alerts page this person alone."""
    policy = await company.admin.post(
        "/escalation-policies",
        name=f"Only {person.email}",
        team_id=company.team_id,
        repeats=0,
        steps=[{"timeout_s": 300, "targets": [{"kind": "user", "id": person.id}]}],
    )
    theirs = replace(company, policy_id=policy["id"])
    return await theirs.with_service(f"Service of {person.email}")


async def title_with(provider: Pushover, words: str, after: int = 0) -> str:
    """The title of the first message about this, of those after the first few."""

    async def look() -> str | None:
        forms = (parse_qs(post.body.decode()) for post in provider.posts[after:])
        titles = (form["title"][0] for form in forms)
        return next((title for title in titles if words in title), None)

    return await eventually(look, PATIENCE_S)


async def set_pushover_up(page: Page, provider: Pushover) -> None:
    await page.goto("/channels")
    rows = page.get_by_role("list", name="Channels").get_by_role("listitem")
    pushover = rows.filter(has_text="Pushover")
    await expect(pushover).to_contain_text("Not set up")
    await pushover.get_by_role("link").click()
    await page.get_by_label("API token of your application").fill("a" * 30)
    await page.get_by_label("Where messages are posted").fill(
        str(provider.account["api_url"])
    )
    await page.get_by_role("button", name="Set it up").click()
    await expect(page.get_by_text("Pushover is set up")).to_be_visible()
    await expect(page.get_by_text("Set up", exact=True)).to_be_visible()


async def add_pushover(page: Page) -> None:
    await page.goto("/me")
    await page.get_by_role("button", name="Add a contact method").click()
    choices = page.get_by_role("list", name="Channels")
    await choices.get_by_role("button", name="Pushover").click()
    await page.get_by_label("Your user key").fill(USER_KEY)
    await page.get_by_label("Label").fill("Night phone")
    await page.get_by_role("button", name="Add it and send a code").click()


async def type_code(page: Page, code: str) -> None:
    await page.get_by_label("Code", exact=True).fill(code)
    await page.get_by_role("button", name="Check the code").click()


async def test_a_channel_is_set_up_then_proven_by_a_person_who_is_paged_there(
    company: Company,
    people: tuple[Person, Person],
    screens: Screens,
    provider: Pushover,
) -> None:
    admin, cy = people
    boss = await screens.of(admin)
    await set_pushover_up(boss, provider)
    secret = boss.get_by_label("API token of your application")
    await expect(secret).to_have_value("")
    await expect(secret).to_have_attribute(
        "placeholder", "Unchanged unless you type a new one"
    )

    page = await screens.of(cy, PHONE)
    await add_pushover(page)
    code = (await title_with(provider, "is your code")).split()[0]
    wrong = "000000" if code != "000000" else "111111"
    await type_code(page, wrong)
    await expect(page.get_by_text("This is not the code")).to_be_visible()
    await type_code(page, code)
    await expect(page.get_by_text("Verified: you can be paged there")).to_be_visible()

    theirs = await paging(company, cy)
    incident = await theirs.alert("Disk is full at Gil's")
    assert f"#{incident['number']}" in await title_with(
        provider, "Disk is full at Gil's"
    )
    await boss.goto("/channels?tab=log&channel=pushover")
    messages = boss.get_by_role("list", name="Messages")
    told = messages.get_by_role("listitem").filter(has_text="Disk is full at Gil's")
    await expect(told.get_by_text("sent")).to_be_visible()
    await told.get_by_role("button", name="1 attempt").click()
    await expect(told.get_by_text("taken after")).to_be_visible()
    await company.admin.client.delete("/v1/channels/pushover/config")


async def test_what_nobody_has_set_up_is_shown_and_cannot_be_chosen(
    people: tuple[Person, Person], screens: Screens
) -> None:
    admin, cy = people
    page = await screens.of(cy)
    await page.goto("/me?add=sms")

    missing = page.get_by_role("list", name="Not set up")
    await expect(missing.get_by_text("SMS")).to_be_visible()
    await expect(missing.get_by_role("button")).to_have_count(0)
    await expect(page.get_by_text("Ask a platform admin")).to_be_visible()
    boss = await screens.of(admin)
    await boss.goto("/me?add=choose")
    await boss.get_by_role("link", name="Set it up").first.click()
    await expect(boss.get_by_role("heading", name="Credentials")).to_be_visible()


async def test_a_chat_is_linked_by_the_line_that_is_sent_from_there(
    company: Company,
    people: tuple[Person, Person],
    screens: Screens,
    provider: Pushover,
) -> None:
    _, cy = people
    values = {**TELEGRAM, "api_url": f"http://127.0.0.1:{provider.port}"}
    await company.admin.put("/channels/telegram/config", values=values)
    page = await screens.of(cy)
    await page.goto("/me?add=telegram")
    await page.get_by_role("button", name="Show me the line").click()
    line = await page.get_by_text("/start ").inner_text()

    said = {"message_id": 1, "chat": {"id": 77}, "text": line}
    answer = await company.admin.client.post(
        "/v1/channels/telegram/callbacks/updates",
        json={"update_id": 1, "message": said},
        headers={"X-Telegram-Bot-Api-Secret-Token": TELEGRAM["webhook_secret"]},
    )

    assert answer.status_code == 200
    await expect(page.get_by_text("Telegram is linked")).to_be_visible()
    await expect(page.get_by_text("Telegram · 77")).to_be_visible()
    await company.admin.client.delete("/v1/channels/telegram/config")


async def test_hours_of_quiet_are_kept(
    people: tuple[Person, Person], screens: Screens
) -> None:
    _, cy = people
    page = await screens.of(cy)
    await page.goto("/me")
    peace = page.get_by_role("region", name="Peace and quiet")
    await peace.get_by_role("switch", name="Quiet hours").check()
    await peace.get_by_label("From").fill("21:30")
    await peace.get_by_role("button", name="Save").click()

    await expect(page.get_by_text("Saved")).to_be_visible()
    kept = await cy.api.get(f"/users/{cy.id}/notification-preferences")
    assert kept["quiet_from"] == "21:30:00"
    assert kept["quiet_to"] == "07:00:00"
    assert kept["quiet_urgent"] is False
