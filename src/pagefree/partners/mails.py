"""What partners are sent: a link to sign in with, or an invitation."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

from jinja2 import Environment

from pagefree.channels.base import one_line
from pagefree.core.partners import INVITATION_LIFE, LINK_LIFE, LinkKind
from pagefree.notifications.link_queries import NewOutboxMessage

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
MINUTES = int(LINK_LIFE.total_seconds() // 60)
SIGN_IN = (
    "Sign in to your status pages",
    "Somebody, hopefully you, asked to sign in with this address.",
    "Sign in",
    f"It works once, within {MINUTES} minutes. If it was not you, do nothing.",
)
ABOUT = (
    "You can see there how what you use is doing. There is no password: links like this"
    " one are sent to you whenever you want to sign in."
)
DAYS = (
    f"It works once, within {INVITATION_LIFE.days} days."
    " If you did not expect it, do nothing."
)
INVITATION = ("You are invited to status pages", ABOUT, "Accept the invitation", DAYS)


@dataclass(frozen=True, slots=True)
class Letter:
    """A link that is ready to leave."""

    link_id: str
    kind: LinkKind
    recipient: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a letter says, in both forms of a mail."""

    title: str
    text: str
    html: str


def write(letter: Letter) -> Written:
    """The letter in words; names may be hostile."""
    invitation = letter.kind is LinkKind.INVITATION
    title, text, button, small = INVITATION if invitation else SIGN_IN
    greeting = f"Hello {one_line(letter.name)}," if letter.name else "Hello,"
    html = HTML.render(
        title=title, text=text, url=letter.url, button=button, small=small
    )
    plain = f"{greeting}\n\n{text}\n\n{letter.url}\n\n{small}\n"
    return Written(title, plain, html)


def shown(letter: Letter) -> NewOutboxMessage:
    """The letter for the outbox of a demo, from which nothing leaves."""
    said = write(letter)
    return NewOutboxMessage("email", letter.recipient, said.title, said.text, said.html)


def compose(letter: Letter, sender: str, domain: str, now: datetime) -> EmailMessage:
    """The letter as a mail."""
    said = write(letter)
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = sender
    mail["To"] = letter.recipient
    mail["Subject"] = said.title
    mail["Date"] = format_datetime(now)
    # the same in every try, so that copies can be told
    mail["Message-ID"] = f"<partner-{letter.link_id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-PageFree-Loop"] = "1"
    mail.set_content(said.text)
    mail.add_alternative(said.html, subtype="html")
    return mail
