"""Statements on planned and past notifications, notification rules, links and the outbox."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from pagefree.core.notifications import Kind, Method, Planned, Rule, Status
from pagefree.core.routing import Urgency
from pagefree.infra.db import Connection, Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import contact_methods, users
from pagefree.tables.incidents import incidents
from pagefree.tables.notifications import (
    action_links,
    attempts,
    notification_rules,
    notifications,
    outbox_messages,
)

METHODS = """
SELECT id, user_id, channel, disabled_at IS NULL AS enabled
FROM contact_methods WHERE user_id = ANY ($1::uuid[]) ORDER BY id
"""
RULES = """
SELECT user_id, urgency, delay, contact_method_id
FROM notification_rules WHERE user_id = ANY ($1::uuid[]) ORDER BY delay, id
"""
INSERT = """
INSERT INTO notifications (
    id, incident_id, user_id, contact_method_id, channel, kind, cause, priority,
    status, skip_reason, created_at, send_at, due_at, finished_at
)
SELECT id, incident_id, user_id, contact_method_id, channel, kind, cause, priority,
    CASE WHEN skip_reason IS NULL THEN 'planned' ELSE 'skipped' END, skip_reason, $1, send_at,
    CASE WHEN skip_reason IS NULL THEN send_at END,
    CASE WHEN skip_reason IS NOT NULL THEN $1 END
FROM unnest(
    $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[],
    $9::int[], $10::text[], $11::timestamptz[]
) AS new (
    id, incident_id, user_id, contact_method_id, channel, kind, cause, priority,
    skip_reason, send_at
)
"""
# Somebody having the incident does not withdraw what asks others for help.
WITHDRAW = """
UPDATE notifications SET status = 'skipped', skip_reason = $2, due_at = NULL, finished_at = $3
WHERE incident_id = ANY ($1::uuid[]) AND status = 'planned'
    AND ($4::uuid[] IS NULL OR user_id = ANY ($4::uuid[]))
    AND NOT ($2 = 'acknowledged' AND kind = 'added' AND $4::uuid[] IS NULL)
"""


@dataclass(frozen=True, slots=True)
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
    incident: IncidentRef | None
    cause: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A notification rule as it is stored."""

    id: UUID
    urgency: Urgency
    delay: timedelta
    contact_method_id: UUID


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """What would have been sent."""

    id: UUID
    at: datetime
    channel: str
    recipient: str
    user_id: UUID | None
    title: str
    text: str
    html: str | None
    payload: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class ActionLink:
    """What the bearer of a link may do, once."""

    user_id: UUID
    incident_id: UUID
    verb: str
    expires_at: datetime
    used_at: datetime | None


async def list_reach(
    connection: Connection, user_ids: Collection[UUID]
) -> dict[UUID, Reach]:
    """Contact methods and rules of these people, in two statements."""
    reach = {user_id: Reach() for user_id in user_ids}
    for row in await connection.fetch(METHODS, list(reach)):
        method = Method(row["id"], row["channel"], row["enabled"])
        reach[row["user_id"]].methods.append(method)
    for row in await connection.fetch(RULES, list(reach)):
        rule = Rule(Urgency(row["urgency"]), row["delay"], row["contact_method_id"])
        reach[row["user_id"]].rules.append(rule)
    return reach


async def insert_notifications(
    connection: Connection, new: Sequence[NewNotification], now: datetime
) -> list[UUID]:
    """Plan them all in one statement; those with a reason to be skipped are final."""
    ids = [new_id() for _ in new]
    plans = [item.planned for item in new]
    await connection.execute(
        INSERT,
        now,
        ids,
        [item.incident_id for item in new],
        [item.user_id for item in new],
        [plan.method.id if plan.method else None for plan in plans],
        [plan.method.channel if plan.method else "none" for plan in plans],
        [item.kind.value for item in new],
        [item.cause for item in new],
        [item.priority for item in new],
        [plan.skip.value if plan.skip else None for plan in plans],
        [plan.send_at for plan in plans],
    )
    return ids


