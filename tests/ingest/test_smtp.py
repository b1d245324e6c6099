"""Mail as mail servers send it: the standard library against the real server and database."""

import asyncio
import smtplib
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree import integrations
from pagefree.alerts import smtp
from pagefree.alerts.ingest import Ingest
from pagefree.alerts.smtp import Certificate, Mailbox, MailIn, mailbox, receiving
from pagefree.infra.clock import system_clock
from pagefree.integrations.base import Ignored, Inbound, Unreadable
from pagefree.integrations.email.parse import parse
from pagefree.integrations.email.settings import Settings
from tests.certificates import certificate
from tests.ingest.scene import Scene

DOMAIN = "in.pagefree.example"
SENDER = "storage@dc1.example"
SAMPLES = Path(integrations.__file__).parent / "email" / "samples"


@dataclass(frozen=True, slots=True)
class PostOffice:
    """The server, and what senders do."""

    scene: Scene
    port: int

    @property
    def address(self) -> str:
        """Of the integration."""
        return f"{self.scene.sources['email'].key}@{DOMAIN}"

    def tagged(self, tag: str) -> str:
        key = self.scene.sources["email"].key
        return f"{key}+{tag}@{DOMAIN}"

    async def send(
        self,
        subject: str = "Disk full",
        text: str = "on db1",
        *,
        to: str | None = None,
        sender: str = SENDER,
        **headers: str,
    ) -> None:
        """One mail; raises what smtplib raises."""
        mail = EmailMessage()
        mail["From"], mail["Subject"] = SENDER, subject
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        await self.raw(mail.as_bytes(), to or self.address, sender=sender)

    async def raw(self, mail: bytes, *to: str, sender: str = SENDER) -> None:
        """These bytes as a mail."""
        await self.ask(lambda server: server.sendmail(sender, to or self.address, mail))

    async def ask(self, what: Callable[[smtplib.SMTP], object]) -> None:
        """What a sender does on a connection of its own."""

        def connected() -> None:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as server:
                what(server)

        await asyncio.to_thread(connected)

    async def alerts(self) -> list[tuple[object, ...]]:
        query = "SELECT dedup_key, status, occurrences FROM alerts ORDER BY id"
        return await self.scene.rows(query)

    async def stored(self) -> list[object]:
        """What became of every mail."""
        rows = await self.scene.rows("SELECT outcome FROM inbound_requests ORDER BY id")
        return [outcome for (outcome,) in rows]


@pytest.fixture
async def post(scene: Scene) -> AsyncIterator[PostOffice]:
    async with receiving(scene.ingest, MailIn("127.0.0.1", 0, DOMAIN)) as port:
        yield PostOffice(scene, port)


async def test_a_mail_opens_an_alert_and_its_repetition_is_counted(
    post: PostOffice,
) -> None:
    await post.send()
    await post.send("Re: disk  FULL")
    await post.send("Fwd: RE[2]: Disk full")

    assert await post.alerts() == [("disk full", "open", 3)]
    assert await post.scene.value("SELECT title FROM incidents") == "Disk full"


async def test_ok_resolves_it(post: PostOffice) -> None:
    await post.send()
    await post.send("Re: Disk full", "OK\n")

    assert await post.alerts() == [("disk full", "resolved", 1)]


async def test_what_follows_the_plus_sign_is_the_dedup_key(post: PostOffice) -> None:
    await post.send("Disk 91 % full", to=post.tagged("disk-db1"))
    await post.send("Disk 92 % full", to=post.tagged("DISK-db1").upper())
    await post.send("Disk fine", "ok", to=post.tagged("disk-db1"))

    assert await post.alerts() == [("disk-db1", "resolved", 2)]


async def test_the_same_mail_comes_once(post: PostOffice) -> None:
    for _ in range(3):
        await post.send(Message_ID="<1@dc1.example>")

    assert await post.alerts() == [("disk full", "open", 1)]
    assert await post.stored() == ["processed", "repeated", "repeated"]


