"""What was sent says in its place what has become of the incident since."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from pagefree.core.routing import Urgency
from pagefree.incidents import people, service
from pagefree.tables.notifications import notifications
from tests.fake_servers import WebServer, web_server
from tests.simulation.world import HOUR, MINUTE, World

AT_ONCE = timedelta(0)
SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class Slack:
    """Where Ana and Bo read, and what it was asked to do."""

    world: World
    web: WebServer

    def says(self, **body: object) -> None:
        text = json.dumps(body)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\n\r\n"
        self.web.answer = (head + text).encode()

    def asked(self, method: str) -> list[str]:
        """The first lines of what was posted, or was changed."""
        bodies = [json.loads(p.body) for p in self.web.posts if method in p.path]
        return [body["text"].replace("\u200b", "") for body in bodies]

    @property
    def updates(self) -> list[str]:
        return self.asked("chat.update")


@pytest.fixture
async def slack(world: World) -> AsyncIterator[Slack]:
    """Everybody is told by Slack alone, at once."""
    world.demo = False
    async with web_server() as web:
        url = f"http://127.0.0.1:{web.port}"
        config: dict[str, object] = {
            "bot_token": "xoxb-1",
            "signing_secret": "s" * 20,
            "api_url": url,
        }
        await world.set_up(slack=config)
        for number, name in enumerate(("ana", "bo")):
            user = f"U{number}"
            method = await world.method(name, "slack", team_id="T1", user_id=user)
            await world.rules(name, (Urgency.HIGH, AT_ONCE, method))
        made = Slack(world, web)
        made.says(ok=True, channel="D1", ts="17.1")
        yield made


async def page_ana(world: World) -> UUID:
    return await world.trigger(world.policy(("ana", 24 * HOUR)))


async def acknowledge(world: World, incident: UUID, name: str = "bo") -> None:
    await service.acknowledge(world.tx, incident, world.actor(name), world.now)


async def resolve(world: World, incident: UUID) -> None:
    await service.resolve(world.tx, incident, None, world.actor("bo"), world.now)


async def test_a_message_says_who_has_it_and_then_that_it_is_over(
    world: World, slack: Slack
) -> None:
    incident = await page_ana(world)
    await world.advance(MINUTE)
    assert slack.updates == []

    await acknowledge(world, incident)
    await world.advance(MINUTE)
    await resolve(world, incident)
    await world.advance(HOUR)

    acknowledged, resolved = slack.updates
    assert acknowledged.startswith("Acknowledged by bo: ")
    assert resolved.startswith("Resolved by bo: ")
    assert len(slack.asked("chat.postMessage")) == 1
    body = json.loads(slack.web.posts[-1].body)
    assert (body["channel"], body["ts"]) == ("D1", "17.1")
    assert "actions" not in {block["type"] for block in body["blocks"]}


async def test_changes_in_quick_succession_are_one_update(
    world: World, slack: Slack
) -> None:
    incident = await page_ana(world)

    await acknowledge(world, incident)
    await resolve(world, incident)
    await world.advance(HOUR)

    [update] = slack.updates
    assert update.startswith("Resolved by bo: ")


async def test_who_was_paged_before_it_was_given_to_somebody_else_is_told(
    world: World, slack: Slack
) -> None:
    incident = await page_ana(world)

    bo = world.people["bo"]
    await people.assign_user(world.tx, incident, bo, world.actor("ana"), world.now)
    await world.advance(MINUTE)

    [update] = slack.updates
    assert update.startswith("Others are asked now: ")
    assert len(slack.asked("chat.postMessage")) == 2


async def test_what_is_just_leaving_is_updated_once_it_has_left(
    world: World, slack: Slack
) -> None:
    world.working = False
    incident = await page_ana(world)
    await world.escalate()
    leaving = await world.claim()

    await acknowledge(world, incident)
    assert await world.update_messages() == 0
    await world.settle(await world.attempt(leaving))

    assert await world.update_messages() == 1
    assert len(slack.updates) == 1


async def test_an_update_that_fails_is_tried_a_few_times_and_keeps_no_page_waiting(
    world: World, slack: Slack
) -> None:
    incident = await page_ana(world)
    slack.says(ok=False, error="internal_error")

    await acknowledge(world, incident)
    await world.advance(HOUR)
    assert len(slack.updates) == 3

    slack.says(ok=True, channel="D1", ts="17.2")
    await page_ana(world)
    assert await world.statuses("slack") == ["accepted", "accepted"]
    assert len(slack.updates) == 3


async def test_an_update_that_can_never_work_is_tried_once(
    world: World, slack: Slack
) -> None:
    incident = await page_ana(world)
    slack.says(ok=False, error="message_not_found")

    await acknowledge(world, incident)
    await world.advance(HOUR)

    assert len(slack.updates) == 1


async def test_a_message_about_several_is_updated_when_none_of_them_asks_any_more(
    world: World, slack: Slack
) -> None:
    policy = world.policy(("ana", 24 * HOUR))
    world.working = False
    incidents = [await world.trigger(policy) for _ in range(8)]
    world.working = True
    await world.work()
    assert len(slack.asked("chat.postMessage")) == 6

    bundled = [i for i in incidents if await _is_bundled(world, i)]
    assert len(bundled) == 3
    for incident in bundled[:2]:
        await acknowledge(world, incident)
    await world.work()
    assert slack.updates == []

    await acknowledge(world, bundled[2])
    await world.work()

    [update] = slack.updates
    assert update.startswith("All taken care of: 3 incidents: ")


async def test_what_was_sent_long_ago_is_left_alone(world: World, slack: Slack) -> None:
    incident = await world.trigger(world.policy(("ana", 100 * HOUR)))
    await world.advance(25 * HOUR)

    await acknowledge(world, incident)
    await world.advance(MINUTE)

    assert slack.updates == []


async def test_somebody_who_was_asked_for_help_by_name_is_asked_until_it_is_over(
    world: World, slack: Slack
) -> None:
    incident = await page_ana(world)
    bo, ana = world.people["bo"], world.actor("ana")
    await people.add_responder(world.tx, incident, bo, ana, world.now)
    await world.work()

    await acknowledge(world, incident, "ana")
    await world.work()
    assert len(slack.updates) == 1

    await resolve(world, incident)
    await world.work()
    assert len(slack.updates) == 3


async def _is_bundled(world: World, incident: UUID) -> bool:
    rows = select(notifications.c.bundled_with_id).where(
        notifications.c.incident_id == incident,
        notifications.c.bundled_with_id.is_not(None),
    )
    return await world.tx.scalar(rows) is not None
