"""What machines are told of how PageFree is, the canary's flights among it."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from pagefree.canary import queries
from pagefree.core.canary import Run
from pagefree.infra.db import transaction
from tests.api.conftest import START, Api

SECOND = timedelta(seconds=1)


async def flown(api: Api, why: str | None = None) -> None:
    async with transaction(api.engine) as tx:
        await queries.insert_run(tx, Run(api.clock(), 2 * SECOND, why))


@pytest.mark.parametrize(
    ("why", "later_s", "status", "said"),
    [
        (None, 60, 200, "ok"),
        (None, 180, 200, "ok"),
        (None, 181, 503, "silent"),
        ("due work waits", 60, 503, "failed"),
    ],
    ids=["fresh", "just-fresh", "silent", "failed"],
)
async def test_whoever_watches_is_told_whether_the_canary_came_back_lately(
    api: Api, why: str | None, later_s: int, status: int, said: str
) -> None:
    await flown(api, why)
    api.clock.advance(later_s * SECOND)

    answer = await (await api.browser()).get("/canaryz")

    assert answer.status_code == status
    assert answer.json() == {"status": said, "age_seconds": later_s, "seconds": 2.0}


async def test_before_its_first_flight_nobody_is_told_that_all_is_well(
    api: Api,
) -> None:
    answer = await (await api.browser()).get("/canaryz")

    assert answer.status_code == 503
    assert answer.json()["status"] == "silent"


async def test_figures_are_measured_at_most_every_five_seconds(api: Api) -> None:
    client = await api.browser()
    await flown(api)
    api.clock.now = START + 10 * SECOND
    first = (await client.get("/metrics")).text
    assert "pagefree_canary_ok 1.0" in first
    assert "pagefree_canary_age_seconds 8.0" in first
    assert 'pagefree_overdue_seconds{what="alerts"} 0.0' in first
    for name in ("database_transaction_age", "clock_offset_seconds", "database_up"):
        assert f"pagefree_{name} " in first

    await flown(api, "it failed")
    assert "pagefree_canary_ok 1.0" in (await client.get("/metrics")).text
    api.clock.advance(5 * SECOND)
    assert "pagefree_canary_ok 0.0" in (await client.get("/metrics")).text


async def test_a_measure_that_fails_is_not_tried_again_at_once(api: Api) -> None:
    client = await api.browser()
    before = (await client.get("/metrics")).text
    api.clock.advance(10 * SECOND)
    async with api.engine.connect() as locking:
        await locking.execute(text("LOCK canary_runs IN ACCESS EXCLUSIVE MODE"))
        failed = (await client.get("/metrics")).text
    again = (await client.get("/metrics")).text  # it would work by now
    api.clock.advance(5 * SECOND)
    later = (await client.get("/metrics")).text

    up = [
        f"pagefree_database_up {n}" in told
        for told, n in (
            (before, "1.0"),
            (failed, "0.0"),
            (again, "0.0"),
            (later, "1.0"),
        )
    ]
    assert up == [True] * 4
