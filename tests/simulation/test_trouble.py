"""One bad night after another: what Ana gets when the ways to her fail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import pytest

from pagefree.channels import all_channels
from pagefree.channels.base import Callback, CallbackRefused, SmtpServer
from pagefree.core.access import Role
from pagefree.core.routing import Urgency
from pagefree.incidents import answers, service
from pagefree.infra.db import driver
from pagefree.notifications import delivery, readiness, readiness_queries
from pagefree.notifications.falling_through import UNREACHED
from tests.fake_servers import Manner
from tests.fakes.push import PushService
from tests.fakes.smtp import MailServer
from tests.fakes.sns import SnsServer
from tests.fakes.twilio import SID, TOKEN, Twilio, report
from tests.simulation.test_answers import outcomes, status
from tests.simulation.world import HOUR, MINUTE, World

SECOND = timedelta(seconds=1)
AT_ONCE = timedelta(0)
SITE = "https://pagefree.example.org"


@dataclass(slots=True)
class Night:
    """Ana's phone, its number and her mailbox hang on these."""

    world: World
    push: PushService
    twilio: Twilio
    sns: SnsServer
    mail: MailServer

    def counts(self) -> tuple[int, int, int]:
        """Pushes, texts and mails that were taken."""
        texts = len(self.twilio.accepted) + len(self.sns.accepted)
        return len(self.push.accepted), texts, len(self.mail.accepted)

    async def page(self) -> UUID:
        return await self.world.trigger(self.world.policy(("ana", 24 * HOUR)))

    async def page_impatiently(self) -> UUID:
        """The same with little patience for whoever hangs: it is real time that passes."""
        self.world.working = False
        incident = await self.page()
        self.world.working = True
        await self.world.escalate()
        await self.send_impatiently()
        return incident

    async def send_impatiently(self) -> None:
        gateway = replace(self.world.gateway(), patience_s=0.2)
        for _ in range(3):
            claimed = await self.world.claim()
            made = await asyncio.gather(
                *(delivery.attempt(gateway, c) for c in claimed)
            )
            await self.world.settle([one for each in made for one in each])


@pytest.fixture
async def night(world: World) -> AsyncIterator[Night]:
    """Push at once, a text after five minutes, a mail after half an hour."""
    push, twilio, sns, mail = PushService(), Twilio(), SnsServer(), MailServer()
    async with AsyncExitStack() as stack:
        for fake in (push, twilio, sns, mail):
            fake.clock = lambda: world.now
            await stack.enter_async_context(fake.started())
        world.demo = False
        world.smtp = SmtpServer(
            "127.0.0.1", mail.port, "none", None, None, "PageFree <p@example.org>"
        )
        await world.set_up(web_push=push.account, sms={**twilio.account, **sns.account})
        pushed = await world.method("ana", "web_push", **push.address())
        text = await world.method("ana", "sms", **twilio.address())
        email = await world.methods_of("ana")
        await world.rules(
            "ana",
            (Urgency.HIGH, AT_ONCE, pushed),
            (Urgency.HIGH, 5 * MINUTE, text),
            (Urgency.HIGH, 30 * MINUTE, email),
        )
        yield Night(world, push, twilio, sns, mail)
        for fake in (push, twilio, sns, mail):
            fake.released.set()


async def test_a_browser_that_is_gone_is_followed_by_a_text_within_ten_seconds(
    world: World, night: Night
) -> None:
    night.push.manner = Manner.REFUSE

    await night.page()
    await world.advance(10 * SECOND)

    assert night.counts() == (0, 1, 0)
    method = await world.methods_of("ana", "web_push")
    assert await world.disabled_reason(method) is not None


