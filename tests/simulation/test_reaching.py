"""Whether a message arrives: receipts, dead addresses, broken channels, and nobody left."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from pagefree.channels.base import Receipt, SmtpServer
from pagefree.core.access import Role
from pagefree.core.routing import Urgency
from pagefree.infra.db import driver
from pagefree.notifications import provider_queries, readiness, receipts
from pagefree.tables.accounts import contact_methods
from pagefree.tables.notifications import attempts
from tests.fake_servers import WebServer, web_server
from tests.fakes.smtp import MailServer, mail_server
from tests.simulation.world import HOUR, MINUTE, World

AT_ONCE = timedelta(0)
SECOND = timedelta(seconds=1)
NUMBER = "+4915112345678"
PUBLISHED = b"<PublishResponse><MessageId>sns-1</MessageId></PublishResponse>"


def http(status: int, body: bytes) -> bytes:
    """A whole answer."""
    length = len(body)
    return f"HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n\r\n".encode() + body


@dataclass(slots=True)
class Outside:
    """What Ana's phone and mailbox hang on."""

    world: World
    twilio: WebServer
    sns: WebServer
    mail: MailServer
    texts: int = 0

    def twilio_answers(self, status: int = 201, body: bytes = b"") -> None:
        self.twilio.answer = http(status, body or b'{"sid": "SM1"}')

    def counts(self) -> tuple[int, int, int]:
        """Texts through Twilio, texts through SNS, mails."""
        return len(self.twilio.posts), len(self.sns.posts), len(self.mail.mails)

    async def told(self, state: str, *, dead: bool = False) -> bool:
        told = Receipt("SM1", state, "the carrier says no", dead=dead)  # type: ignore[arg-type]
        return await receipts.take(self.world.tx, "sms", told, self.world.now)


def config(twilio: WebServer, sns: WebServer | None = None) -> dict[str, object]:
    values: dict[str, object] = {
        "account_sid": "AC1",
        "auth_token": "secret",
        "sender": "+15005550006",
        "twilio_url": f"http://127.0.0.1:{twilio.port}",
    }
    if sns is not None:
        values |= {
            "sns_region": "eu-central-1",
            "sns_key_id": "AKIA1",
            "sns_secret": "secret",
            "sns_url": f"http://127.0.0.1:{sns.port}/",
        }
    return values


@pytest.fixture
async def outside(world: World) -> AsyncIterator[Outside]:
    """Ana is texted at once, and mailed after half an hour."""
    async with web_server() as twilio, web_server() as sns, mail_server() as mail:
        world.demo = False
        sender = "PageFree <pager@example.org>"
        world.smtp = SmtpServer("127.0.0.1", mail.port, "none", None, None, sender)
        await world.set_up(sms=config(twilio))
        text = await world.method("ana", "sms", number=NUMBER)
        email = await world.methods_of("ana")
        await world.rules(
            "ana", (Urgency.HIGH, AT_ONCE, text), (Urgency.HIGH, 30 * MINUTE, email)
        )
        sns.answer = http(200, PUBLISHED)
        made = Outside(world, twilio, sns, mail)
        made.twilio_answers()
        yield made


async def page_ana(world: World) -> None:
    await world.trigger(world.policy(("ana", 24 * HOUR)))


async def test_a_message_that_arrives_leaves_the_next_rule_its_delay(
    world: World, outside: Outside
) -> None:
    await page_ana(world)
    assert await world.statuses("sms") == ["accepted"]

    assert await outside.told("accepted")
    assert await outside.told("delivered")
    await world.advance(29 * MINUTE)

    assert await world.statuses("sms") == ["delivered"]
    assert outside.counts() == (1, 0, 0)
    proven = select(contact_methods.c.proven_at).where(
        contact_methods.c.channel == "sms"
    )
    assert await world.tx.scalar(proven) is not None


async def test_what_is_accepted_but_never_delivered_falls_through_after_a_minute(
    world: World, outside: Outside
) -> None:
    incident = await world.trigger(world.policy(("ana", 24 * HOUR)))

    await world.advance(59 * SECOND)
    assert outside.counts() == (1, 0, 0)
    await world.advance(SECOND)

    assert outside.counts() == (1, 0, 1)
    assert await world.statuses("sms") == ["accepted"]
    assert "notification.unconfirmed" in await world.timeline(incident)

    await outside.told("delivered")  # late, but true
    assert await world.statuses("sms") == ["delivered"]


