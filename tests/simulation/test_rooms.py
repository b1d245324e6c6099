"""Steps that post to the rooms of a team: what is told there, and what comes of it."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from pagefree.channels.base import Reply
from pagefree.core.access import Actor, Role
from pagefree.core.errors import Conflict
from pagefree.core.policies import Policy, Step, Target, TargetKind
from pagefree.core.routing import Urgency
from pagefree.escalation import service as escalation
from pagefree.escalation.policy_queries import Draft
from pagefree.incidents import answers, service
from pagefree.infra.ids import new_id
from pagefree.notifications import rooms
from pagefree.notifications.falling_through import UNREACHED
from pagefree.notifications.room_queries import NewRoom
from pagefree.tables.accounts import contact_methods
from pagefree.tables.channels import findings
from pagefree.tables.notifications import action_links
from pagefree.tables.timeline import events
from tests.fake_servers import WebServer, web_server
from tests.simulation.world import HOUR, MINUTE, START, World

AT_ONCE = timedelta(0)


@dataclass(slots=True)
class Chat:
    """A Slack in which the team has the room Ops, and what it was asked to do."""

    world: World
    web: WebServer
    ops: UUID

    def says(self, **body: object) -> None:
        text = json.dumps(body)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\n\r\n"
        self.web.answer = (head + text).encode()

    def asked(self, method: str) -> list[dict[str, object]]:
        return [json.loads(p.body) for p in self.web.posts if method in p.path]

    @property
    def posts(self) -> list[dict[str, object]]:
        return self.asked("chat.postMessage")


def admin(world: World) -> Actor:
    return world.actor("cy", Role.TEAM_ADMIN)


def to(room_id: UUID) -> Target:
    return Target(TargetKind.ROOM, room_id)


async def add_room(world: World, name: str, **address: object) -> UUID:
    """A room in Slack of which it is known that it is the team's."""
    asked = NewRoom(new_id(), world.team_id, "slack", name, address)
    room, _ = await rooms.add(world.tx, admin(world), asked, world.vault, world.now)
    await world.set_method(room.id, unverified_since=None)
    return room.id


@pytest.fixture
async def chat(world: World) -> AsyncIterator[Chat]:
    """Cy administers the team; Ana and Bo are told by Slack alone, at once."""
    world.demo = False
    await world.join("cy", Role.TEAM_ADMIN)
    async with web_server() as web:
        config: dict[str, object] = {
            "bot_token": "xoxb-1",
            "signing_secret": "s" * 20,
            "api_url": f"http://127.0.0.1:{web.port}",
        }
        await world.set_up(slack=config)
        for number, name in enumerate(("ana", "bo")):
            user = f"U{number}"
            method = await world.method(name, "slack", team_id="T1", user_id=user)
            await world.rules(name, (Urgency.HIGH, AT_ONCE, method))
        made = Chat(world, web, await add_room(world, "Ops", channel_id="C1"))
        made.says(ok=True, channel="C1", ts="17.1")
        yield made


def policy(world: World, *steps: tuple[Target | str, ...]) -> Policy:
    """Steps of ten minutes."""
    targets = (
        tuple(
            one
            if isinstance(one, Target)
            else Target(TargetKind.USER, world.people[one])
            for one in step
        )
        for step in steps
    )
    made = tuple(Step(10 * MINUTE, one) for one in targets)
    return Policy(new_id(), "policy", made)


async def open_findings(world: World) -> list[str]:
    """Those of rooms: people whom nothing reaches are found, too."""
    c = findings.c
    lasts = c.ended_at.is_(None) & (c.kind != UNREACHED)
    rows = await world.tx.execute(select(c.detail).where(lasts))
    return list(rows.scalars())


