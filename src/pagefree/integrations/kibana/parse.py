"""Elastic's Kibana: rules with the connector "Webhook", and Watcher, with our templates."""

from pagefree.core.alerts import (
    BODY_LENGTH,
    LOUDEST,
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
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    first_text,
    instant_of,
    mapping_of,
    text_of,
)

OVER = frozenset({"recovered", "resolved", "ok"})
BODY = ("message", "reason", "conditions")
RULE_LABELS = {"name": "rule", "type": "rule_type", "space": "space", "tags": "tags"}
ALERT_LABELS = {
    "id": "alert",
    "group": "action_group",
    "group_name": "action_group_name",
    "flapping": "flapping",
    "consecutive_matches": "consecutive_matches",
}
UNFILLED = "{{"  # the connector's tab "Test" leaves the templates as they are
TEST = AlertEvent(
    action=Action.TRIGGER,
    dedup_key="test",
    title="Test of Kibana's connector",
    severity=Severity.INFO,
)
UNGROUPED = frozenset(
    {"", "*", "query matched"}
)  # an alert that is the rule's only one


def parse(inbound: Inbound) -> Parsed:
    """One event; an alert is told by its rule's id and its own."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    rule, alert = mapping_of(tree.get("rule")), mapping_of(tree.get("alert"))
    key = _key(tree, rule, alert)
    if not key:
        raise Unreadable(["there is neither `rule.id` nor `watch_id`"])
    if key.startswith(UNFILLED):
        return Parsed([TEST])
    title = _title(tree, rule, alert)
    body = first_text(tree, BODY)
    event = AlertEvent(
        action=_action(tree, alert),
        dedup_key=key_of(key),
        title=title,
        severity=_severity(tree, alert),
        body="" if body == title else body[:BODY_LENGTH],
        source_url=web_address(first_text(tree, ("link",)) or text_of(rule.get("url"))),
        labels=_told(rule, RULE_LABELS) | _told(alert, ALERT_LABELS),
        group_key=key_of(f"rule:{text_of(rule.get('id'))}") if rule.get("id") else None,
        episode_at=instant_of(tree.get("date")),
    )
    return Parsed([event])


def _key(
    tree: dict[str, object], rule: dict[str, object], alert: dict[str, object]
) -> str:
    watch, number = text_of(tree.get("watch_id")), text_of(rule.get("id"))
    if number:
        return f"{number};{text_of(alert.get('id'))}"
    return f"watch:{watch}" if watch else ""


def _action(tree: dict[str, object], alert: dict[str, object]) -> Action:
    """Over by its group too, if the template for firing was pasted for the recovery."""
    words = {text_of(tree.get("status")).lower(), text_of(alert.get("group")).lower()}
    return Action.RESOLVE if words & OVER else Action.TRIGGER


def _severity(tree: dict[str, object], alert: dict[str, object]) -> Severity:
    """As the template says; rules with two thresholds have a group for warnings."""
    word = text_of(tree.get("severity"))
    if word:
        return severity_of(word)
    warns = "warning" in text_of(alert.get("group")).lower()
    return Severity.WARNING if warns else LOUDEST


def _title(
    tree: dict[str, object], rule: dict[str, object], alert: dict[str, object]
) -> str:
    said = text_of(tree.get("title"))
    if not said:
        name = text_of(rule.get("name")) or text_of(tree.get("watch_id"))
        which = text_of(alert.get("id"))
        said = name if which.lower() in UNGROUPED else f"{name}: {which}"
    return said[:TITLE_LENGTH] or "(no title)"


def _told(tree: dict[str, object], names: dict[str, str]) -> dict[str, object]:
    found = {label: text_of(tree.get(name)) for name, label in names.items()}
    return {label: text for label, text in found.items() if text}


INTEGRATION = Integration(
    title="Kibana and Elastic",
    endpoints=(Endpoint("/in/kibana", parse),),
    category="logs",
    summary="Rules of Kibana and watches of Elasticsearch, with templates to paste.",
)
