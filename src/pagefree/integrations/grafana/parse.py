"""Grafana's contact point "webhook" of unified alerting (grafana/alerting), and the older one."""

from collections.abc import Mapping
from dataclasses import dataclass

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    Link,
    Severity,
    key_of,
    severity_of,
    web_address,
)
from pagefree.core.signatures import BODY, GRAFANA, TIMESTAMP, AnyOf, Hmac
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    MEBIBYTE,
    Endpoint,
    Ignored,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    alert_key,
    first_text,
    instant_of,
    mapping_of,
    text_of,
)

TITLE = ("summary", "title", "message", "description")
TEXT = ("description", "message")
# what becomes a link: of an alert, then of its annotations
PLACES = {
    "dashboardURL": "Dashboard",
    "panelURL": "Panel",
    "silenceURL": "Silence it",
    "imageURL": "Image",
}
NOTED_PLACES = {"runbook_url": "Runbook"}
NOT_EVALUATED = frozenset({"DatasourceNoData", "DatasourceError"})
TEST = "TestAlert"  # what the button "Test" of a contact point sends
OVER = frozenset({"resolved", "ok"})
QUIET = frozenset({"paused", "pending"})  # of the older format
# with the time of signing, if a header for it is set: the one that our set-up names
TIMED = Hmac(
    "Grafana with time",
    GRAFANA.header,
    (TIMESTAMP, ":", BODY),
    timestamp_header="x-grafana-alerting-timestamp",
)


@dataclass(frozen=True, slots=True)
class Group:
    """What one request says about all its alerts."""

    key: str | None
    labels: Mapping[str, object]
    left_out: str  # a sentence, if alerts are missing


def parse(inbound: Inbound) -> Parsed:
    """One event per alert; its episode is `startsAt`, its incident the group's."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    alerts = tree.get("alerts")
    if isinstance(alerts, list) and alerts:
        group = _group(tree)
        return Parsed([_event(mapping_of(alert), group) for alert in alerts])
    return Parsed([_whole(tree)])


def _group(tree: dict[str, object]) -> Group:
    key = text_of(tree.get("groupKey"))
    count = text_of(tree.get("truncatedAlerts"))
    labels = {"orgId": text_of(tree.get("orgId"))}
    if count not in {"", "0"}:
        labels["truncatedAlerts"] = count[:20]
    return Group(
        key=key_of(key) if key else None,
        labels={name: said for name, said in labels.items() if said},
        left_out=f"Grafana left out {labels['truncatedAlerts']} more alerts of this group."
        if "truncatedAlerts" in labels
        else "",
    )


def _event(alert: dict[str, object], group: Group) -> AlertEvent:
    labels = mapping_of(alert.get("labels"))
    notes = mapping_of(alert.get("annotations"))
    name = text_of(labels.get("alertname"))
    title = (first_text(notes, TITLE) or name or "(no name)")[:TITLE_LENGTH]
    over = text_of(alert.get("status")).lower() in OVER
    return AlertEvent(
        action=Action.RESOLVE if over else Action.TRIGGER,
        dedup_key=alert_key(alert, labels),
        title=title,
        severity=_severity(name, labels),
        body=_body(title, alert, notes, group),
        source_url=web_address(text_of(alert.get("generatorURL"))),
        labels={**group.labels, **_labels(alert, labels)},
        links=(*_links(alert, PLACES), *_links(notes, NOTED_PLACES)),
        group_key=group.key,
        episode_at=instant_of(alert.get("startsAt")),
        ended_at=instant_of(alert.get("endsAt")) if over else None,
    )


def _severity(name: str, labels: dict[str, object]) -> Severity:
    """A rule without data is nearly never as bad as the rule; a test never is."""
    if name == TEST and text_of(labels.get("instance")) == "Grafana":
        return Severity.INFO
    if name in NOT_EVALUATED:
        return Severity.WARNING
    return severity_of(text_of(labels.get("severity")))


def _labels(alert: dict[str, object], labels: dict[str, object]) -> dict[str, object]:
    found = {
        name: value
        for name, value in labels.items()
        if not (name.startswith("__") and name.endswith("__"))
    }
    if text_of(labels.get("alertname")) in NOT_EVALUATED:
        found["class"] = "evaluation"
    for name in ("ruleUID", "values"):
        if alert.get(name):
            found[name] = alert[name]
    return found


def _body(
    title: str, alert: dict[str, object], notes: dict[str, object], group: Group
) -> str:
    text = first_text(notes, TEXT)
    values = text_of(alert.get("valueString"))
    parts = ("" if text == title else text, values, group.left_out)
    return "\n\n".join(part for part in parts if part)[:BODY_LENGTH]


def _links(tree: dict[str, object], names: Mapping[str, str]) -> list[Link]:
    found = [(web_address(text_of(tree.get(name))), name) for name in names]
    return [Link(href, names[name]) for href, name in found if href]


def _whole(tree: dict[str, object]) -> AlertEvent:
    """All as one alert: the older format, or a template of one's own without `alerts`."""
    state = first_text(tree, ("state", "status")).lower()
    said = first_text(tree, ("title", "ruleName", "message"))
    number = text_of(tree.get("ruleId"))
    group = _group(tree)
    if state in QUIET:
        raise Ignored(f"the rule is {state}")
    if not said:
        raise Unreadable(["there is neither a list `alerts` nor a `title`"])
    title, message = said[:TITLE_LENGTH], text_of(tree.get("message"))
    labels = mapping_of(tree.get("commonLabels")) or mapping_of(tree.get("tags"))
    address = first_text(tree, ("ruleUrl", "externalURL"))
    return AlertEvent(
        action=Action.RESOLVE if state in OVER else Action.TRIGGER,
        dedup_key=key_of(f"rule:{number}") if number else group.key or key_of(title),
        title=title,
        severity=Severity.WARNING
        if state == "no_data"
        else severity_of(text_of(labels.get("severity"))),
        body="" if message == title else message[:BODY_LENGTH],
        source_url=web_address(address),
        labels={**group.labels, **_labels({}, labels)},
        links=tuple(_links(tree, {"imageUrl": "Image"})),
        group_key=group.key,
    )


INTEGRATION = Integration(
    title="Grafana",
    endpoints=(Endpoint("/in/grafana", parse, body_limit=4 * MEBIBYTE),),
    category="metrics",
    summary="Alert rules of Grafana, through a contact point.",
    signature=AnyOf("Grafana", (GRAFANA, TIMED)),
    methods=("POST", "PUT"),
)
