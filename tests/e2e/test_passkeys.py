"""Passkeys and second factors on a phone, with an authenticator that Chromium plays."""

import re
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.accessibility import barriers
from tests.e2e.company import PASSWORD, Company
from tests.e2e.screens import PHONE, Screens

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

# its person is always there, and says so by a finger
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
SECRET = re.compile(r"^[A-Z2-7]{32}$")


async def somebody(company: Company, name: str) -> str:
    """The address of somebody with a password."""
    email = f"{name.lower()}@example.org"
    await company.admin.post("/users", email=email, name=name, password=PASSWORD)
    return email


async def phone(screens: Screens) -> Page:
    """A phone with an authenticator, at the name that passkeys belong to."""
    # what asks for a proof refuses first; browsers complain of that
    screens.expected |= {"/passkeys/challenge", "/me/totp", "/session", "/factors"}
    page = await screens.open(PHONE)
    browser = await page.context.new_cdp_session(page)
    await browser.send("WebAuthn.enable")
    await browser.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def at_localhost(company: Company, path: str) -> str:
    """An IP address has no passkeys."""
    return f"http://localhost:{urlsplit(company.address).port}{path}"


async def give_password(page: Page, email: str) -> None:
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_role("textbox", name="Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def confirm(page: Page) -> None:
    """Give the password once more, where it is asked for."""
    await page.get_by_role("textbox", name="Your password").fill(PASSWORD)
    await page.get_by_role("button", name="Confirm", exact=True).click()


async def keep_codes(page: Page) -> list[str]:
    """The recovery codes, which are shown only now."""
    box = page.get_by_role("dialog", name="Keep your recovery codes")
    codes = re.findall(r"(?:[a-z2-7]{4}-){3}[a-z2-7]{4}", await box.inner_text())
    assert await barriers(page) == []
    await box.get_by_label("I have kept them").check()
    await box.get_by_role("button", name="Done").click()
    await expect(box).to_be_hidden()
    return codes


async def test_a_passkey_is_made_signs_in_confirms_and_is_removed(
    company: Company, screens: Screens
) -> None:
    email = await somebody(company, "Kim")
    page = await phone(screens)
    await page.goto(at_localhost(company, "/sign-in?next=/me?tab=security"))
    await give_password(page, email)

    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_role("textbox", name="Your password")).to_be_visible()
    assert await barriers(page) == []
    await confirm(page)
    assert len(await keep_codes(page)) == 10
    assert await barriers(page) == []

    await page.get_by_role("button", name="Sign out", exact=True).click()
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("heading", name="Incidents")).to_be_visible()

    # in a session that has proven nothing yet, the passkey proves it
    await page.goto(at_localhost(company, "/me?tab=security"))
    await expect(page.get_by_text("127.0.0.1 · passkey")).to_be_visible()
    await page.get_by_role("button", name="Remove the passkey").click()
    await page.get_by_role("button", name="Use a passkey").click()
    await expect(page.get_by_text("counts no more")).to_be_visible()
    await expect(page.get_by_role("button", name="Remove the passkey")).to_be_hidden()
    # that a proof was missing is all that the browser may have complained of
    of_passkeys = [one for one in screens.complaints if "/v1/me/passkeys/" in one]
    screens.complaints[:] = [
        one for one in screens.complaints if one not in of_passkeys
    ]
    assert len(of_passkeys) == 1


async def test_after_the_password_the_app_is_asked_for(
    company: Company, screens: Screens
) -> None:
    email = await somebody(company, "Lou")
    page = await phone(screens)
    await page.goto(at_localhost(company, "/sign-in?next=/me?tab=security"))
    await give_password(page, email)

    await page.get_by_role("button", name="Add an app").click()
    await confirm(page)
    box = page.get_by_role("dialog", name="Add an authenticator app")
    await expect(box.get_by_role("img", name="QR code")).to_be_visible()
    secret = await box.get_by_text(SECRET).inner_text()
    await box.get_by_label("Code that the app shows").fill(pyotp.TOTP(secret).now())
    await box.get_by_role("button", name="Add the app").click()
    codes = await keep_codes(page)

    await page.get_by_role("button", name="Sign out", exact=True).click()
    await give_password(page, email)
    await expect(page.get_by_label("Code of your authenticator app")).to_be_visible()
    assert await barriers(page) == []
    await page.get_by_role("button", name="Use a recovery code instead").click()
    await page.get_by_label("Recovery code").fill(codes[0])
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("heading", name="Incidents")).to_be_visible()
