"""Statistics over HTTP: what there is, as JSON, as CSV, and what it is made of."""

import csv
from datetime import timedelta
from io import StringIO

import pytest

from pagefree.infra.db import transaction
from pagefree.insights import gathering
from pagefree.insights.reports import REPORTS
from tests.api.conftest import Api
from tests.api.incident_world import World, make_world, put

DAY = timedelta(days=1)


@pytest.fixture
async def world(api: Api) -> World:
    return await make_world(api)


def around(world: World) -> dict[str, str]:
    """A window about now."""
    return {
        "from": (world.now - DAY).isoformat(),
        "to": (world.now + DAY).isoformat(),
    }


async def test_an_incident_that_is_over_is_counted_and_told_as_it_was(
    world: World,
) -> None:
    incident_id = await world.burn_one()
    world.api.clock.advance(timedelta(seconds=90))
    await put(world.ana, f"{incident_id}/acknowledgement")
    world.api.clock.advance(timedelta(seconds=210))
    await put(world.ana, f"{incident_id}/resolution")
    async with transaction(world.api.engine) as tx:
        assert await gathering.count_next(tx) == 1
    ask, window = world.ana.client.get, around(world)

    table = (await ask("/v1/insights/summary", params=window)).json()
    [fact] = (await ask("/v1/insights/incidents", params=window)).json()
    noise = await ask("/v1/insights/noise.csv", params=window)

    keys = [column["key"] for column in table["columns"]]
    [row] = table["rows"]
    told = dict(zip(keys, row, strict=True))
    assert (told["ack_mean_s"], told["fix_mean_s"]) == (90, 300)
    assert (fact["incident_id"], fact["steps"]) == (incident_id, 0)
    [line] = csv.DictReader(StringIO(noise.text))
    assert (line["title"], line["incidents"]) == ("Disk full", "1")
    assert "attachment" in noise.headers["content-disposition"]


async def test_raw_incidents_go_on_after_the_last_one(world: World) -> None:
    for incident_id in await world.burn("One", "Two", "Three"):
        world.api.clock.advance(timedelta(seconds=1))
        await put(world.ana, f"{incident_id}/resolution")
    async with transaction(world.api.engine) as tx:
        await gathering.count_next(tx)
    ask, window = world.ana.client.get, {**around(world), "limit": "2"}

    first = (await ask("/v1/insights/incidents", params=window)).json()
    after = {
        "after_at": first[-1]["opened_at"],
        "after_id": first[-1]["incident_id"],
    }
    rest = (await ask("/v1/insights/incidents", params=window | after)).json()

    assert (len(first), len(rest)) == (2, 1)
    assert len({one["incident_id"] for one in (*first, *rest)}) == 3


async def test_every_report_says_what_its_columns_mean(world: World) -> None:
    listed = (await world.eve.client.get("/v1/insights")).json()

    assert [report["key"] for report in listed] == list(REPORTS)
    assert all(report["question"].endswith(("?", ".")) for report in listed)


@pytest.mark.parametrize(
    ("path", "changes", "status"),
    [
        ("nothing", {}, 404),
        ("summary", {"to": "2020-01-01T00:00:00Z"}, 422),
        ("summary", {"from": "2020-01-01T00:00:00Z"}, 422),
        ("summary", {"time_zone": "Mars/Olympus"}, 422),
        ("summary", {"urgency": "sometimes"}, 422),
        ("summary", {"within_s": "0"}, 422),
    ],
)
async def test_a_question_that_means_nothing_is_refused(
    world: World, path: str, changes: dict[str, str], status: int
) -> None:
    answer = await world.ana.client.get(
        f"/v1/insights/{path}", params=around(world) | changes
    )

    assert answer.status_code == status, answer.text
