"""Authenticator apps and recovery codes: added, asked for, used once, taken away."""

import asyncio
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import func, select

from pagefree.infra.db import transaction
from pagefree.tables.accounts import sessions
from pagefree.tables.factors import recovery_codes, totp_factors
from pagefree.tables.handovers import shift_notices
from tests.api.conftest import PASSWORD, Api, Person
from tests.api.factor_world import (
    CONFIRM,
    SECOND,
    add_app,
    code_of,
    confirm,
    first_half,
)

STEP = timedelta(seconds=30)


@pytest.fixture
async def ana(api: Api) -> Person:
    return await api.user("Ana", password=PASSWORD)


async def told(api: Api) -> list[str]:
    async with transaction(api.engine) as tx:
        query = select(shift_notices.c.text).order_by(shift_notices.c.id)
        return [text.removeprefix("Your account: ") for text in await tx.scalars(query)]


async def test_an_app_counts_once_a_code_of_it_was_given(api: Api, ana: Person) -> None:
    await confirm(ana)

    begun = await ana.client.post("/v1/me/totp")
    before = (await ana.client.get("/v1/me/factors")).json()
    wrong = await ana.client.put("/v1/me/totp/confirmation", json={"code": "000000"})
    secret = begun.json()["secret"]
    right = await ana.client.put(
        "/v1/me/totp/confirmation", json={"code": code_of(secret, api)}
    )

    assert begun.json()["qr_svg"].startswith("<svg")
    assert begun.json()["uri"].startswith("otpauth://totp/PageFree:ana%40example.org")
    assert begun.headers["cache-control"] == "no-store"
    assert before["totp"] is None
    assert wrong.status_code == 422
    assert len(set(right.json()["recovery_codes"])) == 10
    after = (await ana.client.get("/v1/me/factors")).json()
    assert after["totp"]["confirmed_at"] == "2026-03-02T09:00:00Z"
    assert after["recovery_codes"] == 10
    assert await told(api) == ["an authenticator app was added"]


async def test_neither_secret_nor_recovery_codes_are_in_the_database(
    api: Api, ana: Person
) -> None:
    secret, codes = await add_app(api, ana)

    async with transaction(api.engine) as tx:
        kept = (await tx.execute(totp_factors.select())).one()
        hashes = (await tx.execute(recovery_codes.select())).all()

    assert secret.encode() not in kept.secret
    assert not any(code.encode() in one.code_hash for code in codes for one in hashes)


async def test_a_second_app_is_refused_until_the_first_is_removed(
    api: Api, ana: Person
) -> None:
    await add_app(api, ana)

    refused = await ana.client.post("/v1/me/totp")
    removed = await ana.client.delete("/v1/me/totp")
    again = await ana.client.post("/v1/me/totp")

    assert [refused.status_code, removed.status_code, again.status_code] == [
        409,
        204,
        200,
    ]


async def test_the_password_alone_opens_nothing_any_more(
    api: Api, ana: Person, client: httpx2.AsyncClient
) -> None:
    await add_app(api, ana)

    step = await first_half(client, ana.email)

    assert step["factors"] == ["totp", "recovery_code"]
    assert "pagefree" not in client.cookies
    assert (await client.get("/v1/me")).status_code == 401
    assert (await client.get("/v1/me/factors")).status_code == 401
    assert (await client.get(SECOND)).json() == step
    as_session = await api.browser(client.cookies["pagefree-half"])
    assert (await as_session.get("/v1/me")).status_code == 401


async def test_the_code_of_the_app_signs_in_and_the_half_session_is_used_up(
    api: Api, ana: Person, client: httpx2.AsyncClient
) -> None:
    secret, _ = await add_app(api, ana)
    await first_half(client, ana.email)

    answer = await client.post(SECOND, json={"code": code_of(secret, api)})

    assert answer.status_code == 200
    assert (await client.get("/v1/me")).json()["name"] == "Ana"
    assert (await client.get(SECOND)).status_code == 401
    listed = (await client.get("/v1/me/sessions")).json()
    current = next(one for one in listed if one["current"])
    assert (current["signed_in_by"], current["second_factor"]) == ("password", "totp")


@pytest.mark.parametrize(
    ("steps", "counts"),
    [(-2, False), (-1, True), (0, True), (1, True), (2, False)],
)
async def test_a_clock_may_be_off_by_one_step(
    api: Api, ana: Person, client: httpx2.AsyncClient, steps: int, *, counts: bool
) -> None:
    secret, _ = await add_app(api, ana)
    api.clock.advance(10 * STEP)
    await first_half(client, ana.email)

    answer = await client.post(SECOND, json={"code": code_of(secret, api, steps)})

    assert (answer.status_code == 200) == counts


