"""Every statement on the exceptions of schedules: overrides and gaps by design."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update

from pagefree.core.shifts import Override
from pagefree.infra.db import Connection, Tx
from pagefree.infra.ids import new_id
from pagefree.schedules.plans import Gap, MadeOverride
from pagefree.tables.schedules import gaps, overrides

WHERE = """
WHERE ($1::uuid[] IS NULL OR schedule_id = ANY ($1))
    AND end_at > $2 AND ($3::timestamptz IS NULL OR start_at < $3)
ORDER BY id
"""
OVERRIDES = f"""
SELECT schedule_id, id, start_at, end_at, replaces_id, layer_id, reason, created_by,
    -- whoever has left covers nobody
    (SELECT u.id FROM users AS u WHERE u.id = user_id AND u.deactivated_at IS NULL) AS user_id
FROM overrides {WHERE}
"""  # noqa: S608 - our own text
GAPS = f"SELECT schedule_id, id, start_at, end_at, reason, created_by FROM gaps {WHERE}"  # noqa: S608

Row = Mapping[str, Any]  # as asyncpg gives it


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What changes the turns of schedules, by the id of the schedule."""

    overrides: Mapping[UUID, Sequence[MadeOverride]]
    gaps: Mapping[UUID, Sequence[Gap]]


@dataclass(frozen=True, slots=True)
class NewOverride:
    """Somebody is to be on call in [start, end) in place of others."""

    start: datetime
    end: datetime
    user_id: UUID
    replaces: UUID | None = None
    layer_id: UUID | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class NewGap:
    """Nobody is to be on call in [start, end)."""

    start: datetime
    end: datetime
    reason: str | None = None


async def list_exceptions(
    connection: Connection,
    schedule_ids: Sequence[UUID] | None,
    start: datetime,
    end: datetime | None,
) -> Exceptions:
    """Those of these schedules, or all, that touch [start, end), in the order of their making.

    Whoever covers but has left is left out with the override: whom they replaced is back.
    """
    ids = None if schedule_ids is None else list(schedule_ids)
    made: dict[UUID, list[MadeOverride]] = {}
    for row in await connection.fetch(OVERRIDES, ids, start, end):
        if row["user_id"] is not None:
            made.setdefault(row["schedule_id"], []).append(_override(row))
    declared: dict[UUID, list[Gap]] = {}
    for row in await connection.fetch(GAPS, ids, start, end):
        declared.setdefault(row["schedule_id"], []).append(_gap(row))
    return Exceptions(made, declared)


def _override(row: Row) -> MadeOverride:
    override = Override(
        row["id"],
        row["start_at"],
        row["end_at"],
        row["user_id"],
        row["replaces_id"],
        row["layer_id"],
    )
    return MadeOverride(override, row["reason"], row["created_by"])


def _gap(row: Row) -> Gap:
    return Gap(
        row["id"], row["start_at"], row["end_at"], row["reason"], row["created_by"]
    )


async def insert_overrides(
    tx: Tx, schedule_id: UUID, new: Collection[NewOverride], by: UUID, now: datetime
) -> list[UUID]:
    """Their ids, in this order, which is that of their making."""
    rows = [
        {
            "id": new_id(),
            "schedule_id": schedule_id,
            "start_at": override.start,
            "end_at": override.end,
            "user_id": override.user_id,
            "replaces_id": override.replaces,
            "layer_id": override.layer_id,
            "reason": override.reason,
            "created_by": by,
            "created_at": now,
        }
        for override in new
    ]
    await tx.execute(insert(overrides), rows)
    return [row["id"] for row in rows if isinstance(row["id"], UUID)]


async def delete_override(tx: Tx, schedule_id: UUID, override_id: UUID) -> None:
    """Delete one override of the schedule."""
    await tx.execute(
        delete(overrides).where(
            overrides.c.schedule_id == schedule_id, overrides.c.id == override_id
        )
    )


async def end_override(tx: Tx, override_id: UUID, now: datetime) -> None:
    """Let it end now: what it has been stays."""
    where = overrides.c.id == override_id
    await tx.execute(update(overrides).where(where).values(end_at=now))


async def insert_gap(
    tx: Tx, schedule_id: UUID, new: NewGap, by: UUID, now: datetime
) -> UUID:
    """Its id."""
    gap_id = new_id()
    await tx.execute(
        insert(gaps).values(
            id=gap_id,
            schedule_id=schedule_id,
            start_at=new.start,
            end_at=new.end,
            reason=new.reason,
            created_by=by,
            created_at=now,
        )
    )
    return gap_id


async def end_gap(tx: Tx, gap_id: UUID, now: datetime) -> None:
    """Let it end now: what it has been stays."""
    await tx.execute(update(gaps).where(gaps.c.id == gap_id).values(end_at=now))


async def delete_gap(tx: Tx, schedule_id: UUID, gap_id: UUID) -> None:
    """Delete one gap of the schedule."""
    await tx.execute(
        delete(gaps).where(gaps.c.schedule_id == schedule_id, gaps.c.id == gap_id)
    )
