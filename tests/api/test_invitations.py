"""Inviting people: by mail, once, for a week, and never over somebody's account."""

import asyncio
from datetime import timedelta
from urllib.parse import urlsplit

import httpx2
import pytest

from pagefree.accounts.invitation_jobs import Sender
from pagefree.channels.base import SmtpServer
from pagefree.core.access import Role
from tests.api.conftest import BASE_URL, PASSWORD, Api, Person
from tests.fakes.smtp import mail_server

EVE = "eve@acme.example"


async def invite(
    admin: Person, team_id: object, email: str = EVE, role: str = "responder"
) -> dict[str, str]:
    body = {"email": email, "team_id": str(team_id), "role": role}
    answer = await admin.client.post("/v1/invitations", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.json()
    return made


def token_in(made: dict[str, str]) -> str:
    link = urlsplit(made["link"])
    assert link.path == "/invitation"
    return link.fragment


async def accept(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    body = {"token": token, "name": "Eve", "password": PASSWORD}
    return await client.post("/v1/invitation/acceptance", json=body)


async def test_whoever_accepts_is_signed_in_and_in_the_team(
    api: Api, client: httpx2.AsyncClient
) -> None:
    web = await api.team("Web")
    lead = await api.user("Lea", teams={web.id: Role.TEAM_ADMIN})
    token = token_in(await invite(lead, web.id))

    shown = await client.post("/v1/invitation/look", json={"token": token})
    accepted = await accept(client, token)

    assert shown.json()["team"] == "Web"
    assert shown.json()["invited_by"] == "Lea"
    assert accepted.status_code == 200, accepted.text
    me = (await client.get("/v1/me")).json()
    assert me["email"] == EVE
    assert [(m["team"]["name"], m["role"]) for m in me["memberships"]] == [
        ("Web", "responder")
    ]
    left = await lead.client.get(f"/v1/teams/{web.id}/invitations")
    assert left.json() == []


async def test_an_invitation_counts_once_even_at_the_same_moment(
    api: Api, admin: Person
) -> None:
    web = await api.team("Web")
    token = token_in(await invite(admin, web.id))
    browsers = [await api.browser() for _ in range(3)]

    answers = await asyncio.gather(*(accept(one, token) for one in browsers))

    assert sorted(one.status_code for one in answers) == [200, 404, 404]


@pytest.mark.parametrize("how", ["too old", "taken back", "sent again", "made up"])
async def test_an_invitation_that_is_over_opens_nothing(
    api: Api, admin: Person, client: httpx2.AsyncClient, how: str
) -> None:
    web = await api.team("Web")
    made = await invite(admin, web.id)
    token = token_in(made) if how != "made up" else "nobodys"
    if how == "too old":
        api.clock.advance(timedelta(days=7))
    elif how == "taken back":
        await admin.client.delete(f"/v1/invitations/{made['id']}")
    elif how == "sent again":
        again = await admin.client.post(f"/v1/invitations/{made['id']}/sending")
        assert token_in(again.json()) != token

    assert (await accept(client, token)).status_code == 404
    look = await client.post("/v1/invitation/look", json={"token": token})
    assert look.status_code == 404


async def test_whoever_has_left_invites_nobody_any_more(
    api: Api, admin: Person, client: httpx2.AsyncClient
) -> None:
    web = await api.team("Web")
    lead = await api.user("Lea", teams={web.id: Role.TEAM_ADMIN})
    token = token_in(await invite(lead, web.id))
    left = await admin.client.put(f"/v1/users/{lead.id}/deactivation")
    assert left.status_code == 200, left.text

    answer = await accept(client, token)

    assert answer.status_code == 404


async def test_nobody_who_has_an_account_is_invited_or_taken_over(
    api: Api, admin: Person, client: httpx2.AsyncClient
) -> None:
    web = await api.team("Web")
    ana = await api.user("Ana")
    body = {"email": ana.email, "team_id": str(web.id)}
    known = await admin.client.post("/v1/invitations", json=body)
    token = token_in(await invite(admin, web.id))
    await admin.client.post("/v1/users", json={"email": EVE, "name": "Eve"})

    assert known.status_code == 409
    assert (await accept(client, token)).status_code == 409


async def test_whoever_is_signed_in_joins_as_who_they_are(
    api: Api, admin: Person
) -> None:
    web = await api.team("Web")
    token = token_in(await invite(admin, web.id, "a.lima@private.example"))
    ana = await api.user("Ana")

    joined = await ana.client.post("/v1/invitation/joining", json={"token": token})

    assert joined.json()["memberships"][0]["team"]["name"] == "Web"
    again = await ana.client.post("/v1/invitation/joining", json={"token": token})
    assert again.status_code == 404


async def test_the_same_address_is_not_invited_twice(api: Api, admin: Person) -> None:
    web = await api.team("Web")
    await invite(admin, web.id)

    body = {"email": EVE.upper(), "team_id": str(web.id)}
    assert (await admin.client.post("/v1/invitations", json=body)).status_code == 409


async def test_the_mail_brings_the_link_and_leaves_once(
    api: Api, admin: Person
) -> None:
    web = await api.team("Web")
    made = await invite(admin, web.id)
    async with mail_server() as server:
        at = SmtpServer("127.0.0.1", server.port, "none", None, None, "pf@example.org")
        sender = Sender(at, api.app.state.vault, BASE_URL, api.clock)
        await sender.send_due(api.engine)
        await sender.send_due(api.engine)
        at.connections.close()

    assert len(server.mails) == 1
    body = server.mails[0].get_body(("plain",))
    assert body is not None
    assert made["link"] in body.get_content()
    listed = await admin.client.get(f"/v1/teams/{web.id}/invitations")
    assert listed.json()[0]["sent_at"] is not None
    assert token_in(made) not in listed.text


async def test_without_a_mail_server_the_admin_is_told(api: Api, admin: Person) -> None:
    web = await api.team("Web")
    await invite(admin, web.id)

    await Sender(None, api.app.state.vault, BASE_URL, api.clock).send_due(api.engine)

    listed = await admin.client.get(f"/v1/teams/{web.id}/invitations")
    assert "mail server" in listed.json()[0]["error"]
