"""Mails that page nobody: written around one button or by others, and handed to the server."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr

import structlog
from jinja2 import Environment

from pagefree.channels.base import SmtpServer, one_line
from pagefree.channels.smtp import hand_in
from pagefree.core.errors import DeliveryError

NOT_SET_UP = "the installation has no mail server"

HTML = Environment(autoescape=True).from_string("""\
<!doctype html>
<html lang="en"><head><meta name="color-scheme" content="light dark"></head>
<body style="font-family:sans-serif;font-size:16px">
<h1 style="font-size:20px">{{ title }}</h1>
<p>{{ text }}</p>
<p><a href="{{ url }}" style="display:inline-block;padding:12px 24px;background:#4263eb;\
color:#fff;text-decoration:none;border-radius:6px">{{ button }}</a></p>
<p style="font-size:14px">{{ small }}</p>
</body></html>
""")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is ready to leave."""

    id: str  # the same in every try, so that copies can be told
    recipient: str
    title: str
    text: str
    html: str
    stop_url: str | None = None  # a press there ends what comes again and again


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail whose point is its button."""

    id: str  # the same in every try, so that copies can be told
    recipient: str
    name: str  # may be hostile, or nothing
    title: str
    text: str
    button: str
    small: str
    url: str


def write(letter: Letter) -> Mail:
    """The letter as a mail; names may be hostile."""
    greeting = f"Hello {one_line(letter.name)}," if letter.name else "Hello,"
    html = HTML.render(
        title=letter.title,
        text=letter.text,
        url=letter.url,
        button=letter.button,
        small=letter.small,
    )
    plain = f"{greeting}\n\n{letter.text}\n\n{letter.url}\n\n{letter.small}\n"
    return Mail(letter.id, letter.recipient, letter.title, plain, html)


def compose(mail: Mail, sender: str, now: datetime) -> EmailMessage:
    """What is sent; one press ends what comes again and again (RFC 2369, RFC 8058)."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "pagefree.invalid"
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = sender
    message["To"] = mail.recipient
    message["Subject"] = mail.title
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.id}@{domain}>"
    if mail.stop_url:
        message["List-Unsubscribe"] = f"<{mail.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-PageFree-Loop"] = "1"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


async def post(server: SmtpServer | None, mail: Mail, now: datetime) -> str | None:
    """Send it; none if it has left, else what went wrong."""
    if server is None:
        return NOT_SET_UP
    message = compose(mail, server.sender, now)
    try:
        await hand_in(server, message, parseaddr(server.sender)[1], mail.recipient)
    except DeliveryError as e:
        log.warning("mail.not_sent", mail=mail.id, error=str(e))
        # it may have arrived: rather none than two
        return None if e.unknown else str(e)
    return None
