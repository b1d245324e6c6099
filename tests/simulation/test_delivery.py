"""Which message leaves when, and what happens when one does not arrive."""

import itertools
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook

from pagefree.channels.base import SmtpServer
from pagefree.core.alerts import Severity
from pagefree.core.errors import Conflict, NotFound
from pagefree.core.routing import Urgency
from pagefree.incidents import service
from pagefree.notifications import service as notifications
from pagefree.notifications.delivery import LEASE
from pagefree.tables.timeline import events
from tests.fake_servers import Manner, WebServer, web_server
from tests.fakes.smtp import MailServer, mail_server
from tests.simulation.world import HOUR, MINUTE, World

NOW = timedelta(0)
SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@pytest.fixture
async def mail(world: World) -> AsyncIterator[MailServer]:
    """The installation sends through this server."""
    async with mail_server() as server:
        world.demo = False
        sender = "PageFree <pager@example.org>"
        world.smtp = SmtpServer("127.0.0.1", server.port, "none", None, None, sender)
        yield server


@pytest.fixture
async def web(world: World) -> AsyncIterator[WebServer]:
    """Takes webhooks."""
    async with web_server() as server:
        world.demo = False
        yield server


async def page_ana(world: World) -> None:
    await world.trigger(world.policy(("ana", 24 * HOUR)))


async def test_rules_with_a_delay_wait_for_it(world: World) -> None:
    email = await world.methods_of("ana")
    await world.rules(
        "ana", (Urgency.HIGH, NOW, email), (Urgency.HIGH, 7 * MINUTE, email)
    )

    await page_ana(world)
    await world.advance(HOUR)

    assert await world.paged() == [("ana", 0), ("ana", 7)]


async def test_acknowledging_withdraws_what_was_planned_for_later(
    world: World,
) -> None:
    email = await world.methods_of("ana")
    await world.rules(
        "ana", (Urgency.HIGH, NOW, email), (Urgency.HIGH, 7 * MINUTE, email)
    )
    incident = await world.trigger(world.policy(("ana", 24 * HOUR)))

    await service.acknowledge(world.tx, incident, world.actor("ana"), world.now)
    await world.advance(HOUR)

    assert await world.paged() == [("ana", 0)]
    assert await world.statuses() == ["delivered", "skipped:acknowledged"]


async def test_low_urgency_has_rules_of_its_own(world: World) -> None:
    email = await world.methods_of("ana")
    await world.rules(
        "ana", (Urgency.HIGH, NOW, email), (Urgency.LOW, 30 * MINUTE, email)
    )

    policy = world.policy(("ana", 24 * HOUR))
    await world.trigger(policy, severity=Severity.WARNING)
    await world.advance(HOUR)

    assert await world.paged() == [("ana", 30)]


async def test_a_person_without_rules_is_paged_everywhere_at_once(
    world: World,
) -> None:
    await world.rules("ana")

    await page_ana(world)

    assert await world.paged() == [("ana", 0)]
    assert await world.statuses("in_app") == ["delivered"]


async def test_a_rule_of_a_disabled_method_is_recorded_and_the_others_are_used(
    world: World,
) -> None:
    email = await world.methods_of("ana")
    await world.rules("ana", (Urgency.HIGH, NOW, email))
    await world.set_method(email, disabled_at=world.now, disabled_reason="gone")

    await page_ana(world)

    assert await world.statuses() == ["skipped:method_disabled"]
    assert await world.statuses("in_app") == ["delivered"]


async def test_a_method_disabled_between_plan_and_send_falls_through(
    world: World,
) -> None:
    email = await world.methods_of("ana")
    await world.rules("ana", (Urgency.HIGH, NOW, email))
    world.working = False
    await page_ana(world)
    await world.escalate()

    await world.set_method(email, disabled_at=world.now)
    world.working = True
    await world.work()

    assert await world.statuses() == ["skipped:method_disabled"]
    assert await world.statuses("in_app") == ["delivered"]


async def test_who_cannot_be_reached_at_all_is_recorded_in_the_timeline(
    world: World,
) -> None:
    for channel in ("email", "in_app"):
        method = await world.methods_of("ana", channel)
        await world.set_method(method, disabled_at=world.now)
    await world.rules("ana")

    incident = await world.trigger(world.policy(("ana", MINUTE), ("bo", MINUTE)))
    await world.advance(MINUTE)

    assert await world.statuses("none") == ["skipped:no_contact_method"]
    assert "notification.skipped" in await world.timeline(incident)
    assert await world.paged() == [("bo", 1)]


