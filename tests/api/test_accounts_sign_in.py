"""Signing in and out, and everything that ends a session."""

from datetime import timedelta

import httpx2
import pytest
from structlog.testing import capture_logs

from pagefree.core.access import Scope
from pagefree.infra.db import transaction
from pagefree.tables.accounts import sessions
from tests.api.conftest import PASSWORD, Api, Person

COOKIE = "pagefree"
WRONG = "not the password"
HTTPS = "https://pager.example.org"


async def sign_in(
    client: httpx2.AsyncClient, email: str, password: str = PASSWORD
) -> httpx2.Response:
    return await client.post("/v1/session", json={"email": email, "password": password})


@pytest.fixture
async def ana(api: Api) -> Person:
    return await api.user("Ana", password=PASSWORD)


async def test_signing_in_answers_who_one_is_and_sets_a_cookie(
    ana: Person, client: httpx2.AsyncClient
) -> None:
    answer = await sign_in(client, ana.email)

    assert answer.status_code == 200
    assert answer.json()["name"] == "Ana"
    assert answer.json()["demo"] is False
    cookies = answer.headers.get_list("set-cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == [COOKIE, "pagefree-device"]
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie
        assert "Secure" not in cookie
    assert (await client.get("/v1/me")).json()["email"] == ana.email


async def test_on_https_the_cookie_belongs_to_this_host_alone(
    ana: Person, api: Api
) -> None:
    api.app.state.base_url = HTTPS
    api.app.state.secure_cookies = True
    client = await api.browser(headers={"Origin": HTTPS})
    client.base_url = httpx2.URL(HTTPS)

    answer = await sign_in(client, ana.email)

    cookies = answer.headers.get_list("set-cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == [
        "__Host-pagefree",
        "__Host-pagefree-device",
    ]
    for cookie in cookies:
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
    assert (await client.get("/v1/me")).status_code == 200
    plain = await api.browser(ana.token, headers={"Origin": HTTPS})
    assert (await plain.get("/v1/me")).status_code == 401


async def test_the_address_may_be_written_in_any_case(
    ana: Person, client: httpx2.AsyncClient
) -> None:
    answer = await sign_in(client, f" {ana.email.upper()} ")

    assert answer.status_code == 200


async def test_wrong_password_unknown_address_and_deactivated_are_told_the_same(
    ana: Person, api: Api, admin: Person
) -> None:
    gone = await api.user("Bo", password=PASSWORD)
    await admin.client.put(f"/v1/users/{gone.id}/deactivation")
    nameless = await api.user("Cy")  # has no password

    answers = [
        await sign_in(await api.browser(), ana.email, WRONG),
        await sign_in(await api.browser(), "nobody@example.org"),
        await sign_in(await api.browser(), gone.email),
        await sign_in(await api.browser(), nameless.email),
        await sign_in(await api.browser(), "not an address"),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["code"] == "not_signed_in"
    assert all("set-cookie" not in answer.headers for answer in answers)


async def test_whoever_runs_the_installation_sees_who_was_refused(
    ana: Person, client: httpx2.AsyncClient
) -> None:
    wrong = {"email": ana.email, "password": "a wrong password"}

    with capture_logs() as lines:
        await client.post("/v1/session", json=wrong)
        await ana.client.post("/v1/teams", json={"name": "Mine"})

    said = {line["event"]: line for line in lines}
    assert said["sign_in.refused"]["address"] == "127.0.0.1"
    assert said["access.refused"]["path"] == "/v1/teams"
    assert "a wrong password" not in str(lines)


async def test_signing_in_makes_a_new_session_and_ends_the_one_before(
    ana: Person, api: Api, client: httpx2.AsyncClient
) -> None:
    await sign_in(client, ana.email)
    before = client.cookies[COOKIE]

    await sign_in(client, ana.email)

    assert client.cookies[COOKIE] != before
    assert (await (await api.browser(before)).get("/v1/me")).status_code == 401


async def test_tokens_are_not_in_the_database(ana: Person, api: Api) -> None:
    async with transaction(api.engine) as tx:
        stored = (await tx.execute(sessions.select())).one()

    assert ana.token not in str(stored)
    assert len(stored.token_hash) == 32


async def test_signing_out_ends_the_session_and_may_be_repeated(
    ana: Person, api: Api
) -> None:
    first = await ana.client.delete("/v1/session")
    second = await ana.client.delete("/v1/session")

    assert (first.status_code, second.status_code) == (204, 204)
    assert 'pagefree=""' in first.headers["set-cookie"]
    assert (await (await api.browser(ana.token)).get("/v1/me")).status_code == 401


async def test_a_session_expires_at_its_end_even_if_used(ana: Person, api: Api) -> None:
    api.clock.advance(timedelta(days=30) - timedelta(seconds=1))
    last = await ana.client.get("/v1/me")
    api.clock.advance(timedelta(seconds=1))
    after = await ana.client.get("/v1/me")

    assert (last.status_code, after.status_code) == (200, 401)


async def test_when_a_session_was_seen_is_noted_once_a_minute(
    ana: Person, api: Api
) -> None:
    async def seen_at() -> str:
        listed = (await ana.client.get("/v1/me/sessions")).json()
        return str(listed[0]["seen_at"])

    start = await seen_at()
    api.clock.advance(timedelta(seconds=59))
    within = await seen_at()
    api.clock.advance(timedelta(seconds=1))
    after = await seen_at()

    assert start == within == "2026-03-02T09:00:00Z"
    assert after == "2026-03-02T09:01:00Z"


async def test_sessions_are_listed_and_ended_one_by_one(ana: Person, api: Api) -> None:
    other = await api.browser(await api.session(ana.id))
    listed = (await ana.client.get("/v1/me/sessions")).json()
    of_other = next(one for one in listed if not one["current"])

    answer = await ana.client.delete(f"/v1/me/sessions/{of_other['id']}")

    assert answer.status_code == 204
    assert sorted(one["current"] for one in listed) == [False, True]
    assert of_other["user_agent"] == "a test"
    assert (await other.get("/v1/me")).status_code == 401
    assert (await ana.client.get("/v1/me")).status_code == 200


async def test_nobody_ends_the_session_of_somebody_else(ana: Person, api: Api) -> None:
    bo = await api.user("Bo")
    session_id = (await ana.client.get("/v1/me/sessions")).json()[0]["id"]

    answer = await bo.client.delete(f"/v1/me/sessions/{session_id}")

    assert answer.status_code == 404
    assert (await ana.client.get("/v1/me")).status_code == 200


async def test_a_new_password_ends_every_other_session(
    ana: Person, api: Api, client: httpx2.AsyncClient
) -> None:
    other = await api.browser(await api.session(ana.id))

    answer = await ana.client.put(
        "/v1/me/password", json={"current": PASSWORD, "new": "another password"}
    )

    assert answer.status_code == 204
    assert (await ana.client.get("/v1/me")).status_code == 200
    assert (await other.get("/v1/me")).status_code == 401
    assert (await sign_in(client, ana.email)).status_code == 401
    assert (await sign_in(client, ana.email, "another password")).status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "code"),
    [
        (WRONG, "another password", "invalid"),
        (PASSWORD, "1234567", "malformed"),
        (PASSWORD, "x" * 257, "malformed"),
    ],
)
async def test_a_password_is_not_changed_without_the_old_one_or_to_a_bad_one(
    ana: Person, current: str, new: str, code: str
) -> None:
    answer = await ana.client.put(
        "/v1/me/password", json={"current": current, "new": new}
    )

    assert answer.status_code == 422
    assert answer.json()["code"] == code


