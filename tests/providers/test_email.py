"""E-mail, through a real server that answers as told."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from pagefree.channels.base import AddressDead, Delivery, SmtpServer, Transports
from pagefree.channels.email.channel import CHANNEL
from pagefree.core.errors import DeliveryError
from pagefree.infra.smtp_connections import AT_ONCE
from tests.fake_servers import Manner
from tests.fakes.smtp import MailServer, mail_server
from tests.providers.pages import ID, LINK, NOW, page


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
async def through(ways: Transports, mail: MailServer) -> AsyncIterator[Transports]:
    """The ways with that server."""
    smtp = server_at(mail)
    yield Transports(ways.http, smtp)
    smtp.connections.close()


def server_at(server: MailServer) -> SmtpServer:
    sender = "PageFree <pager@example.org>"
    return SmtpServer("127.0.0.1", server.port, "none", None, None, sender)


def mail_to(address: str, title: str = "Disk full") -> Delivery:
    made = page(title)
    to = CHANNEL.Address.model_validate({"email": address})
    return Delivery(made, CHANNEL.render(made), to, None, NOW)


async def test_a_mail_arrives_as_text_and_html_with_the_link(
    through: Transports, mail: MailServer
) -> None:
    sent = await CHANNEL.send(through, mail_to("ana@example.org"))

    [received] = mail.mails
    assert received["Message-ID"] == sent == f"<notification-{ID}@example.org>"
    assert received["References"] == f"<incident-{ID}@example.org>"
    assert received["To"] == "ana@example.org"
    assert received["Subject"] == "#12 Disk full (Checkout)"
    for subtype in ("plain", "html"):
        body = received.get_body((subtype,))
        assert body is not None
        assert LINK in body.get_content()


def test_a_mail_leaves_the_colour_of_text_to_the_mail_program() -> None:
    """Dark text that the mail brings along cannot be read on a dark ground."""
    html = CHANNEL.render(mail_to("ana@example.org").message).html or ""

    assert '<meta name="color-scheme" content="light dark">' in html
    assert set(re.findall(r"[;\"]color:(#\w+)", html)) <= {"#767676", "#fff"}


async def test_a_subject_in_any_language_survives(
    through: Transports, mail: MailServer
) -> None:
    await CHANNEL.send(through, mail_to("ana@example.org", "磁盘已满 · Größe 💥"))

    assert "磁盘已满 · Größe 💥" in mail.mails[0]["Subject"]


@pytest.mark.parametrize(
    ("rcpt", "data", "permanent", "dead"),
    [
        ("450 4.2.1 mailbox busy", "250 OK", False, False),
        ("550 5.1.1 no such user", "250 OK", True, True),
        ("550 5.7.1 not you", "250 OK", True, False),
        ("250 OK", "451 4.3.0 later", False, False),
        ("250 OK", "554 5.6.0 no", True, False),
    ],
)
async def test_an_smtp_answer_says_whether_to_try_again(
    through: Transports,
    mail: MailServer,
    rcpt: str,
    data: str,
    *,
    permanent: bool,
    dead: bool,
) -> None:
    mail.rcpt, mail.data = rcpt, data

    with pytest.raises(DeliveryError) as e:
        await CHANNEL.send(through, mail_to("ana@example.org"))

    assert (e.value.permanent, e.value.unknown) == (permanent, False)
    assert isinstance(e.value, AddressDead) == dead


@pytest.mark.parametrize(
    ("rcpt", "shown"),
    [
        (
            "550 5.1.1 <ana@example.org>: no relay-7.internal",
            "there is no such mailbox (550 5.1.1)",
        ),
        (
            "550 5.7.1 10.0.0.7 is on a list",
            "the mail server refused the mail (550 5.7.1)",
        ),
        (
            "450 quota of relay-7.internal",
            "the mail server cannot take the mail now (450)",
        ),
    ],
)
async def test_what_a_mail_server_says_in_its_own_words_is_only_in_the_log(
    through: Transports, mail: MailServer, rcpt: str, shown: str
) -> None:
    mail.rcpt = rcpt

    with capture_logs() as lines, pytest.raises(DeliveryError) as e:
        await CHANNEL.send(through, mail_to("ana@example.org"))

    assert str(e.value) == shown
    (line,) = [line for line in lines if line["event"] == "email.refused"]
    assert f"{line['code']} {line['answer']}" == rcpt


async def test_a_mail_server_that_is_down_may_come_back(ways: Transports) -> None:
    async with mail_server() as server:
        gone = server

    with pytest.raises(DeliveryError) as e:
        await CHANNEL.send(
            Transports(ways.http, server_at(gone)), mail_to("ana@example.org")
        )

    assert not e.value.permanent
    assert not e.value.unknown


async def test_a_connection_that_breaks_after_the_mail_leaves_it_unknown(
    through: Transports, mail: MailServer
) -> None:
    mail.manner = Manner.RESET

    with pytest.raises(DeliveryError) as e:
        await CHANNEL.send(through, mail_to("ana@example.org"))

    assert (e.value.permanent, e.value.unknown) == (False, True)


async def test_a_server_without_tls_is_not_used_when_tls_is_asked_for(
    ways: Transports, mail: MailServer
) -> None:
    smtp = SmtpServer(
        "127.0.0.1", mail.port, "starttls", None, None, "pager@example.org"
    )

    with pytest.raises(DeliveryError):
        await CHANNEL.send(Transports(ways.http, smtp), mail_to("ana@example.org"))
    assert mail.mails == []


async def test_mails_follow_each_other_on_one_connection(
    through: Transports, mail: MailServer
) -> None:
    for number in range(3):
        await CHANNEL.send(through, mail_to(f"person{number}@example.org"))

    assert [to["To"] for to in mail.mails] == [
        f"person{number}@example.org" for number in range(3)
    ]
    assert len(mail.sessions) == 1


async def test_many_mails_at_once_take_a_few_connections(
    through: Transports, mail: MailServer
) -> None:
    to_many = [mail_to(f"person{number}@example.org") for number in range(100)]

    await asyncio.gather(*(CHANNEL.send(through, one) for one in to_many))

    assert len({to["To"] for to in mail.mails}) == len(mail.mails) == 100
    assert len(mail.sessions) <= AT_ONCE


@pytest.mark.parametrize(
    ("rcpt", "data"), [("550 5.1.1 no", "250 OK"), ("250 OK", "451 4.3.0 later")]
)
async def test_a_refused_mail_leaves_the_connection_to_the_next(
    through: Transports, mail: MailServer, rcpt: str, data: str
) -> None:
    mail.rcpt, mail.data = rcpt, data
    with pytest.raises(DeliveryError):
        await CHANNEL.send(through, mail_to("ana@example.org"))
    mail.rcpt = mail.data = "250 OK"

    await CHANNEL.send(through, mail_to("bo@example.org"))

    assert [to["To"] for to in mail.mails] == ["bo@example.org"]
    assert len(mail.sessions) == 1


async def test_a_connection_that_the_server_has_closed_does_not_fail_the_next_mail(
    through: Transports, mail: MailServer
) -> None:
    await CHANNEL.send(through, mail_to("ana@example.org"))
    mail.hang_up()

    await CHANNEL.send(through, mail_to("bo@example.org"))

    assert [to["To"] for to in mail.mails] == ["ana@example.org", "bo@example.org"]


async def test_a_server_that_has_had_enough_of_one_connection_gets_another(
    through: Transports, mail: MailServer
) -> None:
    mail.most = 2

    for number in range(5):
        await CHANNEL.send(through, mail_to(f"person{number}@example.org"))

    assert len(mail.mails) == 5
    assert len(mail.sessions) == 3


async def test_a_connection_that_breaks_during_a_mail_is_not_used_again(
    through: Transports, mail: MailServer
) -> None:
    await CHANNEL.send(through, mail_to("ana@example.org"))
    mail.manner = Manner.RESET
    with pytest.raises(DeliveryError) as e:
        await CHANNEL.send(through, mail_to("bo@example.org"))
    mail.manner = Manner.OK

    await CHANNEL.send(through, mail_to("cy@example.org"))

    assert e.value.unknown
    assert [to["To"] for to in mail.mails] == [
        f"{name}@example.org" for name in ("ana", "bo", "cy")
    ]


async def test_what_looks_like_an_encoded_word_is_shown_as_it_came(
    through: Transports, mail: MailServer
) -> None:
    title = "=?utf-8?q?Fine=0D=0ABcc=3A_eve=40example.org?="

    await CHANNEL.send(through, mail_to("ana@example.org", title))

    assert title in mail.mails[0]["Subject"]


async def test_without_a_mail_server_e_mail_fails_for_good(ways: Transports) -> None:
    with pytest.raises(DeliveryError) as e:
        await CHANNEL.send(ways, mail_to("ana@example.org"))
    assert e.value.permanent