async def test_an_address_that_does_not_exist_is_disabled_and_the_next_one_used_at_once(
    world: World, mail: MailServer
) -> None:
    email, app = await world.methods_of("ana"), await world.methods_of("ana", "in_app")
    await world.rules(
        "ana", (Urgency.HIGH, NOW, email), (Urgency.HIGH, 10 * MINUTE, app)
    )
    mail.rcpt = "550 5.1.1 no such user"

    incident = await world.trigger(world.policy(("ana", 24 * HOUR)))

    assert await world.statuses() == ["failed"]
    assert await world.statuses("in_app") == ["delivered"]
    assert "notification.failed" in await world.timeline(incident)
    reason = "there is no such mailbox (550 5.1.1)"
    assert await world.disabled_reason(email) == reason
    failed = select(events.c.data["error"].as_string()).where(
        events.c.kind == "notification.failed"
    )
    told = await world.tx.scalar(failed)
    assert told == f"{reason}; this address is not used any more"


async def test_a_notice_in_the_web_app_does_not_keep_the_next_message_waiting(
    world: World, mail: MailServer, web: WebServer
) -> None:
    email, app = await world.methods_of("ana"), await world.methods_of("ana", "in_app")
    hook = await world.method("ana", "webhook", SECRET, url=web.url)
    await world.rules(
        "ana",
        (Urgency.HIGH, NOW, app),
        (Urgency.HIGH, NOW, email),
        (Urgency.HIGH, HOUR, hook),
    )
    mail.rcpt = "550 5.1.1 no such user"

    await page_ana(world)

    assert len(web.posts) == 1


async def test_a_refused_mail_uses_methods_that_no_rule_names(
    world: World, mail: MailServer
) -> None:
    email = await world.methods_of("ana")
    await world.rules("ana", (Urgency.HIGH, NOW, email))
    mail.data = "554 5.7.1 looks like spam"

    await page_ana(world)

    assert await world.statuses() == ["failed"]
    assert await world.statuses("in_app") == ["delivered"]
    assert await world.disabled_reason(email) is None


async def test_a_temporary_failure_is_tried_again_with_back_off_then_failed(
    world: World, mail: MailServer
) -> None:
    mail.data = "451 4.3.0 try later"
    incident = await world.trigger(world.policy(("ana", 24 * HOUR)))

    await world.advance(HOUR)

    assert await world.statuses() == ["failed"]
    tried = next(n for n in await world.sent(incident) if n.channel == "email").attempts
    waits = [
        (b.started_at - a.finished_at).total_seconds()
        for a, b in itertools.pairwise(tried)
    ]
    assert waits == [5, 15, 45]
    assert not any(attempt.possible_duplicate for attempt in tried)


async def test_a_temporary_failure_that_passes_is_delivered(
    world: World, mail: MailServer
) -> None:
    mail.data = "451 4.3.0 try later"
    await page_ana(world)

    mail.data = "250 OK"
    await world.advance(5 * timedelta(seconds=1))

    assert await world.statuses() == ["accepted"]
    assert len(mail.mails) == 1


async def test_a_mail_server_that_hangs_up_after_the_mail_may_have_taken_it(
    world: World, mail: MailServer
) -> None:
    mail.manner = Manner.RESET
    incident = await world.trigger(world.policy(("ana", 24 * HOUR)))

    mail.manner = Manner.OK
    await world.advance(MINUTE)

    sent = next(n for n in await world.sent(incident) if n.channel == "email")
    assert [(a.outcome, a.possible_duplicate) for a in sent.attempts] == [
        ("unknown", False),
        ("accepted", True),
    ]
    assert len({m["Message-ID"] for m in mail.mails}) == 1


async def test_a_sender_that_dies_loses_nothing_and_its_page_may_come_twice(
    world: World, mail: MailServer
) -> None:
    world.working = False
    incident = await world.trigger(world.policy(("ana", 24 * HOUR)))
    await world.escalate()
    await world.attempt(await world.claim())  # and dies before writing it down

    world.working = True
    await world.advance(LEASE)

    sent = next(n for n in await world.sent(incident) if n.channel == "email")
    assert [(a.number, a.possible_duplicate) for a in sent.attempts] == [(2, True)]
    assert len(mail.mails) == 2


