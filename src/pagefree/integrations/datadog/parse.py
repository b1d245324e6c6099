"""Datadog's webhooks (docs.datadoghq.com, integrations/webhooks), with our own payload."""

import re
from datetime import UTC, datetime

from pagefree.core.alerts import (
    BODY_LENGTH,
    LOUDEST,
    LOUDNESS,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    Link,
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
    instant_of,
    mapping_of,
    text_of,
)

# what Datadog puts, or leaves, where a variable has no value
UNFILLED = re.compile(r"(null|\$[A-Z_]+(\[[^\]]*\])?)\Z", re.IGNORECASE)
RECOVERED = "recovered"
WARNS = frozenset({"warn", "re-warn"})
EVENT_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING}
LABELS = (
    *("alert_id", "alert_metric", "alert_priority", "alert_scope", "alert_transition"),
    *("alert_cycle_key", "event_type", "hostname", "org_name", "synthetics_test_name"),
    "synthetics_first_failing_step_name",
)
BODY = ("text_only_msg", "alert_status", "alert_query")
MOST_TAGS = 100


def parse(inbound: Inbound) -> Parsed:
    """One event; its key is `aggreg_key`, one monitor's alerts share an incident."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    said = {name: _filled(text_of(value)) for name, value in tree.items()}
    title = said.get("alert_title") or said.get("event_title") or ""
    if not (title or said.get("aggreg_key") or said.get("alert_id")):
        raise Unreadable(
            ["this is not the payload of the set-up text: no title, no id"]
        )
    title = title[:TITLE_LENGTH] or "(no title)"
    parts = [said[name] for name in BODY if said.get(name)]
    monitor = said.get("alert_id", "")
    event = AlertEvent(
        action=_action(said),
        dedup_key=_key(said, title),
        title=title,
        severity=_severity(said),
        body="\n\n".join(parts)[:BODY_LENGTH],
        source_url=web_address(said.get("link", "")),
        labels=_labels(said),
        links=_links(said),
        group_key=key_of(f"monitor:{monitor}") if monitor else None,
        episode_at=_instant(said.get("date", "")),
    )
    return Parsed([event], delivery_id=key_of(said.get("id", "")))


def _filled(text: str) -> str:
    return "" if UNFILLED.match(text) else text


def _transition(said: dict[str, str]) -> str | None:
    """In lower case; none if the payload leaves it out, which says nothing."""
    said_so = said.get("alert_transition")
    return None if said_so is None else said_so.lower()


def _action(said: dict[str, str]) -> Action:
    """Only "Recovered" resolves."""
    return Action.RESOLVE if _transition(said) == RECOVERED else Action.TRIGGER


def _severity(said: dict[str, str]) -> Severity:
    """The monitor's priority, but a warning is never louder than one."""
    transition, kind = _transition(said), said.get("alert_type", "").lower()
    priority = said.get("alert_priority", "")
    if transition == "" and not priority:  # it is only an event
        return EVENT_SEVERITIES.get(kind, Severity.INFO)
    severity = severity_of(priority) if priority else LOUDEST
    warns = transition in WARNS or kind == "warning"
    if warns and LOUDNESS[severity] > LOUDNESS[Severity.WARNING]:
        return Severity.WARNING
    return severity


def _key(said: dict[str, str], title: str) -> str:
    """`aggreg_key` stays the same from one cycle of a monitor's group to the next."""
    if said.get("aggreg_key"):
        return key_of(said["aggreg_key"])
    if said.get("alert_id"):
        return key_of(f"{said['alert_id']};{said.get('alert_scope', '')}")
    return key_of(f"title:{title}")


def _labels(said: dict[str, str]) -> dict[str, object]:
    labels: dict[str, object] = {}
    for tag in said.get("tags", "").split(",")[:MOST_TAGS]:
        name, _, value = tag.strip().partition(":")
        if name:
            labels[name] = value
    return labels | {name: said[name] for name in LABELS if said.get(name)}


def _links(said: dict[str, str]) -> tuple[Link, ...]:
    address = web_address(said.get("snapshot", ""))
    return (Link(address, "Snapshot"),) if address else ()


def _instant(milliseconds: str) -> datetime | None:
    """When this happened, so that a late copy of what has recovered since is known."""
    try:
        at = datetime.fromtimestamp(float(milliseconds) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return instant_of(at.isoformat())


INTEGRATION = Integration(
    title="Datadog",
    endpoints=(Endpoint("/in/datadog", parse),),
    category="metrics",
    summary="Monitors of Datadog, through a webhook with a payload to paste.",
)
