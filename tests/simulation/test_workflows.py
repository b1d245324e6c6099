"""What workflows do about incidents, told as stories."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor
from pagefree.core.errors import Conflict, Forbidden, Invalid
from pagefree.incidents import service as incidents
from pagefree.incidents import writing
from pagefree.infra.ids import new_id
from pagefree.tables.incidents import incidents as rows
from pagefree.workflows import runs, service
from pagefree.workflows.content import WorkflowContent
from tests.fake_servers import WebServer, serving
from tests.simulation.world import HOUR, MINUTE, World
from tests.workflows.automation import Automation
from tests.workflows.graphs import action, chain, edge, graph, node, trigger

NOTE = action("note", "add_note", text="{{incident.title}} began")


@pytest.fixture
async def flows(world: World) -> Automation:
    return Automation(world)


async def opened(world: World) -> UUID:
    """The incident of an alert that has just come; nobody has been paged yet."""
    policy = world.policy(("ana", 24 * HOUR))
    await world.send(world.source(policy), str(new_id()))
    newest = select(rows.c.id).order_by(rows.c.id.desc()).limit(1)
    incident_id: UUID = (await world.tx.execute(newest)).scalar_one()
    return incident_id


async def notes(world: World, incident_id: UUID) -> list[str]:
    lines = await world.timeline(incident_id)
    return [line for line in lines if line == "incident.note"]


async def test_an_incident_starts_its_workflow_and_both_are_in_the_timeline(
    world: World, flows: Automation
) -> None:
    await flows.make(chain(trigger(), NOTE))
    incident_id = await opened(world)

    await flows.work()

    (run,) = await flows.runs()
    assert run.status == "succeeded"
    timeline = await world.timeline(incident_id)
    assert timeline[-3:] == ["workflow.started", "incident.note", "workflow.finished"]


async def test_a_condition_goes_one_way_and_the_other_is_skipped(
    world: World, flows: Automation
) -> None:
    loud = node("loud", "condition", condition='severity == "critical"')
    await flows.make(
        graph(
            [trigger(), loud, NOTE, action("end", "resolve")],
            [
                edge("begin", "loud"),
                edge("loud", "note", "yes"),
                edge("loud", "end", "no"),
            ],
        )
    )
    await opened(world)

    await flows.work()

    assert await flows.statuses() == {
        "loud": "succeeded",
        "note": "succeeded",
        "end": "skipped",
    }


async def test_a_join_waits_for_the_slower_branch(
    world: World, flows: Automation
) -> None:
    wait = node("wait", "delay", seconds=300)
    await flows.make(
        graph(
            [trigger(), NOTE, wait, node("both", "join"), action("end", "resolve")],
            [
                edge("begin", "note"),
                edge("begin", "wait"),
                edge("note", "both"),
                edge("wait", "both"),
                edge("both", "end"),
            ],
        )
    )
    await opened(world)

    await flows.work()
    before = await flows.statuses()
    await flows.wait(5 * MINUTE)

    assert before == {"note": "succeeded", "wait": "due"}
    assert set((await flows.statuses()).values()) == {"succeeded"}


async def test_a_workflow_of_another_team_is_not_started(
    world: World, flows: Automation
) -> None:
    other = await accounts.create_team(world.tx, "Ops", "", world.now)
    mine, world.team_id = world.team_id, other.id
    await flows.make(chain(trigger(), NOTE))
    world.team_id = mine
    await opened(world)

    await flows.work()

    assert not await flows.runs()


async def test_open_for_starts_only_what_nobody_has_taken(
    world: World, flows: Automation
) -> None:
    later = trigger(kind="open_for", minutes=10)
    await flows.make(chain(later, NOTE))
    first = await opened(world)
    await flows.work()
    await flows.wait(9 * MINUTE)
    early = len(await flows.runs())
    await flows.wait(MINUTE)
    on_time = len(await flows.runs())

    await incidents.resolve(world.tx, first, None, flows.admin, world.now)
    second = await opened(world)
    await flows.work()
    await incidents.acknowledge(world.tx, second, flows.admin, world.now)
    await flows.wait(HOUR)

    assert (early, on_time, len(await flows.runs())) == (0, 1, 1)


async def test_what_a_workflow_does_does_not_start_it_again(
    world: World, flows: Automation
) -> None:
    await flows.make(chain(trigger(kind="note_added"), NOTE))
    incident_id = await opened(world)
    await writing.add_note(world.tx, incident_id, "hm", flows.admin, world.now)

    await flows.work()

    assert len(await flows.runs()) == 1
    assert "workflow.held_back" in await world.timeline(incident_id)


async def test_two_workflows_cannot_feed_each_other(
    world: World, flows: Automation
) -> None:
    to_one = action("set", "set_priority", priority="P1")
    to_two = action("set", "set_priority", priority="P2")
    await flows.make(chain(trigger(kind="priority_changed"), to_one), "One")
    await flows.make(chain(trigger(kind="priority_changed"), to_two), "Two")
    incident_id = await opened(world)
    changed = {"priority": "P3"}
    await writing.edit(world.tx, incident_id, changed, flows.admin, world.now)

    await flows.work()

    assert len(await flows.runs()) <= 4


async def test_runs_of_one_key_come_one_after_the_other(
    world: World, flows: Automation
) -> None:
    slow = node("wait", "delay", seconds=60)
    key = {"concurrency_key": "{{incident.service.id}}"}
    workflow_id = await flows.make(chain(trigger(kind="manual"), slow, **key))
    incident_id = await opened(world)
    for _ in range(2):
        await runs.start_by_hand(
            world.tx, flows.admin, workflow_id, incident_id, world.now
        )

    await flows.work()
    first = [run.status.value for run in await flows.runs()]
    await flows.wait(MINUTE)
    then = [run.status.value for run in await flows.runs()]
    await flows.wait(MINUTE)

    assert first == ["running", "queued"]
    assert then == ["succeeded", "running"]
    assert [run.status.value for run in await flows.runs()] == ["succeeded"] * 2


async def test_a_loop_goes_through_what_an_answer_lists(
    world: World, flows: Automation
) -> None:
    async with serving(WebServer()) as server:
        body = b'{"hosts": ["a", "b", "c"]}'
        server.answer = (
            b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )
        url = f"http://127.0.0.1:{server.port}/hosts"
        await flows.make(
            graph(
                [
                    trigger(),
                    action(
                        "ask", "http_request", url=url, extract={"hosts": "$.hosts"}
                    ),
                    node("each", "loop", items="steps.ask.hosts", most=2),
                    action("note", "add_note", text="restart {{item}} ({{index}})"),
                    action("end", "resolve"),
                ],
                [
                    edge("begin", "ask"),
                    edge("ask", "each"),
                    edge("each", "note", "each"),
                    edge("each", "end", "done"),
                ],
            )
        )
        await opened(world)
        await flows.work()

    steps = await flows.steps()
    said = [steps[name].input["text"] for name in ("note", "note.1")]
    assert said == ["restart a (0)", "restart b (1)"]
    assert "note.2" not in steps
    assert (await flows.runs())[0].status == "succeeded"


async def test_what_fails_is_tried_again_and_then_caught(
    world: World, flows: Automation
) -> None:
    async with serving(WebServer(status=503)) as server:
        url = f"http://127.0.0.1:{server.port}/"
        await flows.make(
            graph(
                [trigger(), action("ask", "http_request", 2, url=url), NOTE],
                [edge("begin", "ask"), edge("ask", "note", "failed")],
            )
        )
        await opened(world)
        await flows.work()
        for _ in range(5):
            await flows.wait(15 * MINUTE)
        posts = server.posts

    keys = {post.headers["idempotency-key"] for post in posts}
    assert (len(posts), len(keys)) == (3, 1)
    assert await flows.statuses() == {"ask": "failed", "note": "succeeded"}
    assert (await flows.runs())[0].status == "succeeded"


async def test_a_failure_that_nothing_catches_ends_the_run(
    world: World, flows: Automation
) -> None:
    async with serving(WebServer(status=400)) as server:
        url = f"http://127.0.0.1:{server.port}/"
        long = node("long", "delay", seconds=3600)
        await flows.make(
            graph(
                [trigger(), action("ask", "http_request", url=url), long],
                [edge("begin", "ask"), edge("begin", "long")],
            )
        )
        incident_id = await opened(world)
        await flows.work()

    (run,) = await flows.runs()
    assert (run.status.value, run.error) == ("failed", "the address answered 400: ok")
    assert await flows.statuses() == {"ask": "failed", "long": "cancelled"}
    assert "workflow.failed" in await world.timeline(incident_id)


async def test_a_secret_is_sent_and_shown_nowhere(
    world: World, flows: Automation
) -> None:
    await flows.keep_secret("TOKEN", "hush-hush")
    async with serving(WebServer(status=401)) as server:
        url = f"http://127.0.0.1:{server.port}/"
        headers = {"Authorization": "Bearer {{secrets.TOKEN}}"}
        body = {"said": "{{secrets.TOKEN}}"}
        call = action("ask", "http_request", url=url, headers=headers, json_body=body)
        await flows.make(chain(trigger(), call))
        await opened(world)
        server.answer = b"HTTP/1.1 401 No\r\nContent-Length: 9\r\n\r\nhush-hush"
        await flows.work()
        sent = server.posts[0]

    assert sent.headers["authorization"] == "Bearer hush-hush"
    assert "hush-hush" not in str(await flows.steps())
    assert "hush-hush" not in str(await flows.runs())


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
    await opened(world)
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
    await opened(world)
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
    await opened(world)
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
    incident_id = await opened(world)
    await flows.work()
    run = (await flows.runs())[0]

    await runs.cancel(world.tx, flows.admin, run.id, world.now)
    await flows.wait(HOUR)

    assert await flows.statuses() == {"wait": "cancelled"}
    assert not await notes(world, incident_id)


async def test_a_run_keeps_the_version_it_began_with(
    world: World, flows: Automation
) -> None:
    wait = node("wait", "delay", seconds=60)
    workflow_id = await flows.make(chain(trigger(), wait, NOTE))
    await opened(world)
    await flows.work()

    new = WorkflowContent.model_validate(chain(trigger(), action("end", "resolve")))
    saved = await service.save(
        world.tx, flows.admin, workflow_id, new, "shorter", world.now
    )
    await flows.wait(MINUTE)

    assert saved.version_number == 2
    assert (await flows.statuses())["note"] == "succeeded"


async def test_a_schedule_starts_a_workflow_at_its_wall_clock_time(
    flows: Automation,
) -> None:
    daily = trigger(kind="schedule", cron="30 10 * * *", time_zone="Europe/Berlin")
    wait = node("wait", "delay", seconds=1)
    await flows.make(chain(daily, wait))

    await flows.wait(29 * MINUTE)  # 09:29 UTC is 10:29 there
    before = len(await flows.runs())
    await flows.wait(MINUTE)
    on_time = len(await flows.runs())
    await flows.wait(timedelta(days=1))

    assert (before, on_time, len(await flows.runs())) == (0, 1, 2)


async def test_templates_that_name_nothing_are_refused_by_name(
    flows: Automation,
) -> None:
    wrong = action("note", "add_note", text="{{incident.titel}} {{steps.ask.x}}")

    with pytest.raises(Invalid, match=r"incident\.titel"):
        await flows.make(chain(trigger(), wrong))


async def test_installation_workflows_run_for_every_team(
    world: World, flows: Automation
) -> None:
    await flows.make(chain(trigger(), NOTE), of_all=True)
    await opened(world)

    await flows.work()

    assert (await flows.runs())[0].status == "succeeded"