async def test_a_room_is_told_and_the_step_goes_on_at_its_time_out(
    world: World, chat: Chat
) -> None:
    incident = await world.trigger(policy(world, (to(chat.ops),), ("ana",)))
    await world.advance(9 * MINUTE)

    [told] = chat.posts
    assert told["channel"] == "C1"
    assert await world.statuses("slack") == ["accepted"]

    await world.advance(MINUTE)

    assert [post["channel"] for post in chat.posts] == ["C1", "U0"]
    kinds = await world.timeline(incident)
    assert kinds.count("escalation.paged") == 2
    assert "escalation.skipped" not in kinds


async def test_a_step_can_page_people_and_tell_a_room(world: World, chat: Chat) -> None:
    incident = await world.trigger(policy(world, ("ana", to(chat.ops))))
    await world.advance(MINUTE)

    assert sorted(str(post["channel"]) for post in chat.posts) == ["C1", "U0"]
    query = select(events.c.data).where(
        events.c.incident_id == incident, events.c.kind == "escalation.paged"
    )
    [data] = (await world.tx.execute(query)).scalars()
    assert [user["name"] for user in data["users"]] == ["ana"]
    assert data["rooms"] == [{"id": str(chat.ops), "name": "Ops"}]


async def test_a_policy_of_rooms_alone_ends_with_the_platform_admins(
    world: World, chat: Chat
) -> None:
    await world.person("root", admin=True)
    incident = await world.trigger(policy(world, (to(chat.ops),)))
    await world.advance(HOUR)

    kinds = await world.timeline(incident)
    assert kinds.count("escalation.paged") == 1
    assert "escalation.exhausted" in kinds


async def test_acknowledging_changes_what_was_posted(world: World, chat: Chat) -> None:
    incident = await world.trigger(policy(world, (to(chat.ops),), ("ana",)))

    await service.acknowledge(world.tx, incident, admin(world), world.now)
    await world.advance(HOUR)

    [update] = chat.asked("chat.update")
    assert (update["channel"], update["ts"]) == ("C1", "17.1")
    assert str(update["text"]).startswith("Acknowledged by cy: ")
    assert len(chat.posts) == 1


@pytest.mark.parametrize("error", ["channel_not_found", "not_in_channel"])
async def test_a_room_that_is_gone_is_found_and_does_not_hold_up_the_next_step(
    world: World, chat: Chat, error: str
) -> None:
    chat.says(ok=False, error=error)
    incident = await world.trigger(policy(world, (to(chat.ops),), ("bo",)))
    await world.advance(timedelta(seconds=30))

    assert [post["channel"] for post in chat.posts][:2] == ["C1", "U1"]
    assert await world.disabled_reason(chat.ops) == f"Slack says {error}"
    [detail] = await open_findings(world)
    assert detail.startswith("Nothing can be posted to the room Ops: Slack says")
    kinds = await world.timeline(incident)
    assert "notification.failed" in kinds
    assert "escalation.hastened" in kinds


async def test_a_broken_room_does_not_hasten_a_step_that_pages_somebody(
    world: World, chat: Chat
) -> None:
    await world.set_method(chat.ops, address={"channel_id": "C404"})
    second = await add_room(world, "Second", channel_id="C2")
    chat.says(ok=False, error="msg_too_long")
    incident = await world.trigger(
        policy(world, (to(chat.ops), to(second), "ana"), ("bo",))
    )
    await world.advance(MINUTE)

    assert "escalation.hastened" not in await world.timeline(incident)


async def test_a_room_that_works_again_is_nothing_to_look_after(
    world: World, chat: Chat
) -> None:
    chat.says(ok=False, error="msg_too_long")
    await world.trigger(policy(world, (to(chat.ops),), ("bo",)))
    assert await open_findings(world)

    chat.says(ok=True, channel="C1", ts="18.1")
    await world.trigger(policy(world, (to(chat.ops),), ("bo",)))

    assert await open_findings(world) == []


async def test_a_room_that_cannot_be_used_is_passed_over_and_that_is_recorded(
    world: World, chat: Chat
) -> None:
    await world.set_method(chat.ops, disabled_at=START)
    incident = await world.trigger(policy(world, (to(chat.ops),), ("ana",)))

    assert [post["channel"] for post in chat.posts] == ["U0"]
    assert "escalation.skipped" in await world.timeline(incident)


