"""Splunk: the alert action "webhook" of saved searches, and Splunk Observability's webhook."""

from datetime import UTC, datetime
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, Field

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
from pagefree.core.signatures import SPLUNK_OBSERVABILITY
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

# fields of a search's result that speak to us
KEY, ACTION, TITLE, SEVERITY = (
    "pagefree_key",
    "pagefree_action",
    "pagefree_title",
    "severity",
)
ACTIONS = {"resolve": Action.RESOLVE, "acknowledge": Action.ACKNOWLEDGE}
# of Splunk Observability; "stopped" means that the detector's data or rule has ended
OVER = frozenset({"ok", "manually resolved", "auto resolved", "stopped"})
INCIDENT_LABELS = (
    "detector",
    "rule",
    "originatingMetric",
    "severity",
    "statusExtended",
)
MOST_FIELDS = 10


class Settings(BaseModel):
    """What tells the alerts of one saved search apart."""

    model_config = ConfigDict(extra="forbid")

    fields: list[str] = Field(
        default=[],
        max_length=MOST_FIELDS,
        title="Fields of the result that make it another alert, for example host",
    )


def parse(inbound: Inbound) -> Parsed:
    """One event, of a saved search or of a detector's incident."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    if text_of(tree.get("incidentId")):
        return Parsed([_incident(tree)])
    if not text_of(tree.get("search_name")):
        raise Unreadable(["there is neither a `search_name` nor an `incidentId`"])
    settings = inbound.settings
    fields = settings.fields if isinstance(settings, Settings) else []
    # with "trigger for each result" many requests share a `sid`
    number = text_of(tree.get("sid"))
    delivery = f"{number};{sha256(inbound.body).hexdigest()}" if number else ""
    return Parsed([_search(tree, fields)], delivery_id=key_of(delivery))


def _search(tree: dict[str, object], fields: list[str]) -> AlertEvent:
    """A saved search that found something; only the result itself can resolve it."""
    result = mapping_of(tree.get("result"))  # none, if it looks for nothing found
    app, name = text_of(tree.get("app")), text_of(tree.get("search_name"))
    apart = [text_of(result.get(field)) for field in fields]
    own = text_of(result.get(KEY))
    word = text_of(result.get(SEVERITY))
    said = text_of(result.get(TITLE)) or name
    return AlertEvent(
        action=ACTIONS.get(text_of(result.get(ACTION)).lower(), Action.TRIGGER),
        dedup_key=key_of(own or "/".join([app, name, *apart])),
        title=said[:TITLE_LENGTH],
        severity=severity_of(word) if word else LOUDEST,
        body=text_of(result.get("_raw"))[:BODY_LENGTH],
        source_url=web_address(text_of(tree.get("results_link"))),
        labels=_labels(tree, result),
    )


def _labels(tree: dict[str, object], result: dict[str, object]) -> dict[str, object]:
    """The first row, without Splunk's own fields (_time, _raw, splunk_server …)."""
    ours = {KEY, ACTION, TITLE}
    labels = {
        name: value
        for name, value in result.items()
        if not name.startswith("_") and name not in ours
    }
    told = {name: text_of(tree.get(name)) for name in ("app", "owner", "search_name")}
    return labels | {name: text for name, text in told.items() if text}


def _incident(tree: dict[str, object]) -> AlertEvent:
    """A detector's incident; what is not clearly over is on."""
    state = first_text(tree, ("statusExtended", "status")).lower()
    said = first_text(tree, ("messageTitle", "description", "detector"))
    parts = (text_of(tree.get("description")), text_of(tree.get("messageBody")))
    word = text_of(tree.get("severity"))
    detector = text_of(tree.get("detectorId"))
    return AlertEvent(
        action=Action.RESOLVE if state in OVER else Action.TRIGGER,
        dedup_key=key_of(text_of(tree.get("incidentId"))),
        title=said[:TITLE_LENGTH] or "(no title)",
        severity=severity_of(word) if word else Severity.CRITICAL,
        body="\n\n".join(part for part in parts if part and part != said)[:BODY_LENGTH],
        source_url=web_address(text_of(tree.get("detectorUrl"))),
        labels=mapping_of(tree.get("dimensions"))
        | {name: tree[name] for name in INCIDENT_LABELS if tree.get(name)},
        links=_links(tree),
        group_key=key_of(f"detector:{detector}") if detector else None,
        episode_at=_instant(tree.get("timestamp")),
    )


def _links(tree: dict[str, object]) -> tuple[Link, ...]:
    names = {"runbookUrl": "Runbook", "imageUrl": "Image"}
    found = [(web_address(text_of(tree.get(name))), name) for name in names]
    return tuple(Link(href, names[name]) for href, name in found if href)


def _instant(value: object) -> datetime | None:
    """When this happened, so that a late copy of what is over is known; ISO 8601 or ms."""
    try:
        at = datetime.fromtimestamp(float(text_of(value)) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return instant_of(value)
    return instant_of(at.isoformat())


INTEGRATION = Integration(
    title="Splunk",
    endpoints=(Endpoint("/in/splunk", parse),),
    category="logs",
    summary="Saved searches of Splunk, and detectors of Splunk Observability Cloud.",
    Settings=Settings,
    signature=SPLUNK_OBSERVABILITY,
)
