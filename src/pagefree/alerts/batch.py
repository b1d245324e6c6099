"""One batch of requests in one transaction: fold, decide, write."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec

from pagefree.alerts import batch_queries as queries
from pagefree.alerts.batch_queries import ChangedAlert, NewAlert, NewRequest, OpenAlert
from pagefree.alerts.deliveries import without_repetitions
from pagefree.alerts.requests import Request, Source, Taken
from pagefree.core.alerts import (
    AlertEvent,
    ChangeEvent,
    Outcome,
    Severity,
    Touched,
    fold,
    louder,
)
from pagefree.core.routing import importance
from pagefree.incidents import service as incidents
from pagefree.incidents.service import Attachment, Opening
from pagefree.infra.db import Connection
from pagefree.infra.ids import new_id

MOST_LABELS_BYTES = 64 * 1024
MOST_LABELS = 100
LABEL_LENGTH = 400
NO_TITLE = "(no title)"
LITERALS = {outcome: f"{{{outcome.value}}}" for outcome in Outcome}
DATA = {severity: {"severity": severity.value} for severity in Severity}

_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Group:
    """The events of one dedup key in a batch, and what they do."""

    source: Source
    dedup_key: str
    places: list[tuple[int, int]] = field(default_factory=list)  # request, event
    events: list[AlertEvent] = field(default_factory=list)


@dataclass(slots=True)
class Fresh:
    """An alert that the batch opens; its incident is found last."""

    id: UUID
    source: Source
    touched: Touched
    event: AlertEvent
    request_id: UUID
    dedup_key: str
    incident_id: UUID | None = None


@dataclass(slots=True)
class Batch:
    """Everything that one transaction writes."""

    requests: Sequence[Request]
    outcomes: list[list[Outcome]]
    alert_ids: list[list[UUID | None]]
    fresh: list[Fresh] = field(default_factory=list)
    changed: list[ChangedAlert] = field(default_factory=list)
    ended: list[queries.EndedEpisode] = field(default_factory=list)
    changes: list[queries.NewChange] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    acknowledged: dict[UUID, Source] = field(default_factory=dict)  # by incident


async def take_in(
    connection: Connection, requests: Sequence[Request], now: datetime
) -> list[Taken]:
    """Store `requests` and all that follows from them; inside the caller's transaction.

    A unique violation means that another process opened one of the same keys meanwhile:
    roll back and do it again.
    """
    requests = await without_repetitions(connection, requests, now)
    batch = Batch(
        requests,
        [[Outcome.SUPPRESSED] * len(request.events) for request in requests],
        [[None] * len(request.events) for request in requests],
    )
    groups = _groups(batch)
    if groups:
        await _fold(connection, batch, groups)
    if batch.fresh:
        await _find_incidents(connection, batch)
    await _write(connection, batch, now)
    return [
        Taken(request.id, tuple(outcomes), request.repeats)
        for request, outcomes in zip(requests, batch.outcomes, strict=True)
    ]


def _groups(batch: Batch) -> list[Group]:
    """Events by dedup key, in the order of the keys; changes are dealt with at once."""
    found: dict[tuple[bytes, str], Group] = {}
    for at, request in enumerate(batch.requests):
        source = request.source
        for place, event in enumerate(request.events):
            if isinstance(event, ChangeEvent):
                batch.outcomes[at][place] = Outcome.CHANGE
                batch.changes.append(_change(source, event))
            elif not source.suppressed:
                group = _group(found, source, event.dedup_key)
                group.places.append((at, place))
                group.events.append(event)
    return [found[key] for key in sorted(found)]


def _group(
    found: dict[tuple[bytes, str], Group], source: Source, dedup_key: str
) -> Group:
    key = (source.order, dedup_key)
    group = found.get(key)
    if group is None:
        group = found[key] = Group(source, dedup_key)
    return group


async def _fold(connection: Connection, batch: Batch, groups: list[Group]) -> None:
    keys = [(group.source.integration_id, group.dedup_key) for group in groups]
    opened = await queries.lock_open(connection, keys)
    ended: dict[int, datetime] = {}
    if any(event.episode_at for group in groups for event in group.events):
        ended = await queries.ended_episodes(connection, keys)
    for at, group in enumerate(groups):
        _apply(batch, group, opened.get(at), ended.get(at))


def _apply(
    batch: Batch, group: Group, opened: OpenAlert | None, ended: datetime | None
) -> None:
    folded = fold(group.events, is_open=opened is not None, ended_episode=ended)
    last_request = batch.requests[group.places[-1][0]].id
    ids: list[UUID] = []
    for touched in folded.touched:
        if touched.existing and opened is not None:
            ids.append(opened.id)
            _change_alert(batch, group.source, touched, opened, last_request)
        elif touched.event is not None:
            fresh = Fresh(
                new_id(),
                group.source,
                touched,
                touched.event,
                last_request,
                group.dedup_key,
            )
            ids.append(fresh.id)
            batch.fresh.append(fresh)
    for (at, place), (outcome, index) in zip(
        group.places, folded.outcomes, strict=True
    ):
        batch.outcomes[at][place] = outcome
        batch.alert_ids[at][place] = None if index is None else ids[index]
    if folded.ended_episode != ended and folded.ended_episode is not None:
        key = group.source.integration_id, group.dedup_key
        batch.ended.append((*key, folded.ended_episode))


def _change_alert(
    batch: Batch,
    source: Source,
    touched: Touched,
    opened: OpenAlert,
    request_id: UUID,
) -> None:
    event = touched.event
    severity: Severity | None = None
    if event is not None and event.severity.value != opened.severity:
        is_louder = louder(event.severity, Severity(opened.severity)) is event.severity
        severity = event.severity if is_louder else None
    if touched.resolved or severity:
        batch.attachments.append(
            Attachment(
                opened.incident_id,
                0,
                int(touched.resolved),
                severity,
                (),
                source.cause,
            )
        )
    if touched.acknowledged and not touched.resolved:
        batch.acknowledged[opened.incident_id] = source
    if touched.fired or touched.resolved:
        said = _description(event) if event else (None,) * 6
        batch.changed.append(
            (
                opened.id,
                request_id,
                touched.fired,
                touched.resolved,
                *said,
                event.episode_at if event else None,
            )
        )


async def _find_incidents(connection: Connection, batch: Batch) -> None:
    """Give every new alert its incident: the open one of its group, or one of its own."""
    asked = {
        (fresh.source.service_id, fresh.event.group_key)
        for fresh in batch.fresh
        if fresh.event.group_key is not None
    }
    joined = await incidents.open_by_group(connection, list(asked)) if asked else {}
    founders: dict[tuple[UUID, str], list[Fresh]] = {}
    for fresh in batch.fresh:
        group_key = fresh.event.group_key
        if group_key is None:
            fresh.incident_id = new_id()
            batch.openings.append(_opening([fresh], fresh.incident_id))
        elif there := joined.get((fresh.source.service_id, group_key)):
            fresh.incident_id = there.id
            batch.attachments.append(_joining(fresh, there.id))
        else:
            founders.setdefault((fresh.source.service_id, group_key), []).append(fresh)
    for together in founders.values():
        incident_id = new_id()
        for fresh in together:
            fresh.incident_id = incident_id
        batch.openings.append(_opening(together, incident_id))
    for fresh in batch.fresh:
        _already_over(batch, fresh)


def _already_over(batch: Batch, fresh: Fresh) -> None:
    """An alert may be opened and acknowledged, or resolved, in the same batch."""
    if fresh.incident_id is None:
        return
    if fresh.touched.resolved:
        batch.attachments.append(
            Attachment(fresh.incident_id, 0, 1, None, (), fresh.source.cause)
        )
    elif fresh.touched.acknowledged:
        batch.acknowledged[fresh.incident_id] = fresh.source


def _joining(fresh: Fresh, incident_id: UUID) -> Attachment:
    titles = (fresh.event.title or NO_TITLE,)
    return Attachment(
        incident_id, 1, 0, fresh.event.severity, titles, fresh.source.cause
    )


def _opening(together: Sequence[Fresh], incident_id: UUID) -> Opening:
    first = together[0]
    severity = first.event.severity
    for fresh in together[1:]:
        severity = louder(severity, fresh.event.severity)
    treated = importance(severity)
    return Opening(
        incident_id=incident_id,
        service_id=first.source.service_id,
        team_id=first.source.team_id,
        policy=first.source.policy,
        title=first.event.title or NO_TITLE,
        severity=severity,
        priority=treated.priority,
        urgency=treated.urgency,
        group_key=first.event.group_key,
        alert_count=len(together),
        cause=first.source.cause,
        data=DATA[severity],
    )


async def _write(connection: Connection, batch: Batch, now: datetime) -> None:
    """Alerts before incidents: the order in which everybody locks them."""
    await queries.insert_requests(connection, _request_rows(batch), now)
    # first what resolves: the same key may open again in this batch
    await queries.update_alerts(connection, batch.changed, now)
    await queries.insert_alerts(connection, _alert_rows(batch.fresh), now)
    await queries.upsert_ended(connection, batch.ended, now)
    await queries.insert_changes(connection, batch.changes, now)
    await incidents.open_many(connection, batch.openings, now)
    if batch.attachments:
        await incidents.attach_many(connection, batch.attachments, now)
    for source in {id(s): s for s in batch.acknowledged.values()}.values():
        ids = [i for i, by in batch.acknowledged.items() if by is source]
        await incidents.acknowledge_many(connection, ids, source.cause, now)


def _request_rows(batch: Batch) -> list[NewRequest]:
    return [
        (
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
            _literal(ids),
        )
        for request, outcomes, ids in zip(
            batch.requests, batch.outcomes, batch.alert_ids, strict=True
        )
    ]


def _literal(items: Iterable[object]) -> str:
    """An array literal of words or ids, which need no quotes."""
    words = ("NULL" if item is None else str(item) for item in items)
    return "{" + ",".join(words) + "}"


def _alert_rows(fresh: Iterable[Fresh]) -> list[NewAlert]:
    rows: list[NewAlert] = []
    for alert in fresh:
        event, source = alert.event, alert.source
        severity, title, body, source_url, labels, links = _description(event)
        rows.append(
            (
                alert.id,
                source.integration_id,
                source.service_id,
                alert.incident_id or alert.id,
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
                event.episode_at,
            )
        )
    return rows


def _description(event: AlertEvent) -> tuple[str, str, str, str | None, str, str]:
    return (
        event.severity.value,
        event.title or NO_TITLE,
        event.body,
        event.source_url,
        _labels(event.labels),
        _encode(event.links).decode() if event.links else "[]",
    )


def _change(source: Source, event: ChangeEvent) -> queries.NewChange:
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
