"""Statements that hand alerts from one incident to another, or open them again."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.exc import DBAPIError

from pagefree.core.errors import Conflict
from pagefree.infra.db import Tx
from pagefree.tables.alerts import alerts
from pagefree.tables.incidents import incidents

RACES = {"23505", "40P01"}  # unique violation, deadlock


async def reopen_alerts(
    tx: Tx, incident_id: UUID, resolved_at: datetime | None
) -> None:
    """Open the alerts again that were closed with the incident at `resolved_at`.

    Not those whose condition has been reported anew and is open in another incident.
    Raises Conflict when that happens at this very moment.
    """
    other = alerts.alias()
    again = exists().where(
        other.c.integration_id == alerts.c.integration_id,
        other.c.dedup_key == alerts.c.dedup_key,
        other.c.status == "open",
    )
    closed = (alerts.c.incident_id == incident_id) & (
        alerts.c.resolved_at == resolved_at
    )
    reopened = update(alerts).where(closed, ~again)
    try:
        await tx.execute(reopened.values(status="open", resolved_at=None))
    except DBAPIError as e:
        if getattr(e.orig, "sqlstate", None) not in RACES:
            raise
        raise Conflict("its alerts are just being reported again: try once more") from e
    await recount(tx, [incident_id])


async def move_alerts(tx: Tx, from_id: UUID, into_id: UUID) -> None:
    """Hand all alerts over, each remembering the incident it first belonged to."""
    origin = func.coalesce(alerts.c.merged_from_id, from_id)
    await tx.execute(
        update(alerts)
        .where(alerts.c.incident_id == from_id)
        .values(incident_id=into_id, merged_from_id=origin)
    )


async def return_alerts(tx: Tx, from_id: UUID, to_id: UUID) -> None:
    """Hand the alerts that came from `to_id` back to it."""
    came = (alerts.c.incident_id == from_id) & (alerts.c.merged_from_id == to_id)
    await tx.execute(
        update(alerts).where(came).values(incident_id=to_id, merged_from_id=None)
    )


async def list_parts(tx: Tx, incident_id: UUID) -> set[UUID]:
    """The incidents that were merged into this one."""
    where = incidents.c.merged_into_id == incident_id
    return set((await tx.execute(select(incidents.c.id).where(where))).scalars())


async def redirect_merged(tx: Tx, from_id: UUID, into_id: UUID) -> None:
    """What was merged into `from_id` counts as merged into `into_id`."""
    where = incidents.c.merged_into_id == from_id
    await tx.execute(update(incidents).where(where).values(merged_into_id=into_id))


async def recount(tx: Tx, incident_ids: Collection[UUID]) -> None:
    """Count the alerts of locked incidents afresh, after they were moved."""
    mine = select(func.count()).where(alerts.c.incident_id == incidents.c.id)
    await tx.execute(
        update(incidents)
        .where(incidents.c.id.in_(incident_ids))
        .values(
            alert_count=mine.scalar_subquery(),
            open_alert_count=mine.where(alerts.c.status == "open").scalar_subquery(),
        )
    )
