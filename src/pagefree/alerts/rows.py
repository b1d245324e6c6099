"""What a batch writes, as rows of the statements that write it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from pagefree.alerts import batch_queries as queries
from pagefree.alerts.batch_queries import NewRequest
from pagefree.alerts.due_queries import Suppressed, encoded
from pagefree.alerts.joining import NO_TITLE, Joiner
from pagefree.alerts.requests import Request, Source
from pagefree.alerts.telling import Case
from pagefree.core.alerts import AlertEvent, ChangeEvent, Outcome, Touched
from pagefree.core.rules import RoutedBy
from pagefree.infra.ids import new_id

MOST_LABELS_BYTES = 64 * 1024
MOST_LABELS = 100
LABEL_LENGTH = 400
LITERALS = {outcome: f"{{{outcome.value}}}" for outcome in Outcome}

_encode = msgspec.json.Encoder().encode


def request_row(
    request: Request, outcomes: Sequence[Outcome], alert_ids: Sequence[UUID | None]
) -> NewRequest:
    """A raw request, with what became of its events and the alerts they touched."""
    return (
        request.id,
        request.source.integration_id,
        request.content_type,
        request.user_agent,
        request.body,
        request.outcome.value,
        request.error,
        request.signature.value,
        request.context,
        LITERALS[outcomes[0]] if len(outcomes) == 1 else _literal(outcomes),
        _literal(alert_ids),
    )


def _literal(items: Iterable[object]) -> str:
    """An array literal of words or ids, which need no quotes."""
    words = ("NULL" if item is None else str(item) for item in items)
    return "{" + ",".join(words) + "}"


@dataclass(slots=True)
class Fresh:
    """An alert that a batch opens."""

    case: Case
    source: Source
    touched: Touched
    request_id: UUID
    dedup_key: str
    suppressed: Suppressed | None
    joiner: Joiner | None  # unless nobody is told


def alert_rows(
    fresh: Iterable[Fresh],
) -> tuple[list[queries.NewAlert], list[queries.UnusualAlert]]:
    """The usual ones, and those of which more has to be kept."""
    usual: list[queries.NewAlert] = []
    unusual: list[queries.UnusualAlert] = []
    for alert in fresh:
        row, more = _alert_row(alert), _more_of(alert)
        if more is None:
            usual.append(row)
        else:
            unusual.append((*row, *more))
    return usual, unusual


def _alert_row(alert: Fresh) -> queries.NewAlert:
    case, event = alert.case, alert.case.event
    severity, title, body, source_url, labels, links = description(event)
    return (
        case.id,
        alert.source.integration_id,
        case.destination.service_id,
        alert.joiner.incident_id if alert.joiner else None,
        alert.request_id,
        alert.dedup_key,
        "resolved" if alert.touched.resolved else "open",
        severity,
        title,
        body,
        source_url,
        labels,
        links,
        alert.touched.fired,
        alert.touched.episode_at,
    )


def _more_of(alert: Fresh) -> queries.MoreOfAlert | None:
    case, hush = alert.case, alert.suppressed
    routed_by, auto_resolve = case.routed_by, case.auto_resolve
    if hush is None:
        if auto_resolve is None and routed_by is RoutedBy.INTEGRATION:
            return None
        due_at = None if alert.touched.resolved else case.over_at
        return (routed_by.value, None, None, None, None, auto_resolve, due_at)
    return (
        routed_by.value,
        hush.by.reason.value,
        hush.by.says,
        hush.by.by_id,
        encoded(hush.event),
        auto_resolve,
        None if alert.touched.resolved else hush.due_at,
    )


def description(event: AlertEvent) -> tuple[str, str, str, str | None, str, str]:
    """Severity, title, body, source url, labels and links of an alert."""
    return (
        event.severity.value,
        event.title or NO_TITLE,
        event.body,
        event.source_url,
        _labels(event.labels),
        _encode(event.links).decode() if event.links else "[]",
    )


def change_row(source: Source, event: ChangeEvent) -> queries.NewChange:
    """A change on the service of its integration."""
    return (
        new_id(),
        source.service_id,
        source.integration_id,
        event.summary,
        event.source,
        _labels(event.details),
        _encode(event.links).decode(),
    )


def _labels(labels: object) -> str:
    """Labels as JSON; cut down when they are too many to show, the request has them all."""
    encoded = _encode(labels)
    if len(encoded) > MOST_LABELS_BYTES and isinstance(labels, dict):
        short = list(labels.items())[:MOST_LABELS]
        cut = {
            name[:LABEL_LENGTH]: _encode(value).decode()[:LABEL_LENGTH]
            for name, value in short
        }
        encoded = _encode(cut)
    return encoded.decode()