async def withdraw(
    connection: Connection,
    incident_ids: Sequence[UUID],
    reason: str,
    now: datetime,
    *,
    user_ids: Collection[UUID] | None,
) -> None:
    """Skip what is planned for these incidents; what is being sent right now goes out."""
    people = None if user_ids is None else list(user_ids)
    await connection.execute(WITHDRAW, list(incident_ids), reason, now, people)


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
    tried = await _attempts_of(tx, [row["id"] for row in rows])
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


async def _attempts_of(tx: Tx, ids: Collection[UUID]) -> dict[UUID, list[Attempt]]:
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
            *notifications.c["id", "finished_at", "cause", "read_at"],
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


async def get_method(tx: Tx, user_id: UUID, method_id: UUID) -> Method | None:
    """One of a person's contact methods."""
    c = contact_methods.c
    query = select(c.id, c.channel, c.disabled_at).where(
        c.id == method_id, c.user_id == user_id
    )
    row = (await tx.execute(query)).one_or_none()
    return Method(row.id, row.channel, row.disabled_at is None) if row else None


async def list_rules(tx: Tx, user_id: UUID) -> list[RuleRow]:
    """A person's rules: high urgency first, then by delay."""
    c = notification_rules.c
    query = (
        select(c.id, c.urgency, c.delay, c.contact_method_id)
        .where(c.user_id == user_id)
        .order_by(c.urgency, c.delay, c.id)
    )
    return [
        RuleRow(row.id, Urgency(row.urgency), row.delay, row.contact_method_id)
        for row in await tx.execute(query)
    ]


async def replace_rules(tx: Tx, user_id: UUID, rules: Iterable[Rule]) -> None:
    """These rules instead of the ones the person has."""
    await tx.execute(
        delete(notification_rules).where(notification_rules.c.user_id == user_id)
    )
    rows = [
        {
            "id": new_id(),
            "user_id": user_id,
            "urgency": rule.urgency.value,
            "delay": rule.delay,
            "contact_method_id": rule.method_id,
        }
        for rule in rules
    ]
    if rows:
        await tx.execute(insert(notification_rules), rows)


async def list_methods(tx: Tx, user_id: UUID) -> set[UUID]:
    """The ids of a person's contact methods."""
    query = select(contact_methods.c.id).where(contact_methods.c.user_id == user_id)
    return set((await tx.execute(query)).scalars())


async def exists_user(tx: Tx, user_id: UUID) -> bool:
    """Whether there is such a person."""
    return await tx.scalar(select(users.c.id).where(users.c.id == user_id)) is not None


async def list_outbox(tx: Tx, after: UUID | None, limit: int) -> list[OutboxMessage]:
    """What would have been sent, newest first."""
    c = outbox_messages.c
    query = (
        select(
            c.id,
            c.at,
            c.channel,
            c.recipient,
            c.user_id,
            c.title,
            c.text,
            c.html,
            c.payload,
        )
        .order_by(c.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(c.id < after)
    return [OutboxMessage(**row) for row in (await tx.execute(query)).mappings()]


async def get_link(tx: Tx, token_hash: bytes, *, lock: bool) -> ActionLink | None:
    """The link with this hash, locked until the transaction ends if asked."""
    c = action_links.c
    query = select(c.user_id, c.incident_id, c.verb, c.expires_at, c.used_at).where(
        c.token_hash == token_hash
    )
    if lock:
        query = query.with_for_update()
    row = (await tx.execute(query)).mappings().one_or_none()
    return ActionLink(**row) if row else None


async def update_link_used(tx: Tx, token_hash: bytes, now: datetime) -> None:
    """The link has done its work."""
    await tx.execute(
        update(action_links)
        .where(action_links.c.token_hash == token_hash)
        .values(used_at=now)
    )


async def delete_expired_links(tx: Tx, before: datetime) -> int:
    """Forget links that ended before then; returns how many."""
    query = delete(action_links).where(action_links.c.expires_at < before)
    return (await tx.execute(query)).rowcount
