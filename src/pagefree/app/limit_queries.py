"""The statements about who wanted more than the limits allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, and_, cast, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import users
from pagefree.tables.limits import limit_violations
from pagefree.tables.services import integrations


@dataclass(frozen=True, slots=True)
class Violation:
    """How often one subject was above one limit in one hour."""

    id: UUID
    kind: str
    subject: str  # an address, or the id of an integration or a person
    name: str | None  # of the integration or the person
    hour: datetime
    count: int
    first_at: datetime
    last_at: datetime


Noted = tuple[str, str, int]  # kind, subject, times


async def add_violations(tx: Tx, noted: Sequence[Noted], now: datetime) -> None:
    """Add to what is known of this hour; locks rows in the order of their keys."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    rows = [
        {
            "id": new_id(),
            "kind": kind,
            "subject": subject,
            "hour": hour,
            "count": times,
            "first_at": now,
            "last_at": now,
        }
        for kind, subject, times in sorted(noted)
    ]
    new = insert(limit_violations).values(rows)
    columns = limit_violations.c
    await tx.execute(
        new.on_conflict_do_update(
            index_elements=[columns.kind, columns.subject, columns.hour],
            set_={
                "count": columns.count + new.excluded.count,
                "last_at": func.greatest(columns.last_at, new.excluded.last_at),
            },
        )
    )


async def list_violations(tx: Tx, before: UUID | None, limit: int) -> list[Violation]:
    """What began before `before`, the newest first."""
    columns = limit_violations.c
    named_integration = and_(
        columns.kind.startswith("ingest."),
        cast(integrations.c.id, String) == columns.subject,
    )
    query = (
        select(
            columns.id,
            columns.kind,
            columns.subject,
            func.coalesce(integrations.c.name, users.c.name),
            columns.hour,
            columns.count,
            columns.first_at,
            columns.last_at,
        )
        .outerjoin(integrations, named_integration)
        .outerjoin(users, cast(users.c.id, String) == columns.subject)
        .order_by(columns.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(columns.id < before)
    return [Violation(*row) for row in await tx.execute(query)]


async def delete_violations_before(tx: Tx, before: datetime) -> None:
    """Forget old hours."""
    await tx.execute(delete(limit_violations).where(limit_violations.c.hour < before))
