"""E-mail (RFC 5322): the subject is the alert, its address or its subject the dedup key."""

import re

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    key_of,
)
from pagefree.infra.patterns import found, without
from pagefree.infra.untrusted_json import clean_text
from pagefree.integrations.base import (
    Endpoint,
    Ignored,
    Inbound,
    Integration,
    KeyShape,
    Parsed,
    Unreadable,
)
from pagefree.integrations.email.mail import Mail, NoMail, read
from pagefree.integrations.email.settings import Settings

MOST_BYTES = 10 * 1024 * 1024
ENVELOPE_FROM = "x-envelope-from"  # what the SMTP server was told; absent: not by SMTP
LOOP = "x-pagefree-loop"
OVER = "OK"  # the whole text of a mail that says that it is over
NO_SUBJECT = "(no subject)"
BULK = frozenset({"bulk", "list"})
NOBODY_WROTE = frozenset({"junk", "auto_reply"})
# replies and forwards, as mail programs of several languages write them
AGAIN = re.compile(
    r"^\s*(?:(?:re|fwd?|aw|wg|sv|vs|vb|tr|rv|antw|doorst)(?:\[\d+\])?\s*:\s*)+",
    re.IGNORECASE,
)
WORD = re.compile(r"\s*[A-Za-z_-]+")


def parse(inbound: Inbound) -> Parsed:
    """One event."""
    settings = inbound.settings
    settings = settings if isinstance(settings, Settings) else Settings()
    try:
        mail = read(inbound.body)
    except NoMail as e:
        raise Unreadable([str(e)]) from e
    envelope = inbound.headers.get(ENVELOPE_FROM)
    reason = _why_not(mail, envelope, settings)
    if reason:
        raise Ignored(reason)
    tag = clean_text(inbound.rest.strip("/+"))
    event = AlertEvent(
        action=Action.RESOLVE if _is_over(mail, settings) else Action.TRIGGER,
        dedup_key=key_of(tag or _dedup_key(mail, settings)),
        title=(mail.subject or NO_SUBJECT)[:TITLE_LENGTH],
        severity=settings.severity,
        body=mail.text[:BODY_LENGTH],
        labels=_labels(mail),
    )
    # a mail may go to several tags of one address
    delivery_id = f"{mail.message_id} {tag}".strip() if mail.message_id else ""
    return Parsed([event], delivery_id=delivery_id)


def _why_not(mail: Mail, envelope: str | None, settings: Settings) -> str:
    """Why a mail opens nothing; "" if it may."""
    if LOOP in mail.headers:
        return "PageFree sent it itself"
    if envelope == "":
        return "a bounce: nobody is its sender"
    # programs that send mail by themselves, such as cron, are what this is for
    if _word(mail, "auto-submitted") == "auto-replied":
        return "an automatic reply"
    precedence = _word(mail, "precedence")
    if precedence in NOBODY_WROTE:
        return f"precedence {precedence}"
    if settings.ignore_bulk and precedence in BULK:
        return f"precedence {precedence}"
    senders = [mail.sender, *([envelope] if envelope else [])]
    if settings.senders and not all(_is_of(s, settings.senders) for s in senders):
        return "the sender's domain is not on the list"
    return ""


def _word(mail: Mail, header: str) -> str:
    """What a header says first, without its parameters and comments."""
    found = WORD.match(mail.headers.get(header, ""))
    return found[0].strip().lower() if found else ""


def _is_of(address: str, domains: tuple[str, ...]) -> bool:
    return address.rpartition("@")[2].lower() in domains


def _is_over(mail: Mail, settings: Settings) -> bool:
    if mail.text.strip().upper() == OVER:
        return True
    tried = (
        (settings.resolve_subject, mail.subject),
        (settings.resolve_body, mail.text),
    )
    return any(pattern and found(pattern, text) is not None for pattern, text in tried)


def _dedup_key(mail: Mail, settings: Settings) -> str:
    """The same for a mail, its repetitions and the replies to it."""
    subject = AGAIN.sub("", mail.subject)
    if settings.dedup:
        key = found(settings.dedup, subject)
        if key:
            return key
    if settings.ignore:
        subject = without(settings.ignore, subject)
    return " ".join(subject.lower().split()) or mail.sender or NO_SUBJECT


def _labels(mail: Mail) -> dict[str, object]:
    labels: dict[str, object] = {"from": mail.sender} if mail.sender else {}
    if mail.attachments:
        labels["attachments"] = list(mail.attachments)
    return labels


INTEGRATION = Integration(
    title="E-mail",
    endpoints=(Endpoint("/in/email", parse, body_limit=MOST_BYTES, rest=True),),
    key_shape=KeyShape.THIRTY_TWO,  # mail addresses know no upper and lower case
    category="generic",
    summary="Whatever can send mail: an address of its own for each integration.",
    Settings=Settings,
)
