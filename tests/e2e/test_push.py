"""A phone that is paged, answers from its lock screen, and goes through a tunnel."""

import json
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.company import Company, Door, set_up
from tests.e2e.conftest import FIRST_SIGN_IN
from tests.e2e.push_phone import Phone, phone_of, placeholder_key
from tests.e2e.screens import PATIENCE_S, PHONE, bring_cookies, new_page, row
from tests.fakes.push import PushService, Subscription, push_service
from tests.programs import BIN, Program, eventually, free_port

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

KIND = "web_push"


@dataclass(frozen=True, slots=True)
class Pushing:
    """A company that notifies phones through the push service beside it."""

    company: Company
    service: PushService
    program: Program

    async def methods(self) -> list[dict[str, Any]]:
        """How Ana is notified."""
        ana = self.company.ana
        found = await ana.api.get(f"/users/{ana.id}/contact-methods")
        return [each for each in found if each["channel"] == KIND]

    async def key(self) -> str:
        told = await self.company.ana.api.get("/web-push")
        return str(told["public_key"])

    async def forget_phones(self) -> None:
        ana = self.company.ana
        for method in await self.methods():
            path = f"/v1/users/{ana.id}/contact-methods/{method['id']}"
            await ana.api.client.delete(path)


@pytest.fixture(scope="module")
async def pushing(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Pushing]:
    """An installation that may reach the push service on this machine."""
    port = free_port()
    program = Program(
        (BIN / "pagefree", "up", "--port", str(port)),
        tmp_path_factory.mktemp("pushing"),
        name="pushing",
        variables={"PAGEFREE_OUTBOUND_ALLOW": "127.0.0.0/8"},
    )
    program.start()
    door = Door(f"http://127.0.0.1:{port}")
    try:
        first = await program.wait_for(FIRST_SIGN_IN)
        async with door.clients, push_service() as service:
            admin = await door.sign_in(first["email"], first["password"])
            company = await set_up(door, admin)
            values = {"subject": "mailto:ops@example.org", "hosts": ["127.0.0.1"]}
            await admin.put(f"/channels/{KIND}/config", values=values)
            yield Pushing(company, service, program)
    finally:
        program.stop()
    errors = re.findall(r".*\[error.*", program.printed)
    assert not errors, "\n".join(errors)


@pytest.fixture
async def phone(browser: Browser, pushing: Pushing) -> AsyncIterator[Phone]:
    """Ana's phone, on which she is signed in."""
    await pushing.forget_phones()
    async with AsyncExitStack() as stack:
        context = await browser.new_context(
            base_url=pushing.company.address, viewport=PHONE
        )
        stack.push_async_callback(context.close)
        page = await new_page(context)
        await bring_cookies(context, pushing.company.ana, pushing.company.address)
        yield await phone_of(context, page, pushing.service)


async def message_about(subscription: Subscription, words: str) -> dict[str, Any]:
    """What was sent there about this."""

    async def look() -> dict[str, Any] | None:
        found = (m.payload for m in subscription.messages)
        return next((each for each in found if words in each["title"]), None)

    return await eventually(look, PATIENCE_S)


async def is_shown(phone: Phone, words: str) -> dict[str, str]:
    async def look() -> dict[str, str] | None:
        shown = await phone.shows()
        return next((each for each in shown if words in each["title"]), None)

    return await eventually(look, PATIENCE_S)


async def becomes(pushing: Pushing, title: str, status: str) -> Any:
    async def look() -> Any:
        incident = await pushing.company.admin.incident(title)
        return incident if incident["status"] == status else None

    return await eventually(look, PATIENCE_S)


async def switched_on(phone: Phone) -> Subscription:
    """Ana asks to be notified on this phone."""
    await phone.opens("/me")
    await phone.page.get_by_role("button", name="Notify me on this device").click()
    await expect(phone.page.get_by_text("This device notifies you")).to_be_visible()
    return phone.subscription


async def test_a_page_is_acknowledged_from_the_notification_without_opening_the_app(
    pushing: Pushing, phone: Phone
) -> None:
    subscription = await switched_on(phone)

    incident = await pushing.company.alert("Disk is full on the phone")
    message = await message_about(subscription, "Disk is full on the phone")
    await phone.receives(message)
    shown = await is_shown(phone, "Disk is full on the phone")
    await phone.presses(shown["tag"], "acknowledge")

    after = await becomes(pushing, "Disk is full on the phone", "acknowledged")
    assert after["acknowledged_by"]["name"] == "Ana"
    assert shown["tag"] == f"incident {incident['id']}"
    await is_shown(phone, "You have it")
    assert len(await phone.shows()) == 1


async def test_switching_it_on_sends_a_test_that_proves_that_it_arrives(
    pushing: Pushing, phone: Phone
) -> None:
    subscription = await switched_on(phone)

    await phone.receives(await message_about(subscription, "Test"))
    await is_shown(phone, "Test from PageFree")

    async def proven() -> bool:
        [method] = await pushing.methods()
        return method["proven_at"] is not None

    await eventually(proven, PATIENCE_S)
    await phone.page.reload()
    here = phone.page.get_by_text("This device notifies you")
    await expect(here).to_contain_text("Last proof")


