"""Every way in which a provider may behave, through every channel that has one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from pagefree.channels import all_channels
from pagefree.channels.base import Callback, Receipt, SmtpServer
from pagefree.core.routing import Urgency
from pagefree.notifications import delivery, receipts
from tests.fake_servers import Manner
from tests.fakes.every import EVERY, channel_of
from tests.fakes.provider import Provider, Report, Reports
from tests.simulation.world import HOUR, World

AT_ONCE = timedelta(0)
RETRY = timedelta(seconds=5)
SENDER = "PageFree <pager@example.org>"
TELLING = ("sms", "voice", "web_push")  # the channels whose providers send receipts
# what one attempt was, and what then becomes of the notification
TAKEN, REFUSED, DOUBTFUL = (
    ("accepted", "accepted"),
    ("failed", "failed"),
    ("unknown", "planned"),
)
EXPECTED = {
    Manner.OK: TAKEN,
    Manner.SLOW: TAKEN,
    Manner.REFUSE: REFUSED,
    Manner.HANG: DOUBTFUL,
    Manner.RESET: DOUBTFUL,
    Manner.GARBAGE: DOUBTFUL,
    Manner.NOISE: DOUBTFUL,
}


@pytest.fixture
async def provider(world: World, name: str) -> AsyncIterator[Provider]:
    """The only way to Ana at first, and everything it is sent is well formed."""
    fake, kind = EVERY[name](), channel_of(name)
    fake.clock = lambda: world.now
    async with fake.started():
        world.demo = False
        if kind == "email":
            world.smtp = SmtpServer("127.0.0.1", fake.port, "none", None, None, SENDER)
            method = await world.methods_of("ana")
        else:
            await world.set_up(**({kind: fake.account} if fake.account else {}))
            method = await world.method("ana", kind, fake.secret, **fake.address())
        await world.rules("ana", (Urgency.HIGH, AT_ONCE, method))
        yield fake
    assert fake.complaints == []


async def page_ana(world: World, patience_s: float = 8) -> UUID:
    """The first attempt of every way that is due, and no second one."""
    world.working = False
    incident = await world.trigger(world.policy(("ana", 24 * HOUR)))
    await world.escalate()
    gateway = replace(world.gateway(), patience_s=patience_s)
    attempts = [delivery.attempt(gateway, one) for one in await world.claim()]
    outcomes = await asyncio.gather(*attempts)
    await world.settle([outcome for each in outcomes for outcome in each])
    return incident


def test_every_channel_that_leaves_the_house_has_a_fake_provider() -> None:
    leaving = {kind for kind, one in all_channels().items() if not one.confirms}

    assert {channel_of(name) for name in EVERY} == leaving


@pytest.mark.parametrize("manner", list(Manner))
@pytest.mark.parametrize("name", EVERY)
async def test_what_a_provider_does_is_what_is_written_down(
    world: World, provider: Provider, name: str, manner: Manner
) -> None:
    provider.manner = manner
    kind, expected = channel_of(name), EXPECTED[manner]
    if manner is Manner.GARBAGE and not provider.words_matter:
        expected = TAKEN  # any success is one

    incident = await page_ana(world, 0.3 if manner is Manner.HANG else 8)

    sent = next(n for n in await world.sent(incident) if n.channel == kind)
    assert (sent.attempts[0].outcome, sent.status) == expected
    gone = await world.disabled_reason(await world.methods_of("ana", kind))
    assert (gone is not None) == (expected is REFUSED)
    # whoever is surely not reached like this is told in another way at once
    assert (len(await world.sent(incident)) > 1) == (expected is REFUSED)


@pytest.mark.parametrize(
    ("name", "manner"),
    [
        (name, manner)
        for name, make in EVERY.items()
        for manner, (outcome, _) in EXPECTED.items()
        if outcome == "unknown"
        and (make().words_matter or manner is not Manner.GARBAGE)
    ],
)
async def test_a_provider_that_comes_to_its_senses_is_tried_again_as_a_possible_duplicate(
    world: World, provider: Provider, name: str, manner: Manner
) -> None:
    provider.manner = manner
    incident = await page_ana(world, 0.3 if manner is Manner.HANG else 8)

    provider.manner, world.working = Manner.OK, True
    provider.released.set()
    await world.advance(RETRY)

    sent = next(n for n in await world.sent(incident) if n.channel == channel_of(name))
    assert sent.status == "accepted"
    assert [(a.outcome, a.possible_duplicate) for a in sent.attempts] == [
        ("unknown", False),
        ("accepted", True),
    ]


async def told(world: World, provider: Provider, name: str, report: Report) -> None:
    """The provider calls back."""
    channel, kind = all_channels()[name], name
    assert channel.receive is not None
    assert channel.Config is not None
    parts = urlsplit(report.url)
    callback = Callback(
        "POST",
        parts.path.partition("/callbacks/")[2],
        parts.query,
        {header.lower(): value for header, value in report.headers.items()},
        report.body,
        report.url,
        world.now,
    )
    config = channel.Config.model_validate(provider.account)
    received = await channel.receive(world.gateway().transports, config, callback)
    for event in received.events:
        assert isinstance(event, Receipt)
        await receipts.take(world.tx, kind, event, world.now)


@pytest.mark.parametrize("order", list(Reports))
@pytest.mark.parametrize("name", TELLING)
@pytest.mark.fault("T-25", "callbacks are late, doubled, out of order")
async def test_receipts_in_any_order_end_as_delivered_once(
    world: World, provider: Provider, name: str, order: Reports
) -> None:
    incident = await page_ana(world)
    if order is Reports.LATE:
        world.working = True
        await world.advance(timedelta(minutes=2))

    for report in order.arranged(provider.reports(provider.accepted[0])):
        await told(world, provider, name, report)

    assert await world.statuses(name) == ["delivered"]
    assert len(provider.accepted) == 1
    fell_through = "notification.unconfirmed" in await world.timeline(incident)
    assert fell_through == (order is Reports.LATE)
    # whoever was not known to be reached in time was told in another way, too
    assert (await world.statuses("in_app") == ["delivered"]) == fell_through
