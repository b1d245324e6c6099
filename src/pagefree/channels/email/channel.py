"""E-mail over any SMTP server."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr

import aiosmtplib
import structlog
from jinja2 import Environment
from pydantic import BaseModel, ConfigDict, Field

from pagefree.channels.base import (
    REASONS,
    AddressDead,
    Channel,
    Delivery,
    Message,
    Rendered,
    SmtpServer,
    Transports,
    facts,
    headline,
    listed,
    one_line,
    plain_text,
)
from pagefree.core.errors import DeliveryError

# Loose on purpose: closed networks have addresses that the internet refuses. What could
# end a header or name a second recipient is not in it.
EMAIL = r"^[^\s@<>,;:\"\\()\[\]]+@[^\s@<>,;:\"\\()\[\]]+$"
TIMEOUT_S = 8  # for each step of the conversation
PERMANENT = 500  # SMTP: 4xx may pass, 5xx will not (RFC 5321 section 4.2.1)
DEAD = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")  # no such address, RFC 3463 3.2
ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")  # RFC 3463 section 2

log = structlog.get_logger()

HTML = Environment(autoescape=True).from_string("""\
<!doctype html>
<html lang="en"><body style="font-family:sans-serif;font-size:16px;color:#1a1a1a">
<h1 style="font-size:20px">{{ title }}</h1>
{% if facts %}<table style="border-collapse:collapse">
{% for name, value in facts %}<tr><td style="padding:2px 16px 2px 0;color:#666">{{ name }}</td>\
<td>{{ value }}</td></tr>
{% endfor %}</table>
<p>{{ reason }} ({{ cause }}).</p>
{% if acknowledge %}<p><a href="{{ acknowledge }}" style="display:inline-block;padding:12px 24px;\
background:#1864ab;color:#fff;text-decoration:none;border-radius:6px">Acknowledge</a></p>{% endif %}
{% if resolve %}<p><a href="{{ resolve }}">Resolve</a></p>{% endif %}
<p><a href="{{ url }}">Open the incident</a></p>
{% if others %}<h2 style="font-size:16px">And {{ count }} more</h2>
<ul>{% for line in others %}<li>{{ line }}</li>
{% endfor %}</ul>{% endif %}
{% if acknowledge_all %}<p><a href="{{ acknowledge_all }}">Acknowledge all of yours</a></p>{% endif %}
{% elif code %}<p>{{ title }}. Type it in to prove that this address is yours. If you did not ask for it, ignore it.</p>
{% elif notice %}<p><a href="{{ url }}">Open PageFree</a></p>
{% else %}<p>Hello {{ name }}, PageFree can reach you here.</p>{% endif %}
</body></html>
""")


class Address(BaseModel):
    """Whom to write to."""

    model_config = ConfigDict(extra="forbid", title="E-mail")

    email: str = Field(
        title="E-mail address",
        examples=["ana@example.org"],
        max_length=254,
        pattern=EMAIL,
        json_schema_extra={"format": "email"},
    )


def recipient(address: Address) -> str:
    """The address itself."""
    return address.email


def render(message: Message) -> Rendered:
    """Plain text and simple HTML; everything that comes from an alert is escaped."""
    subject = message.subject
    html = HTML.render(
        title=one_line(subject.title) if subject else headline(message),
        code=message.code,
        facts=facts(subject) if subject else [],
        notice=message.kind == "notice",
        reason=REASONS[message.kind],
        cause=one_line(message.cause),
        acknowledge=message.acknowledge_url,
        resolve=message.resolve_url,
        others=listed(message.others),
        count=len(message.others),
        acknowledge_all=message.acknowledge_all_url,
        url=subject.url if subject else message.base_url,
        name=one_line(message.user_name),
    )
    return Rendered(headline(message), plain_text(message), html=html)


def compose(delivery: Delivery, sender: str) -> EmailMessage:
    """The mail. Its Message-ID is the same in every attempt, so that copies can be told."""
    message = delivery.message
    domain = parseaddr(sender)[1].rpartition("@")[2] or "pagefree.invalid"
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = sender
    mail["To"] = delivery.address.email
    mail["Subject"] = one_line(delivery.rendered.title)
    mail["Date"] = format_datetime(delivery.now)
    mail["Message-ID"] = f"<notification-{message.id}@{domain}>"
    if message.subject is not None:
        thread = f"<incident-{message.subject.id}@{domain}>"
        mail["In-Reply-To"] = thread
        mail["References"] = thread
    # no out-of-office answers to a pager (RFC 3834; the second is Exchange's own)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-PageFree-Loop"] = "1"
    mail.set_content(delivery.rendered.text)
    if delivery.rendered.html:
        mail.add_alternative(delivery.rendered.html, subtype="html")
    return mail


async def send(transports: Transports, delivery: Delivery) -> str:
    """Hand the mail to the SMTP server; returns its Message-ID."""
    server = transports.smtp
    if server is None:
        raise DeliveryError("no mail server is set up", permanent=True)
    mail = compose(delivery, server.sender)
    sender = parseaddr(server.sender)[1]
    async with _session(server) as smtp:
        try:
            await smtp.mail(sender)
            await smtp.rcpt(str(delivery.address.email))
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
    return str(mail["Message-ID"])


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


CHANNEL = Channel(
    title="E-mail",
    Address=Address,
    recipient=recipient,
    render=render,
    send=send,
    summary="A mail with one-press links, over your own mail server.",
    verify="code",
    uses_smtp=True,
    identity=recipient,
    links=True,
    bundles=True,
)
