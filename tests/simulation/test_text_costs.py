"""What texts cost, as far as can be told."""

import pytest

from pagefree.infra.db import driver
from pagefree.notifications import provider_queries
from pagefree.notifications.provider_queries import ProviderHealth
from tests.fake_servers import web_server
from tests.simulation.test_reaching import NUMBER, config, http
from tests.simulation.world import HOUR, World


async def page_ana(world: World, title: str, price: float) -> ProviderHealth:
    """Text her about it; how the provider did since."""
    async with web_server() as twilio:
        twilio.answer = http(201, b'{"sid": "SM1"}')
        await world.set_up(sms={**config(twilio), "segment_price": price})
        await world.method("ana", "sms", number=NUMBER)
        await world.rules("ana")
        world.demo = False
        await world.trigger(world.policy(("ana", HOUR)), title=title)
    since = world.now - HOUR
    found = await provider_queries.list_health(await driver(world.tx), since)
    return next(one for one in found if one.channel == "sms")


@pytest.mark.parametrize(
    ("title", "segments"), [("Disk full", 1), ("Диск заполнен", 2)]
)
async def test_the_segments_of_a_text_are_counted_and_charged(
    world: World, title: str, segments: int
) -> None:
    health = await page_ana(world, title, 0.0875)

    assert health.segments == segments
    assert health.cost == pytest.approx(segments * 0.0875)


async def test_without_a_price_there_is_no_estimate(world: World) -> None:
    health = await page_ana(world, "Disk full", 0)

    assert health.segments == 1
    assert health.cost is None


async def test_a_text_about_several_is_paid_for_once(world: World) -> None:
    world.working = False
    policy = world.policy(("ana", HOUR))
    for _ in range(7):
        await world.trigger(policy)
    world.working = True

    health = await page_ana(world, "Disk full", 0.1)

    # five of their own with one segment each, and one about the other three with two
    assert health.attempts == 8
    assert health.segments == 7
    assert health.cost == pytest.approx(health.segments * 0.1)
