"""Real servers on this machine that stand for the outside world."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


@dataclass(slots=True)
class Post:
    """A request that arrived."""

    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass(slots=True)
class WebServer:
    """Answers every POST with `status`, or raw with `answer`; hangs up instead if told."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    answer: bytes | None = None
    hang_up: bool = False
    stalls: bool = False
    posts: list[Post] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)  # ends a stall

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections += 1
        try:
            while not reader.at_eof():
                await self._exchange(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value
            for name, _, value in (line.partition(": ") for line in head[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.posts.append(Post(head[0].split(" ")[1], headers, body))
        if self.hang_up:
            raise ConnectionError
        if self.stalls:
            await self._stall()
        writer.write(self.answer or self._reply())
        await writer.drain()

    async def _stall(self) -> None:
        ends = [asyncio.create_task(e.wait()) for e in (self.closing, self.released)]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        if self.closing.is_set():
            raise ConnectionError

    def _reply(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} Whatever", "Content-Length: 2"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\nok").encode()


@asynccontextmanager
async def web_server() -> AsyncIterator[WebServer]:
    """A web server on a free port."""
    fake = WebServer()
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.port = server.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        fake.closing.set()
        server.close()


@dataclass(slots=True)
class MailServer:
    """Keeps the mails it accepts; answers as told."""

    rcpt: str = OK
    data: str = "250 OK"
    hang_up_after_data: bool = False
    mails: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds it by this name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        del server, session, rcpt_options
        if self.rcpt == OK:
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del session
        assert isinstance(envelope.content, bytes)
        if self.data == OK:
            mail = message_from_bytes(envelope.content, policy=policy.default)
            self.mails.append(mail)
        if self.hang_up_after_data:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.data


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    """An SMTP server on a free port."""
    fake = MailServer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(fake, hostname="mail.example.org", loop=loop), "127.0.0.1", 0
    )
    fake.port = server.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        server.close()
