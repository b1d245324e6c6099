"""Mails with one button, to people and to partners: links that open once."""

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
NOT_SET_UP = "the installation has no mail server"

log = structlog.get_logger()


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


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words."""

    title: str
    text: str
    html: str


def write(letter: Letter) -> Written:
    """The letter in words; names may be hostile."""
    greeting = f"Hello {one_line(letter.name)}," if letter.name else "Hello,"
    html = HTML.render(
        title=letter.title,
        text=letter.text,
        url=letter.url,
        button=letter.button,
        small=letter.small,
    )
    plain = f"{greeting}\n\n{letter.text}\n\n{letter.url}\n\n{letter.small}\n"
    return Written(letter.title, plain, html)


def compose(letter: Letter, sender: str, domain: str, now: datetime) -> EmailMessage:
    """The letter as a mail."""
    said = write(letter)
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = sender
    mail["To"] = letter.recipient
    mail["Subject"] = said.title
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{letter.id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-PageFree-Loop"] = "1"
    mail.set_content(said.text)
    mail.add_alternative(said.html, subtype="html")
    return mail


async def post(server: SmtpServer | None, letter: Letter, now: datetime) -> str | None:
    """Send it; none if it has left, else what went wrong."""
    if server is None:
        return NOT_SET_UP
    sender = parseaddr(server.sender)[1]
    domain = sender.rpartition("@")[2] or "pagefree.invalid"
    mail = compose(letter, server.sender, domain, now)
    try:
        await hand_in(server, mail, sender, letter.recipient)
    except DeliveryError as e:
        log.warning("letter.not_sent", letter=letter.id, error=str(e))
        # it may have arrived: rather none than two
        return None if e.unknown else str(e)
    return None
