"""The statement of the delivery log: what was sent to whom, searched."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from pagefree.core import canary
from pagefree.core.notifications import Kind, Status
from pagefree.infra.db import Tx
from pagefree.notifications.queries import Attempt, IncidentRef, attempts_of
from pagefree.tables.accounts import contact_methods
from pagefree.tables.incidents import incidents
from pagefree.tables.notifications import attempts, notifications


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; none: anything."""

    channel: str | None = None
    status: Status | None = None
    user_id: UUID | None = None
    since: datetime | None = None
    provider_id: str | None = None  # as the provider calls the message


@dataclass(frozen=True, slots=True)
class Logged:
    """A notification as the delivery log shows it."""

    id: UUID
    incident: IncidentRef | None
    user_id: UUID
    channel: str
    label: str
    cause: str
    kind: Kind
    status: Status
    skip_reason: str | None
    created_at: datetime
    finished_at: datetime | None
    receipt_missed_at: datetime | None
    attempts: list[Attempt]


async def list_logged(
    tx: Tx, search: Search, after: UUID | None, limit: int
) -> list[Logged]:
    """What matches, newest first."""
    n = notifications.c
    query = (
        select(
            *n["id", "user_id", "channel", "cause", "kind", "status", "skip_reason"],
            *n["created_at", "finished_at", "receipt_missed_at"],
            contact_methods.c.label,
            incidents.c.id.label("incident_id"),
            *incidents.c["number", "title"],
        )
        .outerjoin(contact_methods, contact_methods.c.id == n.contact_method_id)
        .outerjoin(incidents, incidents.c.id == n.incident_id)
        .order_by(n.id.desc())
        .limit(limit)
    )
    wanted = [
        n.channel == search.channel if search.channel else None,
        n.status == search.status.value if search.status else None,
        n.user_id == search.user_id if search.user_id else None,
        n.created_at >= search.since if search.since else None,
        n.id < after if after else None,
    ]
    query = query.where(
        n.user_id != canary.USER_ID, *(one for one in wanted if one is not None)
    )
    if search.provider_id:
        of_provider = select(attempts.c.notification_id).where(
            attempts.c.provider_id == search.provider_id
        )
        query = query.where(n.id.in_(of_provider))
    rows = (await tx.execute(query)).all()
    tried = await attempts_of(tx, [row.id for row in rows])
    return [
        Logged(
            id=row.id,
            incident=(
                IncidentRef(row.incident_id, row.number, row.title)
                if row.incident_id
                else None
            ),
            user_id=row.user_id,
            channel=row.channel,
            label=row.label or "",
            cause=row.cause,
            kind=Kind(row.kind),
            status=Status(row.status),
            skip_reason=row.skip_reason,
            created_at=row.created_at,
            finished_at=row.finished_at,
            receipt_missed_at=row.receipt_missed_at,
            attempts=tried.get(row.id, []),
        )
        for row in rows
    ]
