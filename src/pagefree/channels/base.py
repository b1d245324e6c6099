"""What a channel is: forms for addresses and credentials, how to render, send and hear back."""

import unicodedata
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from pagefree.core.errors import DeliveryError
from pagefree.infra.http import GuardedClient
from pagefree.infra.smtp_connections import SmtpConnections

LINE_LIMIT = 200  # characters of a title: more is cut everywhere people are paged
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


class AddressDead(DeliveryError):
    """There is nobody at this address any more: it must not be used again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


class ChannelBroken(DeliveryError):
    """The provider refuses us, whoever it is for: credentials, a suspended account.

    The address stays in use; admins are told, and the person is reached in another way.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


class CallbackRefused(Exception):
    """A callback that its provider has not signed, or that is addressed to nobody."""


@dataclass(slots=True)  # not frozen: storms make many
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


@dataclass(slots=True)  # not frozen: storms make many
class Message:
    """Why one person is told, and of what."""

    id: UUID  # of the notification: the same in every attempt
    kind: str  # page | fallback | added | unreached | test | code
    cause: str  # "step 2", "added by Ana"
    user_name: str
    subject: Subject | None  # none: a test of the address
    base_url: str
    acknowledge_url: str | None = None  # opens a page with one button
    others: tuple[Subject, ...] = ()  # told of in the same message, most telling first
    acknowledge_all_url: str | None = None  # the same for all of them
    resolve_url: str | None = None
    reply_code: str | None = None  # "3": what "ack 3" is about, for this person
    code: str | None = None  # to type in: proves that the address is its owner's
    language: str = "en"  # of the person, BCP 47
    fate: str | None = None  # "Resolved by Bo": of what was sent before it came to that
    in_room: bool = False  # of a team: many read it, and it is nobody's
    reply_to: str | None = None  # mail to it answers this message, as this person
    spoken_name: str = ""  # of the person, as a voice says it; empty: it says none


@dataclass(slots=True)  # not frozen: storms make many
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
    connections: SmtpConnections = field(
        default_factory=SmtpConnections, compare=False, repr=False
    )


@dataclass(frozen=True, slots=True)
class Transports:
    """The ways out of the installation."""

    http: GuardedClient
    smtp: SmtpServer | None  # none: e-mail is not set up

    async def aclose(self) -> None:
        """Close the connections that are kept open."""
        await self.http.aclose()
        if self.smtp is not None:
            self.smtp.connections.close()


@dataclass(slots=True)  # not frozen: storms make many
class Delivery:
    """One attempt to hand one message to one address."""

    message: Message
    rendered: Rendered
    address: Any  # an instance of the channel's Address
    secret: str | None  # signs what is sent, where the channel does
    now: datetime
    config: Any = None  # an instance of the channel's Config
    attempt: int = 1
    provider: str = ""  # which of `Channel.providers`
    callback_url: str = (
        ""  # the channel's own callbacks begin with it, no slash at the end
    )

    @property
    def reply_code(self) -> str | None:
        """What the person writes to mean this incident."""
        return self.message.reply_code

    @property
    def resolve_url(self) -> str | None:
        """Opens a page with one button that resolves."""
        return self.message.resolve_url


@dataclass(frozen=True, slots=True)
class Callback:
    """A request of the provider; nothing in it may be believed before it is verified."""

    method: str
    path: str  # what follows /v1/channels/<kind>/callbacks/
    query: str  # raw
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    public_url: str  # what the provider has called, with the raw path and query
    now: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message; may come late, twice and out of order."""

    provider_id: str  # as `send` has returned it
    state: Literal["accepted", "delivered", "failed"]
    reason: str = ""
    dead: bool = False  # nobody is at this address any more


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person has answered. Who they are is looked up by `sender`."""

    sender: str  # as `Channel.identity` gives it
    verb: Literal["acknowledge", "resolve", "escalate", "none"]
    code: str | None = None  # "3", "all"; none: the newest they were paged for
    text: str = ""  # as it came, for the log
    id: str = ""  # the provider's: an answer that comes twice counts once
    incident_id: UUID | None = None  # where a button says so: wins over `code`
    notification_id: UUID | None = None  # the same, by the message that was answered
    user_id: UUID | None = None  # whom a secret in the answer names: wins over `sender`
    # it is known who presses, and what they read comes from us: whoever is not linked is
    # told how to be, and whoever may respond for the team may do so from its rooms
    from_chat: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """Something that a person asks of us from a chat, in words."""

    sender: str  # as `Channel.identity` gives it
    verb: Literal["page", "on_call"]
    text: str  # what follows it
    id: str = ""  # the provider's: what comes twice counts once
    whom: str = ""  # mentioned before the text, as `Channel.identity` gives them


