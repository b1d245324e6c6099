"""Nagios and Icinga, through the script in this folder."""

from dataclasses import replace
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field

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
    Ignored,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    instant_of,
    mapping_of,
    text_of,
)

ACTIONS = {"RECOVERY": Action.RESOLVE, "ACKNOWLEDGEMENT": Action.ACKNOWLEDGE}
SEVERITIES = {
    "CRITICAL": Severity.CRITICAL,
    "DOWN": Severity.CRITICAL,
    "UNREACHABLE": Severity.ERROR,
    "WARNING": Severity.WARNING,
    "OK": Severity.INFO,
    "UP": Severity.INFO,
}
WELL = frozenset({"OK", "UP"})
FLAPPING = "FLAPPING"  # …START, …STOP, …DISABLED
DOWNTIME = "DOWNTIME"  # …START, …END, …CANCELLED


class Settings(BaseModel):
    """What the state UNKNOWN is worth."""

    model_config = ConfigDict(extra="forbid")

    unknown: Severity = Field(
        Severity.WARNING, title="Severity of a check in the state UNKNOWN"
    )


def parse(inbound: Inbound) -> Parsed:
    """The events in one notification; a host's or a service's are one alert."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    kind = text_of(tree.get("type")).upper().replace(" ", "")
    if kind.startswith(DOWNTIME):
        raise Ignored(f"{kind[:20]}: nobody is paged for this")
    if not text_of(tree.get("host")):
        raise Unreadable(["there is no `host`"])
    settings = inbound.settings
    unknown = settings.unknown if isinstance(settings, Settings) else Severity.WARNING
    if kind.startswith(FLAPPING):
        events = _flapping(kind, tree, unknown)
    else:
        event = _event(ACTIONS.get(kind, Action.TRIGGER), tree, unknown)
        by_hand = kind == "CUSTOM" and event.severity is Severity.INFO
        # all is well there: no recovery will follow, so it must not be the check's alert
        events = [_apart(event) if by_hand else event]
    return Parsed(events, delivery_id=key_of(text_of(tree.get("id"))))


def _event(action: Action, tree: dict[str, object], unknown: Severity) -> AlertEvent:
    host, service = text_of(tree.get("host")), text_of(tree.get("service"))
    state = text_of(tree.get("state")).upper()
    what = f"{service} on {host}" if service else host
    fields = mapping_of(tree.get("fields"))
    told = {"host": host, "service": service, "state": state}
    return AlertEvent(
        action=action,
        dedup_key=key_of(_place(host, service)),
        title=f"{what} is {state or 'in an unknown state'}"[:TITLE_LENGTH],
        severity=unknown if state == "UNKNOWN" else SEVERITIES.get(state, LOUDEST),
        body=text_of(tree.get("output"))[:BODY_LENGTH],
        source_url=web_address(text_of(fields.get("url"))),
        labels=fields | {name: value for name, value in told.items() if value},
        episode_at=_instant(text_of(tree.get("since"))),
    )


def _apart(event: AlertEvent) -> AlertEvent:
    return replace(event, dedup_key=key_of(f"custom:{event.dedup_key}"))


def _flapping(
    kind: str, tree: dict[str, object], unknown: Severity
) -> list[AlertEvent]:
    """Flapping is an alert of its own: meanwhile nobody hears of the states.

    When it ends well, so does the alert about the state: its recovery was never sent.
    """
    host, service = text_of(tree.get("host")), text_of(tree.get("service"))
    what = f"{service} on {host}" if service else host
    begins = kind == f"{FLAPPING}START"
    flapping = AlertEvent(
        action=Action.TRIGGER if begins else Action.RESOLVE,
        dedup_key=key_of(f"flapping:{_place(host, service)}"),
        title=f"{what} is flapping"[:TITLE_LENGTH],
        severity=Severity.WARNING,
        body=text_of(tree.get("output"))[:BODY_LENGTH],
        labels={"host": host, "service": service} if service else {"host": host},
    )
    ends_well = not begins and text_of(tree.get("state")).upper() in WELL
    return [flapping, *([_event(Action.RESOLVE, tree, unknown)] if ends_well else [])]


def _place(host: str, service: str) -> str:
    return f"{host};{service}" if service else host


def _instant(seconds: str) -> datetime | None:
    """Of the last change of state: what is older than the recovery is late."""
    if seconds == "0":  # it does not know any more
        return None
    try:
        at = datetime.fromtimestamp(float(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return instant_of(at.isoformat())


INTEGRATION = Integration(
    title="Nagios and Icinga",
    endpoints=(Endpoint("/in/nagios", parse),),
    category="metrics",
    summary="Host and service checks, through a script that keeps a queue on disk.",
    Settings=Settings,
)
