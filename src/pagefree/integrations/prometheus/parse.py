"""Prometheus without an Alertmanager: we take in what it sends to one (API v2, "postAlerts")."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    key_of,
    severity_of,
    web_address,
)
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    MEBIBYTE,
    Answer,
    Endpoint,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    first_text,
    instant_of,
    mapping_of,
    noted_links,
    text_of,
)

TITLE = ("summary", "title", "message", "description")
BODY = ("description", "message")


def parse(inbound: Inbound) -> Parsed:
    """One event per alert; its episode is `startsAt`, and it is over when `endsAt` is past."""
    try:
        tree = untrusted_json.decode(inbound.body)
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    if not isinstance(tree, list):
        raise Unreadable(["expected a list of alerts"])
    return Parsed([_event(mapping_of(alert), inbound) for alert in tree])


def _event(alert: dict[str, object], inbound: Inbound) -> AlertEvent:
    labels = mapping_of(alert.get("labels"))
    notes = mapping_of(alert.get("annotations"))
    name = text_of(labels.get("alertname"))
    title = (first_text(notes, TITLE) or name or "(no name)")[:TITLE_LENGTH]
    body = first_text(notes, BODY)[:BODY_LENGTH]
    over = _is_over(alert, inbound)
    return AlertEvent(
        action=Action.RESOLVE if over else Action.TRIGGER,
        dedup_key=key_of(msgspec.json.encode(labels, order="sorted").decode()),
        title=title,
        severity=severity_of(text_of(labels.get("severity"))),
        body="" if body == title else body,
        source_url=web_address(text_of(alert.get("generatorURL"))),
        labels=labels,
        links=tuple(noted_links(notes)),
        group_key=key_of(name) if name else None,
        episode_at=instant_of(alert.get("startsAt")),
        ended_at=instant_of(alert.get("endsAt")) if over else None,
    )


def _is_over(alert: dict[str, object], inbound: Inbound) -> bool:
    """Firing alerts end some minutes ahead, resolved ones in the past.

    Prometheus sends a resolved alert for a quarter of an hour, so a clock that is ahead of
    ours only delays the end a little.
    """
    ends_at, now = instant_of(alert.get("endsAt")), inbound.received_at
    return ends_at is not None and now is not None and ends_at <= now


def accepted(_: Parsed, __: UUID) -> Answer:
    """What Alertmanager answers."""
    return Answer(200, None)


def refused(status: int, errors: Sequence[str]) -> Answer:
    """What Alertmanager answers: a text in JSON would be quoted, so it is plain here."""
    return Answer(status, "; ".join(errors))


def _endpoint(path: str, *, key_in_path: bool) -> Endpoint:
    return Endpoint(
        path,
        parse,
        body_limit=4 * MEBIBYTE,
        key_in_path=key_in_path,
        rest=key_in_path,
        accepted=accepted,
        refused=refused,
    )


INTEGRATION = Integration(
    title="Prometheus",
    endpoints=(
        _endpoint("/in/prometheus", key_in_path=True),
        _endpoint("/api/v2/alerts", key_in_path=False),
    ),
    category="metrics",
    summary="Alerts of Prometheus itself, without an Alertmanager in between.",
)