async def test_receipts_that_come_twice_or_in_disorder_change_nothing(
    world: World, outside: Outside
) -> None:
    incident = await world.trigger(world.policy(("ana", 24 * HOUR)))

    for state in ("delivered", "accepted", "failed", "delivered", "failed"):
        await outside.told(state)

    assert await world.statuses("sms") == ["delivered"]
    assert outside.counts() == (1, 0, 0)
    assert "notification.failed" not in await world.timeline(incident)


async def test_a_receipt_that_says_failed_sends_the_next_way_at_once_and_only_once(
    world: World, outside: Outside
) -> None:
    await page_ana(world)

    await outside.told("failed")
    await outside.told("failed")
    await world.work()

    assert await world.statuses("sms") == ["failed"]
    assert outside.counts() == (1, 0, 1)
    await world.advance(HOUR)
    assert outside.counts() == (1, 0, 1)


async def test_a_receipt_of_somebody_elses_message_is_not_ours(
    world: World, outside: Outside
) -> None:
    await page_ana(world)

    told = Receipt("SM999", "failed")

    assert not await receipts.take(world.tx, "sms", told, world.now)
    assert not await receipts.take(world.tx, "voice", told, world.now)
    assert await world.statuses("sms") == ["accepted"]
    assert outside.counts() == (1, 0, 0)


async def test_a_dead_number_is_switched_off_and_the_next_way_used_at_once(
    world: World, outside: Outside
) -> None:
    text = await world.methods_of("ana", "sms")
    await page_ana(world)

    await outside.told("failed", dead=True)
    await world.work()

    assert await world.disabled_reason(text) == "the carrier says no"
    assert outside.counts() == (1, 0, 1)


async def test_a_number_that_is_refused_at_once_costs_no_time(
    world: World, outside: Outside
) -> None:
    text = await world.methods_of("ana", "sms")
    outside.twilio_answers(400, b'{"code": 21211}')

    await page_ana(world)

    assert await world.disabled_reason(text) is not None
    assert outside.counts() == (1, 0, 1)


async def test_a_channel_that_refuses_us_falls_through_and_keeps_the_address(
    world: World, outside: Outside
) -> None:
    text = await world.methods_of("ana", "sms")
    outside.twilio_answers(401, b'{"code": 20003}')

    await page_ana(world)

    assert await world.disabled_reason(text) is None
    assert outside.counts() == (1, 0, 1)
    [health] = [
        one
        for one in await provider_queries.list_health(
            await driver(world.tx), world.now - HOUR
        )
        if one.channel == "sms"
    ]
    assert health.broken_reason is not None
    assert "credentials" in health.broken_reason
    [finding] = await readiness.findings(world.tx)
    assert finding.detail.startswith("SMS (twilio) refuses us: ")

    outside.twilio_answers()
    await page_ana(world)
    assert await readiness.findings(world.tx) == []


async def test_a_provider_that_fails_is_replaced_at_once_and_once(
    world: World, outside: Outside
) -> None:
    await world.set_up(sms=config(outside.twilio, outside.sns))
    outside.twilio_answers(500, b"{}")

    await page_ana(world)

    assert outside.counts() == (1, 1, 0)
    tried = await world.tx.execute(
        select(attempts.c.provider, attempts.c.outcome)
        .where(attempts.c.provider != "")
        .order_by(attempts.c.number)
    )
    assert [tuple(row) for row in tried] == [("twilio", "failed"), ("sns", "accepted")]


async def test_a_provider_that_never_gives_receipts_is_not_waited_for(
    world: World, outside: Outside
) -> None:
    await world.set_up(
        sms={**config(outside.twilio, outside.sns), "sns_first": ["+49"]}
    )

    incident = await world.trigger(world.policy(("ana", 24 * HOUR)))
    await world.advance(29 * MINUTE)

    assert outside.counts() == (0, 1, 0)
    assert "notification.unconfirmed" not in await world.timeline(incident)


async def test_a_provider_that_keeps_failing_rests_and_the_other_goes_first(
    world: World, outside: Outside
) -> None:
    await world.set_up(sms=config(outside.twilio, outside.sns))
    outside.twilio_answers(500, b"{}")
    for _ in range(3):
        await page_ana(world)
        await world.advance(10 * SECOND)
    before = outside.counts()

    await page_ana(world)
    asked = len(outside.twilio.posts) - before[0], len(outside.sns.posts) - before[1]
    outside.twilio_answers()
    await world.advance(10 * MINUTE)
    await page_ana(world)

    assert asked == (0, 1)
    assert len(outside.twilio.posts) == before[0] + 1


