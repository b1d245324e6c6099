"""What people answer to mails: who is listened to, and what is never an answer."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.alerts.smtp import mailbox
from pagefree.channels.base import SmtpServer
from pagefree.core.replies import own_line, read
from pagefree.core.routing import Urgency
from pagefree.incidents import answers, reading
from pagefree.infra.crypto import Vault
from pagefree.infra.ids import new_id
from pagefree.notifications import mail_replies
from tests.fakes.smtp import MailServer, mail_server
from tests.simulation.test_answers import outcomes, status
from tests.simulation.world import HOUR, MINUTE, World

DOMAIN = "in.example.org"
ANA = "ana@example.org"
QUOTED = "\n\nOn Mon, 2 Mar 2026 at 09:00 PageFree wrote:\n> #1 Disk full\n> res\n"


@pytest.fixture
async def mail(world: World) -> AsyncIterator[MailServer]:
    """Mails leave through this server, and answers come in."""
    async with mail_server() as server:
        world.demo = False
        world.reply_domain = DOMAIN
        sender = "PageFree <pager@example.org>"
        world.smtp = SmtpServer("127.0.0.1", server.port, "none", None, None, sender)
        yield server


def written(text: str, kind: str = "plain", **headers: str) -> bytes:
    """A mail of Ana's."""
    made = EmailMessage()
    made["From"], made["Subject"] = ANA, "Re: #1 Disk full"
    made["Message-ID"] = f"<{new_id()}@phone>"
    for name, value in headers.items():
        del made[name.replace("_", "-")]
        made[name.replace("_", "-")] = value
    made.set_content(text, subtype=kind, cte="base64")
    return made.as_bytes()


