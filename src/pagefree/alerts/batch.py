"""One batch of requests in one transaction: decide, fold, write."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import repeat
from uuid import UUID

from pagefree.alerts import batch_queries as queries
from pagefree.alerts import due_queries
from pagefree.alerts.batch_queries import ChangedAlert, OpenAlert
from pagefree.alerts.deliveries import without_repetitions
from pagefree.alerts.due_queries import Suppressed
from pagefree.alerts.groups import Group, count_what_is_over
from pagefree.alerts.joining import Joiner, find_incidents
from pagefree.alerts.requests import Request, Source, Taken
from pagefree.alerts.rows import Fresh, alert_rows, change_row, description, request_row
from pagefree.alerts.rulebook import NO_RULES, Rulebook
from pagefree.alerts.telling import Case, hushed, told
from pagefree.core.alerts import (
    Action,
    AlertEvent,
    ChangeEvent,
    Outcome,
    Severity,
    Touched,
    believable,
    fold,
    louder,
)
from pagefree.core.limits import OVER_LIMIT_KEY
from pagefree.core.rules import within
from pagefree.incidents import service as incidents
from pagefree.incidents.service import Attachment, Opening
from pagefree.infra.beginning import Beginning
from pagefree.infra.db import Connection
from pagefree.infra.ids import new_id
from pagefree.infra.writes import write


@dataclass(slots=True)
class Batch:
    """Everything that one transaction writes."""

    requests: Sequence[Request]
    rulebook: Rulebook
    outcomes: list[list[Outcome]]
    alert_ids: list[list[UUID | None]]
    fresh: list[Fresh] = field(default_factory=list)
    changed: list[ChangedAlert] = field(default_factory=list)
    ended: list[queries.EndedEpisode] = field(default_factory=list)
    changes: list[queries.NewChange] = field(default_factory=list)
    joiners: list[Joiner] = field(default_factory=list)
    told: list[tuple[Case, Joiner]] = field(default_factory=list)  # after all
    suppressed: list[Suppressed] = field(default_factory=list)  # as before
    openings: list[Opening] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    acknowledged: dict[UUID, Source] = field(default_factory=dict)  # by incident


async def take_in(
    connection: Connection,
    requests: Sequence[Request],
    now: datetime,
    rulebook: Rulebook = NO_RULES,
    beginning: Beginning | None = None,
) -> list[Taken]:
    """Store `requests` and all that follows from them; inside the caller's transaction.

    `beginning`: it has not begun, and need not if all is stored by one statement. A unique
    violation means that another process opened one of the same keys meanwhile: roll back
    and do it again.
    """
    beginning = beginning or Beginning(connection)
    if any(request.deliveries for request in requests):
        await beginning.begin()
    requests = await without_repetitions(connection, requests, now)
    batch = Batch(
        requests,
        rulebook,
        [[Outcome.SUPPRESSED] * len(request.events) for request in requests],
        [[None] * len(request.events) for request in requests],
    )
    groups = _groups(batch)
    if groups:
        await _fold(connection, beginning, batch, groups, now)
    if batch.joiners:
        found = await find_incidents(connection, batch.joiners, now, beginning)
        batch.openings += found.openings
        batch.attachments += found.attachments
    for fresh in batch.fresh:
        _already_over(batch, fresh)
    if _is_more_than_new(batch):
        await beginning.begin()
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
        if request.over_limit and not source.suppressed:
            _group(found, source, OVER_LIMIT_KEY)
        for place, event in enumerate(request.events):
            if isinstance(event, ChangeEvent):
                batch.outcomes[at][place] = Outcome.CHANGE
                batch.changes.append(change_row(source, event))
            elif not source.suppressed:
                decision = batch.rulebook.decide(source, event)
                ruled = event if decision is None else decision.event
                group = _group(found, source, ruled.dedup_key)
                group.add((at, place), ruled, event, decision)
    return [found[key] for key in sorted(found)]


def _group(
    found: dict[tuple[bytes, str], Group], source: Source, dedup_key: str
) -> Group:
    key = (source.order, dedup_key)
    group = found.get(key)
    if group is None:
        group = found[key] = Group(source, dedup_key)
    return group


async def _fold(
    connection: Connection,
    beginning: Beginning,
    batch: Batch,
    groups: list[Group],
    now: datetime,
) -> None:
    keys = [(group.source.integration_id, group.dedup_key) for group in groups]
    opened = await queries.lock_open(connection, keys)
    counts = any(d.count for group in groups for d in group.decisions if d)
    if (opened or counts) and await beginning.begin():
        opened = await queries.lock_open(connection, keys)
    count_what_is_over(batch.requests, groups, opened)
    ended: dict[int, datetime] = {}
    if any(event.episode_at for group in groups for event in group.events):
        ended = await queries.ended_episodes(connection, keys)
    await _count(connection, groups, now)
    for at, group in enumerate(groups):
        _apply(batch, group, opened.get(at), ended.get(at), now)


async def _count(
    connection: Connection, groups: Sequence[Group], now: datetime
) -> None:
    """Remember when keys fired, where a rule tells people at the nth time."""
    counts = [
        (group, count)
        for group in groups
        for count in [next((d.count for d in group.decisions if d and d.count), None)]
        if count is not None
    ]
    keys = [(group.source.integration_id, group.dedup_key) for group, _ in counts]
    before = await due_queries.list_firings(connection, keys)
    for place, (group, count) in enumerate(counts):
        fired = sum(event.action is Action.TRIGGER for event in group.events)
        group.fired_at = within(
            count, (*before.get(place, ()), *repeat(now, min(fired, count.times))), now
        )
    rows = [
        (*key, group.fired_at) for key, (group, _) in zip(keys, counts, strict=True)
    ]
    await due_queries.keep_firings(connection, rows, now)


def _apply(
    batch: Batch,
    group: Group,
    opened: OpenAlert | None,
    ended: datetime | None,
    now: datetime,
) -> None:
    folded = fold(
        group.events,
        is_open=opened is not None,
        ended_episode=ended,
        open_episode=believable(opened.episode_at, now) if opened else None,
    )
    ids: list[UUID] = []
    quiet: set[int] = set()  # opened, but nobody is told
    for index, touched in enumerate(folded.touched):
        if touched.existing and opened is not None:
            ids.append(opened.id)
            _change_alert(batch, group, touched, opened)
            if opened.incident_id is None and touched.event and not touched.resolved:
                _look_again(batch, group, touched.event, opened, now)
        elif touched.event is not None:
            fresh = _open(batch, group, touched, touched.event, now)
            ids.append(fresh.case.id)
            quiet |= {index} if fresh.suppressed else set()
    for (at, place), (outcome, nth) in zip(group.places, folded.outcomes, strict=True):
        hush = outcome is Outcome.OPENED and nth in quiet
        batch.outcomes[at][place] = Outcome.SUPPRESSED if hush else outcome
        batch.alert_ids[at][place] = None if nth is None else ids[nth]
    if folded.ended_episode != ended and folded.ended_episode is not None:
        key = group.source.integration_id, group.dedup_key
        batch.ended.append((*key, folded.ended_episode))


def _open(
    batch: Batch, group: Group, touched: Touched, event: AlertEvent, now: datetime
) -> Fresh:
    case = _case(batch, group, event, new_id(), now, now)
    suppressed = hushed(batch.rulebook, case, now)
    joiner = None if suppressed else _joiner(batch, group, case)
    request_id = _last_request_id(batch, group)
    fresh = Fresh(
        case, group.source, touched, request_id, group.dedup_key, suppressed, joiner
    )
    batch.fresh.append(fresh)
    return fresh


def _last_request_id(batch: Batch, group: Group) -> UUID:
    return batch.requests[group.places[-1][0]].id


def _look_again(
    batch: Batch, group: Group, event: AlertEvent, opened: OpenAlert, now: datetime
) -> None:
    """It fires once more: perhaps people are to be told of it by now."""
    case = _case(batch, group, event, opened.id, opened.opened_at, now)
    suppressed = hushed(batch.rulebook, case, now)
    if suppressed is not None:
        batch.suppressed.append(suppressed)
    else:
        batch.told.append((case, _joiner(batch, group, case)))


def _case(
    batch: Batch,
    group: Group,
    event: AlertEvent,
    alert_id: UUID,
    opened_at: datetime,
    now: datetime,
) -> Case:
    said = group.place_of(event)
    decision = group.decisions[said]
    return Case(
        alert_id,
        batch.rulebook.destination(group.source, decision),
        decision,
        group.received[said],
        event,
        opened_at,
        now,
        group.fired_at,
    )


def _joiner(batch: Batch, group: Group, case: Case) -> Joiner:
    joiner = Joiner(
        case.id, case.destination, case.event, case.decision, group.source.cause
    )
    batch.joiners.append(joiner)
    return joiner


def _change_alert(
    batch: Batch, group: Group, touched: Touched, opened: OpenAlert
) -> None:
    event, source = touched.event, group.source
    severity: Severity | None = None
    if event is not None and event.severity.value != opened.severity:
        is_louder = louder(event.severity, Severity(opened.severity)) is event.severity
        severity = event.severity if is_louder else None
    incident_id = opened.incident_id
    if incident_id is not None:
        if touched.resolved or severity:
            ended = int(touched.resolved)
            batch.attachments.append(
                Attachment(incident_id, 0, ended, severity, (), source.cause)
            )
        if touched.acknowledged and not touched.resolved:
            batch.acknowledged[incident_id] = source
    if touched.fired or touched.resolved:
        said = description(event) if event else (None,) * 6
        batch.changed.append(
            (
                opened.id,
                _last_request_id(batch, group),
                touched.fired,
                touched.resolved,
                *said,
                touched.episode_at if event else None,
            )
        )


def _already_over(batch: Batch, fresh: Fresh) -> None:
    """An alert may be opened and acknowledged, or resolved, in the same batch."""
    incident_id = fresh.joiner.incident_id if fresh.joiner else None
    if incident_id is None:
        return
    if fresh.touched.resolved:
        batch.attachments.append(
            Attachment(incident_id, 0, 1, None, (), fresh.source.cause)
        )
    elif fresh.touched.acknowledged:
        batch.acknowledged[incident_id] = fresh.source


def _is_more_than_new(batch: Batch) -> bool:
    """Whether it takes more than one statement to write."""
    return bool(
        batch.changed
        or batch.suppressed
        or batch.told
        or batch.ended
        or batch.changes
        or batch.attachments
        or batch.acknowledged
    )


async def _write(connection: Connection, batch: Batch, now: datetime) -> None:
    """Alerts before incidents: the order in which everybody locks them."""
    rows = [
        request_row(*row)
        for row in zip(batch.requests, batch.outcomes, batch.alert_ids, strict=True)
    ]
    writes = [
        queries.insert_requests(rows, now),
        *queries.update_alerts(batch.changed, now),
    ]
    if (
        batch.changed and batch.fresh
    ):  # a key that resolves may open again in this batch
        await write(connection, writes)
        writes = []
    writes += queries.insert_alerts(*alert_rows(batch.fresh), now)
    await write(connection, [*writes, *incidents.opening_writes(batch.openings, now)])
    await due_queries.suppress(connection, batch.suppressed)
    await due_queries.tell(connection, [told(*pair) for pair in batch.told])
    await queries.upsert_ended(connection, batch.ended, now)
    await queries.insert_changes(connection, batch.changes, now)
    if batch.attachments:
        await incidents.attach_many(connection, batch.attachments, now)
    for source in {id(s): s for s in batch.acknowledged.values()}.values():
        ids = [i for i, by in batch.acknowledged.items() if by is source]
        await incidents.acknowledge_many(connection, ids, source.cause, now)