@pytest.mark.fault("T-20", "a provider answers 500 for ten minutes")
async def test_while_twilio_fails_for_ten_minutes_aws_takes_over_within_fifteen_seconds(
    world: World, night: Night
) -> None:
    text = await world.methods_of("ana", "sms")
    await world.rules("ana", (Urgency.HIGH, AT_ONCE, text))
    night.twilio.says(500)

    await night.page()
    await world.advance(15 * SECOND)
    assert len(night.sns.accepted) == 1

    for _ in range(8):
        await night.page()
        await world.advance(70 * SECOND)
    assert len(night.sns.accepted) == 9  # each of them once
    asked = len(night.twilio.posts)
    assert asked < 9  # it rests

    night.twilio.answer = None
    await world.advance(10 * MINUTE)
    await night.page()
    assert len(night.twilio.posts) == asked + 1


@pytest.mark.fault("T-21", "a provider hangs")
async def test_what_hangs_for_a_minute_keeps_nobody_waiting(
    world: World, night: Night
) -> None:
    night.push.manner = night.twilio.manner = Manner.HANG

    incident = await night.page_impatiently()
    for _ in range(30):
        world.now += SECOND
        await night.send_impatiently()

    assert len(night.sns.accepted) == 1
    attempts = [a for one in await world.sent(incident) for a in one.attempts]
    assert [a.outcome for a in attempts].count("accepted") == 1
    # whoever hangs may have taken it: what follows may be a duplicate, and says so
    assert any(a.possible_duplicate for a in attempts)


@pytest.mark.fault("T-22", "a provider accepts and never delivers")
async def test_what_is_accepted_and_never_shown_is_followed_by_a_text(
    world: World, night: Night
) -> None:
    await night.page()
    assert night.counts() == (1, 0, 0)

    await world.advance(3 * MINUTE)

    assert night.counts()[1] >= 1


async def test_when_everything_is_down_but_mail_a_mail_comes(
    world: World, night: Night
) -> None:
    night.push.says(503)
    night.twilio.says(500)
    night.sns.says(500)

    await night.page()
    await world.advance(30 * SECOND)

    assert night.counts() == (0, 0, 1)


async def test_when_nothing_reaches_ana_her_team_is_told_and_it_is_found(
    world: World, night: Night
) -> None:
    await world.join("bo", Role.TEAM_ADMIN)
    phone = await world.method("bo", "sms", **night.twilio.address(7))
    await world.rules("bo", (Urgency.HIGH, AT_ONCE, phone))
    night.push.manner = Manner.REFUSE
    email, text = await world.methods_of("ana"), await world.methods_of("ana", "sms")
    for method in (email, text):
        await world.set_method(method, disabled_at=world.now)

    incident = await night.page()

    assert [one["To"] for one in night.twilio.accepted] == [
        night.twilio.address(7)["number"]
    ]
    assert "notification.unreached" in await world.timeline(incident)
    found = await readiness.findings(world.tx)
    assert [one.user_id for one in found if one.kind == UNREACHED] == [
        world.people["ana"]
    ]

    world.now += MINUTE
    await world.set_method(email, disabled_at=None, proven_at=world.now)
    await readiness_queries.end_reached(await driver(world.tx), UNREACHED, world.now)
    assert UNREACHED not in {one.kind for one in await readiness.findings(world.tx)}


async def test_acknowledged_while_a_text_is_in_flight_nothing_more_leaves(
    world: World, night: Night
) -> None:
    night.push.manner = Manner.REFUSE
    world.working = False
    incident = await night.page()
    world.working = True
    await world.escalate()
    await world.send_due()  # the browser is gone
    claimed = await world.claim()  # the text, on its way now
    assert [one.claimed.channel for one in claimed] == ["sms"]

    await service.acknowledge(world.tx, incident, world.actor("ana"), world.now)
    await world.settle(await world.attempt(claimed))
    await world.advance(HOUR)

    assert night.counts() == (0, 1, 0)
    assert await world.statuses("sms") == ["accepted"]