@dataclass(frozen=True, slots=True)
class Linked:
    """Somebody has sent the code that the web app has shown them: this address is theirs."""

    code: str
    address: Mapping[str, object]  # for the channel's Address
    label: str = ""


@dataclass(frozen=True, slots=True)
class OptOut:
    """STOP and START: the owner of an address says whether it may be used."""

    sender: str
    stopped: bool


@dataclass(frozen=True, slots=True)
class Received:
    """What a callback tells, and how it is answered."""

    events: Sequence[Receipt | Reply | Command | Linked | OptOut] = ()
    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain"
    # the body from one line that says what came of the replies; instead of `body`
    respond: Callable[[str], bytes] | None = None
    # says that line to the person in another way, once the provider has its answer
    tell: Callable[[Transports, str], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """What is paid for when a message leaves, as far as can be told beforehand."""

    segments: int  # that a phone network makes of it
    cost: Decimal | None = None  # in the currency of the price that an admin has given


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Something sent earlier whose incident has changed; `message` shows it as it is now."""

    message: Message
    rendered: Rendered
    provider_id: str
    address: Any
    secret: str | None
    config: Any
    now: datetime


Receive = Callable[[Transports, Any, Callback], Awaitable[Received]]
Withdraw = Callable[[Transports, Withdrawal], Awaitable[None]]
# by this Config and provider: would it work again? False: it cannot be told without a
# message. The text says why the provider is in doubt, as `send` has raised it.
Probe = Callable[[Transports, Any, str, str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Chats:
    """How an incident gets a chat of its own. Each raises DeliveryError.

    `Config` comes second everywhere, the place as `create` has returned it third.
    """

    create: Callable[[Transports, Any, str], Awaitable[str]]  # of this name
    # for the owners of these addresses of the channel
    invite: Callable[[Transports, Any, str, Sequence[Any]], Awaitable[None]]
    set_topic: Callable[[Transports, Any, str, str], Awaitable[None]]
    post: Callable[[Transports, Any, str, str], Awaitable[None]]  # hostile text
    archive: Callable[[Transports, Any, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach people. `send` returns the provider's id of the message."""

    title: str
    Address: type[BaseModel]  # its JSON Schema is the form in the web app
    recipient: Callable[[Any], str]  # an Address in one line, for people
    render: Callable[[Message], Rendered]
    send: Callable[[Transports, Delivery], Awaitable[str]]  # raises DeliveryError
    summary: str = ""  # one plain line for people
    Config: type[BaseModel] | None = None  # credentials; SecretStr is write-only
    receive: Receive | None = None  # callbacks and replies; raises CallbackRefused
    # how an address is proven to be its owner's: a code through the same channel; the
    # channel's own way (a browser, a link in a chat); none: nobody else could mean it
    verify: Literal["code", "handshake"] | None = None
    link_line: str = "{code}"  # of a handshake: what its owner sends from the chat
    withdraw: Withdraw | None = None  # update what was sent; raises DeliveryError
    # which of several providers in which order, for this Config and Address
    providers: Callable[[Any, Any], Sequence[str]] | None = None
    identity: Callable[[Any], str] | None = (
        None  # of an Address: the sender of its replies
    )
    # no receipt by then: the next way is used; none, or a provider that is not named: none
    # ever comes
    receipt_s: int | Mapping[str, int] | None = None
    at_once: int = 20  # how many attempts may run side by side
    # asked, without a message, of a provider that has failed; raises DeliveryError
    probe: Probe | None = None
    weigh: Callable[[Any, Rendered], Weight] | None = (
        None  # by its Config: what it costs
    )
    # to one address; beyond that the next way is used at once: a phone that never stops
    # ringing is switched off
    most_per_10_min: int | None = None
    user_addable: bool = True
    team_target: bool = False  # a team may have rooms there, which steps post to
    Room: type[BaseModel] | None = None  # the form of a room where it is not Address
    chats: Chats | None = None  # of incidents, where a room asks with `incident_chats`
    signed: bool = False  # each address has a secret of its own
    uses_smtp: bool = False  # not set up without the mail server of the settings
    links: bool = False  # messages carry one-press links
    replies: bool = False  # messages carry a reply code
    wakes: bool = True  # can make somebody react who is not looking
    confirms: bool = False  # what was accepted has also arrived
    bundles: bool = False  # people read it: many pages at once become one message

    def form(self, *, room: bool) -> type[BaseModel]:
        """What an address is like: a person's, or that of a room."""
        return self.Room if room and self.Room is not None else self.Address

    def receipt_within_s(self, provider: str) -> int | None:
        """The seconds in which `provider` says whether it has arrived; none: it never does."""
        if isinstance(self.receipt_s, Mapping):
            return self.receipt_s.get(provider)
        return self.receipt_s


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
