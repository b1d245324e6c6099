"""Checkly's webhook alert channel (checklyhq.com), with the payload of our set-up text."""

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
from pagefree.core.signatures import CHECKLY
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    LAST_YEAR,
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

QUIET = "NO_ALERT"
CERTIFICATE = "ALERT_SSL"
RESOLVES = frozenset({"ALERT_RECOVERY", "ALERT_DEGRADED_RECOVERY"})
LOWERED = frozenset(
    {
        *("ALERT_DEGRADED", "ALERT_DEGRADED_REMAIN", "ALERT_FAILURE_DEGRADED"),
        *("ALERT_DEGRADED_RECOVERY", CERTIFICATE),
    }
)
TIMESTAMP = "x-checkly-timestamp"
MILLISECONDS = 10**11  # more than this are no seconds since 1970
LABELS = (
    *("alert_type", "check_id", "check_name", "check_type", "group_name"),
    *("run_location", "region", "response_time", "started_at", "tags"),
    *("api_check_response_status_code", "ssl_days_remaining", "ssl_check_domain"),
)


def parse(inbound: Inbound) -> Parsed:
    """One event: a check failed, got slow, or recovered."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    kind = text_of(tree.get("alert_type")).upper()
    if kind == QUIET:
        raise Ignored("a result that alerts nobody")
    identity = first_text(tree, ("check_id", "check_name"))
    if not identity:
        raise Unreadable(["there is neither `check_id` nor `check_name`"])
    is_certificate = kind == CERTIFICATE
    title = first_text(tree, ("event", "alert_title", "check_name")) or identity
    event = AlertEvent(
        action=Action.RESOLVE if kind in RESOLVES else Action.TRIGGER,
        dedup_key=key_of(f"{identity}:ssl" if is_certificate else identity),
        title=title.splitlines()[0][:TITLE_LENGTH],
        severity=Severity.WARNING if kind in LOWERED else Severity.CRITICAL,
        body=text_of(tree.get("check_error_message"))[:BODY_LENGTH],
        source_url=web_address(first_text(tree, ("link", "result_link"))),
        labels={name: tree[name] for name in LABELS if text_of(tree.get(name))},
        episode_at=None if is_certificate else _sent_at(inbound),
    )
    result = text_of(tree.get("check_result_id"))
    return Parsed([event], delivery_id=f"{result}:{kind}" if result else "")


def _sent_at(inbound: Inbound) -> datetime | None:
    """When the alert was made: a failure that is sent again may come after the recovery."""
    said = inbound.headers.get(TIMESTAMP, "").strip()
    if not (said.isascii() and said.isdigit()):
        return instant_of(said)
    number = int(said[:20])
    seconds = number / 1000 if number > MILLISECONDS else number
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if at.year <= LAST_YEAR else None


INTEGRATION = Integration(
    title="Checkly",
    endpoints=(Endpoint("/in/checkly", parse),),
    category="uptime",
    summary="API, browser and heartbeat checks.",
    signature=CHECKLY,
)