async def test_a_sender_that_comes_back_from_the_dead_changes_nothing(
    world: World,
) -> None:
    world.working = False
    await page_ana(world)
    await world.escalate()
    late = await world.attempt(await world.claim())
    world.working = True
    await world.advance(LEASE)
    before = await world.statuses()

    await world.settle(late)

    assert await world.statuses() == before == ["delivered"]
    assert await world.paged() == [("ana", 0)]


async def test_a_webhook_is_signed_as_standard_webhooks_says(
    world: World, web: WebServer
) -> None:
    method = await world.method("ana", "webhook", SECRET, url=web.url)
    await world.rules("ana", (Urgency.HIGH, NOW, method))

    await page_ana(world)

    [post] = web.posts
    # the library compares with the real clock, the world has its own
    signed = Webhook(SECRET).sign(
        post.headers["webhook-id"], world.now, post.body.decode()
    )
    assert post.headers["webhook-signature"] == signed
    data = json.loads(post.body)
    assert data["type"] == "incident.page"
    assert data["data"]["incident"]["title"] == "Disk full"
    assert await world.statuses("webhook") == ["accepted"]


async def test_a_webhook_that_is_gone_is_disabled(world: World, web: WebServer) -> None:
    method = await world.method("ana", "webhook", SECRET, url=web.url)
    await world.rules("ana", (Urgency.HIGH, NOW, method))
    web.status = 410

    await page_ana(world)

    assert await world.disabled_reason(method) == "the webhook answered 410"
    assert await world.statuses("in_app") == ["delivered"]


@pytest.mark.fault("T-23", "a provider is asked too much")
async def test_a_webhook_says_how_long_to_wait(world: World, web: WebServer) -> None:
    method = await world.method("ana", "webhook", SECRET, url=web.url)
    await world.rules("ana", (Urgency.HIGH, NOW, method))
    web.status, web.headers = 429, {"Retry-After": "60"}
    await page_ana(world)

    web.status = 200
    await world.advance(59 * timedelta(seconds=1))
    assert len(web.posts) == 1

    await world.advance(timedelta(seconds=1))
    assert len(web.posts) == 2
    assert len({post.headers["webhook-id"] for post in web.posts}) == 1


async def test_hostile_text_of_an_alert_cannot_leave_the_subject_of_a_mail(
    world: World, mail: MailServer
) -> None:
    title = "Disk\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script>\u202e"

    await world.trigger(world.policy(("ana", HOUR)), title=title)

    [received] = mail.mails
    assert received["Bcc"] is None
    assert "Bcc: all@example.org" in received["Subject"]
    assert "\u202e" not in received["Subject"]
    html = received.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


async def test_the_mails_of_an_incident_are_one_thread_without_auto_replies(
    world: World, mail: MailServer
) -> None:
    await world.trigger(world.policy(("ana", MINUTE), repeats=1))
    await world.advance(5 * MINUTE)

    first, second = mail.mails
    assert first["References"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["X-Auto-Response-Suppress"] == "All"


async def test_the_link_in_a_mail_acknowledges_once(
    world: World, mail: MailServer
) -> None:
    incident = await world.trigger(world.policy(("ana", HOUR)))
    text = mail.mails[0].get_body(("plain",))
    assert text is not None
    token = text.get_content().split("/act/")[1].split()[0]

    peeked = await notifications.peek_action_link(world.tx, token, world.now)
    used = await notifications.use_action_link(world.tx, token, world.now)

    assert (used.user_id, used.incident_id) == (world.people["ana"], incident)
    assert peeked == used
    with pytest.raises(Conflict):
        await notifications.use_action_link(world.tx, token, world.now)


async def test_a_link_expires_after_a_day(world: World, mail: MailServer) -> None:
    await page_ana(world)
    text = mail.mails[0].get_body(("plain",))
    assert text is not None
    token = text.get_content().split("/act/")[1].split()[0]

    with pytest.raises(Conflict):
        await notifications.peek_action_link(world.tx, token, world.now + 24 * HOUR)
    with pytest.raises(NotFound):
        await notifications.peek_action_link(world.tx, "made-up", world.now)


async def test_demo_mode_sends_nothing_and_shows_everything(
    world: World, mail: MailServer
) -> None:
    world.demo = True

    await page_ana(world)

    assert mail.mails == []
    [message] = await notifications.outbox(world.tx, None, 10)
    assert message.recipient == "ana@example.org"
    assert message.title.endswith(" Disk full (Shop)")
    assert "/act/" in message.text
