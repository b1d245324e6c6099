"""Guessing is slowed down, and the person on call is not locked out by it."""

import httpx2
import pytest

from pagefree.accounts.passwords import Passwords
from pagefree.accounts.throttle import (
    PER_ADDRESS,
    PER_ADDRESS_AND_EMAIL,
    PER_KNOWN_DEVICE,
)
from tests.api.conftest import PASSWORD, Api, Person

WRONG = "not the password"
OFFICE = "192.0.2.1"
ELSEWHERE = "198.51.100.7"
DEVICE = "pagefree-device"


@pytest.fixture
async def ana(api: Api) -> Person:
    return await api.user("Ana", password=PASSWORD)


async def sign_in(
    client: httpx2.AsyncClient, email: str, password: str = PASSWORD
) -> int:
    answer = await client.post(
        "/v1/session", json={"email": email, "password": password}
    )
    return answer.status_code


async def hammer(
    api: Api, email: str, *, address: str = OFFICE, times: int = 12
) -> list[int]:
    attacker = await api.browser(address=address)
    return [await sign_in(attacker, email, WRONG) for _ in range(times)]


async def test_after_ten_wrong_passwords_one_has_to_wait(ana: Person, api: Api) -> None:
    codes = await hammer(api, ana.email)

    assert PER_ADDRESS_AND_EMAIL.amount == 10
    assert codes == [401] * 10 + [429] * 2


async def test_the_answer_says_how_long_to_wait(ana: Person, api: Api) -> None:
    await hammer(api, ana.email)
    client = await api.browser(address=OFFICE)

    answer = await client.post(
        "/v1/session", json={"email": ana.email, "password": PASSWORD}
    )

    assert answer.status_code == 429
    assert answer.json()["code"] == "too_many_requests"
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60


async def test_unknown_addresses_are_slowed_down_just_the_same(api: Api) -> None:
    assert await hammer(api, "nobody@example.org") == [401] * 10 + [429] * 2


async def test_somebody_elsewhere_is_not_slowed_down(ana: Person, api: Api) -> None:
    await hammer(api, ana.email)

    assert await sign_in(await api.browser(address=ELSEWHERE), ana.email) == 200


async def test_colleagues_behind_the_same_address_are_not_slowed_down(
    ana: Person, api: Api
) -> None:
    bo = await api.user("Bo", password=PASSWORD)
    await hammer(api, ana.email)

    assert await sign_in(await api.browser(address=OFFICE), bo.email) == 200


async def test_a_known_device_is_let_in_beside_the_attacker(
    ana: Person, api: Api
) -> None:
    phone = await api.browser(address=OFFICE)
    await sign_in(phone, ana.email)
    await phone.delete("/v1/session")

    assert (await hammer(api, ana.email))[-1] == 429

    assert await sign_in(phone, ana.email) == 200


async def test_a_known_device_is_let_in_where_the_whole_address_is_stopped(
    ana: Person, api: Api
) -> None:
    phone = await api.browser(address=OFFICE)
    await sign_in(phone, ana.email)
    attacker = await api.browser(address=OFFICE)
    codes = [
        await sign_in(attacker, f"user{n}@example.org", WRONG)
        for n in range(PER_ADDRESS.amount)
    ]

    assert codes[-1] == 429  # one of the address's attempts was the phone's
    assert set(codes[:-1]) == {401}
    assert await sign_in(phone, ana.email) == 200


async def test_a_device_is_known_only_as_who_signed_in_with_it(
    ana: Person, api: Api
) -> None:
    mallory = await api.user("Mallory", password=PASSWORD)
    laptop = await api.browser(address=OFFICE)
    await sign_in(laptop, mallory.email)

    codes = [await sign_in(laptop, ana.email, WRONG) for _ in range(11)]

    assert codes == [401] * 10 + [429]


async def test_a_stolen_device_cookie_does_not_allow_endless_guessing(
    ana: Person, api: Api
) -> None:
    phone = await api.browser(address=OFFICE)
    await sign_in(phone, ana.email)
    thief = await api.browser(address=ELSEWHERE)
    thief.cookies.set(DEVICE, phone.cookies[DEVICE])

    codes = [
        await sign_in(thief, ana.email, WRONG)
        for _ in range(PER_KNOWN_DEVICE.amount + 1)
    ]

    assert codes == [401] * PER_KNOWN_DEVICE.amount + [429]


@pytest.mark.parametrize("cookie", ["", "!", "AAAA", "A" * 80, "é", "A" * 5_000])
async def test_a_forged_device_cookie_is_no_device(
    ana: Person, api: Api, cookie: str
) -> None:
    client = await api.browser()

    answer = await client.post(
        "/v1/session",
        json={"email": ana.email, "password": PASSWORD},
        headers=[(b"Cookie", f"{DEVICE}={cookie}".encode())],
    )

    assert answer.status_code == 200


async def test_the_right_password_forgets_the_wrong_ones(ana: Person, api: Api) -> None:
    client = await api.browser(address=OFFICE)
    for _ in range(3):
        assert await hammer(api, ana.email, times=9) == [401] * 9
        assert await sign_in(client, ana.email) == 200
        client.cookies.clear()


async def test_one_ipv6_subscriber_counts_as_one_address(ana: Person, api: Api) -> None:
    codes = [
        (await hammer(api, ana.email, address=f"2001:db8::{n:x}", times=1))[0]
        for n in range(11)
    ]

    assert codes == [401] * 10 + [429]
    assert await hammer(api, ana.email, address="2001:db8:0:1::1", times=1) == [401]


async def test_a_hash_is_argon2id_with_the_documented_cost() -> None:
    passwords = Passwords()

    stored = await passwords.hash(PASSWORD)

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.matches(stored, PASSWORD)
    assert not await passwords.matches(stored, WRONG)
    assert not await passwords.matches(None, "nobody's")
    assert not await passwords.matches("not a hash", PASSWORD)


class Counted(Passwords):
    """Passwords that know how often they were hashed."""

    hashed = 0

    async def hash(self, password: str) -> str:
        self.hashed += 1
        return await super().hash(password)


async def test_no_work_is_done_for_who_may_not_set_a_password(
    api: Api, admin: Person
) -> None:
    passwords = api.app.state.passwords = Counted(memory_kib=8, passes=1)
    bo = await api.user("Bo")
    body = {"email": "cy@example.org", "name": "Cy", "password": PASSWORD}

    answers = [
        await bo.client.post("/v1/users", json=body),
        await bo.client.patch(f"/v1/users/{admin.id}", json={"password": PASSWORD}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert passwords.hashed == 0
