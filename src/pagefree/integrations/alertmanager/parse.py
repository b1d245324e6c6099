"""Prometheus Alertmanager's webhook, format "4" (prometheus.io, alerting/configuration)."""

import msgspec

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
    MEBIBYTE,
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

TITLE = ("summary", "title", "message", "description")
BODY = ("description", "message")
LINKS = ("runbook_url", "dashboard_url")  # annotations by convention


def parse(inbound: Inbound) -> Parsed:
    """One event per alert; its episode is `startsAt`, its incident the group's."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    alerts = tree.get("alerts")
    if not isinstance(alerts, list):
        raise Unreadable(["there is no list `alerts`"])
    group_key = text_of(tree.get("groupKey"))
    group = key_of(group_key) if group_key else None
    return Parsed([_event(mapping_of(alert), group) for alert in alerts])


def _event(alert: dict[str, object], group_key: str | None) -> AlertEvent:
    labels = mapping_of(alert.get("labels"))
    notes = mapping_of(alert.get("annotations"))
    name = text_of(labels.get("alertname"))
    resolved = text_of(alert.get("status")).lower() == "resolved"
    title = (first_text(notes, TITLE) or name or "(no name)")[:TITLE_LENGTH]
    body = first_text(notes, BODY)[:BODY_LENGTH]
    return AlertEvent(
        action=Action.RESOLVE if resolved else Action.TRIGGER,
        dedup_key=_identity(alert, labels),
        title=title,
        severity=severity_of(text_of(labels.get("severity"))),
        body="" if body == title else body,
        source_url=web_address(text_of(alert.get("generatorURL"))),
        labels=labels,
        links=tuple(_links(notes)),
        group_key=group_key,
        episode_at=instant_of(alert.get("startsAt")),
    )


def _identity(alert: dict[str, object], labels: dict[str, object]) -> str:
    """What Alertmanager calls an alert's fingerprint, else all its labels."""
    fingerprint = text_of(alert.get("fingerprint"))
    return key_of(fingerprint or msgspec.json.encode(labels, order="sorted").decode())


def _links(notes: dict[str, object]) -> list[Link]:
    found = [(web_address(text_of(notes.get(name))), name) for name in LINKS]
    return [Link(href, name.split("_")[0].title()) for href, name in found if href]


INTEGRATION = Integration(
    title="Prometheus Alertmanager",
    endpoints=(Endpoint("/in/alertmanager", parse, body_limit=4 * MEBIBYTE),),
    category="metrics",
    summary="Alerts of Prometheus, grouped and silenced by Alertmanager.",
)
