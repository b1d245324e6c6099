"""How often one may ask, and what one is told about it."""

from datetime import timedelta

import httpx2
import limits
import pytest

from pagefree.app.limits import PER_LINK, WRONG_LINKS, ApiLimits
from pagefree.app.quotas import kept
from pagefree.core.access import Scope
from tests.api.conftest import PASSWORD, START, Api, Person
from tests.api.incident_world import make_world
from tests.api.test_incidents_pages import link_of

PER_USER, PUBLIC = 5, 3
ELSEWHERE = "198.51.100.7"
LINK = "/act/not-a-link-that-was-ever-sent"


@pytest.fixture(autouse=True)
def strict(api: Api) -> ApiLimits:
    """The app with few requests a minute."""
    given = ApiLimits(
        limits.parse(f"{PER_USER}/minute"), limits.parse(f"{PUBLIC}/minute")
    )
    api.app.state.limits = given
    return given


async def gets(client: httpx2.AsyncClient, path: str, times: int) -> list[int]:
    return [(await client.get(path)).status_code for _ in range(times)]


async def test_a_person_may_ask_so_often_and_no_more(api: Api) -> None:
    ana = await api.user("Ana")

    codes = await gets(ana.client, "/v1/me", PER_USER + 2)

    assert codes == [200] * PER_USER + [429] * 2
    api.clock.advance(timedelta(minutes=1))
    assert await gets(ana.client, "/v1/me", 1) == [200]


async def test_all_browsers_and_keys_of_a_person_count_together(api: Api) -> None:
    ana = await api.user("Ana")
    program = await api.key(ana, Scope.READ)
    phone = await api.browser(await api.session(ana.id), address=ELSEWHERE)

    clients = (ana.client, program, phone)
    codes = [code for one in clients for code in await gets(one, "/v1/me", 2)]

    assert codes == [200] * PER_USER + [429]


async def test_a_colleague_at_the_same_address_is_not_limited_with_them(
    api: Api,
) -> None:
    ana, bo = await api.user("Ana"), await api.user("Bo")
    await gets(ana.client, "/v1/me", PER_USER + 1)

    assert await gets(bo.client, "/v1/me", 1) == [200]


async def test_who_asks_too_often_can_still_act(api: Api) -> None:
    ana = await api.user("Ana")
    await gets(ana.client, "/v1/me", PER_USER + 1)

    codes = [
        (await ana.client.patch("/v1/me", json={"name": "Ana"})).status_code
        for _ in range(PER_USER + 1)
    ]

    assert codes == [200] * PER_USER + [429]


async def test_a_refusal_is_a_problem_that_says_when_to_come_again(api: Api) -> None:
    ana = await api.user("Ana")
    await gets(ana.client, "/v1/me", PER_USER)

    answer = await ana.client.get("/v1/me")

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "too_many_requests"
    assert answer.headers["retry-after"] == "12"
    assert answer.headers["ratelimit"] == '"api.reads";r=0;t=60'
    api.clock.advance(timedelta(seconds=12))
    assert await gets(ana.client, "/v1/me", 1) == [200]


async def test_every_answer_says_what_is_left(api: Api) -> None:
    ana = await api.user("Ana")
    await ana.client.get("/v1/me")

    answer = await ana.client.get("/v1/users/unknown")

    assert answer.status_code == 422
    headers = {n: v for n, v in answer.headers.items() if "ratelimit" in n}
    assert headers == {
        "ratelimit-policy": '"api.reads";q=5;w=60',
        "ratelimit": '"api.reads";r=3;t=24',
        "x-ratelimit-limit": "5",
        "x-ratelimit-remaining": "3",
        "x-ratelimit-reset": str(int(START.timestamp()) + 24),
    }


async def test_a_create_with_an_idempotency_key_counts_once(api: Api) -> None:
    admin = await api.user("Pia", platform_admin=True)

    answer = await admin.client.post(
        "/v1/teams", json={"name": "Web"}, headers={"Idempotency-Key": "k"}
    )

    assert answer.status_code == 201
    assert answer.headers["x-ratelimit-remaining"] == str(PER_USER - 1)


async def test_a_refused_create_with_an_idempotency_key_takes_no_effect(
    api: Api,
) -> None:
    admin = await api.user("Pia", platform_admin=True)
    for n in range(PER_USER):
        await admin.client.post("/v1/teams", json={"name": f"Team {n}"})

    key = {"Idempotency-Key": "k"}
    body = {"name": "Web"}
    refused = await admin.client.post("/v1/teams", json=body, headers=key)
    api.clock.advance(timedelta(minutes=1))
    taken = await admin.client.post("/v1/teams", json=body, headers=key)

    assert [refused.status_code, taken.status_code] == [429, 201]


