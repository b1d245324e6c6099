"""Limits of the whole program: real HTTP, real sockets, and a Redis that goes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx2
import pytest
import socketio
from sqlalchemy import text

from pagefree.infra import metrics
from pagefree.infra.clock import system_clock
from pagefree.infra.db import transaction
from tests.app.conftest import Served, serving, sign_in
from tests.app.test_cli import run
from tests.app.test_realtime import happen
from tests.ingest.scene import make
from tests.programs import eventually
from tests.redis_server import Redis

WITHIN_S = 60
ADDRESSES = ("203.0.113.9", "203.0.113.10")


async def browser(
    served: Served, *, platform_admin: bool = False
) -> httpx2.AsyncClient:
    """Somebody new, signed in over real HTTP."""
    now = system_clock()
    _, token = await sign_in(served.engine, "Ana", now, platform_admin=platform_admin)
    return httpx2.AsyncClient(
        base_url=served.address, cookies={"pagefree": token}, timeout=WITHIN_S
    )


async def connected(
    served: Served,
) -> tuple[socketio.AsyncClient, dict[str, list[object]]]:
    """A live connection, and what it is told: warnings, and why it ended."""
    _, token = await served.person()
    client, _ = served.socket()
    told: dict[str, list[object]] = {"limit": [], "disconnect": []}
    for event, heard in told.items():
        client.on(event, heard.append)
    headers = {"Cookie": f"pagefree={token}"}
    await client.connect(
        served.address, headers, transports=["websocket"], wait_timeout=WITHIN_S
    )
    return client, told


async def until_ended(client: socketio.AsyncClient) -> None:
    async def ended() -> bool:
        return not client.connected

    await eventually(ended, WITHIN_S)


def code_of(said: object) -> object:
    return said.get("code") if isinstance(said, dict) else None


async def test_a_socket_that_floods_is_warned_and_then_closed(served: Served) -> None:
    client, told = await connected(served)

    for n in range(130):
        if client.connected:
            await client.emit("anything", n)
    await until_ended(client)

    assert [code_of(said) for said in told["limit"]] == [
        "rate_limit_near",
        "rate_limited",
    ]
    warning = told["limit"][0]
    assert isinstance(warning, dict)
    assert (warning["limit"], warning["remaining"]) == (100, 20)


async def test_a_socket_within_its_limit_stays(served: Served) -> None:
    client, told = await connected(served)
    for n in range(70):
        await client.emit("anything", n)

    await hears_of_something(served, client)

    assert told == {"limit": [], "disconnect": []}


async def hears_of_something(served: Served, client: socketio.AsyncClient) -> None:
    """The connection still lives: something happens, and it is told."""
    heard: asyncio.Queue[object] = asyncio.Queue()
    client.on("stale", heard.put)
    await happen(served)
    await asyncio.wait_for(heard.get(), WITHIN_S)


async def test_one_socket_that_floods_ends_no_other(served: Served) -> None:
    flooding, _ = await connected(served)
    quiet, told = await connected(served)

    for n in range(130):
        if flooding.connected:
            await flooding.emit("anything", n)
    await until_ended(flooding)

    assert quiet.connected
    assert told["limit"] == []


async def test_what_the_server_says_counts_for_nobody(module_database: str) -> None:
    async with serving(module_database, limit_socket="5/minute") as served:
        client, told = await connected(served)

        for _ in range(10):
            await hears_of_something(served, client)

        assert told == {"limit": [], "disconnect": []}
        await client.disconnect()


async def test_admins_see_who_flooded(module_database: str) -> None:
    async with serving(module_database) as served:
        client, _ = await connected(served)
        for n in range(130):
            if client.connected:
                await client.emit("anything", n)
        await until_ended(client)

    async with (
        serving(module_database) as served,
        await browser(served, platform_admin=True) as admin,
    ):
        answer = await admin.get("/v1/limits/violations")

    kinds = {item["kind"]: item["name"] for item in answer.json()["items"]}
    assert kinds["socket"] == "Ana"


async def test_without_trusted_proxies_forwarded_headers_say_nothing(
    module_database: str,
) -> None:
    async with (
        serving(module_database, limit_public_address="5/minute") as served,
        httpx2.AsyncClient(base_url=served.address, timeout=WITHIN_S) as client,
    ):
        codes = []
        for n in range(12):
            headers = {
                "X-Forwarded-For": f"203.0.113.{n}",
                "Forwarded": f"for=203.0.113.{n}",
                "X-Real-IP": f"203.0.113.{n}",
            }
            answer = await client.get("/api/demo-people", headers=headers)
            codes.append(answer.status_code)

    assert codes[:5] == [200] * 5
    assert codes[-1] == 429


async def test_behind_a_trusted_proxy_each_client_counts_for_itself(
    module_database: str,
) -> None:
    async with (
        serving(
            module_database,
            limit_public_address="5/minute",
            trusted_proxies=["127.0.0.1/32"],
        ) as served,
        httpx2.AsyncClient(base_url=served.address, timeout=WITHIN_S) as client,
    ):
        codes = Counter[tuple[str, int]]()
        for n in range(10):
            for address in ADDRESSES:
                # the first is what the client made up, the last what the proxy saw
                headers = {"X-Forwarded-For": f"192.0.2.{n}, {address}"}
                answer = await client.get("/api/demo-people", headers=headers)
                codes[address, answer.status_code] += 1

    for address in ADDRESSES:
        assert codes[address, 200] in {5, 6}
        assert codes[address, 429] in {4, 5}


async def test_our_own_address_is_the_configured_one_whatever_the_headers_say(
    module_database: str,
) -> None:
    given = {"trusted_proxies": ["127.0.0.1/32"]}
    async with (
        serving(module_database, **given) as served,
        await browser(served) as client,
    ):
        forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
        answer = await client.patch(
            "/v1/me",
            json={"name": "Ana"},
            headers={**forged, "Origin": "https://evil.example"},
        )

    assert answer.status_code == 403
    assert served.address in answer.json()["detail"]


@pytest.fixture
async def two_sites(
    module_database: str, redis: Redis
) -> AsyncIterator[tuple[Served, Served]]:
    given = {"redis_url": redis.url, "limit_api_user": "60/minute"}
    async with (
        serving(module_database, **given) as one,
        serving(module_database, **given) as other,
    ):
        yield one, other


async def test_people_are_served_while_redis_goes_and_comes_back(
    two_sites: tuple[Served, Served], redis: Redis
) -> None:
    one, _ = two_sites
    async with await browser(one) as client:
        assert (await client.get("/v1/me")).status_code == 200
        redis.stop()
        await eventually(_is_shared(0), WITHIN_S)
        codes = [(await client.get("/v1/me")).status_code for _ in range(20)]
        assert codes == [200] * 20

        redis.start()

        await eventually(_is_shared(1), WITHIN_S)
        assert (await client.get("/v1/me")).status_code == 200


def _is_shared(wanted: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return int(metrics.LIMITS_SHARED._value.get()) == wanted

    return look


async def test_what_was_asked_of_one_process_counts_in_the_other(
    two_sites: tuple[Served, Served],
) -> None:
    one, other = two_sites
    async with await browser(one) as here:
        there = httpx2.AsyncClient(
            base_url=other.address, cookies=here.cookies, timeout=WITHIN_S
        )
        async with there:
            for _ in range(40):
                await here.get("/v1/me")
            asked, status = 0, 200
            while status == 200:
                await here.get("/v1/me")
                status = (await there.get("/v1/me")).status_code
                asked += 1
                assert asked < 58, "the other process knows nothing"
                await asyncio.sleep(0.1)  # the processes talk once a second

    assert status == 429


def test_doctor_says_whether_limits_are_shared(
    redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    answers = run("doctor", PAGEFREE_REDIS_URL=redis.url)
    redis.stop()
    silent = run("doctor", PAGEFREE_REDIS_URL=f"redis://:secret@127.0.0.1:{redis.port}")
    without = run("doctor")

    assert "Redis answers" in answers.out
    assert "Redis does not answer at redis://:…@127.0.0.1" in silent.out
    assert silent.code == 1
    assert "secret@" not in silent.out
    assert "Each process counts for itself" in without.out
    assert "PAGEFREE_LIMIT_INGEST_KEY = 1000/minute" in without.out


def test_doctor_says_that_a_proxy_hides_where_people_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    public = {"PAGEFREE_PUBLIC_URL": "https://pager.example.org"}

    hidden = run("doctor", **public)
    seen = run("doctor", **public, PAGEFREE_TRUSTED_PROXIES="10.0.0.0/8")

    assert "shares the limits of one address" in hidden.out
    assert "Proxies in 10.0.0.0/8 are believed" in seen.out


async def test_nobody_is_redirected_to_the_address_of_a_forged_host(
    module_database: str,
) -> None:
    async with (
        serving(module_database) as served,
        httpx2.AsyncClient(base_url=served.address, timeout=WITHIN_S) as client,
    ):
        answer = await client.get("/v1/teams/", headers={"Host": "evil.example"})

    assert answer.status_code == 404
    assert "evil.example" not in str(answer.headers)


async def test_a_storm_over_the_wire_is_stored_folded_and_at_last_asked_to_come_again(
    fresh_database: str,
) -> None:
    given = {"limit_ingest_key": "20/minute", "limit_ingest_hard": 3}
    async with serving(fresh_database, **given) as served:
        _, sources = await make(served.engine)
        address = f"{served.address}/in/generic/{sources['generic'].key}"
        async with httpx2.AsyncClient(timeout=WITHIN_S) as client:
            first = await client.post(address, json={"title": "Disk"})  # a new key
            answers = await asyncio.gather(
                *(client.post(address, json={"title": f"Disk {n}"}) for n in range(99))
            )
        codes = Counter(answer.status_code for answer in (first, *answers))
        refused = [answer for answer in answers if answer.status_code == 503]
        async with transaction(served.engine) as tx:
            stored = await tx.scalar(text("SELECT count(*) FROM inbound_requests"))
            alerts = await tx.scalar(text("SELECT count(*) FROM alerts"))
            told = await tx.scalar(text("SELECT sum(occurrences) FROM alerts"))

    assert codes[202] + codes[503] == 100
    assert 60 <= codes[202] <= 65  # some refills meanwhile
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    assert stored == told == codes[202]
    assert 21 <= (alerts or 0) <= 25
