"""Runs of workflows that wait, are answered, paused and cancelled, told as stories."""

from uuid import UUID

import pytest

from pagefree.core.access import Actor
from pagefree.core.errors import Conflict, Forbidden
from pagefree.workflows import runs, service
from pagefree.workflows.content import WorkflowContent
from tests.simulation.world import HOUR, MINUTE, World
from tests.workflows.automation import Automation
from tests.workflows.graphs import action, chain, edge, graph, node, trigger

NOTE = action("note", "add_note", text="{{incident.title}} began")


@pytest.fixture
async def flows(world: World) -> Automation:
    return Automation(world)


async def approval(world: World, flows: Automation) -> tuple[UUID, UUID]:
    """A run that waits for an answer."""
    ask = action("ask", "wait_for_approval", question="Restart {{incident.title}}?")
    await world.join("bo")
    await flows.make(
        graph(
            [trigger(), ask, NOTE, action("end", "resolve")],
            [
                edge("begin", "ask"),
                edge("ask", "note", "approved"),
                edge("ask", "end", "timed_out"),
            ],
        )
    )
    await flows.opened()
    await flows.work()
    return (await flows.runs())[0].id, (await flows.steps())["ask"].id


async def test_whoever_is_asked_approves_and_the_run_goes_on(
    world: World, flows: Automation
) -> None:
    waiting = await approval(world, flows)
    bo, cy = world.actor("bo"), Actor(world.people["cy"], "Cy")
    with pytest.raises(Forbidden):
        await runs.answer(world.tx, cy, waiting, (True, ""), world.now)

    await runs.answer(world.tx, bo, waiting, (True, "go"), world.now)
    with pytest.raises(Conflict):
        await runs.answer(world.tx, bo, waiting, (False, ""), world.now)
    await flows.work()

    steps = await flows.steps()
    assert steps["ask"].output["answered_by"] == "bo"
    assert await flows.statuses() == {
        "ask": "succeeded",
        "note": "succeeded",
        "end": "skipped",
    }


async def test_a_question_that_nobody_answers_times_out(
    world: World, flows: Automation
) -> None:
    await approval(world, flows)

    await flows.wait(HOUR)

    assert (await flows.statuses())["end"] == "succeeded"


@pytest.mark.parametrize("early", [True, False], ids=["early", "in time"])
async def test_a_callback_is_taken_whenever_it_comes(
    world: World, flows: Automation, *, early: bool
) -> None:
    hold = action("hold", "wait_for_callback")
    wait = node("wait", "delay", seconds=60)
    await flows.make(chain(trigger(), wait, hold))
    await flows.opened()
    await flows.work()
    run = (await flows.runs())[0]
    proof = world.vault.digits(f"workflow run {run.id}", 40)
    if not early:
        await flows.wait(MINUTE)

    said = {"result": "ok"}
    await runs.call_back(world.tx, run.id, proof, said, world.vault, world.now)
    await flows.wait(MINUTE)

    assert (await flows.steps())["hold"].output == {"body": said}
    assert (await flows.runs())[0].status == "succeeded"


async def test_a_paused_run_begins_nothing_until_it_goes_on(
    world: World, flows: Automation
) -> None:
    wait = node("wait", "delay", seconds=60)
    await flows.make(chain(trigger(), wait, NOTE))
    await flows.opened()
    await flows.work()
    run = (await flows.runs())[0]

    await runs.pause(world.tx, flows.admin, run.id)
    await flows.wait(HOUR)
    paused = await flows.statuses()
    await runs.resume(world.tx, flows.admin, run.id)
    await flows.work()

    assert paused == {"wait": "due"}
    assert (await flows.runs())[0].status == "succeeded"


async def test_a_cancelled_run_does_nothing_more(
    world: World, flows: Automation
) -> None:
    wait = node("wait", "delay", seconds=60)
    await flows.make(chain(trigger(), wait, NOTE))
    incident_id = await flows.opened()
    await flows.work()
    run = (await flows.runs())[0]

    await runs.cancel(world.tx, flows.admin, run.id, world.now)
    await flows.wait(HOUR)

    assert await flows.statuses() == {"wait": "cancelled"}
    assert not await flows.notes(incident_id)


async def test_a_run_keeps_the_version_it_began_with(
    world: World, flows: Automation
) -> None:
    wait = node("wait", "delay", seconds=60)
    workflow_id = await flows.make(chain(trigger(), wait, NOTE))
    await flows.opened()
    await flows.work()

    new = WorkflowContent.model_validate(chain(trigger(), action("end", "resolve")))
    saved = await service.save(
        world.tx, flows.admin, workflow_id, new, "shorter", world.now
    )
    await flows.wait(MINUTE)

    assert saved.version_number == 2
    assert (await flows.statuses())["note"] == "succeeded"
