"""Statements on one incident, and what people read: lists, counts, details."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ColumnElement,
    Select,
    delete,
    func,
    literal,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from pagefree.accounts.queries import TeamRef, UserRef
from pagefree.core import canary
from pagefree.infra.curtain import nameless
from pagefree.infra.db import Tx, driver
from pagefree.infra.ids import new_id
from pagefree.services.queries import Ref
from pagefree.tables.incidents import incident_responders, incidents
from pagefree.tables.notifications import notifications

MOST_COUNTED = 1001  # "1,000+" is enough to know
# a plan for any words takes all incidents for a match, or none
PLAN_FOR_THESE = text("SET LOCAL plan_cache_mode = force_custom_plan")
MOST_MINE = 1000  # of a person's latest pages that are looked through for "mine"

NAMED = """
SELECT i.id, i.number, i.title, i.status, i.severity, i.priority, i.urgency, i.service_id,
    i.team_id, i.opened_at, i.acknowledged_at, i.acknowledged_by_id, i.resolved_at,
    i.resolved_by_id, i.snoozed_until, i.merged_into_id, i.alert_count, i.open_alert_count,
    s.name AS service, t.name AS team, acknowledger.name AS acknowledger,
    resolver.name AS resolver, into_.number AS into_number, into_.title AS into_title,
    e.due_at, e.state, (
        SELECT coalesce(sum(a.occurrences), 0) FROM alerts AS a WHERE a.incident_id = i.id
    ) AS occurrences