async def test_of_two_devices_the_one_that_is_gone_does_not_silence_the_other(
    world: World, night: Night
) -> None:
    first = await world.methods_of("ana", "web_push")
    second = await world.method("ana", "web_push", **night.push.address(1))
    await world.rules(
        "ana", (Urgency.HIGH, AT_ONCE, first), (Urgency.HIGH, AT_ONCE, second)
    )
    del night.push.subscriptions["s0"]

    await night.page()

    assert await world.disabled_reason(first) is not None
    assert await world.disabled_reason(second) is None
    assert len(night.push.subscriptions["s1"].messages) == 1
    assert night.counts()[0] == 1


async def heard(world: World, twilio: Twilio, path: str, form: dict[str, str]) -> str:
    """What a signed request of Twilio does; the line that is said to whoever it is."""
    kind, _, rest = path.partition("/")
    told = report(f"{SITE}/v1/channels/{kind}/callbacks/{rest}", form)
    parts, channel = urlsplit(told.url), all_channels()[kind]
    assert channel.receive is not None
    assert channel.Config is not None
    headers = {name.lower(): value for name, value in told.headers.items()}
    callback = Callback(
        "POST", rest, parts.query, headers, told.body, told.url, world.now
    )
    config = channel.Config.model_validate(twilio.account)
    try:
        received = await channel.receive(world.gateway().transports, config, callback)
    except CallbackRefused:
        return "refused"
    lines = [await answers.take(world.tx, kind, e, world.now) for e in received.events]
    return " ".join(filter(None, lines))


async def test_an_answer_from_a_number_that_nobody_has_changes_nothing(
    world: World, night: Night
) -> None:
    incident = await night.page()
    form = {
        "From": "+15550001111",
        "Body": "res",
        "MessageSid": "SM9",
        "AccountSid": SID,
    }

    assert await heard(world, night.twilio, "sms/reply", form) == ""

    assert await status(world, incident) == "triggered"
    assert await outcomes(world) == ["ignored: nobody's address"]


async def test_whoever_pretends_to_be_ana_can_do_no_more_than_she_was_asked_to(
    world: World, night: Night
) -> None:
    """Numbers of callers are forged: what they may touch is what Ana was paged for."""
    bos = await world.trigger(world.policy(("bo", 24 * HOUR)))
    ana = night.twilio.address()["number"]
    form = {"From": ana, "Body": "res all", "MessageSid": "SM9", "AccountSid": SID}

    await heard(world, night.twilio, "sms/reply", form)

    assert await status(world, bos) == "triggered"


async def test_a_key_that_was_pressed_in_another_call_means_nothing(
    world: World, night: Night
) -> None:
    incident = await night.page()
    [pushed] = [n for n in await world.sent(incident) if n.channel == "web_push"]
    stranger = {"To": "+15550001111", "From": "+15005550006", "Digits": "2"}
    form = {**stranger, "CallSid": "CA1", "AccountSid": SID}

    await heard(world, night.twilio, f"voice/keys/{pushed.id}", form)

    assert await status(world, incident) == "triggered"


@pytest.mark.fault("T-25", "a callback is forged")
async def test_stop_is_heard_only_from_twilio(world: World, night: Night) -> None:
    text = await world.methods_of("ana", "sms")
    number = night.twilio.address()["number"]
    form = {"From": number, "Body": "STOP", "MessageSid": "SM9", "AccountSid": SID}
    url = f"{SITE}/v1/channels/sms/callbacks/reply"
    forged = Callback(
        "POST", "reply", "", {"x-twilio-signature": TOKEN}, urlencode(form).encode(),
        url, world.now,
    )  # fmt: skip
    channel = all_channels()["sms"]
    assert channel.receive is not None
    assert channel.Config is not None
    config = channel.Config.model_validate(night.twilio.account)

    with pytest.raises(CallbackRefused):
        await channel.receive(world.gateway().transports, config, forged)
    assert await world.disabled_reason(text) is None

    await heard(world, night.twilio, "sms/reply", form)
    assert await world.disabled_reason(text) is not None
