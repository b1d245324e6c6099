"""A mail server that reads mails as strictly as RFC 5322 lets it, on aiosmtpd."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.fake_servers import SLOW_S, Manner
from tests.fakes.provider import Provider, Wrong, need

OK = "250 OK"
NOBODY = "550 5.1.1 no such user"
ENOUGH = "421 4.7.0 too many mails in one session"
LONGEST_LINE = 998
ONCE = ("From", "To", "Subject", "Date", "Message-ID")


@dataclass(slots=True)
class MailServer(Provider):
    """Keeps the mails it accepts; answers as told."""

    rcpt: str = OK
    data: str = OK
    mails: list[EmailMessage] = field(default_factory=list)
    keeps: bool = True  # the mails; under load it is enough to look at them
    most: int = 1000  # mails in one session
    sessions: list[SMTP] = field(default_factory=list)
    _begun: Counter[SMTP] = field(default_factory=Counter)

    def address(self, number: int = 0) -> dict[str, Any]:
        return {"email": f"person{number}@example.org"}

    def session(self) -> SMTP:
        """With the next client that connects."""
        loop = asyncio.get_running_loop()
        self.sessions.append(SMTP(self, hostname="mail.example.org", loop=loop))
        return self.sessions[-1]

    def hang_up(self) -> None:
        """On everybody."""
        for session in self.sessions:
            if session.transport is not None:
                session.transport.close()

    async def handle_MAIL(  # noqa: N802 - aiosmtpd finds it by this name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        mail_options: list[str],
    ) -> str:
        del session
        self._begun[server] += 1
        if self._begun[server] > self.most:
            return ENOUGH
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return OK

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds it by this name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        del server, session, rcpt_options
        answer = NOBODY if self.manner is Manner.REFUSE else self.rcpt
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del session
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content)
        if self.data != OK:
            return self.data
        try:
            _need_mail(mail, envelope.content)
        except Wrong as e:
            self.complaints.append(str(e))
            return f"550 5.6.0 {e}"
        if self.keeps:
            read = message_from_bytes(envelope.content, policy=policy.default)
            self.mails.append(read)
        self.accepted.append({"to": mail["To"], "subject": mail["Subject"]})
        return await self._after(server)

    async def _after(self, server: SMTP) -> str:
        """What it says of a mail that it has."""
        if self.manner is Manner.RESET:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if self.manner is Manner.HANG:
            await self.hang()
        if self.manner is Manner.SLOW:
            await asyncio.sleep(SLOW_S)
        if self.manner is Manner.GARBAGE:
            return "Welcome to our guest network"
        return "\x15\x03\x01 what is this?" if self.manner is Manner.NOISE else OK

    def started(self, port: int = 0) -> AbstractAsyncContextManager[Provider]:
        return _serving(self, port)


def _need_mail(mail: Message, raw: bytes) -> None:
    for name in ONCE:
        need(len(mail.get_all(name, [])) == 1, f"one header {name}")
    need(not mail.defects, f"the mail is broken: {mail.defects}")
    need(max(map(len, raw.split(b"\r\n"))) <= LONGEST_LINE, "a line is too long")
    kinds = {part.get_content_type() for part in mail.walk()}
    need("text/plain" in kinds, "some read plain text only")


@asynccontextmanager
async def _serving(fake: MailServer, port: int) -> AsyncIterator[Provider]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(fake.session, "127.0.0.1", port)
    fake.port = server.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        fake.closing.set()
        server.close()


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    """A mail server on a free port."""
    fake = MailServer()
    async with fake.started():
        yield fake
