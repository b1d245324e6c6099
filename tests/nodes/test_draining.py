"""A web process that is told to stop says so before it does."""

import asyncio

import httpx2
import pytest

from pagefree.app.site import Installation, Site
from pagefree.cli.serving import listening_socket, serve
from pagefree.infra.settings import Settings
from tests.crash.installation import SECRET_KEY
from tests.programs import ANSWER_S, START_S, free_port

DRAIN_S = 3.0


async def test_it_is_unready_first_serves_on_closes_what_it_answers_and_then_stops(
    database_url: str,
) -> None:
    settings = Settings(port=free_port())
    site = Site(Installation(settings, database_url, (SECRET_KEY,)))
    sock = listening_socket("127.0.0.1", settings.port)
    stop, ready = asyncio.Event(), asyncio.Event()

    async def started() -> None:
        ready.set()

    served = asyncio.create_task(serve(site, sock, stop, started, drain_s=DRAIN_S))
    await asyncio.wait_for(ready.wait(), START_S)
    async with httpx2.AsyncClient(
        base_url=settings.base_url, timeout=ANSWER_S
    ) as client:
        before = await client.get("/readyz")
        stop.set()
        await asyncio.sleep(0)
        unready, alive = await client.get("/readyz"), await client.get("/healthz")
        await served
        with pytest.raises(httpx2.ConnectError):
            await client.get("/healthz")

    assert before.is_success
    assert "connection" not in before.headers
    assert unready.status_code == 503
    assert unready.json()["why"] == "stopping"
    assert alive.is_success
    assert alive.headers["connection"] == "close"