async def test_every_push_is_shown_whatever_is_in_it(
    pushing: Pushing, phone: Phone
) -> None:
    del pushing
    await phone.opens("/incidents")

    await phone.receives({"title": 7, "tag": None, "data": "odd"})
    await is_shown(phone, "PageFree has news")
    await phone.receives({"title": "<b>x</b>"})
    await is_shown(phone, "<b>x</b>")


async def test_a_button_pressed_without_a_network_is_sent_when_there_is_one(
    pushing: Pushing, phone: Phone
) -> None:
    subscription = await switched_on(phone)
    await pushing.company.alert("Pressed in a tunnel")
    message = await message_about(subscription, "Pressed in a tunnel")
    await phone.receives(message)
    shown = await is_shown(phone, "Pressed in a tunnel")

    await phone.context.set_offline(offline=True)
    await phone.presses(shown["tag"], "acknowledge")
    await is_shown(phone, "No connection")
    before = await pushing.company.admin.incident("Pressed in a tunnel")
    await phone.context.set_offline(offline=False)

    await becomes(pushing, "Pressed in a tunnel", "acknowledged")
    assert before["status"] == "triggered"


async def test_what_is_done_in_the_app_without_a_network_is_shown_kept_and_sent(
    pushing: Pushing, phone: Phone
) -> None:
    page = phone.page
    await pushing.company.alert("Seen before the lift")
    await phone.opens("/incidents")
    await expect(row(page, "Seen before the lift")).to_be_visible()
    await page.reload()  # now everything comes through the service worker
    await expect(row(page, "Seen before the lift")).to_be_visible()

    await phone.context.set_offline(offline=True)
    await page.reload()
    await expect(row(page, "Seen before the lift")).to_be_visible()
    await expect(page.get_by_text("Offline", exact=False)).to_be_visible()
    await acknowledge(page, "Seen before the lift")
    await expect(page.get_by_text("1 to send", exact=False)).to_be_visible()
    before = await pushing.company.admin.incident("Seen before the lift")
    await phone.context.set_offline(offline=False)

    await becomes(pushing, "Seen before the lift", "acknowledged")
    await expect(page.get_by_text("1 to send", exact=False)).to_be_hidden()
    assert before["status"] == "triggered"


async def acknowledge(page: Page, title: str) -> None:
    await row(page, title).get_by_role("link").focus()
    await page.keyboard.press("a")
    await expect(row(page, title)).to_contain_text("Acknowledged")


async def test_a_phone_that_subscribed_with_a_foreign_key_does_so_anew_unasked(
    pushing: Pushing, phone: Phone
) -> None:
    ana = pushing.company.ana
    old = pushing.service.subscribe(placeholder_key())
    made = await ana.api.post(
        f"/users/{ana.id}/contact-methods",
        channel=KIND,
        label="Old phone",
        address=old.address,
    )
    kept = json.dumps(json.dumps(old.address))
    await phone.context.add_init_script(
        "if (!localStorage.getItem('was here')) {"
        f" localStorage.setItem('fake subscription', {kept});"
        " localStorage.setItem('was here', 'yes'); }"
    )

    await phone.opens("/incidents")

    async def renewed() -> dict[str, Any] | None:
        [method] = await pushing.methods()
        return method if method["address"]["key"] == await pushing.key() else None

    method = await eventually(renewed, PATIENCE_S)
    assert method["id"] == made["id"]
    assert method["address"]["endpoint"] != old.address["endpoint"]
    await pushing.company.alert("After a foreign key")
    await message_about(phone.subscription, "After a foreign key")


async def test_a_changed_key_loses_no_phone_whether_it_is_opened_or_not(
    pushing: Pushing, phone: Phone
) -> None:
    subscription = await switched_on(phone)
    before = await pushing.key()

    rotated = subprocess.run(
        [BIN / "pagefree", "vapid", "rotate"],
        cwd=pushing.program.folder,
        capture_output=True,
        check=True,
        text=True,
    )
    await pushing.company.alert("Before it is opened")
    await message_about(subscription, "Before it is opened")
    await phone.opens("/incidents")

    async def renewed() -> bool:
        [method] = await pushing.methods()
        return bool(method["address"]["key"] == await pushing.key())

    await eventually(renewed, PATIENCE_S)
    await pushing.company.alert("After it was opened")
    await message_about(phone.subscription, "After it was opened")
    assert "1 still use" in rotated.stdout
    assert await pushing.key() != before
    assert phone.subscription is not subscription


async def test_a_subscription_that_is_gone_is_said_to_be(
    pushing: Pushing, phone: Phone
) -> None:
    subscription = await switched_on(phone)
    await message_about(subscription, "Test")
    del pushing.service.subscriptions[subscription.name]

    await pushing.company.alert("Nobody is there")

    async def disabled() -> dict[str, Any] | None:
        [method] = await pushing.methods()
        return method if method["disabled_at"] else None

    method = await eventually(disabled, PATIENCE_S)
    assert "404" in method["disabled_reason"]
