"""What PageFree itself says of a heartbeat that went down or came back (heartbeats/sweep.py)."""

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    key_of,
    severity_of,
)
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    Endpoint,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    mapping_of,
    text_of,
)

UP = "up"
TITLES = {
    "missed": "{name} has not reported in time",
    "unfinished": "{name} has begun, but not ended in time",
    "failed": "{name} reports that it failed",
}
LINES = {
    "schedule": "Expected",
    "last_ping_at": "Last report",
    "expected_at": "Was due",
    "exit_status": "Exit status",
    "failures": "Failures in a row",
}
LABELS = ("slug", "tags")


def parse(inbound: Inbound) -> Parsed:
    """One event: `heartbeat:<id>` fires or resolves."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    heartbeat = mapping_of(tree.get("heartbeat"))
    identity = text_of(heartbeat.get("id"))
    if not identity:
        raise Unreadable(["there is no `heartbeat.id`"])
    name = text_of(heartbeat.get("name")) or identity
    title = TITLES.get(text_of(tree.get("reason")), "{name} is down")
    event = AlertEvent(
        action=Action.RESOLVE if tree.get("state") == UP else Action.TRIGGER,
        dedup_key=key_of(f"heartbeat:{identity}"),
        title=title.replace("{name}", name)[:TITLE_LENGTH],
        severity=severity_of(text_of(tree.get("severity"))),
        body=_body(tree),
        labels={
            "heartbeat": name,
            "heartbeat_id": identity,
            **{label: heartbeat[label] for label in LABELS if heartbeat.get(label)},
        },
    )
    return Parsed([event])


def _body(tree: dict[str, object]) -> str:
    lines = [
        f"{words}: {text}"
        for name, words in LINES.items()
        if (text := text_of(tree.get(name)))
    ]
    output = text_of(tree.get("output"))
    return "\n".join([*lines, *(["", output] if output else [])])[:BODY_LENGTH]


INTEGRATION = Integration(
    title="Heartbeats",
    endpoints=(Endpoint("/ping", parse),),
    category="uptime",
    summary="Jobs, backups and devices that ping, and an alert when they stop.",
)
