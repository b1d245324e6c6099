"""What machines are told: our own shape, and that of PagerDuty's V3 webhooks."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pagefree.timeline.queries import Event
from pagefree.workflows.facts import trimmed

STANDARD, PAGERDUTY = "standard", "pagerduty_v3"
SECRET_PREFIX = "whsec_"  # noqa: S105 - names the format, is no secret
# https://developer.pagerduty.com/docs/webhooks-overview#event-types
PAGERDUTY_KINDS: Mapping[str, str] = {
    "incident.triggered": "incident.triggered",
    "incident.acknowledged": "incident.acknowledged",
    "incident.unacknowledged": "incident.unacknowledged",
    "incident.resolved": "incident.resolved",
    "incident.reopened": "incident.reopened",
    "incident.reassigned": "incident.reassigned",
    "incident.note": "incident.annotated",
    "incident.responder_added": "incident.responder.added",
    "escalation.paged": "incident.escalated",
}


def body_of(
    shape: str, event: Event, incident: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The body for one event; none where the shape has no word for it."""
    return _pagerduty(event, incident) if shape == PAGERDUTY else _own(event, incident)


def _own(event: Event, incident: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": event.kind,
        "timestamp": event.at.astimezone(UTC).isoformat(),
        "data": {
            "event_id": event.id,
            "sequence": event.seq,
            "actor": {"kind": event.actor_kind, "name": event.actor_name},
            "incident": incident or None,
            "details": trimmed(event.data),
        },
    }


def _pagerduty(event: Event, incident: Mapping[str, Any]) -> dict[str, Any] | None:
    kind = _pagerduty_kind(event)
    if kind is None or not incident:
        return None
    service = incident["service"]
    priority = incident["priority"]
    return {
        "event": {
            "id": f"PF{event.id:012d}",
            "event_type": kind,
            "resource_type": "incident",
            "occurred_at": event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "agent": _agent(event),
            "client": None,
            "data": {
                "id": incident["id"],
                "type": "incident",
                "self": incident["url"],
                "html_url": incident["url"],
                "number": incident["number"],
                "status": incident["status"],
                "incident_key": incident["id"],
                "created_at": incident["opened_at"],
                "title": incident["title"],
                "service": {
                    "id": service["id"],
                    "summary": service["name"],
                    "type": "service_reference",
                    "self": None,
                    "html_url": None,
                },
                "assignees": [],
                "escalation_policy": None,
                "teams": [
                    {
                        "id": incident["team"]["id"],
                        "summary": incident["team"]["name"],
                        "type": "team_reference",
                    }
                ],
                "priority": {"summary": priority, "type": "priority_reference"}
                if priority
                else None,
                "urgency": incident["urgency"],
                "conference_bridge": None,
                "resolve_reason": None,
            },
        }
    }


def _pagerduty_kind(event: Event) -> str | None:
    if event.kind == "incident.updated":
        changes = event.data.get("changes")
        changed = isinstance(changes, dict) and "priority" in changes
        return "incident.priority_updated" if changed else None
    if event.kind == "escalation.paged" and event.data.get("step") in {None, 1}:
        return None
    return PAGERDUTY_KINDS.get(event.kind)


def _agent(event: Event) -> dict[str, object] | None:
    if event.actor_kind != "user":
        return None
    return {
        "id": str(event.actor_id),
        "summary": event.actor_name,
        "type": "user_reference",
    }


def headers_of(
    shape: str, message_id: str, body: bytes, secrets: Sequence[str], now: datetime
) -> dict[str, str]:
    """The headers that prove where a body comes from, with every secret that counts."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "PageFree",
        "Idempotency-Key": message_id,
    }
    if shape == PAGERDUTY:
        signed = ",".join(
            f"v1={hmac.digest(secret.encode(), body, 'sha256').hex()}"
            for secret in secrets
        )
        return {**headers, "X-PagerDuty-Signature": signed, "X-Webhook-Id": message_id}
    timestamp = str(int(now.timestamp()))
    content = f"{message_id}.{timestamp}.".encode() + body
    return {
        **headers,
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(s, content) for s in secrets),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, content, "sha256")).decode()
