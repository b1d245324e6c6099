"""Every channel that is found: its folder, its form, what it renders; then each one's own ways."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook
from structlog.testing import capture_logs

import pagefree.channels
from pagefree.channels import all_channels, broken_folders
from pagefree.channels.base import (
    LINE_LIMIT,
    AddressDead,
    Channel,
    Delivery,
    Message,
    SmtpServer,
    Subject,
    Transports,
    one_line,
)
from pagefree.core.errors import DeliveryError
from pagefree.infra.clock import system_clock
from pagefree.infra.http import GuardedClient
from tests.fake_servers import MailServer, WebServer, mail_server, web_server

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
ID = UUID("019525d5-0000-7000-8000-000000000001")
NASTY = "a\r\nBcc: x@example.org\x00\u2028\u202e<img src=x onerror=alert(1)>{{7*7}}"
LONGEST_BODY = 20 * 1024

CHANNELS = all_channels()
each = pytest.mark.parametrize("channel", CHANNELS.values(), ids=CHANNELS)


def message(title: str = "Disk full", *, test: bool = False) -> Message:
    subject = Subject(
        id=ID,
        number=12,
        title=title,
        service=title,
        severity="critical",
        priority="P1",
        urgency="high",
        status="triggered",
        opened_at=NOW,
        url="https://pagefree.example.org/incidents/12",
    )
    return Message(
        id=ID,
        kind="test" if test else "page",
        cause=title,
        user_name=title,
        subject=None if test else subject,
        base_url="https://pagefree.example.org",
        acknowledge_url=None if test else "https://pagefree.example.org/act/secret",
    )


# every channel


@pytest.mark.parametrize("kind", CHANNELS)
def test_a_channel_is_a_folder_with_a_readme(kind: str) -> None:
    folder = Path(pagefree.channels.__path__[0]) / kind

    assert (folder / "README.md").read_text().startswith("# ")
    assert (folder / "channel.py").exists()


@each
def test_the_form_of_an_address_has_titles(channel: Channel) -> None:
    form = channel.Address.model_json_schema()

    assert form["type"] == "object"
    assert form["additionalProperties"] is False
    assert all(field.get("title") for field in form.get("properties", {}).values())


@each
def test_a_message_says_what_broke_where_and_since_when(channel: Channel) -> None:
    rendered = channel.render(message())

    assert "#12" in rendered.title
    assert "Disk full" in rendered.title
    assert "Disk full" in rendered.text
    if channel.links:
        assert "https://pagefree.example.org/act/secret" in rendered.text


@each
def test_a_test_message_says_that_it_is_one(channel: Channel) -> None:
    assert "Test" in channel.render(message(test=True)).title


@each
def test_a_code_is_in_the_message_that_brings_it(channel: Channel) -> None:
    if channel.verify == "code":
        rendered = channel.render(
            replace(message(test=True), kind="code", code="482913")
        )

        assert "482913" in rendered.title + rendered.text
        assert "482913" in (rendered.html or "482913")


def test_no_folder_breaks_the_contract() -> None:
    assert broken_folders() == {}


@each
def test_a_channel_says_in_one_line_what_it_is(channel: Channel) -> None:
    assert channel.summary == one_line(channel.summary)
    assert channel.summary.endswith(".")


@each
def test_credentials_never_leave_through_the_form(channel: Channel) -> None:
    form = channel.Config.model_json_schema() if channel.Config else {}

    secrets = [
        field
        for name, field in form.get("properties", {}).items()
        if re.search(r"token|secret|password|key$", name)
        and field.get("type") == "string"
    ]
    assert all(field.get("writeOnly") for field in secrets)


@each
def test_hostile_text_stays_on_its_line_and_is_never_markup(channel: Channel) -> None:
    rendered = channel.render(message(NASTY))

    assert "\n" not in rendered.title
    assert "\r" not in rendered.text
    assert "\u202e" not in rendered.title + rendered.text
    assert "<img" not in (rendered.html or "")
    assert "{{7*7}}" in rendered.title


@each
@given(st.text(max_size=2000))
def test_any_text_can_be_rendered_and_stays_short(channel: Channel, text: str) -> None:
    rendered = channel.render(message(text))

    assert len(rendered.title) <= LINE_LIMIT
    assert len(json.dumps(rendered.payload or {})) < LONGEST_BODY
    rendered.text.encode()
    (rendered.html or "").encode()


@given(st.text(max_size=500))
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)

    assert len(line.splitlines()) <= 1
    assert one_line(line) == line


# e-mail


@pytest.fixture
async def http() -> AsyncIterator[GuardedClient]:
    client = GuardedClient(["127.0.0.0/8"])
    yield client
    await client.aclose()


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    async with web_server() as server:
        yield server


def through(http: GuardedClient, server: MailServer) -> Transports:
    sender = "PageFree <pager@example.org>"
    smtp = SmtpServer("127.0.0.1", server.port, "none", None, None, sender)
    return Transports(http, smtp)


def mail_to(address: str, title: str = "Disk full") -> Delivery:
    channel, made = CHANNELS["email"], message(title)
    to = channel.Address.model_validate({"email": address})
    return Delivery(made, channel.render(made), to, None, NOW)


async def test_a_mail_arrives_as_text_and_html_with_the_link(
    http: GuardedClient, mail: MailServer
) -> None:
    sent = await CHANNELS["email"].send(through(http, mail), mail_to("ana@example.org"))

    [received] = mail.mails
    assert received["Message-ID"] == sent == f"<notification-{ID}@example.org>"
    assert received["References"] == f"<incident-{ID}@example.org>"
    assert received["To"] == "ana@example.org"
    assert received["Subject"] == "#12 Disk full (Disk full)"
    for subtype in ("plain", "html"):
        body = received.get_body((subtype,))
        assert body is not None
        assert "https://pagefree.example.org/act/secret" in body.get_content()


async def test_a_subject_in_any_language_survives(
    http: GuardedClient, mail: MailServer
) -> None:
    await CHANNELS["email"].send(
        through(http, mail), mail_to("ana@example.org", "磁盘已满 · Größe 💥")
    )

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
    http: GuardedClient,
    mail: MailServer,
    rcpt: str,
    data: str,
    *,
    permanent: bool,
    dead: bool,
) -> None:
    mail.rcpt, mail.data = rcpt, data

    with pytest.raises(DeliveryError) as e:
        await CHANNELS["email"].send(through(http, mail), mail_to("ana@example.org"))

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
    http: GuardedClient, mail: MailServer, rcpt: str, shown: str
) -> None:
    mail.rcpt = rcpt

    with capture_logs() as lines, pytest.raises(DeliveryError) as e:
        await CHANNELS["email"].send(through(http, mail), mail_to("ana@example.org"))

    assert str(e.value) == shown
    (line,) = [line for line in lines if line["event"] == "email.refused"]
    assert f"{line['code']} {line['answer']}" == rcpt


async def test_a_mail_server_that_is_down_may_come_back(http: GuardedClient) -> None:
    async with mail_server() as server:
        gone = server

    with pytest.raises(DeliveryError) as e:
        await CHANNELS["email"].send(through(http, gone), mail_to("ana@example.org"))

    assert not e.value.permanent
    assert not e.value.unknown


async def test_a_connection_that_breaks_after_the_mail_leaves_it_unknown(
    http: GuardedClient, mail: MailServer
) -> None:
    mail.hang_up_after_data = True

    with pytest.raises(DeliveryError) as e:
        await CHANNELS["email"].send(through(http, mail), mail_to("ana@example.org"))

    assert (e.value.permanent, e.value.unknown) == (False, True)


async def test_a_server_without_tls_is_not_used_when_tls_is_asked_for(
    http: GuardedClient, mail: MailServer
) -> None:
    smtp = SmtpServer(
        "127.0.0.1", mail.port, "starttls", None, None, "pager@example.org"
    )

    with pytest.raises(DeliveryError):
        await CHANNELS["email"].send(Transports(http, smtp), mail_to("ana@example.org"))
    assert mail.mails == []


async def test_without_a_mail_server_e_mail_fails_for_good(http: GuardedClient) -> None:
    with pytest.raises(DeliveryError) as e:
        await CHANNELS["email"].send(Transports(http, None), mail_to("ana@example.org"))
    assert e.value.permanent


# webhook


def post_to(url: str, secret: str | None = SECRET) -> Delivery:
    channel, made = CHANNELS["webhook"], message()
    to = channel.Address.model_validate({"url": url})
    return Delivery(made, channel.render(made), to, secret, system_clock())


async def test_the_standard_library_of_webhooks_verifies_ours(
    http: GuardedClient, web: WebServer
) -> None:
    sent = await CHANNELS["webhook"].send(Transports(http, None), post_to(web.url))

    [post] = web.posts
    body = Webhook(SECRET).verify(post.body, post.headers)
    assert body["data"]["incident"]["number"] == 12
    assert body["type"] == "incident.page"
    assert post.headers["webhook-id"] == sent == post.headers["idempotency-key"]


@pytest.mark.parametrize(
    ("status", "permanent", "dead"),
    [
        (301, True, False),
        (400, True, False),
        (404, True, False),
        (408, False, False),
        (410, True, True),
        (429, False, False),
        (500, False, False),
        (503, False, False),
    ],
)
async def test_an_answer_says_whether_to_try_again(
    http: GuardedClient, web: WebServer, status: int, *, permanent: bool, dead: bool
) -> None:
    web.status = status

    with pytest.raises(DeliveryError) as e:
        await CHANNELS["webhook"].send(Transports(http, None), post_to(web.url))

    assert e.value.permanent == permanent
    assert isinstance(e.value, AddressDead) == dead


@pytest.mark.parametrize(
    ("header", "seconds"), [("30", 30), ("soon", None), ("9" * 5000, None)]
)
async def test_retry_after_is_read_when_it_is_a_number(
    http: GuardedClient, web: WebServer, header: str, seconds: int | None
) -> None:
    web.status, web.headers = 503, {"Retry-After": header}

    with pytest.raises(DeliveryError) as e:
        await CHANNELS["webhook"].send(Transports(http, None), post_to(web.url))

    assert e.value.retry_after_s == seconds


async def test_a_failure_never_shows_the_secret_the_path_or_the_answer(
    http: GuardedClient, web: WebServer
) -> None:
    web.status, web.headers = 500, {"X-Secret": "inside"}

    with pytest.raises(DeliveryError) as e:
        await CHANNELS["webhook"].send(Transports(http, None), post_to(web.url))

    assert str(e.value) == "the webhook answered 500"


async def test_our_own_network_is_out_of_reach_unless_allowed(web: WebServer) -> None:
    guarded = GuardedClient()

    with pytest.raises(DeliveryError, match="could not be reached"):
        await CHANNELS["webhook"].send(Transports(guarded, None), post_to(web.url))
    assert web.posts == []
    await guarded.aclose()


async def test_a_webhook_without_its_secret_is_not_sent(
    http: GuardedClient, web: WebServer
) -> None:
    with pytest.raises(DeliveryError) as e:
        await CHANNELS["webhook"].send(Transports(http, None), post_to(web.url, None))
    assert e.value.permanent
    assert web.posts == []


async def test_a_connection_that_breaks_after_the_request_leaves_it_unknown(
    http: GuardedClient, web: WebServer
) -> None:
    web.hang_up = True

    with pytest.raises(DeliveryError) as e:
        await CHANNELS["webhook"].send(Transports(http, None), post_to(web.url))

    assert (e.value.permanent, e.value.unknown) == (False, True)


async def test_a_webhook_that_never_answers_can_be_given_up(
    http: GuardedClient, web: WebServer
) -> None:
    web.stalls = True

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await CHANNELS["webhook"].send(Transports(http, None), post_to(web.url))
