"""What a monitoring integration is: how its requests arrive, and how they are read."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Literal, Protocol
from uuid import UUID

import msgspec
from pydantic import BaseModel

from pagefree.core.alerts import (
    MOST_LINKS,
    TITLE_LENGTH,
    AlertEvent,
    ChangeEvent,
    Link,
    key_of,
    web_address,
)
from pagefree.core.signatures import Scheme
from pagefree.core.verification import Verdict
from pagefree.infra.identity_tokens import Jwk

MEBIBYTE = 1024 * 1024
FIRST_YEAR, LAST_YEAR = 1970, 9000
NOTED_LINKS = ("runbook_url", "dashboard_url")  # annotations

Category = Literal[
    "metrics",
    "uptime",
    "errors",
    "logs",
    "cloud",
    "code",
    "tickets",
    "generic",
    "drop-in",
]


class KeyShape(StrEnum):
    """What the routing key of an integration looks like."""

    PREFIXED = "prefixed"  # easy to recognise in a leak
    THIRTY_TWO = "thirty_two"  # for clients that check the length


@dataclass(slots=True)  # not frozen: that triples what it costs to make one
class Inbound:
    """One request as a parser sees it."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    query: Mapping[str, str] = field(default_factory=dict)  # percent-decoded
    rest: str = ""  # what follows the key in the path: "/start"; percent-decoded once
    method: str = "POST"
    settings: object = None  # of the kind's Settings; None where it has none
    received_at: datetime | None = None  # our clock


@dataclass(slots=True)  # not frozen: storms make many
class Answer:
    """What the sender is told; the body is JSON, plain text, or there is none."""

    status: int
    body: Mapping[str, object] | str | None
    headers: Sequence[tuple[str, str]] = ()


class Unreadable(Exception):
    """The body cannot be understood; `errors` say why, for the sender's eyes."""

    def __init__(self, errors: Sequence[str], routing_key: str | None = None) -> None:
        super().__init__("; ".join(errors))
        self.errors = tuple(errors)
        self.routing_key = routing_key


