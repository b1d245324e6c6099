"""Uptime Kuma's notification type "Webhook" (uptime.kuma.pet): JSON, a form, or a GET."""

import re
from email.message import Message
from hashlib import sha256

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    Severity,
    key_of,
    severity_of,
    web_address,
)
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    Endpoint,
    Ignored,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    mapping_of,
    text_of,
)

UP, PENDING, MAINTENANCE = "1", "2", "3"  # 0 is down
QUIET = {PENDING: "a check is being repeated", MAINTENANCE: "maintenance has begun"}
MEMBERS = ("heartbeat", "monitor")
LABELS = ("type", "hostname", "port", "description")
MOST_TAGS = 50
TEST = " Testing"  # how the message of the button "Test" ends
NUMBER = re.compile(r"\d+")


def parse(inbound: Inbound) -> Parsed:
    """One event: a monitor went down or up, or a certificate is about to expire."""
    tree = _tree(inbound)
    heartbeat = mapping_of(tree.get("heartbeat"))
    monitor = mapping_of(tree.get("monitor"))
    message = text_of(tree.get("msg"))
    if not heartbeat:
        return Parsed([_notice(message)])
    status = text_of(heartbeat.get("status"))
    if status in QUIET:
        raise Ignored(QUIET[status])
    number = text_of(monitor.get("id")) or text_of(heartbeat.get("monitorID"))
    name = text_of(monitor.get("name")) or f"Monitor {number or '(no number)'}"
    tags = _tags(monitor)
    return Parsed(
        [
            AlertEvent(
                action=Action.RESOLVE if status == UP else Action.TRIGGER,
                dedup_key=key_of(_instance(inbound) + (number or name)),
                title=f"{name} is {'up' if status == UP else 'down'}"[:TITLE_LENGTH],
                severity=severity_of(text_of(tags.get("severity"))),
                body=(text_of(heartbeat.get("msg")) or message)[:BODY_LENGTH],
                source_url=_address(text_of(monitor.get("url"))),
                labels={"monitor": name, **_labels(monitor), **tags},
            )
        ]
    )


def _tree(inbound: Inbound) -> dict[str, object]:
    """The JSON object of the body, of a form's field `data`, or of the query's parts."""
    if inbound.method == "GET":
        parts = {"msg": untrusted_json.clean_text(inbound.query.get("msg", ""))}
        return {**parts, **{name: _part(inbound, name) for name in MEMBERS}}
    body = inbound.body
    if "multipart/form-data" in inbound.headers.get("content-type", "").lower():
        body = _form_data(inbound)
    try:
        return mapping_of(untrusted_json.decode(body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e


def _part(inbound: Inbound, name: str) -> object:
    try:
        return untrusted_json.decode(inbound.query.get(name, "").encode())
    except ValueError:
        return None


def _form_data(inbound: Inbound) -> bytes:
    """The field `data` of a multipart form."""
    told = Message()
    told["content-type"] = inbound.headers["content-type"]
    boundary = (told.get_boundary() or "").encode("latin-1", "replace")
    for part in inbound.body.split(b"--" + boundary):
        head, _, content = part.partition(b"\r\n\r\n")
        if b'name="data"' in head:
            return content.removesuffix(b"\r\n")
    raise Unreadable(["the form has no field `data`"])


def _notice(message: str) -> AlertEvent:
    """What is said without a heartbeat: a certificate or a domain is about to expire.

    The days that are left are no part of its identity.
    """
    if not message:
        raise Unreadable(["there is neither `heartbeat` nor `msg`"])
    if message.endswith(TEST):
        raise Ignored("a test")
    said = NUMBER.sub("#", message)
    return AlertEvent(
        action=Action.TRIGGER,
        dedup_key="notice:" + sha256(said.encode()).hexdigest(),
        title=message.splitlines()[0][:TITLE_LENGTH],
        severity=Severity.WARNING,
        body=message[:BODY_LENGTH],
    )


def _instance(inbound: Inbound) -> str:
    """Which Uptime Kuma says so, where several share a routing key: each counts from 1."""
    name = untrusted_json.clean_text(inbound.query.get("instance", ""))
    return f"{name}:" if name else ""


def _address(url: str) -> str | None:
    """What is checked; of what has no address, Uptime Kuma says "https://"."""
    return web_address(url) if url.partition("//")[2] else None


def _tags(monitor: dict[str, object]) -> dict[str, object]:
    tags = monitor.get("tags")
    items = [mapping_of(tag) for tag in (tags if isinstance(tags, list) else [])]
    named = {text_of(tag.get("name")): tag.get("value") for tag in items[:MOST_TAGS]}
    return {name: value for name, value in named.items() if name}


def _labels(monitor: dict[str, object]) -> dict[str, object]:
    return {name: monitor[name] for name in LABELS if text_of(monitor.get(name))}


INTEGRATION = Integration(
    title="Uptime Kuma",
    endpoints=(Endpoint("/in/uptime_kuma", parse),),
    category="uptime",
    summary="Self-hosted uptime checks, and certificates about to expire.",
    methods=("POST", "GET"),
)
