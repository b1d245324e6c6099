"""The REST endpoint of VictorOps, now Splunk On-Call (help.splunk.com, "REST endpoint")."""

from uuid import UUID

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    Severity,
    key_of,
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
    printable,
    text_of,
)

TYPES = {
    "CRITICAL": (Action.TRIGGER, Severity.CRITICAL),
    "WARNING": (Action.TRIGGER, Severity.WARNING),
    "INFO": (Action.TRIGGER, Severity.INFO),
    "ACKNOWLEDGEMENT": (Action.ACKNOWLEDGE, Severity.CRITICAL),
    "ACKNOWLEDGMENT": (Action.ACKNOWLEDGE, Severity.CRITICAL),
    "RECOVERY": (Action.RESOLVE, Severity.CRITICAL),
    "OK": (Action.RESOLVE, Severity.CRITICAL),
}
UNKNOWN = (Action.TRIGGER, Severity.CRITICAL)  # too loud beats too quiet
ADDRESS = ("alert_url", "vo_annotate.u.Runbook")
OWN = frozenset(
    {"message_type", "entity_id", "entity_display_name", "state_message", "alert_url"}
)


def parse(inbound: Inbound) -> Parsed:
    """One event; what follows the key in the address becomes the label `routing_key`."""
    try:
        tree = untrusted_json.decode(inbound.body)
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    if not isinstance(tree, dict):
        raise Unreadable(["expected a JSON object"])
    kind = text_of(tree.get("message_type")).upper()
    key = text_of(tree.get("entity_id"))
    if not kind and not key:
        raise Unreadable(["there is neither `message_type` nor `entity_id`"])
    action, severity = TYPES.get(kind, UNKNOWN)
    title = first_text(tree, ("entity_display_name", "entity_id", "state_message"))
    labels = {name: value for name, value in tree.items() if name not in OWN}
    route = printable(inbound.rest).strip("/")
    if route:
        labels["routing_key"] = route
    event = AlertEvent(
        action=action,
        dedup_key=key_of(key),
        title=(title.splitlines()[0] if title else kind)[:TITLE_LENGTH],
        severity=severity,
        body=text_of(tree.get("state_message"))[:BODY_LENGTH],
        source_url=web_address(first_text(tree, ADDRESS)),
        labels=labels,
    )
    return Parsed([event])


def accepted(parsed: Parsed, _: UUID) -> Answer:
    """What VictorOps answers."""
    keys = [e.dedup_key for e in parsed.events if isinstance(e, AlertEvent)]
    return Answer(200, {"result": "success", "entity_id": "".join(keys)})


INTEGRATION = Integration(
    title="VictorOps (Splunk On-Call)",
    endpoints=(
        Endpoint(
            "/integrations/generic/20131114/alert", parse, rest=True, accepted=accepted
        ),
    ),
    category="drop-in",
    summary="Everything that can alert VictorOps, by changing the host.",
)
