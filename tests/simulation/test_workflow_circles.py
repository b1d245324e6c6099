"""A circle through a system outside looks like news each time; only counting ends it."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from pagefree.tables.handovers import shift_notices
from pagefree.tables.timeline import events
from pagefree.workflows import service
from tests.fake_servers import WebServer, serving
from tests.simulation.world import HOUR, MINUTE, World
from tests.workflows.automation import Automation
from tests.workflows.graphs import action, chain, trigger

MOST = 4


@pytest.fixture
async def flows(world: World) -> Automation:
    return Automation(world)


@pytest.fixture
async def tracker() -> AsyncIterator[WebServer]:
    """Each ticket that is opened here comes back as an alert."""
    async with serving(WebServer()) as server:
        yield server


async def circle(flows: Automation, server: WebServer, rounds: int) -> None:
    """Tickets come back as alerts, for so long."""
    tickets = len(server.posts)
    await flows.opened()
    for _ in range(rounds):
        await flows.work()
        if len(server.posts) == tickets:
            return
        tickets = len(server.posts)
        await flows.opened()
    raise AssertionError("it feeds itself without end")


async def told(world: World) -> list[str]:
    found = await world.tx.execute(select(shift_notices.c.text))
    return list(found.scalars())


async def test_a_circle_through_a_system_outside_comes_to_an_end(
    world: World, flows: Automation, tracker: WebServer
) -> None:
    url = f"http://127.0.0.1:{tracker.port}/tickets"
    ask = action("ask", "http_request", url=url, text_body="x")
    flow = await flows.make(chain(trigger(), ask), "Tickets")
    values = {"most_per_hour": MOST}
    await service.change(world.tx, flows.admin, flow, values, world.now)

    await circle(flows, tracker, 2 * MOST)

    assert len(tracker.posts) == len(await flows.runs()) == MOST
    (said,) = await told(world)
    assert said.startswith("The workflow “Tickets” is held back: it has run 4 times")
    found = await service.get(world.tx, flows.admin, flow)
    assert found.capped_at == world.now


async def test_whoever_keeps_it_is_told_once_an_hour_and_the_next_hour_is_new(
    world: World, flows: Automation, tracker: WebServer
) -> None:
    url = f"http://127.0.0.1:{tracker.port}/tickets"
    ask = action("ask", "http_request", url=url, text_body="x")
    flow = await flows.make(chain(trigger(), ask))
    values = {"most_per_hour": MOST}
    await service.change(world.tx, flows.admin, flow, values, world.now)

    await circle(flows, tracker, 2 * MOST)
    await flows.wait(30 * MINUTE)
    incident_id = await flows.opened()
    await flows.work()
    assert "workflow.held_back" in await world.timeline(incident_id)
    assert len(await told(world)) == 1

    await flows.wait(HOUR)
    await circle(flows, tracker, 2 * MOST)

    assert len(tracker.posts) == 2 * MOST
    assert len(await told(world)) == 2
    capped = select(events.c.id).where(events.c.kind == "workflow.capped")
    assert len((await world.tx.execute(capped)).all()) == 2
