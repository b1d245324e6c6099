"""Any JSON: our own documented format, a good guess at others, or fields that people map."""

from urllib.parse import unquote_to_bytes

from pagefree.core.alerts import AlertEvent
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    Endpoint,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
)
from pagefree.integrations.generic.guess import guessed, is_identified
from pagefree.integrations.generic.mapping import mapped, members_of
from pagefree.integrations.generic.settings import Settings

FORM_FIELDS = (b"payload=", b"data=")  # JSON inside a form, as some tools send it


def parse(inbound: Inbound) -> Parsed:
    """One event, or one for each member of a list."""
    body = inbound.body
    for field in FORM_FIELDS:
        if body.startswith(field):
            body = unquote_to_bytes(body[len(field) :].replace(b"+", b" "))
    try:
        tree = untrusted_json.decode(body)
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    settings = inbound.settings
    if isinstance(settings, Settings) and settings.maps:
        members = members_of(settings, tree)
        events = [_event(member, settings, tree) for member in members]
        return Parsed(events, identified=bool(settings.dedup))
    members = tree if isinstance(tree, list) else [tree]
    events = [_event(member) for member in members]
    return Parsed(events, identified=all(map(is_identified, members)))


def _event(
    member: object, settings: Settings | None = None, tree: object = None
) -> AlertEvent:
    if not isinstance(member, dict):
        raise Unreadable(["expected a JSON object or a list of objects"])
    return guessed(member) if settings is None else mapped(settings, member, tree)


INTEGRATION = Integration(
    title="Generic JSON",
    endpoints=(Endpoint("/in/generic", parse),),
    category="generic",
    summary="Anything that can post JSON to an address.",
    Settings=Settings,
)
