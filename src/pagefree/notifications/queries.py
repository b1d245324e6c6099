"""Statements on planned and past notifications, notification rules, links and the outbox."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import select, update

from pagefree.channels import all_channels, can_wake, needs_config, updatable
from pagefree.core.notifications import Kind, Method, Planned, Rule, Status
from pagefree.core.routing import Urgency
from pagefree.core.withdrawals import LONGEST_UPDATED
from pagefree.infra.arrays import arrays, new_rows
from pagefree.infra.db import Channel, Connection, Tx
from pagefree.infra.ids import new_id
from pagefree.infra.writes import Write, write
from pagefree.tables.accounts import contact_methods
from pagefree.tables.incidents import incidents
from pagefree.tables.notifications import (
    attempts,
    notifications,
)

# methods, then rules: their urgency tells them apart
REACH = """
SELECT user_id, id AS place, id AS method_id, channel, disabled_at IS NULL AS enabled,
    unverified_since IS NULL AS verified,
    channel <> ALL ($2::text[])
        OR EXISTS (SELECT FROM channel_configs AS g WHERE g.channel = m.channel) AS set_up,
    NULL AS urgency, NULL::interval AS delay
FROM contact_methods AS m WHERE user_id = ANY ($1::uuid[])
UNION ALL
SELECT user_id, id, contact_method_id, NULL, NULL, NULL, NULL, urgency, delay
FROM notification_rules WHERE user_id = ANY ($1::uuid[])
ORDER BY delay NULLS FIRST, place
"""
INSERT = f"""
INSERT INTO notifications (
    id, incident_id, user_id, contact_method_id, channel, kind, cause, priority,
    status, skip_reason, created_at, send_at, due_at, finished_at
)
SELECT id, incident_id, user_id, contact_method_id, channel, kind, cause, priority,
    CASE WHEN skip_reason IS NULL THEN 'planned' ELSE 'skipped' END,
    skip_reason, $1::timestamptz, send_at,
    CASE WHEN skip_reason IS NULL THEN send_at END,
    CASE WHEN skip_reason IS NOT NULL THEN $1::timestamptz END
FROM {
    new_rows(
        2,
        id="uuid",
        incident_id="uuid",
        user_id="uuid",
        contact_method_id="uuid",
        channel="text",
        kind="text",
        cause="text",
        priority="int",
        skip_reason="text",
        send_at="timestamptz",
    )
}
"""  # noqa: S608 - nothing of it comes from outside
# Somebody having the incident, or getting it, does not withdraw what asks others for help.
WITHDRAW = """
UPDATE notifications SET status = 'skipped', skip_reason = $2::text, due_at = NULL, finished_at = $3
WHERE incident_id = ANY ($1::uuid[]) AND status = 'planned'
    AND NOT ($2::text IN ('acknowledged', 'reassigned') AND kind = 'added')
"""
# What was sent, or is being sent, is to say so in its place; $5: not older than that.
MARK = """
UPDATE notifications SET withdraw_due_at = $3, withdraw_count = 0
WHERE incident_id = ANY ($1::uuid[]) AND status IN ('sending', 'accepted', 'delivered')
    AND channel = ANY ($4::text[]) AND created_at > $5
    AND NOT ($2::text IN ('acknowledged', 'reassigned') AND kind = 'added')
"""
MARK_FROM = """
UPDATE notifications SET withdraw_due_at = $3, withdraw_count = 0
WHERE incident_id = ANY ($1::uuid[]) AND status IN ('sending', 'accepted', 'delivered')
    AND channel = ANY ($4::text[]) AND created_at > $5 AND user_id = $2
"""
# The same for one person only, whoever else is still wanted.
WITHDRAW_FROM = """
UPDATE notifications SET status = 'skipped', skip_reason = 'acknowledged', due_at = NULL,
    finished_at = $3