@pytest.mark.parametrize("trouble", ["not set up", "not proven"])
async def test_a_method_that_cannot_be_used_is_skipped_at_once(
    world: World, outside: Outside, trouble: str
) -> None:
    if trouble == "not set up":
        await world.set_up()
        reason = "channel_not_set_up"
    else:
        text = await world.methods_of("ana", "sms")
        await world.set_method(text, unverified_since=world.now)
        reason = "not_verified"
    email = await world.methods_of("ana")
    text = await world.methods_of("ana", "sms")
    await world.rules(
        "ana", (Urgency.HIGH, MINUTE, text), (Urgency.HIGH, 5 * MINUTE, email)
    )

    await page_ana(world)
    await world.advance(MINUTE)  # when the text would have come, not after five

    assert await world.statuses("sms") == [f"skipped:{reason}"]
    assert outside.counts() == (0, 0, 1)


async def test_a_channel_that_breaks_between_planning_and_sending_falls_through(
    world: World, outside: Outside
) -> None:
    email, text = await world.methods_of("ana"), await world.methods_of("ana", "sms")
    await world.rules("ana", (Urgency.HIGH, MINUTE, text), (Urgency.HIGH, HOUR, email))
    await page_ana(world)

    await world.set_up()  # somebody has taken its credentials away
    await world.advance(MINUTE)

    assert await world.statuses("sms") == ["skipped:channel_not_set_up"]
    assert outside.counts() == (0, 0, 1)


async def test_where_nothing_reaches_somebody_their_team_is_told(
    world: World, outside: Outside
) -> None:
    await world.join("bo", Role.TEAM_ADMIN)
    await world.join("cy")
    text, email = await world.methods_of("ana", "sms"), await world.methods_of("ana")
    outside.twilio_answers(400, b'{"code": 21211}')
    await world.set_method(email, disabled_at=world.now)

    incident = await world.trigger(world.policy(("ana", 24 * HOUR)))

    assert await world.disabled_reason(text) is not None
    [mail] = outside.mail.mails
    assert mail["To"] == "bo@example.org"
    assert mail["Subject"].startswith("Nobody reached: ")
    assert "notification.unreached" in await world.timeline(incident)
    sent = {one.user_id: one.kind for one in await world.sent(incident)}
    assert sent[world.people["bo"]] == "unreached"
    assert world.people["cy"] not in sent


@pytest.mark.fault("T-43", "somebody has no way to be reached")
async def test_somebody_without_any_way_to_be_reached_is_noticed_at_once(
    world: World, outside: Outside
) -> None:
    await world.person("pia", admin=True)
    for channel in ("sms", "email"):
        method = await world.methods_of("ana", channel)
        await world.set_method(method, disabled_at=world.now)

    incident = await world.trigger(world.policy(("ana", 24 * HOUR)))

    [mail] = outside.mail.mails  # the team has no admin: the platform's is told
    assert mail["To"] == "pia@example.org"
    assert "notification.unreached" in await world.timeline(incident)


async def test_a_provider_that_is_down_for_long_does_not_hold_the_next_way_back(
    world: World, outside: Outside
) -> None:
    outside.twilio_answers(500, b"{}")

    await page_ana(world)
    await world.advance(10 * SECOND)

    assert outside.counts()[2] == 1  # after the second failure, five seconds later
    await world.advance(10 * MINUTE)
    assert await world.statuses("sms") == ["failed"]
    assert outside.counts()[2] == 1


async def test_ways_that_fail_take_turns_only_once(world: World) -> None:
    world.demo = False
    async with web_server() as one, web_server() as other:
        one.status = other.status = 503
        secret = "whsec_" + "a" * 44
        first = await world.method("ana", "webhook", secret=secret, url=one.url)
        await world.method("ana", "webhook", secret=secret, url=other.url)
        await world.rules("ana", (Urgency.HIGH, AT_ONCE, first))

        await page_ana(world)
        for _ in range(30):
            await world.advance(MINUTE)

        assert (len(one.posts), len(other.posts)) == (4, 4)
