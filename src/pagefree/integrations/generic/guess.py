"""Our own documented fields, and a good guess at everybody else's."""

from hashlib import sha256

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    key_of,
    severity_of,
    web_address,
)
from pagefree.integrations.base import (
    first_text,
    instant_of,
    links_of,
    mapping_of,
)

ACTION = ("action", "event_action", "status", "state")
RESOLVES = frozenset(
    {"resolve", "resolved", "ok", "recovered", "recovery", "closed", "close", "normal"}
)
ACKNOWLEDGES = frozenset({"acknowledge", "acknowledged", "ack"})
TITLE = ("title", "summary", "message", "subject", "alertname", "name", "text")
BODY = ("body", "description", "details", "message", "text")
DEDUP_KEY = ("dedup_key", "dedupKey", "incident_key", "alias", "fingerprint")
SEVERITY = ("severity", "priority", "level")
ORIGIN = ("source", "host", "hostname", "service", "check")
ADDRESS = ("source_url", "url", "link")
OWN = frozenset(  # what has a place of its own is no label
    {
        *("action", "title", "body", "severity", "source_url", "dedup_key"),
        *("labels", "links", "group_key", "episode_at"),
    }
)


def guessed(member: dict[str, object], title: str = "") -> AlertEvent:
    """The event that `member` probably is; `title`: what it is called, if that is known."""
    said = title or first_text(member, TITLE)
    title = said.splitlines()[0][:TITLE_LENGTH] if said else "(no title)"
    body = first_text(member, BODY)[:BODY_LENGTH]
    key = first_text(member, DEDUP_KEY)
    group_key = first_text(member, ("group_key",))
    labels = {name: value for name, value in member.items() if name not in OWN}
    labels.update(mapping_of(member.get("labels")))
    return AlertEvent(
        action=action_of(first_text(member, ACTION).lower()),
        dedup_key=key_of(key) if key else _key(title, first_text(member, ORIGIN)),
        title=title,
        severity=severity_of(first_text(member, SEVERITY)),
        body="" if body == title else body,
        source_url=web_address(first_text(member, ADDRESS)),
        labels=labels,
        links=tuple(links_of(member.get("links"))),
        group_key=key_of(group_key) if group_key else None,
        episode_at=instant_of(member.get("episode_at")),
    )


def action_of(word: str) -> Action:
    """Loud when in doubt: an unknown word never resolves anything."""
    if word in RESOLVES:
        return Action.RESOLVE
    return Action.ACKNOWLEDGE if word in ACKNOWLEDGES else Action.TRIGGER


def _key(title: str, origin: str) -> str:
    return "sha256:" + sha256(f"{origin}\n{title}".encode()).hexdigest()


def is_identified(member: object) -> bool:
    """Whether the sender says by what its conditions are told apart."""
    return bool(first_text(mapping_of(member), DEDUP_KEY))
