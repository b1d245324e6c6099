"""New Relic's workflows and their webhook, and the older notification channels."""

from datetime import UTC, datetime

from pagefree.core.alerts import (
    BODY_LENGTH,
    LOUDEST,
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

ID = ("id", "issueId", "incident_id")
TITLE = ("title", "details", "condition_name")
STATE = ("state", "current_state")
ADDRESS = ("issueUrl", "incident_url")
RUNBOOK = ("runbookUrl", "runbook_url")
ACTIONS = {
    "closed": Action.RESOLVE,
    "resolved": Action.RESOLVE,
    "acknowledged": Action.ACKNOWLEDGE,
}
# of issues; HIGH is what a warning threshold makes of them when nothing is critical
PRIORITIES = {"high": Severity.ERROR, "medium": Severity.WARNING, "low": Severity.INFO}
LABELS = (
    *("trigger", "impactedEntities", "totalIncidents", "isCorrelated", "sources"),
    *("alertPolicyNames", "alertConditionNames", "workflowName", "policy_name"),
    *("condition_name", "account_name"),
)


def parse(inbound: Inbound) -> Parsed:
    """One event per issue; an issue that has come back is a new one there, too."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    number, said = first_text(tree, ID), first_text(tree, TITLE)
    if not (number or said):
        raise Unreadable(["there is neither an `id` nor a `title`"])
    state = first_text(tree, STATE).lower()
    if state == "test":
        raise Ignored("a test of the notification channel")
    title = said[:TITLE_LENGTH] or "(no title)"
    address = web_address(first_text(tree, ADDRESS))
    body = first_text(tree, ("description", "details"))
    event = AlertEvent(
        action=ACTIONS.get(state, Action.TRIGGER),
        # without an id all issues would be one: rather too many alerts than one for all
        dedup_key=key_of(f"issue:{number}" if number else address or f"title:{title}"),
        title=title,
        severity=_severity(tree),
        body="" if body == title else body[:BODY_LENGTH],
        source_url=address,
        labels=_labels(tree),
        links=_links(tree),
        episode_at=_instant(tree.get("createdAt")),
    )
    return Parsed([event])


def _severity(tree: dict[str, object]) -> Severity:
    if "priority" in tree:
        word = text_of(tree["priority"]).lower()
        return PRIORITIES.get(word, severity_of(word))
    word = text_of(tree.get("severity"))
    return severity_of(word) if word else LOUDEST


def _labels(tree: dict[str, object]) -> dict[str, object]:
    told = {name: tree[name] for name in LABELS if tree.get(name)}
    return mapping_of(tree.get("labels")) | told


def _links(tree: dict[str, object]) -> tuple[Link, ...]:
    """Workflows send a list of runbooks, one for each condition."""
    found = next((tree[name] for name in RUNBOOK if tree.get(name)), None)
    texts = found[:5] if isinstance(found, list) else [found]
    addresses = [web_address(text_of(text)) for text in texts]
    return tuple(Link(address, "Runbook") for address in addresses if address)


def _instant(milliseconds: object) -> datetime | None:
    try:
        at = datetime.fromtimestamp(float(text_of(milliseconds)) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return instant_of(at.isoformat())


INTEGRATION = Integration(
    title="New Relic",
    endpoints=(Endpoint("/in/new_relic", parse),),
    category="metrics",
    summary="Issues of New Relic, through a workflow's webhook.",
)
