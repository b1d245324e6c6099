"""Opening incidents, and what people and sources do to the state of one or of many."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from pagefree.accounts.queries import UserRef
from pagefree.core import incidents as core
from pagefree.core.access import Actor
from pagefree.core.alerts import Severity
from pagefree.core.escalation import Policy
from pagefree.core.incidents import Life, Status
from pagefree.core.routing import Urgency
from pagefree.escalation import service as escalation
from pagefree.incidents import alert_queries, batch_queries
from pagefree.incidents.batch_queries import Attached, Locked, OpenIncident
from pagefree.incidents.changes import (
    Applied,
    Change,
    Refusal,
    apply_many,
    apply_one,
    lock_one,
    may_respond,
    take_too,
)
from pagefree.incidents.raising import raise_many
from pagefree.infra.db import Connection, Tx, driver
from pagefree.infra.writes import Write, write
from pagefree.timeline.service import Cause, Entry, by, record_many, recording

__all__ = [
    "Attachment",
    "Bulk",
    "OpenIncident",
    "Opening",
    "Refusal",
    "acknowledge",
    "acknowledge_bulk",
    "acknowledge_by_link",
    "acknowledge_many",
    "attach_many",
    "newest_open",
    "open_by_group",
    "open_many",
    "opening_writes",
    "reopen",
    "resolve",
    "resolve_bulk",
    "snooze",
    "unacknowledge",
    "wake",
]

MOST_TITLES = 5  # named in the timeline when many alerts join at once
LOUDNESS = {severity.value: place for place, severity in enumerate(Severity)}


@dataclass(slots=True)  # not frozen: that costs a microsecond, and storms open many
class Opening:
    """An incident to open."""

    incident_id: UUID
    service_id: UUID
    team_id: UUID
    policy: Policy
    title: str
    severity: Severity
    priority: str | None
    urgency: Urgency
    group_key: str | None
    alert_count: int
    cause: Cause
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attachment:
    """Alerts of a batch that joined an open incident, or ended."""

    incident_id: UUID
    opened: int
    resolved: int
    severity: Severity | None  # the worst of those that joined or got worse
    titles: Sequence[str]  # of those that joined
    cause: Cause


@dataclass(frozen=True, slots=True)
class Bulk:
    """What became of a change of many incidents."""

    changed: int
    refused: tuple[Refusal, ...]


# -- what ingest calls, on its own connection: a constant number of statements a batch --


async def open_many(
    connection: Connection, openings: Sequence[Opening], now: datetime
) -> None:
    """Open incidents that escalate at once.

    A group key that another transaction has opened meanwhile raises a unique violation:
    try the batch again, it will find the incident.
    """
    await write(connection, opening_writes(openings, now))


def opening_writes(openings: Sequence[Opening], now: datetime) -> list[Write]:
    """What `open_many` does, to be done together with more."""
    if not openings:
        return []
    rows = [
        (
            o.incident_id,
            o.service_id,
            o.team_id,
            o.title,
            o.severity.value,
            o.priority,
            o.urgency.value,
            o.group_key,
            o.alert_count,
        )
        for o in openings
    ]
    policies = [(o.incident_id, o.policy) for o in openings]
    entries = [
        Entry("incident.triggered", o.cause, o.incident_id, o.team_id, o.data, 1)
        for o in openings
    ]
    return [
        batch_queries.insertion(rows, now),
        escalation.starting(policies, now),
        recording(entries, now),
    ]


async def open_by_group(
    connection: Connection, keys: Sequence[tuple[UUID, str]]
) -> dict[tuple[UUID, str], OpenIncident]:
    """The open incident of each (service id, group key) that has one, locked."""
    found = await batch_queries.lock_open_by_group(connection, keys)
    return {(incident.service_id, incident.group_key): incident for incident in found}


async def newest_open(
    connection: Connection, service_ids: Collection[UUID], since: datetime
) -> dict[UUID, UUID]:
    """The newest open incident since then of each service that has one, locked."""
    return await batch_queries.lock_newest_open(connection, service_ids, since)


async def attach_many(
    connection: Connection, attachments: Sequence[Attachment], now: datetime
) -> None:
    """Count alerts that joined, ended or got worse.

    A worse one makes its incident louder; the end of the last one resolves it.
    """
    if not attachments:
        return
    merged = _one_per_incident(attachments)
    locked = await batch_queries.lock(connection, [a.incident_id for a in merged])
    attached = await batch_queries.attach(
        connection,
        [
            (a.incident_id, a.opened, a.resolved, place)
            for place, a in enumerate(merged)
        ],
    )
    joined = [_joined(merged[a.place], a) for a in attached if merged[a.place].opened]
    await record_many(connection, joined, now)
    reported = {a.incident_id: (a.severity, a.cause) for a in merged if a.severity}
    await raise_many(connection, locked, reported, now)
    over = {merged[a.place].incident_id: merged[a.place] for a in attached if _over(a)}
    for cause in dict.fromkeys(a.cause for a in over.values()):
        ended = [i for i in locked if i.id in over and over[i.id].cause == cause]
        await apply_many(connection, ended, _resolution(cause, None, now), now)


def _one_per_incident(attachments: Sequence[Attachment]) -> list[Attachment]:
    """Alerts of several sources that meet in one incident, as if the first had sent all."""
    found: dict[UUID, Attachment] = {}
    for new in attachments:
        old = found.get(new.incident_id)
        found[new.incident_id] = new if old is None else _together(old, new)
    return list(found.values())


def _together(old: Attachment, new: Attachment) -> Attachment:
    severities = [s for s in (old.severity, new.severity) if s is not None]
    return Attachment(
        old.incident_id,
        old.opened + new.opened,
        old.resolved + new.resolved,
        min(severities, key=lambda s: LOUDNESS[s.value], default=None),
        [*old.titles, *new.titles],
        old.cause,
    )


def _joined(attachment: Attachment, attached: Attached) -> Entry:
    return Entry(
        "incident.joined",
        attachment.cause,
        attachment.incident_id,
        attached.team_id,
        {"alerts": attachment.opened, "titles": list(attachment.titles[:MOST_TITLES])},
        attached.last_seq,
    )


def _over(attached: Attached) -> bool:
    return attached.open_alert_count == 0 and attached.status is not Status.RESOLVED


async def acknowledge_many(
    connection: Connection,
    incident_ids: Collection[UUID],
    cause: Cause,
    now: datetime,
) -> None:
    """Their source says that somebody has these incidents; those that are over stay so."""
    locked = await batch_queries.lock(connection, incident_ids)
    change = Change(
        "incident.acknowledged", partial(_acknowledged, user_id=None, now=now), cause
    )
    await apply_many(connection, locked, change, now)


# -- what people do to one incident ------------------------------------------------


async def acknowledge(tx: Tx, incident_id: UUID, actor: Actor, now: datetime) -> None:
    """`actor` has it: nobody is paged any more. Whoever comes second changes nothing."""
    incident = await lock_one(tx, incident_id, actor)
    if not await apply_one(tx, incident, _acknowledgement(actor, now), now):
        await take_too(tx, [incident], by(actor), now)


async def acknowledge_by_link(
    tx: Tx, incident_id: UUID, user: UserRef, now: datetime
) -> None:
    """The same for the bearer of a link from a message, which is all the right they need."""
    locked = await batch_queries.lock_patiently(tx, [incident_id])
    actor = Actor(user.id, user.name)
    for incident in locked:
        if not await apply_one(tx, incident, _acknowledgement(actor, now), now):
            await take_too(tx, [incident], by(actor), now)


async def unacknowledge(tx: Tx, incident_id: UUID, actor: Actor, now: datetime) -> None:
    """Nobody has it any more: it escalates from the first step."""
    incident = await lock_one(tx, incident_id, actor)
    change = Change("incident.unacknowledged", core.unacknowledge, by(actor))
    await apply_one(tx, incident, change, now)


async def resolve(
    tx: Tx, incident_id: UUID, note: str | None, actor: Actor, now: datetime
) -> None:
    """It is over, and so are its open alerts."""
    incident = await lock_one(tx, incident_id, actor, with_alerts=True)
    if await apply_one(tx, incident, _resolution(by(actor), note, now), now):
        await batch_queries.close_alerts(await driver(tx), [incident_id], now)


async def reopen(tx: Tx, incident_id: UUID, actor: Actor, now: datetime) -> None:
    """It was not over after all: it escalates from the first step.

    Alerts that a person closed with it are open again; what their source resolved is not.
    """
    incident = await lock_one(tx, incident_id, actor)
    decide = partial(core.reopen, now=now)
    change = Change("incident.reopened", decide, by(actor))
    was = incident.life
    if await apply_one(tx, incident, change, now) and was.resolved_by_id:
        await alert_queries.reopen_alerts(tx, incident_id, was.resolved_at)


async def snooze(
    tx: Tx, incident_id: UUID, until: datetime, actor: Actor, now: datetime
) -> None:
    """Page nobody before `until`; then it escalates from the first step."""
    incident = await lock_one(tx, incident_id, actor)
    change = Change(
        "incident.snoozed",
        lambda life: core.snooze(life, actor.user_id, until, now),
        by(actor),
        {"until": until.isoformat()},
    )
    await apply_one(tx, incident, change, now)


async def wake(tx: Tx, incident_id: UUID, actor: Actor, now: datetime) -> None:
    """End the snooze now: it escalates from the first step."""
    incident = await lock_one(tx, incident_id, actor)
    ends = incident.life.snoozed_until
    change = Change(
        "incident.woke", partial(core.wake, now=max(now, ends or now)), by(actor)
    )
    await apply_one(tx, incident, change, now)


# -- what people do to many at once ------------------------------------------------


async def acknowledge_bulk(
    tx: Tx, incident_ids: Collection[UUID], actor: Actor, now: datetime
) -> Bulk:
    """Acknowledge all that can be; the others are named with the reason."""
    locked = await batch_queries.lock_patiently(tx, incident_ids)
    change = _acknowledgement(actor, now)
    bulk, applied = await _bulk(tx, incident_ids, locked, actor, change, now)
    done = {i.id for i in applied.changed} | {r.id for r in bulk.refused}
    held = [incident for incident in locked if incident.id not in done]
    await take_too(tx, held, by(actor), now)
    return bulk


async def resolve_bulk(
    tx: Tx,
    incident_ids: Collection[UUID],
    note: str | None,
    actor: Actor,
    now: datetime,
) -> Bulk:
    """Resolve all that can be; the others are named with the reason."""
    locked = await batch_queries.lock_patiently(tx, incident_ids, with_alerts=True)
    change = _resolution(by(actor), note, now)
    bulk, applied = await _bulk(tx, incident_ids, locked, actor, change, now)
    over = [incident.id for incident in applied.changed]
    await batch_queries.close_alerts(await driver(tx), over, now)
    return bulk


async def _bulk(
    tx: Tx,
    wanted: Collection[UUID],
    locked: Sequence[Locked],
    actor: Actor,
    change: Change,
    now: datetime,
) -> tuple[Bulk, Applied]:
    connection = await driver(tx)
    may = await may_respond(connection, actor, locked)
    mine = [incident for incident in locked if incident.id in may]
    applied = await apply_many(connection, mine, change, now)
    known = {incident.id for incident in locked}
    missing = (
        Refusal(i, "there is no such incident")
        for i in dict.fromkeys(wanted)
        if i not in known
    )
    forbidden = (Refusal(i, "you may not respond here") for i in sorted(known - may))
    refused = (*applied.refused, *forbidden, *missing)
    return Bulk(len(applied.changed), refused), applied


def _acknowledgement(actor: Actor, now: datetime) -> Change:
    decide = partial(_acknowledged, user_id=actor.user_id, now=now)
    return Change("incident.acknowledged", decide, by(actor))


def _acknowledged(life: Life, *, user_id: UUID | None, now: datetime) -> Life:
    return core.acknowledge(life, user_id, now)


def _resolution(cause: Cause, note: str | None, now: datetime) -> Change:
    user_id = cause.id if cause.kind == "user" else None
    return Change(
        "incident.resolved",
        lambda life: core.resolve(life, user_id, now),
        cause,
        {"note": note} if note else {},
    )
