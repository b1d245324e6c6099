"""Attempts of which nobody knows whether they arrived, told as stories."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import update

from pagefree.tables.workflows import workflow_steps
from pagefree.workflows import run_queries, runs
from pagefree.workflows.preparing import LEASE
from pagefree.workflows.run_shapes import WorkflowRunDetail
from tests.simulation.world import MINUTE, World
from tests.workflows.automation import Automation
from tests.workflows.graphs import action, chain, trigger


@pytest.fixture
async def flows(world: World) -> Automation:
    return Automation(world)


@asynccontextmanager
async def losing(answers: list[bytes | None]) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that takes every request, and hangs up where its answer is none."""
    taken: list[bytes] = []

    async def exchange(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        taken.append(await reader.readuntil(b"\r\n\r\n"))
        answer = answers[min(len(taken), len(answers)) - 1]
        if answer is not None:
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(exchange, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", taken
    finally:
        server.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


async def shown(world: World, flows: Automation) -> dict[str, bool]:
    """Which steps of the newest run are shown as possible duplicates."""
    run = (await flows.runs())[-1]
    found = await runs.detail(world.tx, flows.admin, run.id)
    out = WorkflowRunDetail.with_steps(found.run, found.content, found.steps)
    return {step.node: step.possible_duplicate for step in out.steps}


@pytest.mark.parametrize(
    ("answers", "duplicate"),
    [((None, OK), True), ((BUSY, OK), False), ((OK,), False)],
    ids=["lost", "refused", "first time"],
)
async def test_a_message_that_may_have_been_sent_before_says_so(
    world: World,
    flows: Automation,
    answers: tuple[bytes | None, ...],
    *,
    duplicate: bool,
) -> None:
    async with losing([*answers]) as (url, taken):
        await flows.keep_secret("HOOK", f"{url}/hook")
        tell = action("tell", "slack", webhook="HOOK", text="{{incident.title}}")
        await flows.make(chain(trigger(), tell))
        await flows.opened()
        await flows.work()
        await flows.wait(MINUTE)

    assert (await flows.statuses())["tell"] == "succeeded"
    assert len(taken) == len(answers)
    assert await shown(world, flows) == {"tell": duplicate}


async def test_a_message_whose_worker_died_may_be_sent_twice_and_says_so(
    world: World, flows: Automation
) -> None:
    async with losing([OK]) as (url, taken):
        await flows.keep_secret("HOOK", f"{url}/hook")
        tell = action("tell", "teams", webhook="HOOK", text="{{incident.title}}")
        note = action("note", "add_note", text="x")
        await flows.make(chain(trigger(), tell, note))
        await flows.opened()
        await flows.work()
        # as if it had died between the answer and its commit
        again = {"status": "running", "due_at": world.now + LEASE, "ended_at": None}
        step = (await flows.steps())["tell"]
        await world.tx.execute(
            update(workflow_steps)
            .where(workflow_steps.c.id == step.id)
            .values(**again, port=None)
        )
        run = (await flows.runs())[0]
        values = {"status": "running", "ended_at": None}
        await run_queries.update_runs(world.tx, [run.id], values)
        await flows.wait(LEASE)

    assert len(taken) == 2
    assert await shown(world, flows) == {"tell": True, "note": False}
