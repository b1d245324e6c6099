"""Google Cloud Monitoring's notification channels: the webhook, and Pub/Sub's push."""

import base64
import binascii
from datetime import UTC, datetime

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
from pagefree.core.signatures import GOOGLE_IDENTITY
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    Endpoint,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    first_text,
    instant_of,
    links_of,
    mapping_of,
    text_of,
)
from pagefree.integrations.google_cloud_monitoring.settings import Settings
from pagefree.integrations.google_cloud_monitoring.verify import issuer, verify

ACTIONS = {"closed": Action.RESOLVE, "acknowledged": Action.ACKNOWLEDGE}
TITLE = ("summary", "policy_name", "condition_name")
LABELS = (
    *("scoping_project_id", "policy_name", "condition_name", "resource_name"),
    *("resource_type_display_name", "observed_value", "threshold_value"),
)
TEST = "test"  # the version that "Send test notification" claims to be


def parse(inbound: Inbound) -> Parsed:
    """One event per incident of Google's; those of one policy share an incident here."""
    tree = _object(inbound.body)
    message = mapping_of(tree.get("message"))
    if "data" in message:  # Pub/Sub
        tree = _object(_unpacked(text_of(message["data"])))
    incident = mapping_of(tree.get("incident"))
    if not incident:
        raise Unreadable(["there is no `incident`"])
    event = _event(incident, is_test=text_of(tree.get("version")).lower() == TEST)
    return Parsed([event], delivery_id=key_of(text_of(message.get("messageId"))))


def _object(body: bytes) -> dict[str, object]:
    try:
        return mapping_of(untrusted_json.decode(body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e


def _unpacked(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as e:
        raise Unreadable(["`message.data` is not base64"]) from e


def _event(incident: dict[str, object], *, is_test: bool) -> AlertEvent:
    notes = mapping_of(incident.get("documentation"))
    said = text_of(notes.get("subject")) or first_text(incident, TITLE)
    parts = (text_of(notes.get("content")), text_of(incident.get("summary")))
    number = text_of(incident.get("incident_id"))
    policy = _policy(incident)
    action = ACTIONS.get(text_of(incident.get("state")).lower(), Action.TRIGGER)
    over = action is Action.RESOLVE
    return AlertEvent(
        action=action,
        dedup_key=key_of(number or f"{policy or ''};title:{said}"),
        title=said[:TITLE_LENGTH] or "(no title)",
        severity=Severity.INFO if is_test else _severity(incident),
        body="\n\n".join(part for part in parts if part and part != said)[:BODY_LENGTH],
        source_url=web_address(text_of(incident.get("url"))),
        labels=_labels(incident),
        links=_links(notes),
        group_key=key_of(policy) if policy else None,
        episode_at=_instant(incident.get("started_at")),
        ended_at=_instant(incident.get("ended_at")) if over else None,
    )


def _severity(incident: dict[str, object]) -> Severity:
    """Of the policy; "No severity" says nothing, a label of the policy may."""
    labels = mapping_of(incident.get("policy_user_labels"))
    word = text_of(incident.get("severity"))
    unsaid = word.lower() in {"", "no severity"}
    return severity_of(text_of(labels.get("severity")) if unsaid else word)


def _policy(incident: dict[str, object]) -> str | None:
    """The id of the policy: projects/p/alertPolicies/1 of what names its condition."""
    name = text_of(mapping_of(incident.get("condition")).get("name"))
    policy, found, _ = name.partition("/conditions/")
    return policy if found else None


def _labels(incident: dict[str, object]) -> dict[str, object]:
    resource = mapping_of(incident.get("resource"))
    metric = mapping_of(incident.get("metric"))
    told = {
        **{name: incident[name] for name in LABELS if incident.get(name)},
        "resource_type": text_of(resource.get("type")),
        "metric_type": text_of(metric.get("type")),
    }
    return {
        **mapping_of(resource.get("labels")),
        **mapping_of(metric.get("labels")),
        **mapping_of(incident.get("policy_user_labels")),
        **{name: value for name, value in told.items() if value},
    }


def _links(notes: dict[str, object]) -> tuple[Link, ...]:
    return tuple(links_of(notes.get("links"), href="url", text="displayName"))


def _instant(seconds: object) -> datetime | None:
    try:
        at = datetime.fromtimestamp(float(text_of(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return instant_of(at.isoformat())


INTEGRATION = Integration(
    title="Google Cloud Monitoring",
    endpoints=(Endpoint("/in/google_cloud_monitoring", parse),),
    category="cloud",
    summary="Alerting policies of Google Cloud, through a webhook or Pub/Sub.",
    Settings=Settings,
    signature=GOOGLE_IDENTITY,
    verify=verify,
    issuer=issuer,
)
