"""Honeycomb's webhook recipients (docs.honeycomb.io, "Webhooks"): triggers and burn alerts."""

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
from pagefree.core.signatures import HONEYCOMB
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    Endpoint,
    Ignored,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    first_text,
    mapping_of,
    text_of,
)

OK = "OK"  # else TRIGGERED
DELIVERY = "x-honeycomb-webhook-delivery-id"
LINKS = {"trigger_url": "Trigger", "slo_url": "SLO", "sli_url": "SLI"}
LABELS = (
    *("id", "operator", "threshold", "alert_type", "exhaustion_minutes"),
    *("dataset", "environment", "version"),
)
GROUPS = "result_groups_triggered"
MOST_GROUPS = 20


def parse(inbound: Inbound) -> Parsed:
    """One event. `shared_secret` is kept nowhere."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    name = first_text(tree, ("name", "summary"))
    identity = text_of(tree.get("id")) or name
    if not identity:
        raise Unreadable(["there is neither `id` nor `name`"])
    if True in (tree.get("is_test"), tree.get("isTest")):
        raise Ignored("a test")
    lines = [text_of(tree.get(n)) for n in ("description", "trigger_description")]
    status = text_of(tree.get("status")).upper()
    event = AlertEvent(
        action=Action.RESOLVE if status == OK else Action.TRIGGER,
        dedup_key=key_of(identity),
        title=(name or identity).splitlines()[0][:TITLE_LENGTH],
        severity=severity_of(text_of(tree.get("severity"))),
        body="\n".join(filter(None, lines))[:BODY_LENGTH],
        source_url=web_address(text_of(tree.get("result_url"))),
        labels=_labels(tree),
        links=tuple(_links(tree)),
    )
    return Parsed([event], delivery_id=inbound.headers.get(DELIVERY, ""))


def _labels(tree: dict[str, object]) -> dict[str, object]:
    labels = {name: tree[name] for name in LABELS if text_of(tree.get(name))}
    groups = tree.get(GROUPS)
    if isinstance(groups, list) and groups:
        labels[GROUPS] = groups[:MOST_GROUPS]
    return labels


def _links(tree: dict[str, object]) -> list[Link]:
    found = [(web_address(text_of(tree.get(n))), text) for n, text in LINKS.items()]
    return [Link(href, text) for href, text in found if href]


INTEGRATION = Integration(
    title="Honeycomb",
    endpoints=(Endpoint("/in/honeycomb", parse),),
    category="metrics",
    summary="Triggers on queries, and burn alerts of SLOs.",
    signature=HONEYCOMB,
)
