"""A real SMTP server that remembers when each mail arrived."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

LINK = re.compile(r"http://\S+/act/[\w-]+")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, and when it was here (monotonic seconds)."""

    recipient: str
    subject: str
    message_id: str
    text: str
    arrived_at: float

    @property
    def link(self) -> str:
        """The address of its acknowledge link."""
        found = LINK.search(self.text)
        assert found, self.text
        return found[0]


@dataclass(slots=True)
class Mailbox:
    """Takes every mail."""

    port: int = 0
    mails: list[Mail] = field(default_factory=list)
    arrival: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle_DATA(  # noqa: N802 -- aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del server, session
        arrived_at = time.monotonic()
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        async with self.arrival:
            self.mails += [
                Mail(who, mail["Subject"], mail["Message-ID"], _text(mail), arrived_at)
                for who in envelope.rcpt_tos
            ]
            self.arrival.notify_all()
        return "250 OK"

    def about(self, title: str, recipient: str) -> list[Mail]:
        """The mails to somebody with `title` in their subject."""
        return [
            m for m in self.mails if m.recipient == recipient and title in m.subject
        ]

    async def wait_for(self, title: str, recipient: str, within_s: float) -> Mail:
        """The first such mail; fails if it does not come in time."""
        async with asyncio.timeout(within_s), self.arrival:
            await self.arrival.wait_for(lambda: self.about(title, recipient))
        return self.about(title, recipient)[0]


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part
    content = part.get_content()
    assert isinstance(content, str)
    return content


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    """One that listens on a free port."""
    box = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(box, hostname="mail.example.org", loop=loop), "127.0.0.1", 0
    )
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()
