"""Prometheus Alertmanager's webhook, format "4" (prometheus.io, alerting/configuration)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

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
    alert_key,
    first_text,
    instant_of,
    mapping_of,
    noted_links,
    text_of,
)

TITLE = ("summary", "title", "message", "description")
BODY = ("description", "message")
SHARED = ("commonLabels", "groupLabels", "commonAnnotations")
QUOTED = re.compile(r"\\(.)")  # `receiver` arrives as a regular expression: web\.hook


@dataclass(frozen=True, slots=True)
class Group:
    """What one request says about all its alerts."""

    key: str | None
    labels: Mapping[str, object]
    links: tuple[Link, ...]
    left_out: str  # a sentence, if alerts are missing


def parse(inbound: Inbound) -> Parsed:
    """One event per alert; its episode is `startsAt`, its incident the group's.

    What is not in the list is not resolved: `max_alerts` may have cut it off.
    """
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    group = _group(tree)
    alerts = tree.get("alerts")
    if not isinstance(alerts, list):
        return Parsed([_own_payload(tree, group)])
    if not alerts:
        raise Unreadable(["the list `alerts` is empty"])
    return Parsed([_event(mapping_of(alert), group) for alert in alerts])


def _group(tree: dict[str, object]) -> Group:
    key = text_of(tree.get("groupKey"))
    told = {
        "receiver": QUOTED.sub(r"\1", text_of(tree.get("receiver"))),
        "notification_reason": text_of(tree.get("notification_reason")),  # from 0.32 on
    }
    count = text_of(tree.get("truncatedAlerts"))
    missing = int(count) if count.isdecimal() and len(count) < len("1000000") else 0
    if missing:
        told["truncatedAlerts"] = count
    home = web_address(text_of(tree.get("externalURL")))
    return Group(
        key=key_of(key) if key else None,
        labels={
            **{name: said for name, said in told.items() if said},
            **_public(mapping_of(tree.get("routeLabels"))),  # from 0.34 on
        },
        links=(Link(home, "Alertmanager"),) if home else (),
        left_out=f"{missing} more alerts of this group were left out by `max_alerts`."
        if missing
        else "",
    )


def _event(alert: dict[str, object], group: Group) -> AlertEvent:
    labels = mapping_of(alert.get("labels"))
    notes = mapping_of(alert.get("annotations"))
    name = text_of(labels.get("alertname"))
    resolved = text_of(alert.get("status")).lower() == "resolved"
    title = (first_text(notes, TITLE) or name or "(no name)")[:TITLE_LENGTH]
    return AlertEvent(
        action=Action.RESOLVE if resolved else Action.TRIGGER,
        dedup_key=alert_key(alert, labels),
        title=title,
        severity=severity_of(text_of(labels.get("severity"))),
        body=_body(title, first_text(notes, BODY), group),
        source_url=web_address(text_of(alert.get("generatorURL"))),
        labels={**group.labels, **_public(labels)},
        links=(*noted_links(notes), *group.links),
        group_key=group.key,
        episode_at=instant_of(alert.get("startsAt")),
        ended_at=instant_of(alert.get("endsAt")) if resolved else None,
    )


def _own_payload(tree: dict[str, object], group: Group) -> AlertEvent:
    """The group as one alert, where a `payload` of one's own has no list of alerts."""
    shared: dict[str, object] = {}
    for name in SHARED:
        shared.update(mapping_of(tree.get(name)))
    said = first_text(tree, (*TITLE, "text")) or first_text(shared, TITLE)
    if not said:
        raise Unreadable(["there is neither a list `alerts` nor a `title`"])
    status = first_text(tree, ("status", "state")).lower()
    title = said[:TITLE_LENGTH]
    return AlertEvent(
        action=Action.RESOLVE if status == "resolved" else Action.TRIGGER,
        dedup_key=group.key or key_of(f"title:{title}"),
        title=title,
        severity=severity_of(
            first_text(tree, ("severity",)) or first_text(shared, ("severity",))
        ),
        body=_body(title, first_text(tree, BODY), group),
        labels={**group.labels, **_public(mapping_of(tree.get("commonLabels")))},
        links=group.links,
        group_key=group.key,
    )


def _body(title: str, said: str, group: Group) -> str:
    text = "" if said == title else said[:BODY_LENGTH]
    return "\n\n".join(part for part in (text, group.left_out) if part)[:BODY_LENGTH]


def _public(labels: dict[str, object]) -> dict[str, object]:
    """Without Prometheus' own: `__name__` and the like."""
    return {
        name: value
        for name, value in labels.items()
        if not (name.startswith("__") and name.endswith("__"))
    }


INTEGRATION = Integration(
    title="Prometheus Alertmanager",
    endpoints=(Endpoint("/in/alertmanager", parse, body_limit=4 * MEBIBYTE),),
    category="metrics",
    summary="Alerts of Prometheus, grouped and silenced by Alertmanager.",
)
