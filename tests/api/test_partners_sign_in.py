"""Signing in by a mailed link: once, on purpose, and without telling who is known."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx2
import pytest
from limits import RateLimitItemPerMinute

from pagefree.accounts import service as accounts
from pagefree.infra.db import transaction
from pagefree.partners.html import COOKIE
from tests.api.conftest import START, Api
from tests.api.partner_world import Portal, portal_of

DAN = "dan@agency.example"
TRIES = 400  # of each: 800 together
CLOSE_S = 0.005
GENEROUS = RateLimitItemPerMinute(10**6)


@pytest.fixture
async def portal(api: Api, tmp_path: Path) -> AsyncIterator[Portal]:
    async with portal_of(api, tmp_path) as portal:
        await portal.page("Shop")
        await portal.component("Shop", "Checkout")
        await portal.partner("Dan")
        await portal.grant("Dan", "Shop")
        await portal.work()
        yield portal


async def ask(
    client: httpx2.AsyncClient, email: str = DAN, **more: str
) -> httpx2.Response:
    return await client.post("/partner/sign-in", data={"email": email, **more})


async def is_in(client: httpx2.AsyncClient) -> bool:
    return (await client.get("/partner/")).status_code == 200


async def test_a_mailed_link_signs_in_with_a_press(portal: Portal) -> None:
    client = await portal.outside()
    await ask(client)
    link = await portal.mailed_link(DAN)

    shown = await client.get(link)
    pressed = await client.post(link)

    assert shown.status_code == 200
    assert "<script" not in shown.text
    assert shown.headers["referrer-policy"] == "same-origin"
    assert pressed.status_code == 303
    cookie = pressed.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age=86400" in cookie
    assert "Shop" in (await client.get("/partner/")).text
    assert [one["kind"] for one in await portal.log()] == ["signed_in"]


async def test_of_twenty_presses_at_once_one_signs_in(portal: Portal) -> None:
    link = await portal.link("Dan")
    clients = [await portal.outside(f"192.0.2.{n}") for n in range(20)]

    answers = await asyncio.gather(*(one.post(link) for one in clients))

    assert sorted(one.status_code for one in answers) == [303] + [410] * 19
    assert await portal.count("partner_sessions") == 1
    refused = await portal.log(kind="denied")
    assert {one["what"] for one in refused} == {"the link was used already"}
    assert {one["email"] for one in refused} == {DAN}


async def test_scanners_use_nothing_up(portal: Portal) -> None:
    link = await portal.link("Dan")
    agents = ("Mimecast", "Barracuda", "Mozilla/5.0 SafeLinks", "Proofpoint", "curl/8")
    scanners = [await portal.outside(f"198.51.100.{n}") for n in range(len(agents))]

    looks = [
        scanner.request(method, link, headers={"User-Agent": agent})
        for scanner, agent in zip(scanners, agents, strict=True)
        for method in ("HEAD", "GET", "GET", "OPTIONS")
    ]
    answers = await asyncio.gather(*looks)

    assert {one.status_code for one in answers} <= {200, 405}
    assert all("set-cookie" not in one.headers for one in answers)
    assert await portal.count("partner_sessions") == 0
    assert (await (await portal.outside()).post(link)).status_code == 303


async def test_a_link_counts_for_a_quarter_of_an_hour(portal: Portal) -> None:
    client = await portal.outside()
    link = await portal.link("Dan")

    portal.api.clock.advance(timedelta(minutes=15))

    assert (await client.get(link)).status_code == 410
    assert (await client.post(link)).status_code == 410
    assert (await portal.log())[0]["what"] == "the link has expired"


async def test_a_link_may_be_bound_to_the_browser_that_asked(portal: Portal) -> None:
    mine, other = await portal.outside(), await portal.outside()
    await ask(mine, here="1")
    link = await portal.mailed_link(DAN)

    elsewhere = await other.post(link)
    here = await mine.post(link)

    assert elsewhere.status_code == 410
    assert here.status_code == 303


async def test_a_session_ends_after_a_day_however_often_it_is_used(
    portal: Portal,
) -> None:
    client = await portal.signed_in("Dan")

    for _ in range(23):
        portal.api.clock.advance(timedelta(hours=1))
        assert await is_in(client)
    portal.api.clock.advance(timedelta(hours=1))

    assert not await is_in(client)


async def test_signing_out_ends_the_session(portal: Portal) -> None:
    client = await portal.signed_in("Dan")
    token = client.cookies[COOKIE]

    await client.post("/partner/sign-out")
    client.cookies.set(COOKIE, token)

    assert not await is_in(client)
    assert "signed_out" in {one["kind"] for one in await portal.log()}


async def test_pages_of_others_cannot_press_for_anybody(portal: Portal) -> None:
    client = await portal.outside()
    link = await portal.link("Dan")

    for origin in ("https://evil.example", "null"):
        forged = await client.post(link, headers={"Origin": origin})
        asked = await client.post(
            "/partner/sign-in", data={"email": DAN}, headers={"Origin": origin}
        )
        assert (forged.status_code, asked.status_code) == (403, 403)
    assert (await client.post(link)).status_code == 303


async def test_users_and_partners_have_nothing_in_common(portal: Portal) -> None:
    partner, admin = await portal.signed_in("Dan"), portal.admin
    token = partner.cookies[COOKIE]
    for cookies, headers in (
        ({COOKIE: token}, {}),
        ({"pagefree": token}, {}),
        ({}, {"Authorization": f"Bearer {token}"}),
    ):
        browser = await portal.api.browser(headers=headers)
        browser.cookies.update(cookies)
        for path in ("/v1/me", "/v1/incidents", "/v1/partners", "/v1/status-pages"):
            assert (await browser.get(path)).status_code == 401
    async with transaction(portal.api.engine) as tx:  # what live updates ask
        assert await accounts.session_actor(tx, token, START) is None

    staff = await portal.outside()
    staff.cookies.set("pagefree", admin.token)
    assert not await is_in(staff)
    staff.cookies.set(COOKIE, admin.token)
    assert not await is_in(staff)


async def test_known_and_unknown_addresses_are_answered_alike(portal: Portal) -> None:
    """The mail is made later, so there is nothing that could take longer."""
    for quota in portal.api.app.state.partner_limits.quotas:
        quota.item, quota.amount = GENEROUS, GENEROUS.amount
    client = await portal.outside()
    took: dict[str, list[float]] = {DAN: [], "eve@agency.example": []}
    answers = set()
    for _ in range(TRIES):
        for email, times in took.items():
            began = perf_counter()
            answer = await ask(client, email)
            times.append(perf_counter() - began)
            answers.add((answer.status_code, answer.text))
            assert "set-cookie" not in answer.headers

    assert len(answers) == 1
    known, unknown = (median(times) for times in took.values())
    assert abs(known - unknown) < CLOSE_S


async def test_nobody_learns_by_asking_for_access_who_is_known(portal: Portal) -> None:
    client = await portal.outside()
    said = {"name": "Somebody", "organisation": "Agency"}

    answers = {
        (answer.status_code, answer.text)
        for email in (DAN, "eve@agency.example", "eve@agency.example")
        for answer in [
            await client.post("/partner/request", data={"email": email, **said})
        ]
    }

    assert len(answers) == 1
    assert len((await portal.call("GET", "/partner-requests"))["items"]) == 2


async def test_an_unknown_address_gets_no_mail_and_is_on_record(portal: Portal) -> None:
    client = await portal.outside("203.0.113.9")
    await ask(client, "Eve@Agency.example")

    await portal.work()

    assert portal.mails.mails == []
    (denied,) = await portal.log()
    assert denied["email"] == "eve@agency.example"
    assert denied["address"] == "203.0.113.9"
    assert denied["what"] == "no partner has this address"


async def test_links_are_asked_for_so_often_an_address_and_so_often_a_place(
    portal: Portal,
) -> None:
    clients = [await portal.outside(f"203.0.113.{n}") for n in range(8)]
    per_address = [(await ask(one)).status_code for one in clients]
    per_place = [
        (await ask(clients[0], f"somebody{n}@agency.example")).status_code
        for n in range(40)
    ]

    assert per_address == [200] * 5 + [429] * 3
    assert per_place.count(200) < 30
    assert per_place[-1] == 429


@pytest.mark.parametrize("email", ["", "no address", "a@b@c", "a@b\r\nBcc: x@y"])
async def test_what_is_no_address_is_not_sent_to(portal: Portal, email: str) -> None:
    answer = await ask(await portal.outside(), email)

    assert answer.status_code == 422


async def test_a_mail_that_cannot_leave_is_tried_again(portal: Portal) -> None:
    client = await portal.outside()
    await ask(client)
    working = portal.gateway
    nowhere = replace(working.transports, smtp=None)
    portal.gateway = replace(working, transports=nowhere)
    await portal.work()
    assert portal.mails.mails == []

    portal.gateway = working
    await portal.work(timedelta(seconds=10))

    assert len(portal.mails.mails) == 1
    assert (await client.post(await portal.mailed_link(DAN))).status_code == 303
