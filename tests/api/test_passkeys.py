"""Passkeys: made, signed in with, asked for again, and refused when anything is wrong."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from pagefree.accounts.factors.passkeys import Site, site_of
from tests.api.conftest import PASSWORD, Api, Person
from tests.api.factor_world import (
    CONFIRM,
    SECOND,
    add_passkey,
    authenticator,
    confirm,
    first_half,
    signed,
)
from tests.fakes.authenticator import Authenticator

SIGN_IN = "/v1/session/passkey"
Json = dict[str, Any]


@pytest.fixture
async def ana(api: Api) -> Person:
    return await api.user("Ana", password=PASSWORD)


@pytest.fixture
async def phone(ana: Person) -> Authenticator:
    made = authenticator()
    await add_passkey(ana, made)
    return made


async def test_the_first_passkey_comes_with_recovery_codes(ana: Person) -> None:
    first = await add_passkey(ana, authenticator(), "Phone")
    second = await add_passkey(ana, authenticator(), "Key ring")

    assert len(first["recovery_codes"]) == 10
    assert second["recovery_codes"] == []
    own = (await ana.client.get("/v1/me/factors")).json()
    assert [one["name"] for one in own["passkeys"]] == ["Phone", "Key ring"]


async def test_a_passkey_alone_signs_in(
    ana: Person, phone: Authenticator, client: httpx2.AsyncClient
) -> None:
    body = await signed(client, phone, f"{SIGN_IN}/challenge")

    answer = await client.post(SIGN_IN, json=body)

    assert answer.status_code == 200
    assert answer.json()["email"] == ana.email
    listed = (await client.get("/v1/me/sessions")).json()
    assert next(one["signed_in_by"] for one in listed if one["current"]) == "passkey"


async def test_an_answer_counts_once(phone: Authenticator, api: Api) -> None:
    first, second = await api.browser(), await api.browser()
    body = await signed(first, phone, f"{SIGN_IN}/challenge")

    answers = [await one.post(SIGN_IN, json=body) for one in (first, second)]

    assert [one.status_code for one in answers] == [200, 401]


async def test_a_wrong_answer_uses_the_challenge_up(
    phone: Authenticator, client: httpx2.AsyncClient
) -> None:
    asked = (await client.post(f"{SIGN_IN}/challenge")).json()
    liar = Authenticator(phone.origin, phone.host, id=phone.id)
    body = {"challenge_id": asked["challenge_id"]}

    wrong = await client.post(
        SIGN_IN, json={**body, "credential": liar.sign(asked["options"])}
    )
    right = await client.post(
        SIGN_IN, json={**body, "credential": phone.sign(asked["options"])}
    )

    assert (wrong.status_code, right.status_code) == (401, 401)


async def test_a_challenge_is_answered_within_five_minutes(
    api: Api, phone: Authenticator, client: httpx2.AsyncClient
) -> None:
    body = await signed(client, phone, f"{SIGN_IN}/challenge")
    api.clock.advance(timedelta(minutes=5))

    assert (await client.post(SIGN_IN, json=body)).status_code == 401


def of_another_site(phone: Authenticator) -> None:
    phone.origin = "http://evil.example"


def for_another_host(phone: Authenticator) -> None:
    phone.host = "evil.example"


def without_the_person(phone: Authenticator) -> None:
    phone.verified = False


def copied(phone: Authenticator) -> None:
    phone.count = -1  # signs as 0, though it has signed with 5


def of_somebody_else(phone: Authenticator) -> None:
    phone.user_handle = uuid4().bytes


def with_another_key(phone: Authenticator) -> None:
    phone.key = authenticator().key


def unknown(phone: Authenticator) -> None:
    phone.id = b"never seen before"


@pytest.mark.parametrize(
    "wrong",
    [
        of_another_site,
        for_another_host,
        without_the_person,
        copied,
        of_somebody_else,
        with_another_key,
        unknown,
    ],
)
async def test_what_is_wrong_with_an_answer_is_not_said(
    ana: Person,
    client: httpx2.AsyncClient,
    wrong: Callable[[Authenticator], None],
) -> None:
    phone = authenticator()
    phone.count = 5
    await add_passkey(ana, phone)
    wrong(phone)

    body = await signed(client, phone, f"{SIGN_IN}/challenge")
    answer = await client.post(SIGN_IN, json=body)

    assert answer.status_code == 401
    assert "not known here" in answer.json()["detail"]
    assert "pagefree" not in client.cookies


async def test_nobody_deactivated_signs_in_with_a_passkey(
    ana: Person, phone: Authenticator, admin: Person, client: httpx2.AsyncClient
) -> None:
    await admin.client.put(f"/v1/users/{ana.id}/deactivation")

    body = await signed(client, phone, f"{SIGN_IN}/challenge")

    assert (await client.post(SIGN_IN, json=body)).status_code == 401


async def test_a_removed_passkey_opens_nothing(
    ana: Person, phone: Authenticator, client: httpx2.AsyncClient
) -> None:
    own = (await ana.client.get("/v1/me/factors")).json()["passkeys"][0]
    renamed = await ana.client.patch(
        f"/v1/me/passkeys/{own['id']}", json={"name": "Old phone"}
    )
    removed = await ana.client.delete(f"/v1/me/passkeys/{own['id']}")

    body = await signed(client, phone, f"{SIGN_IN}/challenge")

    assert (renamed.status_code, removed.status_code) == (204, 204)
    assert (await client.post(SIGN_IN, json=body)).status_code == 401


async def test_nobody_touches_the_passkey_of_somebody_else(
    api: Api, ana: Person, phone: Authenticator
) -> None:
    bo = await api.user("Bo", password=PASSWORD)
    await confirm(bo)
    own = (await ana.client.get("/v1/me/factors")).json()["passkeys"][0]
    path = f"/v1/me/passkeys/{own['id']}"

    answers = [
        await bo.client.patch(path, json={"name": "Mine"}),
        await bo.client.delete(path),
    ]

    assert [one.status_code for one in answers] == [404, 404]
    assert phone.count == 0


async def test_a_passkey_is_a_second_factor_after_the_password(
    ana: Person, phone: Authenticator, client: httpx2.AsyncClient
) -> None:
    step = await first_half(client, ana.email)

    body = await signed(client, phone, f"{SECOND}/challenge")
    answer = await client.post(SECOND, json={"passkey": body})

    assert step["factors"] == ["passkey", "recovery_code"]
    assert answer.status_code == 200


async def test_the_passkey_of_somebody_else_is_no_second_factor(
    api: Api, ana: Person, phone: Authenticator, client: httpx2.AsyncClient
) -> None:
    bo = await api.user("Bo", password=PASSWORD)
    of_bo = authenticator()
    await add_passkey(bo, of_bo)
    await first_half(client, ana.email)

    body = await signed(client, of_bo, f"{SECOND}/challenge")

    assert (await client.post(SECOND, json={"passkey": body})).status_code == 401
    assert phone.count == 0


async def test_an_answer_for_one_purpose_is_none_for_another(
    ana: Person, phone: Authenticator, client: httpx2.AsyncClient
) -> None:
    to_confirm = await signed(ana.client, phone, f"{CONFIRM}/challenge")
    to_sign_in = await signed(client, phone, f"{SIGN_IN}/challenge")

    answers = [
        await client.post(SIGN_IN, json=to_confirm),
        await ana.client.post(CONFIRM, json={"passkey": to_sign_in}),
    ]

    assert [one.status_code for one in answers] == [401, 422]


async def test_a_passkey_confirms_that_it_is_still_the_same_person(
    api: Api, ana: Person, phone: Authenticator
) -> None:
    api.clock.advance(timedelta(minutes=6))
    before = await ana.client.post("/v1/me/totp")

    body = await signed(ana.client, phone, f"{CONFIRM}/challenge")
    confirmed = await ana.client.post(CONFIRM, json={"passkey": body})
    after = await ana.client.post("/v1/me/totp")

    assert [one.status_code for one in (before, confirmed, after)] == [403, 200, 200]


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"rawId": "!", "response": "text"},
        {"rawId": "AAAA", "response": {"userHandle": 5}},
        {"rawId": "x" * 5000},
        {"id": None, "rawId": None, "response": []},
    ],
    ids=["empty", "letters", "number", "long", "nulls"],
)
async def test_hostile_answers_are_refused_quietly(
    client: httpx2.AsyncClient, ana: Person, credential: Json
) -> None:
    asked = (await client.post(f"{SIGN_IN}/challenge")).json()
    body = {"challenge_id": asked["challenge_id"], "credential": credential}
    await confirm(ana)
    made = (await ana.client.post("/v1/me/passkeys/challenge")).json()
    new = {"challenge_id": made["challenge_id"], "name": "x", "credential": credential}

    assert (await client.post(SIGN_IN, json=body)).status_code == 401
    assert (await ana.client.post("/v1/me/passkeys", json=new)).status_code == 422


@pytest.mark.parametrize(
    ("address", "site"),
    [
        (
            "https://pager.example.org",
            Site("pager.example.org", "https://pager.example.org"),
        ),
        (
            "https://Pager.example.org:8443",
            Site("pager.example.org", "https://pager.example.org:8443"),
        ),
        ("http://127.0.0.1:8000", Site("localhost", "http://localhost:8000")),
        ("http://localhost", Site("localhost", "http://localhost")),
        ("http://pager.example.org", None),  # browsers offer none without https
        ("https://192.0.2.1", None),  # nor for a bare address
        ("https://[2001:db8::1]", None),
    ],
)
def test_passkeys_belong_to_the_name_of_the_installation(
    address: str, site: Site | None
) -> None:
    assert site_of(address) == site