@pytest.mark.parametrize(
    "path", ["/v1/me", "/v1/incidents", "/api/openapi.json", "/api/demo-people"]
)
async def test_who_is_not_signed_in_is_counted_by_address(api: Api, path: str) -> None:
    here = await api.browser()

    codes = await gets(here, path, PUBLIC + 2)

    assert codes[PUBLIC:] == [429] * 2
    assert 429 not in codes[:PUBLIC]
    assert 429 not in await gets(await api.browser(address=ELSEWHERE), path, 1)


async def test_guessed_keys_and_sessions_are_counted_by_address(api: Api) -> None:
    program, thief = await api.program("pf_guessed"), await api.browser("guessed")

    codes = [
        (await client.get("/v1/me")).status_code for client in (program, thief) * 3
    ]

    assert codes == [401] * PUBLIC + [429] * 3


async def test_who_is_signed_in_is_not_stopped_by_strangers_at_their_address(
    api: Api,
) -> None:
    ana = await api.user("Ana", password=PASSWORD)
    await gets(await api.browser(), "/v1/me", PUBLIC + 2)
    await gets(await api.program("pf_guessed"), "/v1/me", PUBLIC + 2)

    assert await gets(ana.client, "/v1/me", 1) == [200]
    answer = await (await api.browser()).post(
        "/v1/session", json={"email": ana.email, "password": PASSWORD}
    )
    assert answer.status_code == 200


async def test_what_machines_ask_and_files_of_the_web_app_are_not_counted(
    api: Api,
) -> None:
    client = await api.browser()

    for path in ("/healthz", "/readyz", "/metrics", "/", "/incidents/1"):
        assert 429 not in await gets(client, path, PUBLIC * 3)


async def test_a_link_that_is_hammered_is_refused_in_words(api: Api) -> None:
    world = await make_world(api)
    link = await link_of(world, await world.burn_one(), world.ana)
    client = await api.browser()

    codes = await gets(client, link, PER_LINK.amount)
    answer = await client.get(link)

    assert set(codes) == {200}
    assert answer.status_code == 429
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == "Too many requests; wait 3 s and try again."
    assert answer.headers["retry-after"] == "3"


async def test_a_right_link_works_beside_somebody_who_guesses(api: Api) -> None:
    world = await make_world(api)
    link = await link_of(world, await world.burn_one(), world.ana)
    client = await api.browser(headers={"Origin": "null"})
    for n in range(WRONG_LINKS.amount + 3):
        await client.get(f"{LINK}-{n}")

    answer = await client.post(link)

    assert answer.status_code == 200


async def test_guessed_links_are_counted_by_address(api: Api) -> None:
    client = await api.browser()

    codes = [
        (await client.get(f"{LINK}-{n}")).status_code
        for n in range(WRONG_LINKS.amount + 3)
    ]

    assert codes == [404] * WRONG_LINKS.amount + [429] * 3
    assert await gets(await api.browser(address=ELSEWHERE), LINK, 1) == [404]


async def test_admins_see_who_wanted_more(
    api: Api, admin: Person, strict: ApiLimits
) -> None:
    ana = await api.user("Ana")
    async with kept(strict.quotas, None, api.engine, api.clock):
        await gets(ana.client, "/v1/me", PER_USER + 4)
        await gets(await api.browser(address=ELSEWHERE), "/v1/me", PUBLIC + 2)
    api.clock.advance(timedelta(minutes=10))
    async with kept(strict.quotas, None, api.engine, api.clock):
        await gets(ana.client, "/v1/me", PER_USER + 1)

    answer = await admin.client.get("/v1/limits/violations")

    items = {item["kind"]: item for item in answer.json()["items"]}
    assert set(items) == {"api.reads", "public"}
    person = items["api.reads"]
    assert (person["subject"], person["name"]) == (str(ana.id), "Ana")
    assert person["count"] == 5
    assert person["hour"] == START.isoformat().replace("+00:00", "Z")
    assert person["first_at"] < person["last_at"]
    assert (items["public"]["subject"], items["public"]["count"]) == (ELSEWHERE, 2)


async def test_violations_come_in_pages(api: Api, admin: Person) -> None:
    wanted = ApiLimits()
    for n in range(3):
        wanted.public.note(f"192.0.2.{n}")
    async with kept(wanted.quotas, None, api.engine, api.clock):
        pass

    first = (await admin.client.get("/v1/limits/violations?limit=2")).json()
    cursor = first["next_cursor"]
    second = await admin.client.get(f"/v1/limits/violations?limit=2&cursor={cursor}")

    items = [*first["items"], *second.json()["items"]]
    assert {item["subject"] for item in items} == {f"192.0.2.{n}" for n in range(3)}
    assert len(items) == 3
    assert second.json()["next_cursor"] is None
