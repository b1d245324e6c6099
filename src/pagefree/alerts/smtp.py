"""Where mail arrives: an SMTP server that takes only what it knows, and answers after the commit."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from pagefree.alerts.asgi import Refused
from pagefree.alerts.ingest import Ingest
from pagefree.core.errors import PageFreeError
from pagefree.infra.db import is_down

KIND = "email"
ENVELOPE_FROM = "x-envelope-from"
MOST_BYTES = 10 * 1024 * 1024
LONGEST_LINE = 64 * 1024  # scripts send longer ones than the standard has
MOST_RECIPIENTS = 20
MOST_CONNECTIONS = 100
IDLE_S = 120.0
BACKLOG = 100

OK = "250 2.0.0 OK: it is on disk"
NOBODY = "550 5.1.1 no such mailbox"
TOO_MANY = "452 4.5.3 too many recipients"
AWAY = "451 4.3.0 it cannot be stored now: try again later"
BUSY = b"421 4.3.2 too many connections: try again later\r\n"
NO_SENDER = "<>"
MIME = "message/rfc822"

log = structlog.get_logger()


class Certificate:
    """What mail servers are shown; read again when its file has been renewed."""

    def __init__(self, file: Path, key: Path | None = None) -> None:
        self._file, self._key = file, key
        self._read_at = self._changed_at()
        self._context = self._read()

    def context(self) -> ssl.SSLContext:
        """For one connection. Half a renewal is passed over: the old one is still good."""
        try:
            changed_at = self._changed_at()
            if changed_at != self._read_at:
                self._context, self._read_at = self._read(), changed_at
        except OSError as e:  # of which ssl.SSLError is one
            log.warning("smtp.certificate_not_read", error=repr(e))
        return self._context

    def _changed_at(self) -> int:
        return max(f.stat().st_mtime_ns for f in (self._file, self._key) if f)

    def _read(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self._file, self._key)
        return context


@dataclass(frozen=True, slots=True)
class MailIn:
    """Where to listen, and for the mail of which domain."""

    host: str
    port: int
    domain: str
    certificate: Certificate | None = None  # none: connections are not encrypted


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The address of an integration; the tag is what follows its plus sign."""

    key: str
    tag: str


def mailbox(address: str, domain: str) -> Mailbox | None:
    """Whose address this is; none if the domain is not ours."""
    local, _, at = address.lower().rpartition("@")
    if at.rstrip(".") != domain.lower():
        return None
    key, _, tag = local.strip('"').partition("+")
    return Mailbox(key, tag)


class Answers(Protocol):
    """Who takes the mails with which people answer to mails of ours."""

    def knows(self, box: Mailbox) -> bool:
        """Whether this is an address that one of our mails can be answered at."""
        ...

    async def take(self, box: Mailbox, raw: bytes, sender: str) -> None:
        """Do what a mail to it says; returns after the commit. Raises what a database does."""
        ...


class _Server(SMTP):
    line_length_limit = LONGEST_LINE

    def connection_lost(self, error: Exception | None) -> None:
        """Make room for the next one."""
        super().connection_lost(error)
        self.event_handler.connections.discard(self)


class _Busy(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask to come again."""
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(BUSY)
            transport.close()


class _Hooks:
    """What aiosmtpd asks: who may be written to, and what becomes of a mail."""

    def __init__(self, ingest: Ingest, domain: str, answers: Answers | None) -> None:
        self._ingest = ingest
        self._domain = domain
        self._answers = answers
        self.connections: set[SMTP] = set()

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd names it, and what it takes
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Refuse whom we do not know before the mail is sent."""
        del server, session, options
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        box = mailbox(address, self._domain)
        if box is None or not await self._knows(box):
            return NOBODY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 -- aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Say that a mail is taken once it is on disk, for everybody it is for."""
        del server, session
        raw = bytes(envelope.original_content or b"")
        sender = (envelope.mail_from or "").replace(NO_SENDER, "")
        told = {"content-type": MIME, ENVELOPE_FROM: sender}
        answers = [await self._take(to, raw, told) for to in envelope.rcpt_tos]
        # sent again, it is a repetition for those who have it already
        return next((answer for answer in answers if answer != OK), OK)

    async def _knows(self, box: Mailbox) -> bool:
        if self._answers is not None and self._answers.knows(box):
            return True
        return await self._ingest.knows(KIND, box.key)

    async def _take(self, address: str, raw: bytes, told: dict[str, str]) -> str:
        box = mailbox(address, self._domain)
        if box is None:
            return NOBODY
        if self._answers is not None and self._answers.knows(box):
            return await self._answer(self._answers, box, raw, told[ENVELOPE_FROM])
        try:
            answer = await self._ingest.take(KIND, box.key, raw, told, box.tag)
        except Refused as e:
            return f"550 5.7.1 {e.reason}"
        except PageFreeError:
            return AWAY
        return OK if answer.status < HTTPStatus.BAD_REQUEST else AWAY

    async def _answer(
        self, answers: Answers, box: Mailbox, raw: bytes, sender: str
    ) -> str:
        try:
            await answers.take(box, raw, sender)
        except Exception as e:
            if not is_down(e):
                log.exception("smtp.answer_failed")
            return AWAY
        return OK

    async def handle_exception(self, error: Exception) -> str:
        """Whatever goes wrong here may go right later."""
        log.warning("smtp.failed", error=repr(error))
        return AWAY


@asynccontextmanager
async def receiving(
    ingest: Ingest, where: MailIn, answers: Answers | None = None
) -> AsyncIterator[int]:
    """Take in mail for as long as the block runs; yields the port.

    What is for `answers` opens no alert.
    """
    # its log names mailboxes, which are secrets
    logging.getLogger("mail").setLevel(logging.ERROR)
    hooks, loop = _Hooks(ingest, where.domain, answers), asyncio.get_running_loop()

    def connected() -> asyncio.BaseProtocol:
        if len(hooks.connections) >= MOST_CONNECTIONS:
            return _Busy()
        server = _Server(
            hooks,
            data_size_limit=MOST_BYTES,
            enable_SMTPUTF8=True,
            hostname=where.domain,
            ident="PageFree",
            timeout=IDLE_S,
            tls_context=where.certificate.context() if where.certificate else None,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            loop=loop,
        )
        hooks.connections.add(server)
        return server

    # several processes of one installation share the port
    server = await loop.create_server(
        connected, where.host, where.port, reuse_port=True, backlog=BACKLOG
    )
    port: int = server.sockets[0].getsockname()[1]
    log.info("smtp.listening", port=port, domain=where.domain)
    try:
        yield port
    finally:
        server.close()
        for connection in list(hooks.connections):
            if connection.transport is not None:
                connection.transport.close()
