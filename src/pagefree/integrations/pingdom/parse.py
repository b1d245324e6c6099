"""Pingdom's state change webhook (pingdom.com, "Webhooks" of the help pages)."""

from datetime import UTC, datetime

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    Severity,
    key_of,
    web_address,
)
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    LAST_YEAR,
    Endpoint,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    mapping_of,
    text_of,
)

RESOLVES = frozenset({"UP", "SUCCESS"})  # the second of transaction checks
LABELS = ("check_id", "check_name", "check_type", "importance_level", "previous_state")
MOST_TAGS = 50


def parse(inbound: Inbound) -> Parsed:
    """One event: a check has changed its state. Every field but the check is optional."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    name, check = text_of(tree.get("check_name")), text_of(tree.get("check_id"))
    if not (check or name):
        raise Unreadable(["there is neither `check_id` nor `check_name`"])
    state = text_of(tree.get("current_state")).upper()
    importance = text_of(tree.get("importance_level")).upper()
    said = ("custom_message", "long_description", "description")
    lines = dict.fromkeys(text_of(tree.get(field)) for field in said)
    address = text_of(mapping_of(tree.get("check_params")).get("full_url"))
    event = AlertEvent(
        action=Action.RESOLVE if state in RESOLVES else Action.TRIGGER,
        dedup_key=key_of(check or name),
        title=f"{name or f'Check {check}'} is {state or 'not up'}"[:TITLE_LENGTH],
        severity=Severity.WARNING if importance == "LOW" else Severity.CRITICAL,
        body="\n".join(line for line in lines if line)[:BODY_LENGTH],
        source_url=web_address(address),
        labels={**_labels(tree), **_probes(tree)},
        episode_at=_instant(tree.get("state_changed_timestamp")),
    )
    return Parsed([event])


def _labels(tree: dict[str, object]) -> dict[str, object]:
    labels: dict[str, object] = {
        name: tree[name] for name in LABELS if text_of(tree.get(name))
    }
    tags = tree.get("tags")
    if isinstance(tags, list) and tags:
        labels["tags"] = tags[:MOST_TAGS]
    return labels


def _probes(tree: dict[str, object]) -> dict[str, object]:
    """Where from it was seen."""
    places = {
        probe: text_of(mapping_of(tree.get(probe)).get("location"))
        for probe in ("first_probe", "second_probe")
    }
    return {probe: place for probe, place in places.items() if place}


def _instant(seconds: object) -> datetime | None:
    """When the state changed, by Pingdom's clock."""
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if at.year <= LAST_YEAR and seconds > 0 else None


INTEGRATION = Integration(
    title="Pingdom",
    endpoints=(Endpoint("/in/pingdom", parse),),
    category="uptime",
    summary="Uptime and transaction checks.",
)
