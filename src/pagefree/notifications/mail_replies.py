"""Answers by mail: the address that each mail can be answered at, and what comes back there.

Whoever knows the address has the mail: it is the secret, and the sender of an answer, which
anybody can forge, is not looked at. Nothing is kept of it: it is made of the notification's id
and a code that only this installation can make.
"""

import email
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from hashlib import sha256
from uuid import UUID

from pagefree.channels.base import Receipt, Reply
from pagefree.core.replies import own_line, read
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx, driver
from pagefree.infra.signed_ids import SignedIds
from pagefree.integrations.email.mail import Mail, NoMail
from pagefree.integrations.email.mail import read as read_mail
from pagefree.notifications import reply_queries as queries

CHANNEL = "email"
MAILBOX = "reply"  # what stands before the plus sign
TAGS = SignedIds("mail reply {}", one_case=True)  # and what after it
LIFE = timedelta(days=7)  # and no longer than the incident
LONGEST_TEXT = 200
MOST_PARTS = 20
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
# RFC 3463 section 3.2: there is no such address
DEAD = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail server gives a mail up."""

    code: str  # RFC 3463: "5.1.1"

    @property
    def dead(self) -> bool:
        """Whether nobody is at the address."""
        return self.code in DEAD


def address_for(vault: Vault, notification_id: UUID, domain: str) -> str:
    """Where the mail of this notification is answered; case does not matter in it."""
    return f"{MAILBOX}+{TAGS.token(vault, notification_id)}@{domain}"


async def understood(
    tx: Tx, notification_id: UUID, raw: bytes, envelope: str, now: datetime
) -> Reply | Receipt | None:
    """What a mail to the address of this notification says; none: nothing we act on.

    Nothing that a program has sent by itself is an answer, so two programs never talk.
    """
    sent = await queries.get_mailed(await driver(tx), notification_id)
    if sent is None or now - sent.created_at > LIFE:
        return None
    bounce = bounced(raw)
    if bounce is not None:
        if not sent.provider_id:
            return None
        reason = f"the mail came back ({bounce.code})"
        return Receipt(sent.provider_id, "failed", reason, dead=bounce.dead)
    try:
        mail = read_mail(raw)
    except NoMail:
        return None
    line = own_line(mail.text)
    if not line or not envelope or by_itself(mail):
        return None
    wish = read(line)
    return Reply(
        mail.sender or envelope,
        wish.verb.value,
        wish.code,
        text=line[:LONGEST_TEXT],
        id=_id(notification_id, mail, raw),
        notification_id=None if wish.code else notification_id,
        user_id=sent.user_id,
    )


def by_itself(mail: Mail) -> bool:
    """Whether no person has written this mail (RFC 3834): an absence note, a list, our own."""
    headers = mail.headers
    automatic = headers.get("auto-submitted", "no").strip().lower()
    precedence = headers.get("precedence", "").strip().lower()
    return (
        not automatic.startswith("no")
        or precedence in BULK
        or "x-pagefree-loop" in headers
        or any(name in headers for name in ("x-autoreply", "x-autorespond"))
    )


def bounced(raw: bytes) -> Bounce | None:
    """What a report of a mail server (RFC 3464) says, if it says that it has given up."""
    try:
        message = email.message_from_bytes(raw)
        if message.get_content_type() != "multipart/report":
            return None
        for fields in _statuses(message):
            if str(fields.get("action", "")).strip().lower() == "failed":
                code = str(fields.get("status", "")).strip().split(" ")[0]
                return Bounce(code[:12])
    except Exception:  # noqa: BLE001 - the standard library raises whatever it stumbles upon
        return None
    return None


def _statuses(message: Message) -> Iterator[Message]:
    """The groups of fields of a report, one for each recipient."""
    for number, part in enumerate(message.walk()):
        if number > MOST_PARTS:
            return
        if part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            if isinstance(payload, list):
                yield from (one for one in payload if isinstance(one, Message))


def _id(notification_id: UUID, mail: Mail, raw: bytes) -> str:
    """The same whenever mail servers repeat a mail that they think was lost."""
    told = mail.message_id.encode(errors="replace") or raw
    return sha256(notification_id.bytes + told).hexdigest()
