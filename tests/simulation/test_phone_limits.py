"""A phone that never stops ringing is switched off: past a few messages another way is used."""

from datetime import timedelta
from uuid import UUID

from pagefree.core.routing import Urgency
from pagefree.infra.db import driver
from pagefree.notifications import readiness, throttling
from tests.simulation.test_answers import SMS
from tests.simulation.test_reaching import NUMBER
from tests.simulation.world import HOUR, MINUTE, World

AT_ONCE = timedelta(0)


async def page_by(world: World, channel: str) -> None:
    """Ana is paged by phone, and half an hour later by mail; nothing leaves, it is a demo."""
    await world.set_up(**{channel: SMS})
    phone = await world.method("ana", channel, number=NUMBER)
    mail = await world.methods_of("ana")
    await world.rules(
        "ana", (Urgency.HIGH, AT_ONCE, phone), (Urgency.HIGH, 30 * MINUTE, mail)
    )


async def incidents(world: World, count: int) -> list[UUID]:
    """One after the other, each half a minute after the one before."""
    policy = world.policy(("ana", 24 * HOUR))
    made = []
    for _ in range(count):
        made.append(await world.trigger(policy))
        await world.advance(MINUTE / 2)
    return made


async def test_beyond_six_calls_in_ten_minutes_the_next_way_is_used_at_once(
    world: World,
) -> None:
    await page_by(world, "voice")

    *_, last = await incidents(world, 7)

    assert (await world.statuses("voice")).count("delivered") == 6
    assert (await world.statuses("voice"))[-1] == "skipped:too_many_lately"
    assert (await world.statuses("email")).count("delivered") == 1
    assert "notification.skipped" in await world.timeline(last)
    assert "notification.unreached" not in await world.timeline(last)


async def test_texts_are_limited_for_themselves(world: World) -> None:
    await page_by(world, "sms")

    await incidents(world, 11)

    assert (await world.statuses("sms")).count("delivered") == 10
    assert (await world.statuses("email")).count("delivered") == 1


async def test_ten_minutes_later_the_phone_rings_again(world: World) -> None:
    await page_by(world, "voice")
    await incidents(world, 7)

    await world.advance(10 * MINUTE)
    await incidents(world, 1)

    assert (await world.statuses("voice"))[-1] == "delivered"


async def test_the_phones_of_others_ring_all_the_same(world: World) -> None:
    await page_by(world, "voice")
    phone = await world.method("bo", "voice", number="+4915100000000")
    await world.rules("bo", (Urgency.HIGH, AT_ONCE, phone))
    await incidents(world, 7)

    await world.trigger(world.policy(("bo", HOUR)))

    assert (await world.statuses("voice"))[-1] == "delivered"


async def test_whose_phone_rang_too_often_is_found_for_a_day(world: World) -> None:
    await page_by(world, "voice")
    await incidents(world, 9)

    [finding] = await readiness.findings(world.tx)
    assert finding.kind == "throttled"
    assert finding.user_id == world.people["ana"]
    assert finding.detail.startswith("ana got 6 messages by Phone call within ten")

    connection = await driver(world.tx)
    await throttling.end_old(connection, world.now + 23 * HOUR)
    assert len(await readiness.findings(world.tx)) == 1
    await throttling.end_old(connection, world.now + 25 * HOUR)
    assert await readiness.findings(world.tx) == []
