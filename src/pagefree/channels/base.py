"""What a channel is: a form for an address, how a message looks there, how it is sent."""

import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from pagefree.core.errors import DeliveryError
from pagefree.infra.http import GuardedClient

MOST_LISTED = 12  # of the other incidents in one message
LINE_LIMIT = 200  # characters of a title: more is cut everywhere people are paged
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


class AddressDead(DeliveryError):
    """There is nobody at this address any more: it must not be used again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


@dataclass(frozen=True, slots=True)
class Subject:
    """The incident that a message is about; every text may come from an alert: hostile."""

    id: UUID
    number: int
    title: str
    service: str
    severity: str
    priority: str | None
    urgency: str
    status: str
    opened_at: datetime
    url: str  # its page in the web app


@dataclass(frozen=True, slots=True)
class Message:
    """Why one person is told, and of what."""

    id: UUID  # of the notification: the same in every attempt
    kind: str  # page | fallback | added | test
    cause: str  # "step 2", "added by Ana"
    user_name: str
    subject: Subject | None  # none: a test of the address
    base_url: str
    acknowledge_url: str | None = None  # opens a page with one button
    others: tuple[Subject, ...] = ()  # told of in the same message, most telling first
    acknowledge_all_url: str | None = None  # the same for all of them


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as the person will see it."""

    title: str  # one line
    text: str
    html: str | None = None
    payload: dict[str, object] | None = None  # of channels that programs read


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where e-mail is handed over."""

    host: str
    port: int
    tls: str  # starttls | tls | none
    user: str | None
    password: str | None
    sender: str  # "PageFree <pager@example.org>"


@dataclass(frozen=True, slots=True)
class Transports:
    """The ways out of the installation."""

    http: GuardedClient
    smtp: SmtpServer | None  # none: e-mail is not set up


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to hand one message to one address."""

    message: Message
    rendered: Rendered
    address: Any  # an instance of the channel's Address
    secret: str | None  # signs what is sent, where the channel does
    now: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach people. `send` returns the provider's id of the message."""

    title: str
    Address: type[BaseModel]  # its JSON Schema is the form in the web app
    recipient: Callable[[Any], str]  # an Address in one line, for people
    render: Callable[[Message], Rendered]
    send: Callable[[Transports, Delivery], Awaitable[str]]  # raises DeliveryError
    at_once: int = 20  # how many attempts may run side by side
    user_addable: bool = True
    signed: bool = False  # each address has a secret of its own
    links: bool = False  # messages carry a one-press acknowledge link
    wakes: bool = True  # can make somebody react who is not looking
    confirms: bool = False  # what was accepted has also arrived
    bundles: bool = False  # people read it: many pages at once become one message


@lru_cache(maxsize=1024)  # a message shows the same text in several places
def one_line(text: str, limit: int = LINE_LIMIT) -> str:
    """Hostile `text` as one harmless line: no control or direction characters, cut at `limit`."""
    if text.isprintable() and len(text) <= limit:  # no control or direction characters
        return " ".join(text.split())
    spaced = "".join(
        " " if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"} else c
        for c in text[: limit * 4]
        if c not in BIDI
    )
    line = " ".join(spaced.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


REASONS = {
    "page": "You are on call",
    "fallback": "Nobody answered, and you are a platform admin",
    "added": "You were asked to help",
    "test": "You asked for a test",
}


def headline(message: Message) -> str:
    """What broke, in one line."""
    subject = message.subject
    if subject is None:
        return "Test from PageFree: this address works"
    start = "Nobody answered: " if message.kind == "fallback" else ""
    if message.others:
        start = f"{len(message.others) + 1} incidents: {start}"
    return one_line(f"{start}#{subject.number} {subject.title} ({subject.service})")


def listed(others: Sequence[Subject]) -> list[str]:
    """The other incidents of a message, a line each; only counted where they are many."""
    lines = [
        one_line(f"#{one.number} {one.title} ({one.service})")
        for one in others[:MOST_LISTED]
    ]
    left = len(others) - len(lines)
    return [*lines, f"… and {left} more"] if left else lines


def plain_text(message: Message) -> str:
    """The whole message for channels that show plain text."""
    subject = message.subject
    if subject is None:
        return f"Hello {one_line(message.user_name)},\n\nPageFree can reach you here.\n"
    lines = [
        one_line(subject.title),
        "",
        *(f"{name}: {value}" for name, value in facts(subject)),
        f"Why you: {REASONS[message.kind]} ({one_line(message.cause)}).",
        "",
    ]
    if message.acknowledge_url:
        lines.append(f"Acknowledge: {message.acknowledge_url}")
    lines.append(f"Open: {subject.url}")
    if message.others:
        lines += ["", f"And {len(message.others)} more:", *listed(message.others)]
    if message.acknowledge_all_url:
        lines += ["", f"Acknowledge all of yours: {message.acknowledge_all_url}"]
    return "\n".join(lines) + "\n"


def facts(subject: Subject) -> list[tuple[str, str]]:
    """What to know about the incident, as name and value."""
    severity = subject.severity + (f", {subject.priority}" if subject.priority else "")
    return [
        ("Incident", f"#{subject.number}"),
        ("Service", one_line(subject.service)),
        ("Severity", severity),
        ("Since", subject.opened_at.strftime("%Y-%m-%d %H:%M:%S UTC")),
    ]
