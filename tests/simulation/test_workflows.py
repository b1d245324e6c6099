"""What workflows do about incidents, told as stories."""

from datetime import timedelta

import pytest

from pagefree.accounts import service as accounts
from pagefree.core.errors import Invalid
from pagefree.incidents import service as incidents
from pagefree.incidents import writing
from pagefree.workflows import runs
from tests.fake_servers import WebServer, serving
from tests.simulation.world import HOUR, MINUTE, World
from tests.workflows.automation import Automation
from tests.workflows.graphs import action, chain, edge, graph, node, trigger

NOTE = action("note", "add_note", text="{{incident.title}} began")


@pytest.fixture
async def flows(world: World) -> Automation:
    return Automation(world)


async def test_an_incident_starts_its_workflow_and_both_are_in_the_timeline(
    world: World, flows: Automation
) -> None:
    await flows.make(chain(trigger(), NOTE))
    incident_id = await flows.opened()

    await flows.work()

    (run,) = await flows.runs()
    assert run.status == "succeeded"
    timeline = await world.timeline(incident_id)
    assert timeline[-3:] == ["workflow.started", "incident.note", "workflow.finished"]


async def test_a_condition_goes_one_way_and_the_other_is_skipped(
    flows: Automation,
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
    await flows.opened()

    await flows.work()

    assert await flows.statuses() == {
        "loud": "succeeded",
        "note": "succeeded",
        "end": "skipped",
    }


async def test_a_join_waits_for_the_slower_branch(
    flows: Automation,
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
    await flows.opened()

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
    await flows.opened()

    await flows.work()

    assert not await flows.runs()


async def test_open_for_starts_only_what_nobody_has_taken(
    world: World, flows: Automation
) -> None:
    later = trigger(kind="open_for", minutes=10)
    await flows.make(chain(later, NOTE))
    first = await flows.opened()
    await flows.work()
    await flows.wait(9 * MINUTE)
    early = len(await flows.runs())
    await flows.wait(MINUTE)
    on_time = len(await flows.runs())

    await incidents.resolve(world.tx, first, None, flows.admin, world.now)
    second = await flows.opened()
    await flows.work()
    await incidents.acknowledge(world.tx, second, flows.admin, world.now)
    await flows.wait(HOUR)

    assert (early, on_time, len(await flows.runs())) == (0, 1, 1)


async def test_what_a_workflow_does_does_not_start_it_again(
    world: World, flows: Automation
) -> None:
    await flows.make(chain(trigger(kind="note_added"), NOTE))
    incident_id = await flows.opened()
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
    incident_id = await flows.opened()
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
    incident_id = await flows.opened()
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
    flows: Automation,
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
        await flows.opened()
        await flows.work()

    steps = await flows.steps()
    said = [steps[name].input["text"] for name in ("note", "note.1")]
    assert said == ["restart a (0)", "restart b (1)"]
    assert "note.2" not in steps
    assert (await flows.runs())[0].status == "succeeded"


async def test_what_fails_is_tried_again_and_then_caught(
    flows: Automation,
) -> None:
    async with serving(WebServer(status=503)) as server:
        url = f"http://127.0.0.1:{server.port}/"
        await flows.make(
            graph(
                [trigger(), action("ask", "http_request", 2, url=url), NOTE],
                [edge("begin", "ask"), edge("ask", "note", "failed")],
            )
        )
        await flows.opened()
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
        incident_id = await flows.opened()
        await flows.work()

    (run,) = await flows.runs()
    assert (run.status.value, run.error) == ("failed", "the address answered 400: ok")
    assert await flows.statuses() == {"ask": "failed", "long": "cancelled"}
    assert "workflow.failed" in await world.timeline(incident_id)


async def test_a_secret_is_sent_and_shown_nowhere(
    flows: Automation,
) -> None:
    await flows.keep_secret("TOKEN", "hush-hush")
    async with serving(WebServer(status=401)) as server:
        url = f"http://127.0.0.1:{server.port}/"
        headers = {"Authorization": "Bearer {{secrets.TOKEN}}"}
        body = {"said": "{{secrets.TOKEN}}"}
        call = action("ask", "http_request", url=url, headers=headers, json_body=body)
        await flows.make(chain(trigger(), call))
        await flows.opened()
        server.answer = b"HTTP/1.1 401 No\r\nContent-Length: 9\r\n\r\nhush-hush"
        await flows.work()
        sent = server.posts[0]

    assert sent.headers["authorization"] == "Bearer hush-hush"
    assert "hush-hush" not in str(await flows.steps())
    assert "hush-hush" not in str(await flows.runs())


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
    flows: Automation,
) -> None:
    await flows.make(chain(trigger(), NOTE), of_all=True)
    await flows.opened()

    await flows.work()

    assert (await flows.runs())[0].status == "succeeded"