FROM incidents AS i
LEFT JOIN services AS s ON s.id = i.service_id
LEFT JOIN teams AS t ON t.id = i.team_id
LEFT JOIN users AS acknowledger ON acknowledger.id = i.acknowledged_by_id
LEFT JOIN users AS resolver ON resolver.id = i.resolved_by_id
LEFT JOIN incidents AS into_ ON into_.id = i.merged_into_id
LEFT JOIN escalations AS e ON e.incident_id = i.id
WHERE i.id = ANY ($1::uuid[])
ORDER BY i.id DESC
"""
RESPONDERS = """
SELECT r.incident_id, u.id, u.name
FROM incident_responders AS r JOIN users AS u ON u.id = r.user_id
WHERE r.incident_id = ANY ($1::uuid[])
ORDER BY r.id
"""


@dataclass(frozen=True, slots=True)
class IncidentRef:
    """An incident, as others mention it."""

    id: UUID
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident with the names of what it points at."""

    id: UUID
    number: int
    title: str
    status: str
    severity: str
    priority: str | None
    urgency: str
    service: Ref
    team: TeamRef
    opened_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: UserRef | None
    resolved_at: datetime | None
    resolved_by: UserRef | None
    snoozed_until: datetime | None
    merged_into: IncidentRef | None
    alert_count: int
    open_alert_count: int
    occurrences: int
    next_escalation_at: datetime | None
    escalation_state: str | None
    responders: tuple[UserRef, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which incidents to list; nothing set: all."""

    statuses: frozenset[str] = frozenset()
    mine: UUID | None = None  # of this person
    team_id: UUID | None = None
    service_id: UUID | None = None
    urgency: str | None = None
    severity: str | None = None
    number: int | None = None
    words: tuple[str, ...] = ()  # all in the title


OPEN = frozenset({"triggered", "acknowledged"})


def _where(wanted: Filter) -> list[ColumnElement[bool]]:
    c = incidents.c
    equal = {
        c.team_id: wanted.team_id,
        c.service_id: wanted.service_id,
        c.urgency: wanted.urgency,
        c.severity: wanted.severity,
        c.number: wanted.number,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    found.append(c.team_id != literal(canary.TEAM_ID, literal_execute=True))
    if wanted.statuses == OPEN:
        found.append(c.status != literal("resolved", literal_execute=True))
    elif len(wanted.statuses) == 1:
        found.append(c.status == next(iter(wanted.statuses)))
    if wanted.mine is not None:
        found.append(c.id.in_(_mine(wanted.mine)))
    found += [c.title.icontains(word, autoescape=True) for word in wanted.words]
    return found


def _mine(user_id: UUID) -> Select[Any]:
    """Ids of what a person has, helps with, or was paged for while it is open.

    Looks through the latest 1,000 pages of the person, so that a storm that paged
    somebody a hundred thousand times does not make the list slow.
    """
    paged = (
        select(notifications.c.incident_id)
        .where(notifications.c.user_id == user_id)
        .order_by(notifications.c.id.desc())
        .limit(MOST_MINE)
        .subquery()
    )
    still_open = (
        select(incidents.c.id)
        .join(paged, paged.c.incident_id == incidents.c.id)
        .where(incidents.c.status != literal("resolved", literal_execute=True))
    )
    has = (
        select(incidents.c.id)
        .where(incidents.c.acknowledged_by_id == user_id)
        .order_by(incidents.c.id.desc())
        .limit(MOST_MINE)
    )
    helps = select(incident_responders.c.incident_id).where(
        incident_responders.c.user_id == user_id
    )
    both = union_all(still_open, has.subquery().select(), helps).subquery()
    return select(both.c.id)


async def list_incidents(
    tx: Tx, wanted: Filter, before: UUID | None, limit: int
) -> list[Incident]:
    """Newest first, continuing before the incident `before`; three statements."""
    if wanted.words:
        await tx.execute(PLAN_FOR_THESE)
    page = select(incidents.c.id).where(*_where(wanted))
    if before is not None:
        page = page.where(incidents.c.id < before)
    page = page.order_by(incidents.c.id.desc()).limit(limit)
    return await _named(tx, list(await tx.scalars(page)))


async def get(tx: Tx, incident_id: UUID) -> Incident | None:
    """One incident."""
    return next(iter(await _named(tx, [incident_id])), None)


async def _named(tx: Tx, ids: Sequence[UUID]) -> list[Incident]:
    """These incidents, newest first. Every list asks, so without SQLAlchemy in between."""
    rows = await (await driver(tx)).fetch(NAMED, ids)
    helpers = await list_responders(tx, ids)
    return [_incident(row, helpers[row["id"]]) for row in rows]


def _incident(row: asyncpg.Record, responders: list[UserRef]) -> Incident:
    into = row["merged_into_id"]
    return Incident(
        id=row["id"],
        number=row["number"],
        title=row["title"],
        status=row["status"],
        severity=row["severity"],
        priority=row["priority"],
        urgency=row["urgency"],
        service=Ref(row["service_id"], row["service"] or nameless("a deleted service")),
        team=TeamRef(row["team_id"], row["team"] or nameless("a deleted team")),
        opened_at=row["opened_at"],
        acknowledged_at=row["acknowledged_at"],
        acknowledged_by=_user(row["acknowledged_by_id"], row["acknowledger"]),
        resolved_at=row["resolved_at"],
        resolved_by=_user(row["resolved_by_id"], row["resolver"]),
        snoozed_until=row["snoozed_until"],
        merged_into=(
            IncidentRef(
                into, row["into_number"] or 0, row["into_title"] or nameless("")
            )
            if into
            else None
        ),
        alert_count=row["alert_count"],
        open_alert_count=row["open_alert_count"],
        occurrences=row["occurrences"],
        next_escalation_at=row["due_at"],
        escalation_state=row["state"],
        responders=tuple(responders),
    )


def _user(user_id: UUID | None, name: str | None) -> UserRef | None:
    return UserRef(user_id, name or "somebody deleted") if user_id else None


async def list_responders(
    tx: Tx, incident_ids: Collection[UUID]
) -> defaultdict[UUID, list[UserRef]]:
    """Who was added to each of these incidents, in that order."""
    found: defaultdict[UUID, list[UserRef]] = defaultdict(list)
    for row in await (await driver(tx)).fetch(RESPONDERS, list(incident_ids)):
        found[row["incident_id"]].append(UserRef(row["id"], row["name"]))
    return found


async def list_merged(tx: Tx, incident_id: UUID) -> list[IncidentRef]:
    """The latest hundred incidents that were merged into this one."""
    query = (
        select(incidents.c.id, incidents.c.number, incidents.c.title)
        .where(incidents.c.merged_into_id == incident_id)
        .order_by(incidents.c.id.desc())
        .limit(100)
    )
    return [IncidentRef(**row) for row in (await tx.execute(query)).mappings()]


async def get_id(tx: Tx, number: int) -> UUID | None:
    """The id of the incident with this number."""
    query = select(incidents.c.id).where(incidents.c.number == number)
    found: UUID | None = await tx.scalar(query)
    return found


async def count(
    tx: Tx, wanted: Mapping[str, Filter], within: Filter, resolved_since: datetime
) -> dict[str, int]:
    """How many of each, at most 1,001; and how many were resolved since then; one statement."""
    recent = select(incidents.c.id).where(
        incidents.c.resolved_at >= resolved_since, *_where(within)
    )
    bounded = {
        name: select(incidents.c.id).where(*_where(each))
        for name, each in wanted.items()
    } | {"resolved_24h": recent}
    row = await tx.execute(
        select(
            *(
                select(func.count())
                .select_from(query.limit(MOST_COUNTED).subquery())
                .scalar_subquery()
                .label(name)
                for name, query in bounded.items()
            )
        )
    )
    return dict(row.mappings().one())


async def update_incident(
    tx: Tx, incident_id: UUID, changes: Mapping[str, object]
) -> None:
    """Store the named columns of a locked incident."""
    where = incidents.c.id == incident_id
    await tx.execute(update(incidents).where(where).values(changes))


async def get_columns(
    tx: Tx, incident_id: UUID, names: Collection[str]
) -> dict[str, object]:
    """The named columns of an incident that exists."""
    query = select(*incidents.c[*names]).where(incidents.c.id == incident_id)
    return dict((await tx.execute(query)).mappings().one())


async def insert_responder(
    tx: Tx, incident_id: UUID, user_id: UUID, added_by_id: UUID | None, now: datetime
) -> bool:
    """Whether the person was not a responder of the incident before."""
    values = {
        "id": new_id(),
        "incident_id": incident_id,
        "user_id": user_id,
        "added_by_id": added_by_id,
        "added_at": now,
    }
    row = upsert(incident_responders).values(values).on_conflict_do_nothing()
    return (await tx.execute(row)).rowcount == 1


async def delete_responder(tx: Tx, incident_id: UUID, user_id: UUID) -> bool:
    """Whether the person was a responder of the incident."""
    c = incident_responders.c
    gone = delete(incident_responders).where(
        c.incident_id == incident_id, c.user_id == user_id
    )
    return (await tx.execute(gone)).rowcount == 1
