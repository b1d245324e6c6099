"""Grafana OnCall's formatted webhook (grafana.com, "Formatted webhook")."""

from hashlib import sha256
from uuid import UUID

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    Link,
    key_of,
    severity_of,
    web_address,
)
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    Answer,
    Endpoint,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    first_text,
    text_of,
)

RESOLVED = "ok"
NO_TITLE = "(no title)"
OWN = frozenset(
    {"alert_uid", "title", "message", "image_url", "state", "link_to_upstream_details"}
)


def parse(inbound: Inbound) -> Parsed:
    """One event; no member is required."""
    try:
        tree = untrusted_json.decode(inbound.body)
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    if not isinstance(tree, dict):
        raise Unreadable(["expected a JSON object"])
    uid, title = text_of(tree.get("alert_uid")), text_of(tree.get("title"))
    resolved = text_of(tree.get("state")).lower() == RESOLVED
    image = web_address(text_of(tree.get("image_url")))
    event = AlertEvent(
        action=Action.RESOLVE if resolved else Action.TRIGGER,
        dedup_key=key_of(uid) if uid else _key(title),
        title=title[:TITLE_LENGTH] or NO_TITLE,
        severity=severity_of(first_text(tree, ("severity", "priority"))),
        body=text_of(tree.get("message"))[:BODY_LENGTH],
        source_url=web_address(text_of(tree.get("link_to_upstream_details"))),
        labels={name: value for name, value in tree.items() if name not in OWN},
        links=(Link(image, "Image"),) if image else (),
    )
    return Parsed([event], identified=bool(uid))


def _key(title: str) -> str:
    return "sha256:" + sha256(title.encode()).hexdigest()


def accepted(_: Parsed, __: UUID) -> Answer:
    """What Grafana OnCall answers."""
    return Answer(200, "Ok.")


INTEGRATION = Integration(
    title="Grafana OnCall",
    endpoints=(
        Endpoint("/integrations/v1/formatted_webhook", parse, accepted=accepted),
    ),
    category="drop-in",
    summary="Whatever sends to Grafana OnCall's formatted webhook, by changing the host.",
)