async def test_a_code_counts_once_however_many_try_at_once(
    api: Api, ana: Person
) -> None:
    secret, _ = await add_app(api, ana)
    browsers = [await api.browser() for _ in range(4)]
    for browser in browsers:
        await first_half(browser, ana.email)

    body = {"code": code_of(secret, api)}
    answers = await asyncio.gather(
        *(browser.post(SECOND, json=body) for browser in browsers)
    )

    assert sorted(one.status_code for one in answers) == [200, 401, 401, 401]


async def test_a_recovery_code_counts_once_however_many_try_at_once(
    api: Api, ana: Person
) -> None:
    _, codes = await add_app(api, ana)
    browsers = [await api.browser() for _ in range(4)]
    for browser in browsers:
        await first_half(browser, ana.email)

    body = {"recovery_code": codes[3].upper().replace("-", " ")}
    answers = await asyncio.gather(
        *(browser.post(SECOND, json=body) for browser in browsers)
    )

    assert sorted(one.status_code for one in answers) == [200, 401, 401, 401]
    assert (await ana.client.get("/v1/me/factors")).json()["recovery_codes"] == 9
    assert any("9 are left" in text for text in await told(api))


async def test_new_recovery_codes_end_those_before(
    api: Api, ana: Person, client: httpx2.AsyncClient
) -> None:
    _, old = await add_app(api, ana)

    new = (await ana.client.post("/v1/me/recovery-codes")).json()["recovery_codes"]

    await first_half(client, ana.email)
    refused = await client.post(SECOND, json={"recovery_code": old[0]})
    taken = await client.post(SECOND, json={"recovery_code": new[0]})
    assert (refused.status_code, taken.status_code) == (401, 200)


async def test_five_wrong_codes_end_what_was_half_done_and_the_owner_is_told(
    api: Api, ana: Person, client: httpx2.AsyncClient
) -> None:
    secret, _ = await add_app(api, ana)
    await first_half(client, ana.email)

    wrong = [await client.post(SECOND, json={"code": "000000"}) for _ in range(5)]
    right = await client.post(SECOND, json={"code": code_of(secret, api)})

    assert {one.status_code for one in wrong} == {401}
    assert right.status_code == 401
    assert "begin again" in right.json()["detail"]
    assert any("failed 5 times" in text for text in await told(api))


async def test_guessing_is_slowed_down_also_for_whoever_knows_the_password(
    api: Api, ana: Person
) -> None:
    await add_app(api, ana)
    codes = []
    for _ in range(3):
        guesser = await api.browser(address="192.0.2.1")
        await first_half(guesser, ana.email)
        for _ in range(4):
            answer = await guesser.post(SECOND, json={"code": "000000"})
            codes.append(answer.status_code)

    assert codes == [401] * 10 + [429] * 2


async def test_what_is_half_done_ends_after_ten_minutes(
    api: Api, ana: Person, client: httpx2.AsyncClient
) -> None:
    secret, _ = await add_app(api, ana)
    await first_half(client, ana.email)

    api.clock.advance(timedelta(minutes=10))

    answer = await client.post(SECOND, json={"code": code_of(secret, api)})
    assert answer.status_code == 401


async def test_a_new_password_ends_what_is_half_done(
    api: Api, ana: Person, client: httpx2.AsyncClient
) -> None:
    secret, _ = await add_app(api, ana)
    await first_half(client, ana.email)

    await ana.client.put(
        "/v1/me/password", json={"current": PASSWORD, "new": "another password"}
    )

    answer = await client.post(SECOND, json={"code": code_of(secret, api)})
    assert answer.status_code == 401
    assert "the password was changed" in await told(api)


