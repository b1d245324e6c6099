"""One running installation with everything around it that is real, too."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.alertmanager import Alertmanager, alertmanager_for
from tests.e2e.company import PASSWORD, Company, Door, Person, set_up
from tests.e2e.mailbox import Mailbox, mailbox
from tests.e2e.screens import PATIENCE_MS, Screens, chromium_at
from tests.programs import BIN, Program, free_port

expect.set_options(timeout=PATIENCE_MS)
FIRST_SIGN_IN = r"E-mail\s+(?P<email>\S+)\s+Password\s+(?P<password>\S+)"


@pytest.fixture(scope="session")
async def mails() -> AsyncIterator[Mailbox]:
    """The mail server that the installation sends through."""
    async with mailbox() as box:
        yield box


@pytest.fixture(scope="session")
async def company(
    mails: Mailbox, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Company]:
    """A company on a program of its own, set up by the admin whose password was printed."""
    port = free_port()
    program = Program(
        (BIN / "pagefree", "up", "--port", str(port)),
        tmp_path_factory.mktemp("installation"),
        name="up",
        variables={
            "PAGEFREE_SMTP_HOST": "127.0.0.1",
            "PAGEFREE_SMTP_PORT": str(mails.port),
            "PAGEFREE_SMTP_TLS": "none",
            "PAGEFREE_MAIL_FROM": "PageFree <pagefree@example.org>",
            # the providers of these tests are on this machine
            "PAGEFREE_OUTBOUND_ALLOW": "127.0.0.0/8",
        },
    )
    program.start()
    door = Door(f"http://127.0.0.1:{port}")
    try:
        first = await program.wait_for(FIRST_SIGN_IN)
        async with door.clients:
            admin = await door.sign_in(first["email"], first["password"])
            made = await set_up(door, admin)
            yield replace(made, admin_password=first["password"])
    finally:
        program.stop()
    errors = re.findall(r".*\[error.*", program.printed)
    assert not errors, "\n".join(errors)


@pytest.fixture
async def calm(company: Company, request: pytest.FixtureRequest) -> Company:
    """The company with a service of the test's own.

    Whoever was just paged for a service five times is told of its next trouble together
    with what follows, and so later than these tests wait.
    """
    return await company.with_service(request.node.name)


@pytest.fixture(scope="session")
async def cy(company: Company) -> AsyncIterator[Person]:
    """Somebody in a third region."""
    email = "cy@example.org"
    user = await company.admin.post("/users", email=email, name="Cy", password=PASSWORD)
    path = f"/teams/{company.team_id}/members/{user['id']}"
    await company.admin.put(path, role="responder")
    door = Door(company.address)
    async with door.clients:
        yield Person(user["id"], "Cy", email, await door.sign_in(email, PASSWORD))


@pytest.fixture
async def alerting(
    calm: Company, alertmanager: Path, tmp_path: Path
) -> AsyncIterator[Alertmanager]:
    """The Alertmanager of the test's own service."""
    async with alertmanager_for(calm, alertmanager, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    """One Chromium; each test opens screens of its own in it."""
    async with chromium_at(chromium) as running:
        yield running


@pytest.fixture
async def screens(browser: Browser, company: Company) -> AsyncIterator[Screens]:
    """Screens that fail the test if the browser complained of anything."""
    await company.end_all()  # nobody is paged for what was before
    async with AsyncExitStack() as contexts:
        screens = Screens(browser, company.address, contexts)
        yield screens
    assert screens.complaints == []
