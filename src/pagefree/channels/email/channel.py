"""E-mail over any SMTP server."""

from email.utils import format_datetime, parseaddr

from jinja2 import Environment
from pydantic import BaseModel, ConfigDict, Field

from pagefree.channels.base import (
    Channel,
    Delivery,
    Message,
    Rendered,
    Subject,
    Transports,
    one_line,
)
from pagefree.channels.mail import written
from pagefree.channels.smtp import greet, hand_in_raw
from pagefree.channels.wording import (
    code_about,
    facts,
    headline,
    listed,
    plain_text,
    reason,
)
from pagefree.core.errors import DeliveryError
from pagefree.core.words import words_in

# Loose on purpose: closed networks have addresses that the internet refuses. What could
# end a header or name a second recipient is not in it.
EMAIL = r"^[^\s@<>,;:\"\\()\[\]]+@[^\s@<>,;:\"\\()\[\]]+$"

HTML = Environment(autoescape=True).from_string("""\
<!doctype html>
<html lang="{{ words.voice }}"><head><meta name="color-scheme" content="light dark"></head>
<body style="font-family:sans-serif;font-size:16px">
<h1 style="font-size:20px">{{ title }}</h1>
{% if facts %}<table style="border-collapse:collapse">
{% for name, value in facts %}<tr><td style="padding:2px 16px 2px 0;color:#767676">{{ name }}</td>\
<td>{{ value }}</td></tr>
{% endfor %}</table>
<p>{{ reason }} ({{ cause }}).</p>
{% if acknowledge %}<p><a href="{{ acknowledge }}" style="display:inline-block;padding:12px 24px;\
background:#1864ab;color:#fff;text-decoration:none;border-radius:6px">{{ words.acknowledge }}</a></p>{% endif %}
{% if resolve %}<p><a href="{{ resolve }}">{{ words.resolve }}</a></p>{% endif %}
<p><a href="{{ url }}">{{ words.open }}</a></p>
{% if reply %}<p style="color:#767676">{{ reply }}</p>
{% endif %}{% if others %}<h2 style="font-size:16px">{{ more }}</h2>
<ul>{% for line in others %}<li>{{ line }}</li>
{% endfor %}</ul>{% endif %}
{% if acknowledge_all %}<p><a href="{{ acknowledge_all }}">{{ words.acknowledge_all }}</a></p>{% endif %}
{% elif code %}<p>{{ code }}</p>
{% elif notice %}<p><a href="{{ url }}">{{ words.digest.open_app }}</a></p>
{% else %}<p>{{ words.hello.format(name=name) }}</p>
<p>{{ words.reached }}</p>{% endif %}
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
    subject, words = message.subject, words_in(message.language)
    html = HTML.render(
        title=_what(subject) if subject else headline(message),
        words=words,
        reply=words.reply if message.reply_to else "",
        code=code_about(message) if message.code else "",
        facts=facts(subject, message.language) if subject else [],
        notice=message.kind == "notice",
        reason=reason(message),
        cause=one_line(message.cause),
        acknowledge=message.acknowledge_url,
        resolve=message.resolve_url,
        others=listed(message.others, message.language),
        more=words.more.format(count=len(message.others)).rstrip("."),
        acknowledge_all=message.acknowledge_all_url,
        url=subject.url if subject else message.base_url,
        name=one_line(message.user_name),
    )
    text = plain_text(message)
    if subject:
        text = text.replace(one_line(subject.title), _what(subject), 1)
    if message.reply_to:
        text = f"{text}\n{words.reply}\n"
    return Rendered(headline(message), text, html=html)


def _what(subject: Subject) -> str:
    """A first line that is no answer where a mail program quotes it without saying so."""
    return f"#{subject.number} {one_line(subject.title)}"


def headers_of(delivery: Delivery, sender: str) -> dict[str, str]:
    """Of the mail. Its Message-ID is the same in every attempt, so that copies can be told."""
    message = delivery.message
    domain = parseaddr(sender)[1].rpartition("@")[2] or "pagefree.invalid"
    headers = {
        "From": sender,
        "To": str(delivery.address.email),
        "Subject": one_line(delivery.rendered.title),
        "Date": format_datetime(delivery.now),
        "Message-ID": f"<notification-{message.id}@{domain}>",
        # no out-of-office answers to a pager (RFC 3834; the second is Exchange's own)
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-PageFree-Loop": "1",
    }
    if message.reply_to:
        headers["Reply-To"] = message.reply_to
    if message.subject is not None:
        thread = f"<incident-{message.subject.id}@{domain}>"
        headers |= {"In-Reply-To": thread, "References": thread}
    return headers


async def send(transports: Transports, delivery: Delivery) -> str:
    """Hand the mail to the SMTP server; returns its Message-ID."""
    server = transports.smtp
    if server is None:
        raise DeliveryError("no mail server is set up", permanent=True)
    headers, rendered = headers_of(delivery, server.sender), delivery.rendered
    mail = written(headers.items(), rendered.text, rendered.html)
    sender = _envelope_from(parseaddr(server.sender)[1], delivery.message.reply_to)
    await hand_in_raw(server, mail, sender, headers["To"])
    return headers["Message-ID"]


def _envelope_from(sender: str, reply_to: str | None) -> str:
    """Where reports of failure go: to us, where we take in mail for the sender's own domain.

    Another domain than that of From would look forged to whoever checks SPF.
    """
    if reply_to is None:
        return sender
    domain = reply_to.rpartition("@")[2].lower()
    return reply_to if sender.lower().endswith(f"@{domain}") else sender


async def probe(
    transports: Transports, config: None, provider: str, reason: str
) -> bool:
    """Whether the mail server lets us in. Raises DeliveryError."""
    del config, provider, reason
    if transports.smtp is None:
        return False
    await greet(transports.smtp)
    return True


CHANNEL = Channel(
    title="E-mail",
    Address=Address,
    recipient=recipient,
    render=render,
    send=send,
    summary="A mail with one-press links, over your own mail server.",
    verify="code",
    uses_smtp=True,
    probe=probe,
    identity=recipient,
    links=True,
    bundles=True,
)
