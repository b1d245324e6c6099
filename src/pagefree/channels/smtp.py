"""Handing a mail to the installation's mail server, and what its answers mean."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage

import aiosmtplib
import structlog

from pagefree.channels.base import AddressDead, SmtpServer, one_line
from pagefree.core.errors import DeliveryError

TIMEOUT_S = 8  # for each step of the conversation
PERMANENT = 500  # SMTP: 4xx may pass, 5xx will not (RFC 5321 section 4.2.1)
DEAD = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")  # no such address, RFC 3463 3.2
ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")  # RFC 3463 section 2

log = structlog.get_logger()


async def hand_in(
    server: SmtpServer, mail: EmailMessage, sender: str, recipient: str
) -> None:
    """Give it to the server, from `sender` in the envelope. Raises DeliveryError."""
    async with _session(server) as smtp:
        try:
            await smtp.mail(sender)
            await smtp.rcpt(recipient)
        except aiosmtplib.SMTPException as e:
            raise _refused(e) from e
        try:
            await smtp.data(mail.as_bytes())
        except aiosmtplib.SMTPDataError as e:
            raise _refused(e) from e
        except (aiosmtplib.SMTPException, OSError) as e:
            # the server may have taken it all the same
            reason = "the mail server went away before it confirmed the mail"
            raise DeliveryError(reason, permanent=False, unknown=True) from e


async def greet(server: SmtpServer) -> None:
    """Sign in and leave again: does it work? Raises DeliveryError."""
    async with _session(server):
        pass


@asynccontextmanager
async def _session(server: SmtpServer) -> AsyncIterator[aiosmtplib.SMTP]:
    """A signed-in connection."""
    smtp = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.tls == "tls",
        start_tls=server.tls == "starttls",
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
    try:
        yield smtp
    finally:
        with suppress(aiosmtplib.SMTPException, OSError):
            await smtp.quit(timeout=1)
        smtp.close()


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
