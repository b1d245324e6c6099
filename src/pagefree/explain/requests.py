"""A request of a monitoring tool that has not come: read by its integration's own parser."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote

from pydantic import ValidationError

from pagefree.alerts import reading
from pagefree.alerts.addresses import Address, Addresses
from pagefree.core.alerts import AlertEvent, ChangeEvent
from pagefree.core.errors import Invalid
from pagefree.explain.queries import IntegrationFacts
from pagefree.integrations import all_kinds
from pagefree.integrations.base import Ignored, Inbound, Kind, Unreadable, printable

MOST_EVENTS = 20  # of one request that are told about


@dataclass(frozen=True, slots=True)
class Posted:
    """What the tool would send."""

    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    method: str | None = None  # none: POST, or what its address is asked with
    path: str = ""  # where to; empty: the address in the set-up text


@dataclass(frozen=True, slots=True)
class Read:
    """What was understood of a request."""

    events: tuple[AlertEvent | ChangeEvent, ...] = ()
    error: str | None = None  # why it could not be read


def read(integration: IntegrationFacts, posted: Posted, at: datetime) -> Read:
    """The events in a request, as the integration's own parser reads them.

    Raises Invalid where the integration has no such address or method.
    """
    kind = all_kinds()[integration.kind]
    address, rest = _address(kind, posted.path)
    try:
        settings = kind.settings(integration.settings)
    except ValidationError:  # from another release: ingest reads it the usual way, too
        settings = kind.settings({})
    inbound = Inbound(
        body=posted.body,
        headers={name.lower(): value for name, value in posted.headers.items()},
        query={name: printable(value) for name, value in posted.query.items()},
        rest=rest,
        method=_method(address, posted.method),
        settings=settings,
        received_at=at,
    )
    parsed = reading.read(address.endpoint, inbound)
    if isinstance(parsed, Unreadable):
        return Read(error=str(parsed))
    if isinstance(parsed, Ignored):
        return Read(error=parsed.reason)
    return Read(tuple(reading.with_dedup_keys(parsed).events[:MOST_EVENTS]))


def _address(kind: Kind, path: str) -> tuple[Address, str]:
    """Which of its addresses a path means, as ingest finds it, and what follows the key."""
    known = Addresses([kind])
    target = known.find(printable(unquote(path or kind.path)))
    if target is not None:
        # an address of another product stands for the first one
        address = target.address or known.first(kind.name)
        if address is not None:
            return address, target.rest
    raise Invalid(f"{kind.integration.title} has no address {path}")


def _method(address: Address, asked: str | None) -> str:
    allowed = sorted(address.methods)
    method = asked or ("POST" if "POST" in allowed else allowed[0])
    if method not in address.methods:
        raise Invalid(f"{address.endpoint.path} is asked with {', '.join(allowed)}")
    return method
