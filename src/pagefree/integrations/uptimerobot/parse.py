"""UptimeRobot's webhook (uptimerobot.com): JSON, a form, or all of it in the query."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl

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
    Endpoint,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    instant_of,
    text_of,
)

UP, EXPIRES = "2", "3"  # alertType; 1 is down
MOST_FIELDS = 100
DIGITS = 10  # of the seconds since 1970
LABELS = (
    *("monitorID", "monitorURL", "monitorFriendlyName", "alertTypeFriendlyName"),
    *("alertDuration", "alertFriendlyDuration", "monitorAlertContacts", "monitorTags"),
    *("sslExpiryDate", "sslExpiryDaysLeft"),
)


def parse(inbound: Inbound) -> Parsed:
    """One event: a monitor went down or up, or its certificate is about to expire."""
    told = _fields(inbound)
    name = told.get("monitorFriendlyName") or told.get("monitorURL", "")
    identity = told.get("monitorID") or f"{name} {told.get('monitorURL', '')}".strip()
    if not identity:
        raise Unreadable(["there is neither `monitorID` nor `monitorFriendlyName`"])
    kind = told.get("alertType", "")
    expires = kind == EXPIRES
    state = "Up" if kind == UP else told.get("alertTypeFriendlyName") or "Down"
    event = AlertEvent(
        action=Action.RESOLVE if kind == UP else Action.TRIGGER,
        dedup_key=key_of(f"{identity}:expiry" if expires else identity),
        title=f"{name or identity}: {state}"[:TITLE_LENGTH],
        severity=Severity.WARNING if expires else Severity.CRITICAL,
        body=told.get("alertDetails", "")[:BODY_LENGTH],
        source_url=web_address(told.get("monitorURL", "")),
        labels={name: told[name] for name in LABELS if name in told},
        episode_at=None if expires else _instant(told.get("alertDateTime", "")),
    )
    return Parsed([event])


def _fields(inbound: Inbound) -> dict[str, str]:
    """What is said in the query and the body, without the variables left in place."""
    said = {**inbound.query, **_body(inbound.body)}
    clean = {n: untrusted_json.clean_text(text_of(v)) for n, v in said.items()}
    return {name: value for name, value in clean.items() if value and not _left(value)}


def _body(body: bytes) -> Mapping[str, object]:
    try:
        tree = untrusted_json.decode(body)
    except ValueError:
        return _form(body)
    return tree if isinstance(tree, dict) else {}


def _form(body: bytes) -> dict[str, object]:
    text = body.decode("utf-8", "replace")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as e:
        raise Unreadable([f"neither JSON nor a form: {e}"]) from e
    return dict(pairs)


def _left(value: str) -> bool:
    """Whether this is a variable that UptimeRobot did not fill in: `*alertDuration*`."""
    return value[0] == value[-1] == "*" and value[1:-1].isalnum()


def _instant(text: str) -> datetime | None:
    """Seconds since 1970, as a rule."""
    if text.isascii() and text.isdigit() and len(text) <= DIGITS:
        return datetime.fromtimestamp(int(text), UTC)
    return instant_of(text)


INTEGRATION = Integration(
    title="UptimeRobot",
    endpoints=(Endpoint("/in/uptimerobot", parse),),
    category="uptime",
    summary="Uptime checks from outside, and certificates about to expire.",
    methods=("POST", "GET"),
)
