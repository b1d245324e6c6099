"""Sentry's integration platform (docs.sentry.io, integration-platform/webhooks)."""

from datetime import UTC, datetime, timedelta

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    key_of,
    severity_of,
    web_address,
)
from pagefree.core.signatures import SENTRY
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    Endpoint,
    Ignored,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    first_text,
    instant_of,
    mapping_of,
    text_of,
)

RESOURCE, SENT_AT = "sentry-hook-resource", "sentry-hook-timestamp"
DELIVERY = "request-id"
ISSUE_ALERTS = frozenset({"event_alert", "activity_alert"})
QUIET = frozenset(
    {"installation", "issue", "error", "comment", "seer", "preprod_artifact"}
)
ISSUE_IS_OVER = frozenset({"resolved", "archived", "ignored"})
EVENT_LABELS = ("environment", "platform", "culprit", "level", "release", "project")
ISSUE_LABELS = ("shortId", "culprit", "platform", "level", "substatus")
RULE_LABELS = ("name", "aggregate", "query", "environment", "projects")
# a resolve counts from just before its second on: what fires in the same one is newer
JUST_BEFORE = timedelta(microseconds=1)


def parse(inbound: Inbound) -> Parsed:
    """One event: an issue alert, a metric alert, or the end of an issue."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    data = mapping_of(tree.get("data"))
    resource = inbound.headers.get(RESOURCE, "") or _resource(tree, data)
    action = text_of(tree.get("action")).lower()
    sent_at = _instant(inbound.headers.get(SENT_AT, ""))
    if resource == "metric_alert":
        event = _metric_alert(action, data)
    elif resource in ISSUE_ALERTS:
        event = _issue_alert(data, sent_at)
    elif resource == "issue" and action in ISSUE_IS_OVER:
        event = _issue_is_over(data, sent_at)
    elif resource == "legacy":
        event = _plugin(tree)
    elif resource in QUIET:
        raise Ignored(f"{resource} {action[:40]}: nobody is paged for this")
    else:
        raise Unreadable([f"a resource that is not known: {resource[:40]!r}"])
    return Parsed([event], delivery_id=key_of(inbound.headers.get(DELIVERY, "")))


def _resource(tree: dict[str, object], data: dict[str, object]) -> str:
    """What it is, if a proxy has taken the header away."""
    if "metric_alert" in data:
        return "metric_alert"
    if "event" in data:
        return "event_alert"
    if "issue" in data:
        return "issue"
    if "installation" in data:
        return "installation"
    return "legacy" if "event" in tree else ""  # the plugin "WebHooks"


def _metric_alert(action: str, data: dict[str, object]) -> AlertEvent:
    """A rule is one alert, each of its incidents an episode."""
    alert = mapping_of(data.get("metric_alert"))
    rule = mapping_of(alert.get("alert_rule"))
    number = text_of(rule.get("id")) or text_of(alert.get("identifier"))
    owner = text_of(alert.get("organization_id"))
    said = text_of(data.get("description_title")) or text_of(rule.get("name"))
    return AlertEvent(
        action=Action.RESOLVE if action == "resolved" else Action.TRIGGER,
        dedup_key=key_of(f"sentry:metric:{owner}:{number or said}"),
        title=said[:TITLE_LENGTH] or "Metric alert",
        severity=severity_of(action),
        body=text_of(data.get("description_text"))[:BODY_LENGTH],
        source_url=web_address(text_of(data.get("web_url"))),
        labels={name: rule[name] for name in RULE_LABELS if rule.get(name)},
        episode_at=instant_of(alert.get("date_started")),
    )


def _issue_alert(data: dict[str, object], sent_at: datetime | None) -> AlertEvent:
    event, issue = mapping_of(data.get("event")), mapping_of(data.get("issue"))
    number = text_of(event.get("issue_id")) or text_of(issue.get("id"))
    said = first_text(event, ("title", "message")) or text_of(issue.get("title"))
    labels: dict[str, object] = {
        **{name: issue[name] for name in ISSUE_LABELS if issue.get(name)},
        **{name: event[name] for name in EVENT_LABELS if event.get(name)},
    }
    rule = text_of(data.get("triggered_rule"))
    if rule:
        labels["triggered_rule"] = rule
    level = text_of(event.get("level")) or text_of(issue.get("level"))
    place = first_text(event, ("culprit", "location")) or text_of(issue.get("culprit"))
    return AlertEvent(
        action=Action.TRIGGER,
        dedup_key=_issue_key(number) if number else key_of(f"title:{said}"),
        title=said[:TITLE_LENGTH] or "(no title)",
        severity=severity_of(level),
        body="\n".join(part for part in (place, rule) if part)[:BODY_LENGTH],
        source_url=web_address(first_text({**issue, **event}, ("web_url",))),
        labels=labels,
        episode_at=sent_at,
    )


def _issue_is_over(data: dict[str, object], sent_at: datetime | None) -> AlertEvent:
    """Somebody resolved or archived the issue of an alert."""
    issue = mapping_of(data.get("issue"))
    number = text_of(issue.get("id"))
    if not number:
        raise Unreadable(["the issue has no `id`"])
    return AlertEvent(
        action=Action.RESOLVE,
        dedup_key=_issue_key(number),
        title=text_of(issue.get("title"))[:TITLE_LENGTH],
        severity=severity_of(text_of(issue.get("level"))),
        source_url=web_address(text_of(issue.get("web_url"))),
        labels={name: issue[name] for name in ISSUE_LABELS if issue.get(name)},
        episode_at=sent_at - JUST_BEFORE if sent_at else None,
        ended_at=sent_at,
    )


def _plugin(tree: dict[str, object]) -> AlertEvent:
    """The older plugin "WebHooks", which signs nothing."""
    said = first_text(mapping_of(tree.get("event")), ("title", "message"))
    said = said or first_text(tree, ("message", "culprit"))
    number = text_of(tree.get("id"))
    return AlertEvent(
        action=Action.TRIGGER,
        dedup_key=_issue_key(number) if number else key_of(f"title:{said}"),
        title=said[:TITLE_LENGTH] or "(no title)",
        severity=severity_of(text_of(tree.get("level"))),
        body=text_of(tree.get("culprit"))[:BODY_LENGTH],
        source_url=web_address(text_of(tree.get("url"))),
        labels={name: tree[name] for name in ("project", "level") if tree.get(name)},
    )


def _issue_key(number: str) -> str:
    return key_of(f"sentry:issue:{number}")


def _instant(seconds: str) -> datetime | None:
    """When Sentry sent this: what was sent before the end of an issue is late."""
    try:
        at = datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return instant_of(at.isoformat())


INTEGRATION = Integration(
    title="Sentry",
    endpoints=(Endpoint("/in/sentry", parse),),
    category="errors",
    summary="Issue and metric alerts of Sentry, in the cloud or self-hosted.",
    signature=SENTRY,
)