class Ignored(Exception):
    """A ping, a test or a handshake: stored and answered, without effect.

    `answer` takes the place of the endpoint's usual one.
    """

    def __init__(
        self,
        reason: str,
        answer: Answer | None = None,
        routing_key: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.answer = answer
        self.routing_key = routing_key


@dataclass(slots=True)  # not frozen: storms make many
class Parsed:
    """The events in one body, in its order. An empty dedup key asks for a fresh one."""

    events: Sequence[AlertEvent | ChangeEvent]
    routing_key: str | None = None  # where the body carries it
    delivery_id: str = ""  # the sender's id of this delivery; the same one comes once
    # whether the sender names its conditions; else a body that comes again is a repetition
    identified: bool = True


Parse = Callable[[Inbound], Parsed]  # raises Unreadable and Ignored
Accepted = Callable[[Parsed, UUID], Answer]  # and the id of the stored request
Refused = Callable[[int, Sequence[str]], Answer]  # proposed status, reasons


def accepted(parsed: Parsed, _: UUID) -> Answer:
    """The usual answer to what is on disk."""
    return Answer(202, {"status": "accepted", "events": len(parsed.events)})


def refused(status: int, errors: Sequence[str]) -> Answer:
    """The usual answer to what is not."""
    return Answer(status, {"status": "refused", "errors": list(errors)})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address that senders post to.

    The routing key is the path segment after `path`, or in a header or in the query
    where there is none; with `key_in_body` it is what the parser finds in the body.
    """

    path: str  # starts with a slash
    parse: Parse
    body_limit: int = MEBIBYTE
    key_in_body: bool = False
    key_in_path: bool = True  # otherwise all that follows `path` is `rest`
    rest: bool = False  # the path may go on after the key
    strict: bool = False  # a malformed body is answered 400 instead of 202
    # by method and what follows the path: what the API behind ingest answers
    left_to_the_app: Callable[[str, str], bool] | None = None
    accepted: Accepted = accepted
    refused: Refused = refused
    # far too many requests: most senders throw alerts away after a 4xx
    limited: HTTPStatus = HTTPStatus.SERVICE_UNAVAILABLE
    methods: Sequence[str] = ()  # those of the integration, if empty


class Outside(Protocol):
    """The world, for schemes whose signatures cannot be verified from the request alone."""

    now: datetime

    async def fetch(self, url: str) -> bytes:
        """What is at `url`. Raises Unreachable."""

    async def fetch_kept(self, url: str) -> bytes:
        """The same; what was fetched in the last hours is not fetched again."""

    async def public_key(self, issuer: str, number: str) -> Jwk | None:
        """A key that an issuer of tokens publishes; none if it has no such key.

        Raises Unreachable while its keys are not known.
        """


@dataclass(frozen=True, slots=True)
class Finding:
    """What a signature is worth; `learned` is kept in the integration's settings."""

    verdict: Verdict
    learned: Mapping[str, object] = field(default_factory=dict)


Verify = Callable[[Inbound, Outside], Awaitable[Finding]]  # raises Unreachable


@dataclass(frozen=True, slots=True)
class Integration:
    """A monitoring tool that PageFree understands.

    Every field of `Settings` has a default: what an integration starts with.
    """

    title: str
    endpoints: Sequence[Endpoint]  # the first is the one in the set-up text
    key_shape: KeyShape = KeyShape.PREFIXED
    category: Category = "generic"
    summary: str = ""  # one plain line for the catalogue
    Settings: type[BaseModel] | None = None
    signature: Scheme | None = None
    verify: Verify | None = None  # where the scheme is Elsewhere
    # with these settings: whose tokens prove who sends; "" if they ask for none
    issuer: Callable[[object], str] | None = None
    methods: Sequence[str] = ("POST",)


@dataclass(frozen=True, slots=True)
class Kind:
    """A folder of integrations/; its name is public and never changes."""

    name: str
    integration: Integration
    readme: str = field(repr=False)  # set-up text with {{url}} and {{key}}
    test: Inbound = field(repr=False)  # what "send a test alert" sends

    @property
    def path(self) -> str:
        """Where senders post to."""
        return self.integration.endpoints[0].path

    @property
    def sample(self) -> str:
        """The body of the test, as people read it."""
        return self.test.body.decode("utf-8", "replace")

    def settings(self, stored: Mapping[str, object]) -> BaseModel | None:
        """`stored` as this kind's settings; None where it has none. Raises ValidationError."""
        model = self.integration.Settings
        return None if model is None else model.model_validate(stored)


# -- reading what strangers wrote ---------------------------------------------------


def first_text(tree: Mapping[str, object], names: Sequence[str]) -> str:
    """The first of these members that says something, as text; "" if none does."""
    for name in names:
        said = text_of(tree.get(name))
        if said:
            return said
    return ""


def printable(text: str) -> str:
    """`text` as the database can store it: without NUL and halves of characters."""
    text = text.replace("\0", "\ufffd")
    return text if text.isascii() else text.encode(errors="replace").decode()


def text_of(value: object) -> str:
    """A JSON scalar as text; "" for null, objects and lists."""
    if isinstance(value, str):
        return value.strip()
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def mapping_of(value: object) -> dict[str, object]:
    """A JSON object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def links_of(value: object, *, href: str = "href", text: str = "text") -> list[Link]:
    """The web addresses in a list of objects."""
    if not isinstance(value, list):
        return []
    found = []
    for item in value[:MOST_LINKS]:
        link = mapping_of(item)
        address = web_address(text_of(link.get(href)))
        if address:
            found.append(Link(address, text_of(link.get(text))[:TITLE_LENGTH]))
    return found


def instant_of(value: object) -> datetime | None:
    """An ISO 8601 instant; none if it is not one or older than computers (Go's year 1)."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if FIRST_YEAR <= at.year <= LAST_YEAR else None


# -- reading what descends from Prometheus ------------------------------------------


def alert_key(alert: Mapping[str, object], labels: Mapping[str, object]) -> str:
    """The dedup key: the fingerprint, else all labels, as a template may have left it out."""
    fingerprint = text_of(alert.get("fingerprint"))
    return key_of(fingerprint or msgspec.json.encode(labels, order="sorted").decode())


def noted_links(notes: Mapping[str, object]) -> list[Link]:
    """The annotations that are links by convention."""
    found = [(web_address(text_of(notes.get(name))), name) for name in NOTED_LINKS]
    return [Link(href, name.split("_")[0].title()) for href, name in found if href]