WHERE incident_id = ANY ($1::uuid[]) AND user_id = $2 AND status = 'planned'
"""


@dataclass(slots=True)  # not frozen: storms make many
class NewNotification:
    """One message to plan, with who gets it and why."""

    incident_id: UUID | None
    user_id: UUID
    kind: Kind
    cause: str
    priority: int
    planned: Planned


@dataclass(frozen=True, slots=True)
class Reach:
    """How one person can be reached."""

    methods: list[Method] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call to one provider."""

    number: int
    outcome: str
    error: str | None
    started_at: datetime
    finished_at: datetime
    possible_duplicate: bool
    provider: str = ""
    receipt: str | None = None  # what the provider has said of it since


@dataclass(frozen=True, slots=True)
class Sent:
    """A notification of an incident and what became of it."""

    id: UUID
    user_id: UUID
    channel: str
    label: str
    cause: str
    kind: Kind
    status: Status
    skip_reason: str | None
    created_at: datetime
    send_at: datetime
    finished_at: datetime | None
    attempts: list[Attempt]


@dataclass(frozen=True, slots=True)
class IncidentRef:
    """Which incident."""

    id: UUID
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person sees under the bell in the web app."""

    id: UUID
    at: datetime
    kind: Kind
    incident: IncidentRef | None
    cause: str
    read_at: datetime | None


async def list_reach(
    connection: Connection, user_ids: Collection[UUID]
) -> dict[UUID, Reach]:
    """Contact methods and rules of these people, in one statement."""
    reach = {user_id: Reach() for user_id in user_ids}
    needy = [kind for kind in all_channels() if needs_config(kind)]
    for row in await connection.fetch(REACH, list(reach), needy):
        theirs = reach[row["user_id"]]
        if row["urgency"] is not None:
            urgency = Urgency(row["urgency"])
            theirs.rules.append(Rule(urgency, row["delay"], row["method_id"]))
        else:
            theirs.methods.append(_method(row))
    return reach


def _method(row: asyncpg.Record) -> Method:
    return Method(
        row["method_id"],
        row["channel"],
        row["enabled"],
        row["set_up"],
        row["verified"],
        can_wake(row["channel"]),
    )


async def insert_notifications(
    connection: Connection,
    new: Sequence[NewNotification],
    now: datetime,
    *,
    ids: list[UUID] | None = None,
) -> list[UUID]:
    """Plan them all and wake the sender; those with a reason to be skipped are final."""
    ids = ids or [new_id() for _ in new]
    await write(connection, insertion(new, ids, now))
    return ids


def insertion(
    new: Sequence[NewNotification], ids: Sequence[UUID], now: datetime
) -> list[Write]:
    """What `insert_notifications` does, to be done together with more."""
    if not new:
        return []
    rows = [_row(*pair) for pair in zip(ids, new, strict=True)]
    return [Write(INSERT, [now, *arrays(rows)], Channel.MESSAGES)]


def _row(notification_id: UUID, new: NewNotification) -> tuple[object, ...]:
    planned, method = new.planned, new.planned.method
    return (
        notification_id,
        new.incident_id,
        new.user_id,
        method.id if method else None,
        method.channel if method else "none",
        new.kind.value,
        new.cause,
        new.priority,
        planned.skip.value if planned.skip else None,
        planned.send_at,
    )


async def withdraw(
    connection: Connection, incident_ids: Sequence[UUID], reason: str, now: datetime
) -> None:
    """Skip what is planned for these incidents; what is being sent right now goes out.

    What went out is marked to be brought up to date, where its channel can do that.
    """
    await connection.execute(WITHDRAW, list(incident_ids), reason, now)
    if kinds := updatable():
        since = now - LONGEST_UPDATED
        await connection.execute(MARK, list(incident_ids), reason, now, kinds, since)


async def withdraw_from(
    connection: Connection, incident_ids: Sequence[UUID], user_id: UUID, now: datetime
) -> None:
    """The same for one person, who has acknowledged these incidents."""
    ids = list(incident_ids)
    await connection.execute(WITHDRAW_FROM, ids, user_id, now)
    if kinds := updatable():
        since = now - LONGEST_UPDATED
        await connection.execute(MARK_FROM, ids, user_id, now, kinds, since)


async def exists_incident(tx: Tx, incident_id: UUID) -> bool:
    """Whether there is such an incident."""
    query = select(incidents.c.id).where(incidents.c.id == incident_id)
    return await tx.scalar(query) is not None


async def list_of_incident(tx: Tx, incident_id: UUID) -> list[Sent]:
    """Newest first, with every attempt; at most 500."""
    query = (
        select(
            *notifications.c[
                "id",
                "user_id",
                "channel",
                "cause",
                "kind",
                "status",
                "skip_reason",
                "created_at",
                "send_at",
                "finished_at",
            ],
            contact_methods.c.label,
        )
        .outerjoin(
            contact_methods, contact_methods.c.id == notifications.c.contact_method_id
        )
        .where(notifications.c.incident_id == incident_id)
        .order_by(notifications.c.created_at.desc(), notifications.c.id.desc())
        .limit(500)
    )
    rows = (await tx.execute(query)).mappings().all()
    tried = await attempts_of(tx, [row["id"] for row in rows])
    return [
        Sent(
            **{
                **row,
                "label": row["label"] or "",
                "kind": Kind(row["kind"]),
                "status": Status(row["status"]),
            },
            attempts=tried.get(row["id"], []),
        )
        for row in rows
    ]


async def attempts_of(tx: Tx, ids: Collection[UUID]) -> dict[UUID, list[Attempt]]:
    """The attempts of each of these notifications that has any, in order."""
    query = (
        select(
            *attempts.c[
                "notification_id",
                "number",
                "outcome",
                "error",
                "started_at",
                "finished_at",
                "possible_duplicate",
                "provider",
                "receipt",
            ]
        )
        .where(attempts.c.notification_id.in_(ids))
        .order_by(attempts.c.number)
    )
    found: dict[UUID, list[Attempt]] = {}
    for row in (await tx.execute(query)).mappings():
        values = {k: v for k, v in row.items() if k != "notification_id"}
        found.setdefault(row["notification_id"], []).append(Attempt(**values))
    return found


async def list_notices(
    tx: Tx, user_id: UUID, *, unread: bool, after: UUID | None, limit: int
) -> list[Notice]:
    """A person's in-app notices, newest first."""
    query = (
        select(
            *notifications.c["id", "finished_at", "kind", "cause", "read_at"],
            incidents.c.id.label("incident_id"),
            *incidents.c["number", "title"],
        )
        .outerjoin(incidents, incidents.c.id == notifications.c.incident_id)
        .where(
            notifications.c.user_id == user_id,
            notifications.c.channel == "in_app",
            notifications.c.status == Status.DELIVERED.value,
        )
        .order_by(notifications.c.id.desc())
        .limit(limit)
    )
    if unread:
        query = query.where(notifications.c.read_at.is_(None))
    if after is not None:
        query = query.where(notifications.c.id < after)
    return [
        Notice(
            id=row.id,
            at=row.finished_at,
            kind=Kind(row.kind),
            incident=(
                IncidentRef(row.incident_id, row.number, row.title)
                if row.incident_id
                else None
            ),
            cause=row.cause,
            read_at=row.read_at,
        )
        for row in await tx.execute(query)
    ]


async def update_read(tx: Tx, user_id: UUID, now: datetime) -> None:
    """Everything a person has been shown counts as read."""
    await tx.execute(
        update(notifications)
        .where(
            notifications.c.user_id == user_id,
            notifications.c.channel == "in_app",
            notifications.c.status == Status.DELIVERED.value,
            notifications.c.read_at.is_(None),
        )
        .values(read_at=now)
    )
