"""CloudEvents 1.0 over HTTP (cloudevents.io): structured, binary and in batches."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    key_of,
    severity_of,
    web_address,
)
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    Answer,
    Endpoint,
    Ignored,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    first_text,
    instant_of,
    links_of,
    mapping_of,
    text_of,
)

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
PREFIX = "ce-"  # of the headers in binary mode
VERSION = "1.0"
REQUIRED = ("id", "source", "type")
CONTENT = ("data", "data_base64", "datacontenttype", "dataschema", "specversion")
MOST_ATTRIBUTES = 50
GRANTED_LENGTH = 255

ACTION = ("action", "status", "state")
RESOLVES = frozenset({"resolve", "resolved", "ok", "recovered", "closed", "normal"})
ACKNOWLEDGES = frozenset({"acknowledge", "acknowledged", "ack"})
FIRES = frozenset({"firing", "fired", "triggered", "opened", "alert"})
WORDS = RESOLVES | ACKNOWLEDGES | FIRES
TITLE = ("title", "summary", "message", "name")
BODY = ("body", "description", "details", "message")
SEVERITY = ("severity", "level", "priority")
ADDRESS = ("source_url", "url", "link")

Tree = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """The attributes of one event, and what it carries."""

    attributes: Tree
    data: object


def parse(inbound: Inbound) -> Parsed:
    """One event, or those of a batch; `source` and `id` are the id of a delivery."""
    if inbound.method == "OPTIONS":
        raise Ignored("a handshake", _granted(inbound.headers))
    found = _read(inbound)
    errors = [error for event in found for error in _missing(event)]
    if errors:
        raise Unreadable(errors[:20])
    ids = [f"{e.attributes['source']} {e.attributes['id']}" for e in found]
    return Parsed([_event(e) for e in found], delivery_id="\n".join(ids))


def _granted(headers: Mapping[str, str]) -> Answer:
    """May we be sent to? Yes, as fast as asked for. No address is called back."""
    rate = headers.get("webhook-request-rate", "")
    origin = headers.get("webhook-request-origin", "*")[:GRANTED_LENGTH]
    granted = rate if rate.isascii() and rate.isdigit() else "*"
    return Answer(
        200,
        None,
        (
            ("allow", "POST"),
            ("webhook-allowed-origin", origin),
            ("webhook-allowed-rate", granted[:GRANTED_LENGTH]),
        ),
    )


def _read(inbound: Inbound) -> list[CloudEvent]:
    kind = inbound.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == STRUCTURED:
        return [_structured(_json(inbound.body))]
    if kind == BATCH:
        batch = _json(inbound.body)
        if not isinstance(batch, list):
            raise Unreadable(["a batch is a list"])
        return [_structured(member) for member in batch]
    attributes = _attributes(inbound.headers)
    if not attributes:
        raise Unreadable([f"neither {STRUCTURED} nor {BATCH} nor headers {PREFIX}*"])
    return [CloudEvent(attributes, _data(inbound.body, kind))]


def _json(body: bytes) -> object:
    try:
        return untrusted_json.decode(body)
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e


def _structured(member: object) -> CloudEvent:
    tree = mapping_of(member)
    encoded = text_of(tree.get("data_base64"))
    if not encoded:
        return CloudEvent(tree, tree.get("data"))
    kind = text_of(tree.get("datacontenttype")) or "application/json"
    try:
        return CloudEvent(tree, _data(base64.b64decode(encoded, validate=True), kind))
    except (binascii.Error, ValueError) as e:
        raise Unreadable([f"data_base64: {e}"]) from e


def _attributes(headers: Mapping[str, str]) -> dict[str, object]:
    """What the headers say in binary mode: percent-encoded UTF-8, perhaps in quotes."""
    names = [name for name in headers if name.startswith(PREFIX)]
    return {
        name.removeprefix(PREFIX): untrusted_json.clean_text(
            unquote(headers[name].strip().strip('"'))
        )
        for name in names[:MOST_ATTRIBUTES]
    }


def _data(body: bytes, kind: str) -> object:
    if kind.endswith("json"):
        return _json(body) if body else None
    text = body.decode("utf-8", "replace")
    return untrusted_json.clean_text(text) if kind.startswith("text/") else None


def _missing(event: CloudEvent) -> list[str]:
    """Which required attributes are not there."""
    version = text_of(event.attributes.get("specversion"))
    wrong = [] if version == VERSION else [f"'specversion' is not {VERSION}"]
    missing = [name for name in REQUIRED if not text_of(event.attributes.get(name))]
    return wrong + [f"{name!r} is missing or blank" for name in missing]


def _event(event: CloudEvent) -> AlertEvent:
    told, data = event.attributes, mapping_of(event.data)
    kind, source = text_of(told.get("type")), text_of(told.get("source"))
    subject = text_of(told.get("subject"))
    topic, _, last = kind.rpartition(".")
    said = first_text(data, ACTION)
    title = first_text(data, TITLE) or f"{kind} {subject}".strip()
    body = text_of(event.data) or first_text(data, BODY)
    severity = first_text(data, SEVERITY) or first_text(dict(told), SEVERITY)
    return AlertEvent(
        action=_action(said if said.lower() in WORDS else last),
        dedup_key=key_of(
            f"{source} {subject or (topic if last.lower() in WORDS else kind)}"
        ),
        title=title.splitlines()[0][:TITLE_LENGTH],
        severity=severity_of(severity),
        body="" if body == title else body[:BODY_LENGTH],
        source_url=web_address(first_text(data, ADDRESS)) or web_address(source),
        labels=_labels(told, data),
        links=tuple(links_of(data.get("links"))),
        # brokers deliver in any order
        episode_at=instant_of(told.get("time")),
    )


def _action(word: str) -> Action:
    """Loud when in doubt: an unknown word never resolves anything."""
    if word.lower() in RESOLVES:
        return Action.RESOLVE
    return Action.ACKNOWLEDGE if word.lower() in ACKNOWLEDGES else Action.TRIGGER


def _labels(told: Tree, data: Tree) -> dict[str, object]:
    """What the event carries, and its attributes."""
    carried = {name: value for name, value in data.items() if name != "links"}
    return {**carried, **{n: v for n, v in told.items() if n not in CONTENT}}


INTEGRATION = Integration(
    title="CloudEvents",
    endpoints=(Endpoint("/in/cloudevents", parse),),
    category="generic",
    summary="Events from Knative, Azure Event Grid and other brokers.",
    methods=("POST", "OPTIONS"),
)