async def test_one_mail_may_be_for_several_tags(post: PostOffice) -> None:
    mail = b"Subject: Power\r\nMessage-ID: <2@x>\r\n\r\nlost\r\n"
    await post.raw(mail, post.tagged("a"), post.tagged("b"))

    assert [key for key, _, _ in await post.alerts()] == ["a", "b"]


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("", {}),
        (SENDER, {"Auto_Submitted": "auto-replied"}),
        (SENDER, {"Precedence": "junk"}),
        (SENDER, {"X_PageFree_Loop": "1"}),
    ],
    ids=["bounce", "automatic reply", "junk", "loop"],
)
async def test_what_nobody_wrote_is_kept_and_opens_nothing(
    post: PostOffice, sender: str, headers: dict[str, str]
) -> None:
    await post.send(sender=sender, **headers)

    assert await post.alerts() == []
    assert await post.stored() == ["ignored"]


async def test_cron_is_heard_although_it_writes_by_itself(post: PostOffice) -> None:
    await post.send(Auto_Submitted="auto-generated", Precedence="bulk")

    assert len(await post.alerts()) == 1


@pytest.mark.parametrize(
    "to",
    [
        "nobody@" + DOMAIN,
        "0" * 32 + "@" + DOMAIN,
        "{generic}@" + DOMAIN,
        "{email}@elsewhere.example",
        "{email}",
    ],
)
async def test_an_unknown_recipient_is_refused_before_the_mail(
    post: PostOffice, to: str
) -> None:
    keys = {kind: source.key for kind, source in post.scene.sources.items()}
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        await post.send(to=to.format_map(keys))

    assert {code for code, _ in refused.value.recipients.values()} == {550}
    assert await post.stored() == []


async def test_too_large_a_mail_is_refused(post: PostOffice) -> None:
    lines = b"x" * 998 + b"\r\n"
    mail = b"Subject: large\r\n\r\n" + lines * (smtp.MOST_BYTES // len(lines) + 1)

    def without_size(server: smtplib.SMTP) -> None:
        """Send it without saying beforehand how large it is."""
        server.ehlo_or_helo_if_needed()
        server.mail(SENDER)
        server.rcpt(post.address)
        code, _ = server.data(mail)
        assert code == 552

    await post.ask(without_size)
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        await post.raw(mail)  # smtplib says SIZE=

    assert refused.value.smtp_code == 552
    assert await post.stored() == []


async def test_a_long_line_is_taken(post: PostOffice) -> None:
    await post.raw(b"Subject: long\r\n\r\n" + b"y" * 40_000 + b"\r\n")

    assert await post.alerts() == [("long", "open", 1)]


async def test_without_a_database_the_sender_is_asked_to_come_again(
    post: PostOffice,
) -> None:
    away = Ingest("postgresql://nobody@127.0.0.1:9/none", system_clock)
    where = MailIn("127.0.0.1", 0, DOMAIN)
    async with receiving(away, where) as port:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            await PostOffice(post.scene, port).send()

    assert {code for code, _ in refused.value.recipients.values()} == {451}


async def test_a_mail_that_cannot_be_stored_is_not_confirmed(post: PostOffice) -> None:
    await post.send("Before")
    await post.scene.connection.execute(
        "ALTER TABLE inbound_requests RENAME TO elsewhere"
    )
    with pytest.raises(smtplib.SMTPDataError) as refused:
        await post.send("Meanwhile")
    await post.scene.connection.execute(
        "ALTER TABLE elsewhere RENAME TO inbound_requests"
    )
    await post.send("Meanwhile")

    assert refused.value.smtp_code == 451
    assert await post.alerts() == [("before", "open", 1), ("meanwhile", "open", 1)]


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\r\n\r\n",
        b"no headers at all\r\n",
        b"Subject: " + b"=?utf-8?q?=00=ff?=" * 500 + b"\r\n\r\n\0",
        b"Subject: \xff\xfe\xe4\r\nContent-Type: text/plain; charset=klingon\r\n\r\n\xe4",
        b"Subject: a\r\n b\r\n\tc\r\nSubject: d\r\n\r\n.\r\nBcc: x\r\n",
        b"Subject: x\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--\r\n",
        b"X: " + b"y" * 60_000 + b"\r\n" + b"Z: y\r\n" * 4000 + b"\r\n\r\n",
        b"Subject: n\r\n"
        + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" * 900,
    ],
    ids=range(9),
)
async def test_hostile_mail_is_kept_whatever_it_is(
    post: PostOffice, mail: bytes
) -> None:
    await post.raw(mail)

    (outcome,) = await post.stored()
    assert outcome in {"processed", "quarantined"}
    assert len(await post.alerts()) == 1


