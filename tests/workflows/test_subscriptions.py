"""Machines that are told of events: signed, in order, retried, switched off in the end."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook

from pagefree.core.access import Actor
from pagefree.incidents import writing
from pagefree.infra.ids import new_id
from pagefree.tables.handovers import shift_notices
from pagefree.tables.incidents import incidents
from pagefree.timeline.listening import Listener, read_on
from pagefree.workflows import delivering, subscribing
from pagefree.workflows import subscription_queries as queries
from pagefree.workflows.subscribing import NewSubscription
from tests.fake_servers import WebServer, serving
from tests.simulation.conftest import world as world  # noqa: PLC0414 - the fixture
from tests.simulation.world import HOUR, World

LISTENER: Listener = subscribing.listener("https://pagefree.example.org")
LEASE = timedelta(seconds=60)
TOLD = (
    "“Bot” is told of events no more: {why}. Once it works, switch the subscription on"
    " again and send anew what it has missed."
)


async def subscribed(
    world: World, port: int, shape: str = "standard"
) -> tuple[UUID, str]:
    """A subscription of the team, and its secret."""
    await read_on(world.tx, LISTENER, world.now)
    url = f"http://127.0.0.1:{port}/hook"
    new = NewSubscription(world.team_id, "Bot", url, shape, ["incident."])
    made, secret = await subscribing.create(
        world.tx, admin(world), new, world.vault, world.now
    )
    return made.id, secret


def admin(world: World) -> Actor:
    return Actor(world.people["ana"], "Ana", platform_admin=True)


async def opened(world: World) -> UUID:
    policy = world.policy(("ana", 24 * HOUR))
    await world.send(world.source(policy), str(new_id()))
    newest = select(incidents.c.id).order_by(incidents.c.id.desc()).limit(1)
    incident_id: UUID = (await world.tx.execute(newest)).scalar_one()
    return incident_id


async def deliver(world: World) -> int:
    """Hear what has happened, and send all that is due; how many attempts were made."""
    while await read_on(world.tx, LISTENER, world.now):
        pass
    attempts = 0
    while claimed := await queries.claim(world.tx, 10, LEASE, world.now):
        for one in claimed:
            receiver = await subscribing.find(world.tx, one.subscription_id)
            answered = await delivering.send(
                world.http, world.vault, receiver, one, world.now
            )
            await delivering.settle(world.tx, one, answered, world.now)
            attempts += 1
    return attempts


async def test_events_are_signed_and_come_in_order(world: World) -> None:
    async with serving(WebServer()) as server:
        await subscribed(world, server.port)
        incident_id = await opened(world)
        await writing.add_note(world.tx, incident_id, "hm", admin(world), world.now)

        await deliver(world)

    bodies = [json.loads(post.body) for post in server.posts]
    assert [body["type"] for body in bodies] == ["incident.triggered", "incident.note"]
    assert [body["data"]["sequence"] for body in bodies] == [1, 2]


async def test_the_signature_is_that_of_the_specification(world: World) -> None:
    async with serving(WebServer()) as server:
        _, secret = await subscribed(world, server.port)
        await opened(world)
        await deliver(world)
        post = server.posts[0]

    expected = Webhook(secret).sign(
        post.headers["webhook-id"], world.now, post.body.decode()
    )
    assert post.headers["webhook-signature"] == expected


async def test_what_fails_holds_back_what_came_later_of_the_same_incident(
    world: World,
) -> None:
    async with serving(WebServer(status=503)) as server:
        await subscribed(world, server.port)
        incident_id = await opened(world)
        await writing.add_note(world.tx, incident_id, "hm", admin(world), world.now)

        assert await deliver(world) == 1
        server.status = 200
        world.now += timedelta(seconds=10)
        await deliver(world)

    kinds = [json.loads(post.body)["type"] for post in server.posts]
    assert kinds == ["incident.triggered", "incident.triggered", "incident.note"]
    ids = {post.headers["webhook-id"] for post in server.posts[:2]}
    assert len(ids) == 1


async def test_a_receiver_that_is_gone_is_told_no_more(world: World) -> None:
    async with serving(WebServer(status=410)) as server:
        subscription_id, _ = await subscribed(world, server.port)
        await opened(world)
        await deliver(world)
        await opened(world)
        await deliver(world)

    found = await subscribing.get(world.tx, admin(world), subscription_id)
    assert found.disabled_at is not None
    assert len(server.posts) == 1
    (said,) = await told(world)
    assert said == TOLD.format(why="it answered 410, which means that it wants no more")


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [(503, "503", "answered 503"), (None, "no answer", "gave no answer")],
    ids=["refused", "silent"],
)
async def test_whoever_made_it_is_told_why_a_receiver_is_told_no_more(
    world: World, status: int | None, answer: str, said: str
) -> None:
    async with serving(WebServer()) as server:
        subscription_id, _ = await subscribed(world, server.port)
    late = timedelta(hours=49)
    for _ in range(3):
        assert await told(world) == []
        await opened(world)
        while await read_on(world.tx, LISTENER, world.now):
            pass
        (one,) = await queries.claim(world.tx, 10, LEASE, world.now)
        world.now += late
        await delivering.settle(world.tx, one, (status, answer, None), world.now)

    found = await subscribing.get(world.tx, admin(world), subscription_id)
    why = f"3 deliveries in a row were given up, and the last one {said}"
    assert found.disabled_reason == why
    assert await told(world) == [TOLD.format(why=why)]


async def told(world: World) -> list[str]:
    """What Ana, who made it, is told."""
    mine = shift_notices.c.user_id == world.people["ana"]
    found = await world.tx.execute(select(shift_notices.c.text).where(mine))
    return list(found.scalars())


async def test_what_was_given_up_can_be_sent_again(world: World) -> None:
    async with serving(WebServer(status=500)) as server:
        subscription_id, _ = await subscribed(world, server.port)
        await opened(world)
        for _ in range(12):
            await deliver(world)
            world.now += timedelta(hours=12)
        (lost,) = await queries.list_deliveries(world.tx, subscription_id, None, 10)
        server.status = 200

        await subscribing.replay(
            world.tx, admin(world), subscription_id, lost.id, world.now
        )
        await deliver(world)

    (sent,) = await queries.list_deliveries(world.tx, subscription_id, None, 10)
    assert (lost.status, sent.status) == ("failed", "delivered")


async def test_for_a_day_both_secrets_sign(world: World) -> None:
    async with serving(WebServer()) as server:
        subscription_id, _ = await subscribed(world, server.port)
        await subscribing.rotate(
            world.tx, admin(world), subscription_id, world.vault, world.now
        )
        await opened(world)
        await deliver(world)

    assert len(server.posts[0].headers["webhook-signature"].split(" ")) == 2


async def test_consumers_of_pagerduty_read_their_own_shape(world: World) -> None:
    async with serving(WebServer()) as server:
        await subscribed(world, server.port, "pagerduty_v3")
        await opened(world)
        await deliver(world)
        post = server.posts[0]

    event = json.loads(post.body)["event"]
    assert event["event_type"] == "incident.triggered"
    assert event["data"]["status"] == "triggered"
    assert post.headers["x-pagerduty-signature"].startswith("v1=")
