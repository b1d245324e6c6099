"""Links to sign in with: off by default, for one browser, once, never for admins."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest

from pagefree.accounts.factors.links import Sender
from pagefree.channels.base import SmtpServer
from tests.api.conftest import BASE_URL, PASSWORD, Api, Person
from tests.api.factor_world import SECOND, add_app, code_of, confirm
from tests.e2e.mailbox import Mailbox, mailbox

ASK, OPEN = "/v1/session/links", "/v1/session/link"
TOKEN = re.compile(r"/sign-in/link#([\w-]+)")
SOON_S = 60  # at once, on a machine that does nothing else


@pytest.fixture
async def mails() -> AsyncIterator[Mailbox]:
    async with mailbox() as box:
        yield box


@pytest.fixture
async def ana(api: Api) -> Person:
    return await api.user("Ana", password=PASSWORD)


@pytest.fixture
async def boss(api: Api) -> Person:
    """Has switched links on."""
    boss = await api.user("Pia", platform_admin=True, password=PASSWORD)
    await confirm(boss)
    rules = {"magic_links": True}
    answer = await boss.client.put("/v1/sign-in-rules", json=rules)
    assert answer.status_code == 200, answer.text
    return boss


@pytest.fixture
def sender(api: Api, mails: Mailbox) -> Sender:
    server = SmtpServer("127.0.0.1", mails.port, "none", None, None, "p@example.org")
    return Sender(server, api.app.state.vault, BASE_URL, api.clock)


async def token_for(
    api: Api,
    client: httpx2.AsyncClient,
    sender: Sender,
    mails: Mailbox,
    email: str,
) -> str:
    """What the mail brings that is asked for in this browser."""
    assert (await client.post(ASK, json={"email": email})).status_code == 204
    await sender.send_due(api.engine)
    mail = await mails.wait_for("Sign in to PageFree", email, SOON_S)
    found = TOKEN.search(mail.text)
    assert found
    return found[1]


async def test_links_are_not_offered_unless_an_admin_says_so(
    api: Api, ana: Person, client: httpx2.AsyncClient
) -> None:
    refused = await client.post(ASK, json={"email": ana.email})
    admin = await api.user("Pia", platform_admin=True, password=PASSWORD)
    rules = {"magic_links": True}
    unconfirmed = await admin.client.put("/v1/sign-in-rules", json=rules)

    assert refused.status_code == 409
    assert unconfirmed.status_code == 403
    assert (await client.get("/v1/session/ways")).json()["magic_links"] is False


@pytest.mark.usefixtures("boss")
async def test_a_link_signs_in_once_where_it_was_asked_for(
    api: Api,
    ana: Person,
    client: httpx2.AsyncClient,
    sender: Sender,
    mails: Mailbox,
) -> None:
    body = {"token": await token_for(api, client, sender, mails, ana.email)}
    elsewhere = await api.browser()

    in_vain = await elsewhere.post(OPEN, json=body)
    first = await client.post(OPEN, json=body)
    second = await client.post(OPEN, json=body)

    assert [one.status_code for one in (in_vain, first, second)] == [401, 200, 401]
    listed = (await client.get("/v1/me/sessions")).json()
    assert next(one["signed_in_by"] for one in listed if one["current"]) == "magic_link"


@pytest.mark.usefixtures("boss")
async def test_a_link_counts_for_ten_minutes(
    api: Api,
    ana: Person,
    client: httpx2.AsyncClient,
    sender: Sender,
    mails: Mailbox,
) -> None:
    body = {"token": await token_for(api, client, sender, mails, ana.email)}
    api.clock.advance(timedelta(minutes=10))

    assert (await client.post(OPEN, json=body)).status_code == 401


@pytest.mark.usefixtures("boss")
async def test_who_has_a_second_factor_still_needs_it(
    api: Api,
    ana: Person,
    client: httpx2.AsyncClient,
    sender: Sender,
    mails: Mailbox,
) -> None:
    secret, _ = await add_app(api, ana)
    body = {"token": await token_for(api, client, sender, mails, ana.email)}

    half = await client.post(OPEN, json=body)
    before = await client.get("/v1/me")
    whole = await client.post(SECOND, json={"code": code_of(secret, api)})

    assert [one.status_code for one in (half, before, whole)] == [202, 401, 200]


async def test_admins_strangers_and_the_deactivated_are_sent_nothing(
    api: Api,
    ana: Person,
    boss: Person,
    client: httpx2.AsyncClient,
    sender: Sender,
    mails: Mailbox,
) -> None:
    gone = await api.user("Cy")
    await boss.client.put(f"/v1/users/{gone.id}/deactivation")

    answers = [
        await client.post(ASK, json={"email": email})
        for email in (boss.email, gone.email, "nobody@example.org", "?", ana.email)
    ]
    await sender.send_due(api.engine)

    assert {(one.status_code, one.text) for one in answers} == {(204, "")}
    await mails.wait_for("Sign in to PageFree", ana.email, SOON_S)
    assert len(mails.mails) == 1


async def test_whoever_has_become_an_admin_meanwhile_is_not_let_in(
    api: Api,
    ana: Person,
    boss: Person,
    client: httpx2.AsyncClient,
    sender: Sender,
    mails: Mailbox,
) -> None:
    body = {"token": await token_for(api, client, sender, mails, ana.email)}
    await boss.client.patch(f"/v1/users/{ana.id}", json={"platform_admin": True})

    assert (await client.post(OPEN, json=body)).status_code == 401


@pytest.mark.usefixtures("boss")
async def test_an_inbox_is_not_filled(ana: Person, client: httpx2.AsyncClient) -> None:
    answers = [await client.post(ASK, json={"email": ana.email}) for _ in range(6)]

    assert [one.status_code for one in answers] == [204] * 5 + [429]
