"""From a request to what its kind of integration makes of it."""

from dataclasses import replace

import msgspec
import structlog

from pagefree.alerts.asgi import HeaderMap, Scope
from pagefree.alerts.requests import Stored
from pagefree.core.alerts import TITLE_LENGTH, AlertEvent, ChangeEvent
from pagefree.infra.ids import new_id
from pagefree.integrations.base import (
    Endpoint,
    Ignored,
    Inbound,
    Kind,
    Parsed,
    Unreadable,
)

# What lets somebody in, or would if it were shown in a log.
SECRET_HEADERS = frozenset(
    {
        *("authorization", "proxy-authorization", "cookie", "x-routing-key"),
        *("x-api-key", "x-gitlab-token", "x-honeycomb-webhook-token"),
    }
)
SECRET_QUERY = frozenset(
    {"key", "apiKey", "api_key", "access_token", "token", "routing_key"}
)

log = structlog.get_logger()

_encode = msgspec.json.Encoder().encode


class Context(msgspec.Struct, omit_defaults=True, frozen=True):
    """What was read beside the body, as far as it is not usual: enough to read it again."""

    path: str = ""  # of the endpoint, if it is not the first
    method: str = "POST"
    rest: str = ""
    query: dict[str, str] = {}
    headers: dict[str, str] = {}


class Noted(HeaderMap):
    """Headers that remember what they were asked for."""

    __slots__ = ("asked",)

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self.asked: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        """The first value of a header that may be repeated."""
        value = self.asked[name] = super().__getitem__(name)
        return value


def read(endpoint: Endpoint, inbound: Inbound) -> Parsed | Unreadable | Ignored:
    """What the endpoint's parser says; that it fails is one more way of being unreadable."""
    try:
        return endpoint.parse(inbound)
    except (Unreadable, Ignored) as e:
        return e
    except Exception as e:
        log.exception("ingest.parse_failed", path=endpoint.path)
        return Unreadable([f"PageFree could not read this: {type(e).__name__}"])


def context_of(inbound: Inbound, endpoint_path: str) -> str | None:
    """What belongs to the stored body; none if the body is all there is."""
    asked = inbound.headers.asked if isinstance(inbound.headers, Noted) else {}
    if not (
        asked
        or inbound.query
        or inbound.rest
        or endpoint_path
        or inbound.method != "POST"
    ):
        return None
    context = Context(
        endpoint_path,
        inbound.method,
        inbound.rest,
        {k: v for k, v in inbound.query.items() if k not in SECRET_QUERY},
        {k: v for k, v in asked.items() if k not in SECRET_HEADERS},
    )
    encoded = _encode(context)
    # jsonb stores no NUL
    return None if encoded == b"{}" else encoded.decode().replace("\\u0000", "\\ufffd")


def again(kind: Kind, stored: Stored, settings: object) -> Parsed:
    """What a stored request says to this version. Raises Unreadable and Ignored."""
    told = msgspec.json.decode(stored.context or "{}", type=Context)
    endpoints = kind.integration.endpoints
    endpoint = next((e for e in endpoints if e.path == told.path), endpoints[0])
    found = read(
        endpoint,
        Inbound(
            stored.body,
            told.headers,
            told.query,
            told.rest,
            told.method,
            settings,
            stored.received_at,
        ),
    )
    if isinstance(found, Parsed):
        return with_dedup_keys(found)
    raise found


def said_to_be_a_test(event: AlertEvent | ChangeEvent) -> AlertEvent | ChangeEvent:
    """`event`; whoever is paged by a sample reads that nothing has happened."""
    if isinstance(event, ChangeEvent) or "test" in event.title.lower():
        return event
    return replace(event, title=f"Test: {event.title}"[:TITLE_LENGTH])


def with_dedup_keys(parsed: Parsed) -> Parsed:
    """`parsed`; an event without a dedup key gets one of its own."""
    if all(not isinstance(e, AlertEvent) or e.dedup_key for e in parsed.events):
        return parsed
    return replace(parsed, events=[_with_dedup_key(e) for e in parsed.events])


def _with_dedup_key(event: AlertEvent | ChangeEvent) -> AlertEvent | ChangeEvent:
    if isinstance(event, ChangeEvent) or event.dedup_key:
        return event
    return replace(event, dedup_key=new_id().hex)


def as_the_first(parsed: Parsed, dedup_keys: tuple[str | None, ...]) -> Parsed:
    """`parsed` with the dedup keys that the request had when it came for the first time."""
    events = [
        replace(event, dedup_key=key)
        if isinstance(event, AlertEvent) and key
        else event
        for event, key in zip(parsed.events, dedup_keys, strict=False)
    ]
    return replace(parsed, events=events or parsed.events)
