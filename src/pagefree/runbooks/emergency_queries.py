"""Every statement on what two people have let run without an approval."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, insert, select, update

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import users
from pagefree.tables.incidents import incidents
from pagefree.tables.runbooks import runbook_emergencies


@dataclass(frozen=True, slots=True)
class StoredEmergency:
    """One of them, with the names of who it was."""

    id: UUID
    version_id: UUID
    content_hash: str
    connections: Mapping[str, str]
    incident_id: UUID
    incident_number: int
    reason: str
    asked_by_id: UUID
    asked_by: str
    asked_at: datetime
    confirmed_by_id: UUID | None
    confirmed_by: str | None
    confirmed_at: datetime | None
    expires_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
    review: str | None


def _emergencies() -> Select[Any]:
    asked, confirmed, reviewed = (users.alias(name) for name in ("a", "c", "r"))
    e = runbook_emergencies.c
    return (
        select(
            runbook_emergencies,
            incidents.c.number.label("incident_number"),
            asked.c.name.label("asked_by"),
            confirmed.c.name.label("confirmed_by"),
            reviewed.c.name.label("reviewed_by"),
        )
        .join(incidents, incidents.c.id == e.incident_id)
        .outerjoin(asked, asked.c.id == e.asked_by_id)
        .outerjoin(confirmed, confirmed.c.id == e.confirmed_by_id)
        .outerjoin(reviewed, reviewed.c.id == e.reviewed_by_id)
    )


def _emergency(row: Row[Any]) -> StoredEmergency:
    values = {name: getattr(row, name) for name in StoredEmergency.__slots__}
    return StoredEmergency(**{**values, "asked_by": row.asked_by or "somebody"})


async def list_of_version(tx: Tx, version_id: UUID) -> list[StoredEmergency]:
    """The newest first."""
    e = runbook_emergencies.c
    query = _emergencies().where(e.version_id == version_id).order_by(e.id.desc())
    return [_emergency(row) for row in await tx.execute(query.limit(50))]


async def list_open(
    tx: Tx, version_id: UUID, incident_id: UUID, now: datetime
) -> list[StoredEmergency]:
    """Those that let the version run for this incident at `now`."""
    e = runbook_emergencies.c
    query = _emergencies().where(
        e.version_id == version_id,
        e.incident_id == incident_id,
        e.confirmed_at.is_not(None),
        e.expires_at > now,
    )
    return [_emergency(row) for row in await tx.execute(query.order_by(e.id))]


async def get(tx: Tx, emergency_id: UUID) -> StoredEmergency | None:
    """One of them."""
    query = _emergencies().where(runbook_emergencies.c.id == emergency_id)
    row = (await tx.execute(query)).first()
    return None if row is None else _emergency(row)


async def add(tx: Tx, values: Mapping[str, object]) -> UUID:
    """Somebody asks; `values` by column."""
    id_ = new_id()
    await tx.execute(insert(runbook_emergencies).values(id=id_, **values))
    return id_


async def change(tx: Tx, emergency_id: UUID, values: Mapping[str, object]) -> None:
    """Change the columns in `values`."""
    mine = runbook_emergencies.c.id == emergency_id
    await tx.execute(update(runbook_emergencies).where(mine).values(**values))
