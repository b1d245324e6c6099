"""Proxies that break connections, everybody who comes at once, and guests who take all seats."""

import asyncio
import random
import signal
import time
from collections import deque
from urllib.parse import urlsplit

import asyncpg
import httpx2
import pytest

from pagefree.accounts.authentication import SESSION_COOKIE
from tests.chaos.proxy import Target, Weather, proxy_to
from tests.chaos.standing import Standing
from tests.crash.monitoring_tool import Event, MonitoringTool
from tests.programs import eventually

pytestmark = [pytest.mark.xdist_group("standing"), pytest.mark.crash]

PER_S = 10
BROKEN = 0.3
HERD = 1_000
# all that a whole estate has kept back meanwhile
CROWD, SENDERS = 50_000, 100
CONDITIONS = 500
OVER_WITHIN_S = 600
GUESTS = 60  # far more than there are connections
AT_LEISURE_S = 5.0  # what nobody waits for takes a second


@pytest.mark.fault("T-33", "proxies reset 30 % of the connections")
async def test_connections_that_break_all_the_time_lose_nothing(
    installation: Standing,
) -> None:
    port = urlsplit(installation.installation.address).port or 0
    async with proxy_to(Target(port)) as between:
        between.change(Weather(breaks=BROKEN))
        async with httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{between.port}"
        ) as client:
            key = installation.installation.routing_key
            tool = MonitoringTool(client, key, "broken", per_s=PER_S)
            await tool.send_for(3, random.Random(33))
    assert tool.refused > 0
    await installation.nothing_is_lost(tool)


@pytest.mark.long
@pytest.mark.fault("T-36", "a thousand senders come again in the moment it is back")
async def test_a_herd_that_waited_is_taken_at_once(installation: Standing) -> None:
    inside = installation.installation
    limits = httpx2.Limits(max_connections=100)
    async with httpx2.AsyncClient(base_url=inside.address, limits=limits) as client:
        tool = MonitoringTool(client, inside.routing_key)
        await installation.stop_postgres(signal.SIGKILL)
        # few conditions: what each of them says is one incident of its own
        events = [Event("trigger", f"herd-{n % 20}") for n in range(HERD)]
        sending = asyncio.gather(*(tool._deliver(event, None) for event in events))
        await asyncio.sleep(3)
        assert tool.taken == []
        await installation.start_postgres()
        began = time.monotonic()
        await sending
    assert time.monotonic() - began < 60
    await installation.nothing_is_lost(tool)


@pytest.mark.long
@pytest.mark.fault("T-36", "50,000 events were kept back, and come all at once")
async def test_all_that_was_kept_back_is_taken_and_news_come_in_between(
    installation: Standing,
) -> None:
    inside = installation.installation
    waiting = deque(Event("trigger", f"kept-{n % CONDITIONS}") for n in range(CROWD))
    limits = httpx2.Limits(max_connections=SENDERS)
    async with (
        httpx2.AsyncClient(base_url=inside.address, limits=limits) as client,
        httpx2.AsyncClient(base_url=inside.address) as other,
    ):
        kept = MonitoringTool(client, inside.routing_key, give_up_s=OVER_WITHIN_S)
        news = MonitoringTool(other, inside.routing_key, give_up_s=OVER_WITHIN_S)
        await installation.stop_postgres(signal.SIGKILL)
        sending = [asyncio.create_task(_empty(waiting, kept)) for _ in range(SENDERS)]
        await eventually(lambda: _refused(kept, SENDERS), OVER_WITHIN_S)
        await installation.start_postgres()
        began = time.monotonic()
        fresh = asyncio.create_task(news._deliver(Event("trigger", "kept-news"), None))
        await asyncio.gather(*sending, fresh)
        took = time.monotonic() - began
    print(f"{CROWD} taken in {took:.0f} s")  # noqa: T201 -- shown with the results
    assert took < OVER_WITHIN_S
    kept.taken += news.taken
    await installation.nothing_is_lost(kept)


async def _empty(waiting: deque[Event], tool: MonitoringTool) -> None:
    """One of those that send: the next event when the one before is taken."""
    while waiting:
        await tool._deliver(waiting.popleft(), None)


async def _refused(tool: MonitoringTool, times: int) -> bool:
    return tool.refused >= times


@pytest.mark.fault(
    "T-37", "everybody who is signed in holds a connection, and none is left"
)
async def test_guests_who_take_all_connections_keep_nobody_from_being_paged(
    installation: Standing,
) -> None:
    inside = installation.installation
    holder = await asyncpg.connect(installation.url)
    async with (
        holder.transaction(),
        httpx2.AsyncClient(base_url=inside.address, timeout=60) as client,
    ):
        await holder.execute("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE")
        cookies = {SESSION_COOKIE: "x" * 43}
        guests = [
            asyncio.create_task(client.get("/v1/incidents", headers=_cookie(cookies)))
            for _ in range(GUESTS)
        ]
        await asyncio.sleep(0.5)
        waiting = sum(not guest.done() for guest in guests)
        tool = MonitoringTool(client, inside.routing_key, "guests", per_s=PER_S)
        began = time.monotonic()
        async with httpx2.AsyncClient(base_url=inside.address) as other:
            tool.client = other
            await tool.send_for(1, random.Random(37))
        took = time.monotonic() - began
        answers = await asyncio.gather(*guests)
    await holder.close()
    assert waiting == GUESTS
    assert tool.refused == 0
    assert took < AT_LEISURE_S
    assert {answer.status_code for answer in answers} <= {401, 503}
    await installation.nothing_is_lost(tool)


def _cookie(cookies: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