def given_up(action: str, code: str) -> bytes:
    """What a mail server reports of a mail (RFC 3464)."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"], report["Subject"] = "MAILER-DAEMON@example.org", "Undelivered"
    report.attach(MIMEText("It could not be delivered."))
    per_mail = EmailMessage()
    per_mail["Reporting-MTA"] = "dns; mail.example.org"
    per_recipient = EmailMessage()
    per_recipient["Final-Recipient"] = f"rfc822; {ANA}"
    per_recipient["Action"], per_recipient["Status"] = action, code
    fields = EmailMessage()
    fields["Content-Type"] = "message/delivery-status"
    fields.set_payload([per_mail, per_recipient])
    report.attach(fields)
    return report.as_bytes()


async def answer(
    world: World, to: str, raw: bytes, *, envelope: str = ANA
) -> str | None:
    """What becomes of a mail to that address."""
    box = mailbox(to, DOMAIN)
    assert box is not None
    notification_id = mail_replies.TAGS.read_one(world.vault, box.tag)
    if notification_id is None:
        return None
    event = await mail_replies.understood(
        world.tx, notification_id, raw, envelope, world.now
    )
    if event is None:
        return None
    return await answers.take(world.tx, "email", event, world.now)


async def page_ana(world: World, mail: MailServer) -> tuple[UUID, str]:
    """An incident, and where its mail can be answered."""
    incident = await world.trigger(world.policy(("ana", 24 * HOUR)))
    return incident, str(mail.mails[-1]["Reply-To"])


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (f"ack{QUOTED}", "acknowledged"),
        (f"\n\n  Acknowledge.\n-- \nAna{QUOTED}", "acknowledged"),
        (f"res{QUOTED}", "resolved"),
        (f"Resolve!{QUOTED}", "resolved"),
        (f"> #1 Disk full\n> res\n\nack{QUOTED}", "acknowledged"),
        (QUOTED, "triggered"),
        ("", "triggered"),
        (f"Resolve the name of the disk first, please{QUOTED}", "triggered"),
        (f"thanks, resolved{QUOTED}", "triggered"),
    ],
    ids=range(9),
)
async def test_the_first_line_of_an_answer_counts(
    world: World, mail: MailServer, text: str, state: str
) -> None:
    incident, to = await page_ana(world, mail)

    await answer(world, to, written(text))

    assert await status(world, incident) == state
    if state == "acknowledged":
        holder = (await reading.get(world.tx, incident)).acknowledged_by
        assert holder is not None
        assert holder.id == world.people["ana"]


async def test_an_answer_in_html_alone_is_read(world: World, mail: MailServer) -> None:
    incident, to = await page_ana(world, mail)
    html = "<html><head><style>res</style></head><body><p>&#97;ck</p><p>Ana</p></body>"

    await answer(world, to, written(html, "html"))

    assert await status(world, incident) == "acknowledged"


async def test_who_writes_does_not_matter_but_where_to_does(
    world: World, mail: MailServer
) -> None:
    incident, to = await page_ana(world, mail)
    tag = to.partition("+")[2].partition("@")[0]
    forged = to.replace(
        tag, ("a" if tag[-5] != "a" else "b").join((tag[:-5], tag[-4:]))
    )
    foreign = mail_replies.address_for(Vault("another key" * 4), new_id(), DOMAIN)

    for address in (forged, foreign, f"reply+@{DOMAIN}", f"reply+ä@{DOMAIN}"):
        await answer(world, address, written("res"))
    assert await status(world, incident) == "triggered"
    assert await outcomes(world) == []

    at_home = written("ack", From="ana.private@elsewhere.example")
    await answer(world, to.upper().replace(DOMAIN.upper(), DOMAIN), at_home)
    assert await status(world, incident) == "acknowledged"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; type=x"},
        {"Precedence": "bulk"},
        {"X_PageFree_Loop": "1"},
        {"X_Autoreply": "yes"},
    ],
    ids=range(5),
)
async def test_what_a_program_sends_by_itself_is_no_answer(
    world: World, mail: MailServer, headers: dict[str, str]
) -> None:
    incident, to = await page_ana(world, mail)

    assert await answer(world, to, written("res", "plain", **headers)) is None
    assert await answer(world, to, written("res"), envelope="") is None

    assert await status(world, incident) == "triggered"


async def test_our_own_mail_that_comes_back_is_no_answer(
    world: World, mail: MailServer
) -> None:
    incident, to = await page_ana(world, mail)

    assert await answer(world, to, mail.mails[0].as_bytes()) is None

    assert await status(world, incident) == "triggered"


async def test_a_mail_that_is_given_up_uses_the_next_way(
    world: World, mail: MailServer
) -> None:
    email = await world.methods_of("ana")
    await world.method("ana", "email", email="second@example.org")
    await world.rules("ana", (Urgency.HIGH, timedelta(0), email))
    _, to = await page_ana(world, mail)
    assert len(mail.mails) == 1

    await answer(world, to, given_up("delayed", "4.4.1"), envelope="")
    assert await world.disabled_reason(email) is None
    await answer(world, to, given_up("failed", "5.1.1"), envelope="")
    await world.work()

    assert await world.disabled_reason(email) == "the mail came back (5.1.1)"
    assert [one["To"] for one in mail.mails] == [ANA, "second@example.org"]


async def test_a_full_mailbox_keeps_its_address(world: World, mail: MailServer) -> None:
    _, to = await page_ana(world, mail)

    await answer(world, to, given_up("failed", "5.2.2"), envelope="")

    assert await world.disabled_reason(await world.methods_of("ana")) is None
    assert await world.statuses() == ["failed"]


async def test_an_answer_counts_once_and_for_a_week(
    world: World, mail: MailServer
) -> None:
    incident, to = await page_ana(world, mail)
    said = written("ack")
    assert str(await answer(world, to, said)).endswith(" acknowledged")
    assert await answer(world, to, said) is None

    world.now += mail_replies.LIFE + MINUTE
    assert await answer(world, to, written("res")) is None
    assert await status(world, incident) == "acknowledged"


async def test_a_number_means_another_incident_that_one_was_told_of(
    world: World, mail: MailServer
) -> None:
    first, _ = await page_ana(world, mail)
    second, to = await page_ana(world, mail)

    number = (await reading.get(world.tx, first)).number
    await answer(world, to, written(f"ack {number}"))

    assert await status(world, first) == "acknowledged"
    assert await status(world, second) == "triggered"


async def test_without_a_place_for_mail_to_come_in_nothing_promises_one(
    world: World, mail: MailServer
) -> None:
    world.reply_domain = None

    await world.trigger(world.policy(("ana", HOUR)))

    [sent] = mail.mails
    assert sent["Reply-To"] is None
    text = sent.get_body(("plain",))
    assert text is not None
    assert "reply" not in text.get_content().lower()


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading_of_a_report(raw: bytes) -> None:
    mail_replies.bounced(raw)
    mail_replies.bounced(given_up("failed", "5.1.1")[:-40] + raw)


@given(st.lists(st.text(max_size=40), max_size=8))
def test_what_is_quoted_is_never_an_order(lines: list[str]) -> None:
    quoted = "\n".join("> " + " ".join(line.split()) for line in ["res", *lines])

    assert own_line(f"On Monday Bo wrote:\n{quoted}") == ""
    assert read(own_line(f"ack\n\n{quoted}")).verb == "acknowledge"


@given(st.uuids(), st.text(max_size=80))
def test_an_address_is_its_notifications_and_nothing_else_is(
    notification_id: UUID, other: str
) -> None:
    vault = Vault("a key for tests that is long enough")
    to = mail_replies.address_for(vault, notification_id, DOMAIN)
    local, _, _ = to.partition("@")

    assert len(local) <= 64  # RFC 5321 section 4.5.3.1.1
    tag = local.partition("+")[2]
    assert mail_replies.TAGS.read_one(vault, tag) == notification_id
    assert mail_replies.TAGS.read_one(vault, other) is None
