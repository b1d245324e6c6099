"""A channel in Slack for each incident, where a room asks for it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from pagefree.core.access import Role
from pagefree.core.policies import Policy, Step, Target, TargetKind
from pagefree.core.routing import Urgency
from pagefree.incidents import people, service, writing
from pagefree.infra.ids import new_id
from pagefree.notifications import chats, rooms
from pagefree.notifications.room_queries import NewRoom
from pagefree.tables.rooms import incident_chats
from tests.fake_servers import serving
from tests.fakes.slack_rooms import Conversation, Workspace
from tests.simulation.world import HOUR, MINUTE, World

AT_ONCE = timedelta(0)
SECOND = timedelta(seconds=1)
DAY = 24 * HOUR


@dataclass(slots=True)
class Scene:
    """A room that asks for a channel for each incident."""

    world: World
    slack: Workspace
    policy: Policy

    async def look(self) -> None:
        """What the worker's job does until nothing is due."""
        gateway = self.world.gateway()
        while due := await chats.take(self.world.tx, gateway):
            results = await chats.tend_all(gateway, due)
            await chats.settle(self.world.tx, results, self.world.now)

    async def later(self, by: timedelta) -> None:
        await self.world.advance(by)
        await self.look()

    async def begin(self, title: str = "Disk full") -> UUID:
        incident = await self.world.trigger(self.policy, title=title)
        await self.look()
        return incident

    @property
    def chat(self) -> Conversation:
        [made] = self.slack.made
        return made


@pytest.fixture
async def scene(world: World) -> AsyncIterator[Scene]:
    """Ana is paged by Slack, and the room Ops is told."""
    world.demo = False
    await world.join("cy", Role.TEAM_ADMIN)
    async with serving(Workspace()) as slack:
        config: dict[str, object] = {
            "bot_token": "xoxb-1",
            "signing_secret": "s" * 20,
            "api_url": f"{slack.base}/api",
        }
        await world.set_up(slack=config)
        for number, name in enumerate(("ana", "bo")):
            user = f"U{number}"
            method = await world.method(name, "slack", team_id="T1", user_id=user)
            await world.rules(name, (Urgency.HIGH, AT_ONCE, method))
        asked = NewRoom(
            new_id(),
            world.team_id,
            "slack",
            "Ops",
            {"channel_id": "C1", "incident_chats": True},
        )
        lead = world.actor("cy", Role.TEAM_ADMIN)
        room, _ = await rooms.add(world.tx, lead, asked, world.vault, world.now)
        await world.set_method(room.id, unverified_since=None)
        targets = (
            Target(TargetKind.ROOM, room.id),
            Target(TargetKind.USER, world.people["ana"]),
        )
        yield Scene(
            world, slack, Policy(new_id(), "policy", (Step(10 * MINUTE, targets),))
        )


async def test_an_incident_gets_a_channel_with_those_who_are_paged(
    world: World, scene: Scene
) -> None:
    incident = await scene.begin("Disk <!channel> FULL on /var")

    assert scene.chat.name.startswith("inc-")
    assert scene.chat.name.endswith("-disk-channel-full-on-var")
    assert scene.chat.members == {"U0"}
    assert "triggered · Shop · critical · https://pagefree.example.org/" in (
        scene.chat.topic
    )
    [told] = scene.chat.told
    assert "opened the incident" in told
    assert "paged ana" in told
    assert "incident.chat_made" in await world.timeline(incident)


async def test_whoever_helps_is_asked_in_and_notes_are_told_there(
    world: World, scene: Scene
) -> None:
    incident = await scene.begin()
    lead = world.actor("cy", Role.TEAM_ADMIN)

    await people.add_responder(world.tx, incident, world.people["bo"], lead, world.now)
    await writing.add_note(world.tx, incident, "try <@U9> *now*", lead, world.now)
    await service.acknowledge(world.tx, incident, lead, world.now)
    await scene.later(MINUTE)

    assert scene.chat.members == {"U0", "U1"}
    assert "acknowledged by cy" in scene.chat.topic
    told = scene.chat.told[-1]
    assert "cy asked for help from bo" in told
    assert "<@U9>" not in told
    assert "*now*" not in told


async def test_it_is_archived_a_day_after_the_incident_is_over(
    world: World, scene: Scene
) -> None:
    incident = await scene.begin()
    lead = world.actor("cy", Role.TEAM_ADMIN)
    await service.resolve(world.tx, incident, "cleaned up", lead, world.now)
    await scene.later(HOUR)
    assert scene.chat.told[-1].endswith("cy resolved: cleaned up")
    assert not scene.chat.archived

    await scene.later(DAY)

    assert scene.chat.archived
    row = (await world.tx.execute(select(incident_chats))).one()
    assert row.due_at is None
    assert row.archived_at is not None


async def test_it_is_kept_when_the_incident_is_opened_again(
    world: World, scene: Scene
) -> None:
    incident = await scene.begin()
    lead = world.actor("cy", Role.TEAM_ADMIN)
    await service.resolve(world.tx, incident, None, lead, world.now)
    await scene.later(HOUR)

    await service.reopen(world.tx, incident, lead, world.now)
    await scene.later(HOUR)
    await scene.later(2 * DAY)

    assert not scene.chat.archived
    assert "re-opened" in "".join(scene.chat.told)


async def test_a_crash_after_any_call_repeats_at_most_that_one(
    world: World, scene: Scene
) -> None:
    """The row is written after the call: what was not written down is done again."""
    await world.trigger(scene.policy)
    gateway = world.gateway()
    for _ in range(6):
        due = await chats.take(world.tx, gateway)
        await chats.tend_all(gateway, due)  # and nothing is written down
        world.now += chats.LEASE + SECOND
        due = await chats.take(world.tx, gateway)
        await chats.settle(world.tx, await chats.tend_all(gateway, due), world.now)

    first, second = scene.slack.made  # one that nobody was asked into
    assert second.name == f"{first.name}-2"
    assert first.members == set()
    assert second.members == {"U0"}
    assert len(set(second.told)) == len(second.told) - 1


async def test_what_slack_asks_to_wait_is_waited(scene: Scene) -> None:
    scene.slack.fails["conversations.create"] = ["429"]
    await scene.begin()
    assert scene.slack.made == []

    await scene.later(29 * SECOND)
    assert scene.slack.made == []
    await scene.later(2 * SECOND)

    assert scene.chat.members == {"U0"}


async def test_what_cannot_be_made_is_told_and_given_up(
    world: World, scene: Scene
) -> None:
    scene.slack.fails["conversations.create"] = ["missing_scope"]
    incident = await scene.begin()
    await scene.later(HOUR)

    assert scene.slack.calls.count("conversations.create") == 1
    assert "incident.chat_failed" in await world.timeline(incident)


async def test_an_incident_has_one_channel_however_often_the_room_is_told(
    scene: Scene,
) -> None:
    scene.policy = Policy(new_id(), "policy", scene.policy.steps, repeats=3)
    await scene.begin()
    await scene.later(HOUR)

    assert len(scene.slack.made) == 1