async def test_a_room_that_a_policy_names_is_not_removed(
    world: World, chat: Chat
) -> None:
    steps = policy(world, (to(chat.ops),), ("ana",)).steps
    draft = Draft(world.team_id, Policy(None, "Nights", steps))
    policy_id = await escalation.create(world.tx, draft, admin(world), world.now)

    with pytest.raises(Conflict, match="Nights"):
        await rooms.remove(world.tx, admin(world), chat.ops, world.now)

    await escalation.delete(world.tx, policy_id, admin(world), world.now)
    await rooms.remove(world.tx, admin(world), chat.ops, world.now)
    rows = await world.tx.execute(
        select(contact_methods.c.id).where(contact_methods.c.id == chat.ops)
    )
    assert rows.all() == []


async def test_incidents_that_escalate_by_an_older_copy_pass_a_removed_room_over(
    world: World, chat: Chat
) -> None:
    incident = await world.trigger(policy(world, ("ana",), (to(chat.ops),), ("bo",)))
    await rooms.remove(world.tx, admin(world), chat.ops, world.now)
    await world.advance(11 * MINUTE)

    assert [post["channel"] for post in chat.posts] == ["U0", "U1"]
    assert "escalation.skipped" in await world.timeline(incident)


@pytest.mark.usefixtures("chat")
async def test_what_is_posted_to_a_room_acts_as_nobody(world: World) -> None:
    """Links that carry their own proof are for one person's eyes."""
    async with web_server() as web:
        url = f"http://127.0.0.1:{web.port}/hook"
        for kind in ("teams", "discord", "mattermost"):
            asked = NewRoom(new_id(), world.team_id, kind, kind, {"url": url})
            room, _ = await rooms.add(
                world.tx, admin(world), asked, world.vault, world.now
            )
            await world.set_method(room.id, unverified_since=None)
            await world.trigger(policy(world, (to(room.id),)))
        told = [post.body.decode() for post in web.posts]

    assert len(told) == 3
    assert all("/incidents/" in body and "/act/" not in body for body in told)
    links = await world.tx.execute(select(action_links.c.id))
    assert links.all() == []


async def press(world: World, sender: str, incident: UUID) -> str | None:
    reply = Reply(
        sender, "acknowledge", id=str(new_id()), incident_id=incident, from_chat=True
    )
    return await answers.take(world.tx, "slack", reply, world.now)


async def test_who_responds_for_the_team_acknowledges_from_the_room(
    world: World, chat: Chat
) -> None:
    await world.join("bo")
    incident = await world.trigger(policy(world, (to(chat.ops),), ("ana",)))

    line = await press(world, "T1/U1", incident)
    await world.advance(HOUR)

    assert line is not None
    assert line.endswith("acknowledged")
    [update] = chat.asked("chat.update")
    assert str(update["text"]).startswith("Acknowledged by bo: ")


async def test_who_may_not_respond_for_the_team_only_reads_along(
    world: World, chat: Chat
) -> None:
    incident = await world.trigger(policy(world, (to(chat.ops),), ("ana",)))

    line = await press(world, "T1/U1", incident)

    assert line is not None
    assert "you may not respond for this team" in line
    assert "incident.acknowledged" not in await world.timeline(incident)


async def test_who_is_not_linked_is_told_how_to_be(world: World, chat: Chat) -> None:
    incident = await world.trigger(policy(world, (to(chat.ops),), ("ana",)))

    line = await press(world, "T1/U99", incident)

    assert line == answers.HOW_TO_LINK
    assert "incident.acknowledged" not in await world.timeline(incident)


async def test_a_storm_is_told_to_a_room_in_few_messages(
    world: World, chat: Chat
) -> None:
    told = policy(world, (to(chat.ops),))
    for _ in range(30):
        await world.trigger(told)
    await world.advance(2 * MINUTE)

    assert len(chat.posts) < 10
    assert set(await world.statuses("slack")) == {"accepted"}