async def test_other_alphabets_arrive(post: PostOffice) -> None:
    await post.send("Огонь в 机房", "火事\n🔥")

    assert await post.scene.rows("SELECT title, body FROM alerts") == [
        ("Огонь в 机房", "火事\n🔥")
    ]


async def test_too_many_connections_are_asked_to_come_again(post: PostOffice) -> None:
    async with AsyncExitStack() as connections:
        for _ in range(smtp.MOST_CONNECTIONS):
            reader, writer = await asyncio.open_connection("127.0.0.1", post.port)
            connections.callback(writer.close)
            assert (await reader.readline()).startswith(b"220 ")
        reader, writer = await asyncio.open_connection("127.0.0.1", post.port)
        connections.callback(writer.close)
        assert (await reader.readline()).startswith(b"421 ")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (f"ABC@{DOMAIN.upper()}", Mailbox("abc", "")),
        (f"abc+Disk+1@{DOMAIN}.", Mailbox("abc", "disk+1")),
        (f'"abc"@{DOMAIN}', Mailbox("abc", "")),
        (f"abc@x.{DOMAIN}", None),
        ("abc", None),
        ("", None),
    ],
)
def test_whose_address_it_is(address: str, expected: Mailbox | None) -> None:
    assert mailbox(address, DOMAIN) == expected


mails = st.sampled_from(sorted(SAMPLES.glob("*.eml"))).map(Path.read_bytes)
pieces = st.sampled_from(
    [
        *(b"", b"\0", b"\xff", b"\r\n", b"\r\n\r\n", b"=?", b"?=", b"--outer", b";"),
        *(b"=", b"<", b"<!--", b"<![CDATA[", b"&#", b"%00", b"*0*=", b"'"),
        *(b"Content-Type: ", b"multipart/", b"charset=", b"base64", b"boundary="),
        b"message/rfc822",
    ]
)
changes = st.lists(
    st.tuples(st.floats(0, 1), pieces | st.binary(max_size=8), st.integers(0, 30)),
    max_size=8,
)


@given(mails, changes)
def test_a_damaged_mail_is_read_or_refused(
    mail: bytes, damage: list[tuple[float, bytes, int]]
) -> None:
    for where, piece, cut in damage:
        at = int(where * len(mail))
        mail = mail[:at] + piece + mail[at + cut :]
    with suppress(Ignored, Unreadable):
        parsed = parse(Inbound(mail, settings=Settings()))
        (event,) = parsed.events
        str(event).encode()


async def test_mail_servers_may_encrypt_and_use_a_renewed_certificate_at_once(
    scene: Scene, tmp_path: Path
) -> None:
    file = tmp_path / "certificate.pem"
    file.write_bytes(certificate())
    where = MailIn("127.0.0.1", 0, DOMAIN, Certificate(file))

    def encrypted(server: smtplib.SMTP) -> None:
        trusted = ssl.create_default_context(cafile=file)
        server.starttls(context=trusted)
        mail = b"Subject: Disk full\r\n\r\non db1\r\n"
        server.sendmail(SENDER, office.address, mail)

    async with receiving(scene.ingest, where) as port:
        office = PostOffice(scene, port)
        await office.ask(encrypted)
        file.write_bytes(b"half of a renewal")
        await office.send("In the open")
        file.write_bytes(certificate())
        await office.ask(encrypted)

    alerts = await office.alerts()
    assert alerts == [("disk full", "open", 2), ("in the open", "open", 1)]


async def test_without_a_certificate_none_is_offered(post: PostOffice) -> None:
    offered: list[bool] = []

    def ask(server: smtplib.SMTP) -> None:
        server.ehlo()
        offered.append(server.has_extn("starttls"))

    await post.ask(ask)

    assert offered == [False]
