"""Zabbix, through the media type in this folder."""

import re
from datetime import datetime

from pagefree.core.alerts import (
    BODY_LENGTH,
    LOUDEST,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    Severity,
    key_of,
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

# a macro that has no value here is sent as it stands, or as this word
UNRESOLVED = re.compile(r"(\{[$#A-Z][^{}]*\}|\*UNKNOWN\*)\Z")
DISCOVERY, AUTOREGISTRATION, INTERNAL = "1", "2", "3"  # {EVENT.SOURCE}
SEVERITIES = {
    "5": Severity.CRITICAL,  # Disaster
    "4": Severity.ERROR,  # High
    "3": Severity.WARNING,  # Average
    "2": Severity.WARNING,
    "1": Severity.INFO,
    "0": Severity.INFO,  # Not classified
}
OK, UPDATED = "0", "1"  # {EVENT.VALUE}, {EVENT.UPDATE.STATUS}
ACKNOWLEDGED = frozenset({"yes", "1"})  # {EVENT.ACK.STATUS}
LABELS = ("host_name", "host_groups", "trigger_id", "event_opdata", "user_name")
MOST_TAGS = 100


def parse(inbound: Inbound) -> Parsed:
    """One event; updates and the recovery carry the id of the problem's own event."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    said = {name: _resolved(text_of(value)) for name, value in tree.items()}
    number = said.get("event_id", "")
    name = said.get("event_name") or said.get("alert_subject") or ""
    if not (number or name):
        raise Unreadable(["this is not from our media type: no `event_id`, no name"])
    title = _title(name, said.get("host_name", ""))
    parts = (said.get("alert_message"), said.get("event_opdata"))
    event = AlertEvent(
        action=_action(said),
        dedup_key=key_of(number or f"title:{title}"),
        title=title,
        severity=_severity(said),
        body="\n".join(part for part in parts if part)[:BODY_LENGTH],
        source_url=_address(said),
        labels=_labels(said),
        episode_at=_began_at(said),
    )
    return Parsed([event])


def _resolved(text: str) -> str:
    return "" if UNRESOLVED.match(text) else text


def _title(name: str, host: str) -> str:
    """The name of the problem, and the host if the name does not say it."""
    if host and host not in name:
        name = f"{name} on {host}" if name else host
    return " ".join(name.split())[:TITLE_LENGTH] or "(no name)"


def _action(said: dict[str, str]) -> Action:
    """What is discovered or registers itself has no recovery: its 0 means "up"."""
    if said.get("event_source") in {DISCOVERY, AUTOREGISTRATION}:
        return Action.TRIGGER
    if said.get("event_value") == OK:
        return Action.RESOLVE
    is_acknowledged = said.get("event_ack_status", "").lower() in ACKNOWLEDGED
    if said.get("event_update_status") == UPDATED and is_acknowledged:
        return Action.ACKNOWLEDGE
    return Action.TRIGGER


def _severity(said: dict[str, str]) -> Severity:
    """As changed by hand, else of the trigger; other sources have none."""
    source = said.get("event_source")
    number = said.get("event_update_nseverity") or said.get("event_nseverity") or ""
    if number in SEVERITIES:
        return SEVERITIES[number]
    if source in {DISCOVERY, AUTOREGISTRATION}:
        return Severity.INFO
    return Severity.WARNING if source == INTERNAL else LOUDEST


def _address(said: dict[str, str]) -> str | None:
    home = said.get("zabbix_url", "").rstrip("/")
    trigger, number = said.get("trigger_id", ""), said.get("event_id", "")
    if not (trigger.isdecimal() and number.isdecimal()):
        return web_address(home)
    return web_address(f"{home}/tr_events.php?triggerid={trigger}&eventid={number}")


def _labels(said: dict[str, str]) -> dict[str, object]:
    try:
        tags = untrusted_json.decode(said.get("event_tags", "").encode())
    except ValueError:
        tags = []
    labels: dict[str, object] = {}
    for item in tags[:MOST_TAGS] if isinstance(tags, list) else []:
        tag = mapping_of(item)
        name = text_of(tag.get("tag"))
        if name:
            labels[name] = text_of(tag.get("value"))
    return labels | {name: said[name] for name in LABELS if said.get(name)}


def _began_at(said: dict[str, str]) -> datetime | None:
    """In a zone that Zabbix does not tell; compared only with itself."""
    date, time = said.get("event_date", ""), said.get("event_time", "")
    return instant_of(f"{date.replace('.', '-')}T{time}") if date and time else None


INTEGRATION = Integration(
    title="Zabbix",
    endpoints=(Endpoint("/in/zabbix", parse),),
    category="metrics",
    summary="Problems of Zabbix 6.0 and later, through a media type to import.",
)