async def test_without_a_first_half_there_is_no_second(
    api: Api, ana: Person, client: httpx2.AsyncClient
) -> None:
    secret, codes = await add_app(api, ana)

    answers = [
        await client.post(SECOND, json={"code": code_of(secret, api)}),
        await client.post(SECOND, json={"recovery_code": codes[0]}),
        await client.get(SECOND),
        await client.post(f"{SECOND}/challenge"),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert (await ana.client.get("/v1/me/factors")).json()["recovery_codes"] == 10


@pytest.mark.parametrize(
    "body",
    [{}, {"code": "1", "recovery_code": "2"}, {"code": ""}, {"code": "1" * 41}],
    ids=["nothing", "two", "empty", "too long"],
)
async def test_exactly_one_proof_is_given(
    client: httpx2.AsyncClient, body: dict[str, str]
) -> None:
    assert (await client.post(SECOND, json=body)).status_code == 422


async def test_whoever_guesses_passwords_does_not_learn_who_has_a_factor(
    api: Api, ana: Person, client: httpx2.AsyncClient
) -> None:
    await add_app(api, ana)
    bo = await api.user("Bo", password=PASSWORD)

    answers = [
        await client.post("/v1/session", json={"email": email, "password": "wrong"})
        for email in (ana.email, bo.email, "nobody@example.org")
    ]

    assert len({(answer.status_code, answer.text) for answer in answers}) == 1


CHANGES = [
    ("POST", "/v1/me/totp", None),
    ("PUT", "/v1/me/totp/confirmation", {"code": "000000"}),
    ("DELETE", "/v1/me/totp", None),
    ("POST", "/v1/me/recovery-codes", None),
    ("POST", "/v1/me/passkeys/challenge", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
async def test_factors_are_changed_only_by_who_has_just_proven_who_they_are(
    api: Api, ana: Person, method: str, path: str, body: object
) -> None:
    await add_app(api, ana)
    api.clock.advance(timedelta(minutes=5, seconds=1))

    answer = await ana.client.request(method, path, json=body)

    assert answer.status_code == 403
    assert answer.json()["code"] == "not_confirmed"
    assert (await ana.client.get("/v1/me/factors")).json()["totp"] is not None


async def test_a_code_of_the_app_confirms_too_and_only_once(
    api: Api, ana: Person
) -> None:
    secret, codes = await add_app(api, ana)
    body = {"code": code_of(secret, api)}

    first = await ana.client.post(CONFIRM, json=body)
    second = await ana.client.post(CONFIRM, json=body)
    recovery = await ana.client.post(CONFIRM, json={"recovery_code": codes[0]})

    assert [first.status_code, second.status_code] == [200, 422]
    assert recovery.status_code == 422  # is for whoever has lost everything else
    assert (await ana.client.get("/v1/me/factors")).json()["recovery_codes"] == 10


async def test_removing_the_last_factor_ends_the_recovery_codes_too(
    api: Api, ana: Person, client: httpx2.AsyncClient
) -> None:
    await add_app(api, ana)

    await ana.client.delete("/v1/me/totp")

    answer = await client.post(
        "/v1/session", json={"email": ana.email, "password": PASSWORD}
    )
    assert answer.status_code == 200
    assert (await ana.client.get("/v1/me/factors")).json()["recovery_codes"] == 0
    assert "the authenticator app was removed" in await told(api)


async def test_an_admin_helps_whoever_has_lost_everything_and_they_are_told(
    api: Api, ana: Person, client: httpx2.AsyncClient
) -> None:
    admin = await api.user("Pia", platform_admin=True, password=PASSWORD)
    await add_app(api, ana)
    path = f"/v1/users/{ana.id}/factors"

    unconfirmed = await admin.client.delete(path)
    await confirm(admin)
    answer = await admin.client.delete(path)

    assert (unconfirmed.status_code, answer.status_code) == (403, 204)
    signed_in = await client.post(
        "/v1/session", json={"email": ana.email, "password": PASSWORD}
    )
    assert signed_in.status_code == 200
    assert any(text.startswith("Pia has removed all") for text in await told(api))


async def test_no_admin_resets_their_own_factors(api: Api) -> None:
    admin = await api.user("Pia", platform_admin=True, password=PASSWORD)
    await add_app(api, admin)

    answer = await admin.client.delete(f"/v1/users/{admin.id}/factors")

    assert answer.status_code == 409
    assert (await admin.client.get("/v1/me/factors")).json()["totp"] is not None


async def test_of_a_half_session_no_session_is_left_behind(
    api: Api, ana: Person, client: httpx2.AsyncClient
) -> None:
    await add_app(api, ana)

    await first_half(client, ana.email)

    async with transaction(api.engine) as tx:
        count = await tx.scalar(select(func.count()).select_from(sessions))
    assert count == 1  # the one in which the app was added


@pytest.mark.parametrize("scheme", ["Basic eDp5", "bearer", "Negotiate x"])
async def test_a_header_that_is_no_key_spares_nobody_the_proof(
    api: Api, ana: Person, scheme: str
) -> None:
    api.clock.advance(timedelta(minutes=5, seconds=1))

    answer = await ana.client.post(
        "/v1/me/passkeys/challenge", headers={"Authorization": scheme}
    )

    assert answer.status_code == 403
    assert answer.json()["code"] == "not_confirmed"
