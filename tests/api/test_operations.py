"""The page from which an operator knows that the pager is healthy."""

from datetime import timedelta

import httpx2
import pytest

from pagefree.app import queries
from pagefree.app.figures import Figures
from pagefree.canary import queries as canary
from pagefree.core.canary import Run
from pagefree.infra.db import transaction
from tests.api.conftest import START, Api

SECOND = timedelta(seconds=1)
# of the server: the clock of these tests stands still, far from it
CLOCK = "PageFreeClockOff"


@pytest.fixture
async def admin(api: Api) -> httpx2.AsyncClient:
    api.app.state.figures = Figures(api.engine)  # knows nothing of the test before
    return (await api.user("Ana", platform_admin=True)).client


async def alive(api: Api, why: str | None = None) -> None:
    async with transaction(api.engine) as tx:
        await canary.insert_run(tx, Run(START - 2 * SECOND, 2 * SECOND, why))
        for kind in ("web", "worker"):
            await queries.beat(tx, f"{kind}:node-1.example:42", kind, {}, START)


async def asked(admin: httpx2.AsyncClient) -> dict[str, object]:
    answer = await admin.get("/v1/operations")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def alarms(found: dict[str, object]) -> set[str]:
    concerns = found["concerns"]
    assert isinstance(concerns, list)
    return {one["alarm"] for one in concerns} - {CLOCK}


async def test_a_pager_that_works_has_no_concerns(
    api: Api, admin: httpx2.AsyncClient
) -> None:
    await alive(api)

    found = await asked(admin)

    assert not alarms(found)
    assert found["processes"] == [
        {
            "kind": kind,
            "host": "node-1.example",
            "version": found["version"],
            "started_at": "2026-03-02T09:00:00Z",
            "beat_at": "2026-03-02T09:00:00Z",
            "silent": False,
        }
        for kind in ("web", "worker")
    ]


async def test_what_fails_is_named_with_what_to_do(
    api: Api, admin: httpx2.AsyncClient
) -> None:
    await alive(api, "after 30 s the event had paged nobody")
    assert "PageFreeCanaryFailed" in alarms(await asked(admin))

    api.clock.advance(timedelta(minutes=4))
    found = await asked(admin)

    assert alarms(found) >= {"PageFreeCanarySilent", "PageFreeProcessSilent"}
    assert not found["healthy"]
    assert str(found["verdict"]).startswith("The pager needs you: the canary")


async def test_the_page_is_measured_together_with_the_figures_for_prometheus(
    api: Api, admin: httpx2.AsyncClient
) -> None:
    await alive(api)
    await admin.get("/metrics")
    api.clock.advance(4 * SECOND)
    assert (await asked(admin))["measured_at"] == "2026-03-02T09:00:00Z"

    api.clock.advance(SECOND)
    assert (await asked(admin))["measured_at"] == "2026-03-02T09:00:05Z"