async def test_guessing_the_current_password_is_slowed_down(ana: Person) -> None:
    body = {"current": WRONG, "new": "another password"}
    answers = [await ana.client.put("/v1/me/password", json=body) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]


async def test_a_password_set_by_an_admin_ends_every_session(
    ana: Person, admin: Person, client: httpx2.AsyncClient
) -> None:
    await admin.client.patch(
        f"/v1/users/{ana.id}", json={"password": "set by an admin"}
    )

    assert (await ana.client.get("/v1/me")).status_code == 401
    assert (await sign_in(client, ana.email, "set by an admin")).status_code == 200


async def test_deactivation_ends_sessions_and_keys_at_once_and_for_good(
    ana: Person, api: Api, admin: Person, client: httpx2.AsyncClient
) -> None:
    program = await api.key(ana)
    assert (await program.get("/v1/me")).status_code == 403  # a key without scopes

    await admin.client.put(f"/v1/users/{ana.id}/deactivation")

    assert (await ana.client.get("/v1/me")).status_code == 401
    assert (await program.get("/v1/me")).status_code == 401
    assert (await sign_in(client, ana.email)).status_code == 401
    await admin.client.delete(f"/v1/users/{ana.id}/deactivation")
    assert (await ana.client.get("/v1/me")).status_code == 401
    assert (await program.get("/v1/me")).status_code == 401
    assert (await sign_in(client, ana.email)).status_code == 200


FOREIGN = "https://evil.example"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://127.0.0.1:8000"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8000"}, 200),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:8000"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": FOREIGN}, 403),
        ({"Origin": FOREIGN}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:8001"}, 403),
        ({"Origin": "https://127.0.0.1:8000"}, 403),
        ({"Origin": "http://["}, 403),
        ({}, 403),
    ],
)
async def test_only_our_own_pages_change_anything_with_a_cookie(
    ana: Person, api: Api, headers: dict[str, str], status: int
) -> None:
    browser = await api.browser(ana.token, headers=headers)
    stranger = await api.browser(headers=headers)

    changed = await browser.patch("/v1/me", json={"name": "Changed"})
    signed_in = await sign_in(stranger, ana.email)
    read = await browser.get("/v1/me")
    signed_out = await browser.delete("/v1/session")

    assert changed.status_code == status
    assert signed_in.status_code == status
    assert read.status_code == 200  # reading is never refused
    assert (signed_out.status_code == 204) == (status == 200)


async def test_a_program_with_a_key_needs_no_origin(api: Api, ana: Person) -> None:
    program = await api.key(ana, Scope.ADMIN)

    answer = await program.patch("/v1/me", json={"name": "Changed"})

    assert answer.status_code == 200
