"""Handing a mail to the installation's mail server, and what its answers mean."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage

import aiosmtplib
import structlog

from pagefree.channels.base import AddressDead, SmtpServer, one_line
from pagefree.core.errors import DeliveryError
from pagefree.infra import certificates
from pagefree.infra.smtp_connections import Busy, SmtpConnections, hang_up

TIMEOUT_S = 8  # for each step of the conversation
PERMANENT = 500  # SMTP: 4xx may pass, 5xx will not (RFC 5321 section 4.2.1)
DEAD = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")  # no such address, RFC 3463 3.2
ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")  # RFC 3463 section 2

log = structlog.get_logger()


async def hand_in(
    server: SmtpServer, mail: EmailMessage, sender: str, recipient: str
) -> None:
    """Give it to the server, from `sender` in the envelope. Raises DeliveryError."""
    await hand_in_raw(server, mail.as_bytes(), sender, recipient)


async def hand_in_raw(
    server: SmtpServer, mail: bytes, sender: str, recipient: str
) -> None:
    """The same with a mail that is already as it goes over the wire."""
    connections = server.connections
    try:
        async with connections.turn():
            smtp = await _begin(server, sender)
            async with _kept(connections, smtp):
                await _finish(smtp, mail, recipient)
    except Busy:
        reason = "the mail server is too slow for all that it is given"
        raise DeliveryError(reason, permanent=False) from None


async def greet(server: SmtpServer) -> None:
    """Sign in and leave again: does it work? Raises DeliveryError."""
    hang_up(await _connected(server))


async def _begin(server: SmtpServer, sender: str) -> aiosmtplib.SMTP:
    """A connection on which the server knows that a mail of `sender` comes."""
    kept = server.connections.take()
    if kept is not None:
        # it was closed meanwhile, or has carried enough mails: that says nothing of this
        # one, and none of it has left
        with suppress(aiosmtplib.SMTPException, OSError):
            return await _said_sender(kept, sender)
    try:
        return await _said_sender(await _connected(server), sender)
    except aiosmtplib.SMTPException as e:
        raise _refused(e) from e


async def _said_sender(smtp: aiosmtplib.SMTP, sender: str) -> aiosmtplib.SMTP:
    try:
        await smtp.mail(sender)
    except BaseException:
        hang_up(smtp)
        raise
    return smtp


async def _finish(smtp: aiosmtplib.SMTP, mail: bytes, recipient: str) -> None:
    try:
        await smtp.rcpt(recipient)
    except aiosmtplib.SMTPException as e:
        raise _refused(e) from e
    try:
        await smtp.data(mail)
    except aiosmtplib.SMTPDataError as e:
        raise _refused(e) from e
    except (aiosmtplib.SMTPException, OSError) as e:
        # the server may have taken it all the same
        reason = "the mail server went away before it confirmed the mail"
        raise DeliveryError(reason, permanent=False, unknown=True) from e


@asynccontextmanager
async def _kept(
    connections: SmtpConnections, smtp: aiosmtplib.SMTP
) -> AsyncIterator[None]:
    """Keep it for the next mail, unless nobody can tell what is heard next on it."""
    clean = False
    try:
        yield
        clean = True
    except DeliveryError as e:
        clean = not e.unknown and await _forgot_mail(smtp)
        raise
    finally:
        if clean:
            connections.keep(smtp)
        else:
            hang_up(smtp)


async def _forgot_mail(smtp: aiosmtplib.SMTP) -> bool:
    """Whether the server waits for another mail after it has refused one half-way."""
    try:
        await smtp.rset(timeout=1)
    except (aiosmtplib.SMTPException, OSError):
        return False
    return True


async def _connected(server: SmtpServer) -> aiosmtplib.SMTP:
    """A new connection, signed in."""
    connections = server.connections
    smtp = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        local_hostname=connections.own_name,
        use_tls=server.tls == "tls",
        start_tls=server.tls == "starttls",
        tls_context=connections.tls if server.tls != "none" else None,
        timeout=TIMEOUT_S,
    )
    try:
        await smtp.connect()
        if server.user is not None:
            await smtp.login(server.user, server.password or "")
    except (aiosmtplib.SMTPException, OSError) as e:
        smtp.close()
        # also wrong credentials: whoever runs the installation can mend them
        reason = "the mail server could not be reached or refused the sign-in"
        raise DeliveryError(reason, permanent=False) from e
    except BaseException:
        smtp.close()
        raise
    connections.own_name = smtp.local_hostname
    certificates.MET.note(server.host, smtp.transport)
    return smtp


def _refused(error: aiosmtplib.SMTPException) -> DeliveryError:
    if not isinstance(error, aiosmtplib.SMTPResponseException):
        return DeliveryError("the connection to the mail server broke", permanent=False)
    # what else it says names its machines and rules: for whoever runs the installation
    log.warning("email.refused", code=error.code, answer=one_line(error.message, 1000))
    permanent = error.code >= PERMANENT
    found = ENHANCED.match(error.message)
    codes = f"{error.code} {found[0]}" if found else str(error.code)
    at_recipient = isinstance(error, aiosmtplib.SMTPRecipientRefused)
    if at_recipient and error.message.startswith(DEAD):
        return AddressDead(f"there is no such mailbox ({codes})")
    words = "refused the mail" if permanent else "cannot take the mail now"
    return DeliveryError(f"the mail server {words} ({codes})", permanent=permanent)
