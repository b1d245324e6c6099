"""Every statement on schedules, their versions and layers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from pagefree.core.errors import Conflict
from pagefree.core.rotations import Unit
from pagefree.infra.db import Tx, driver
from pagefree.infra.ids import new_id
from pagefree.schedules.override_queries import list_exceptions
from pagefree.schedules.plans import (
    Draft,
    Layer,
    NewLayer,
    Restriction,
    Schedule,
    Version,
)
from pagefree.tables.escalation import (
    escalation_policies,
    escalation_steps,
    escalation_targets,
)
from pagefree.tables.schedules import layers, schedule_versions, schedules

# The version that holds at $2, and those that follow it.
LIST = """
SELECT s.id, s.name, s.description, s.team_id, v.id AS version_id, v.from_at, v.time_zone,
    l.layer_id, l.name AS layer_name, l.start_at, l.end_at, l.unit, l.lengths, l.at_once,
    l.time_zone AS layer_zone, l.restriction::text AS restriction, l.user_ids,
    ARRAY(
        SELECT u.id FROM users AS u
        WHERE u.id = ANY (l.user_ids) AND u.deactivated_at IS NULL
    ) AS active
FROM schedules AS s
JOIN schedule_versions AS v ON v.schedule_id = s.id
JOIN layers AS l ON l.version_id = v.id
WHERE ($1::uuid[] IS NULL OR s.id = ANY ($1))
    AND NOT EXISTS (
        SELECT FROM schedule_versions AS later
        WHERE later.schedule_id = s.id
            AND later.from_at > v.from_at AND later.from_at <= $2
    )
ORDER BY s.name, s.id, v.from_at, l.position
"""

Row = Mapping[str, Any]  # as asyncpg gives it


async def list_schedules(
    tx: Tx,
    schedule_ids: Collection[UUID] | None,
    start: datetime,
    end: datetime | None = None,
) -> list[Schedule]:
    """Those with these ids, or all, by name; with what matters in [start, end).

    Locks nothing. Asked by every sweep that pages a schedule, so in two statements and
    without SQLAlchemy in between.
    """
    connection = await driver(tx)
    ids = None if schedule_ids is None else list(schedule_ids)
    rows = await connection.fetch(LIST, ids, start)
    found = [
        _schedule(list(group)) for _, group in groupby(rows, lambda row: row["id"])
    ]
    exceptions = await list_exceptions(connection, ids, start, end)
    return [
        replace(
            schedule,
            overrides=tuple(exceptions.overrides.get(schedule.id, ())),
            gaps=tuple(exceptions.gaps.get(schedule.id, ())),
        )
        for schedule in found
    ]


def _schedule(rows: Sequence[Row]) -> Schedule:
    by_version = groupby(rows, lambda row: row["version_id"])
    first = rows[0]
    return Schedule(
        id=first["id"],
        name=first["name"],
        description=first["description"],
        team_id=first["team_id"],
        versions=tuple(_version(list(group)) for _, group in by_version),
    )


def _version(rows: Sequence[Row]) -> Version:
    first = rows[0]
    return Version(
        id=first["version_id"],
        from_at=first["from_at"],
        time_zone=first["time_zone"],
        layers=tuple(_layer(row) for row in rows),
    )


def _layer(row: Row) -> Layer:
    restriction = row["restriction"]
    new = NewLayer(
        start_at=row["start_at"],
        user_ids=tuple(row["user_ids"]),
        unit=Unit(row["unit"]),
        lengths=tuple(row["lengths"]),
        name=row["layer_name"],
        layer_id=row["layer_id"],
        end_at=row["end_at"],
        at_once=row["at_once"],
        time_zone=row["layer_zone"],
        restriction=msgspec.json.decode(restriction, type=Restriction | None)
        if restriction
        else None,
    )
    return Layer(row["layer_id"], new, frozenset(row["active"]))


async def insert_schedule(
    tx: Tx, draft: Draft, now: datetime, *, from_at: datetime | None = None
) -> UUID:
    """The id of a new schedule, which holds from `now` on. Raises Conflict: its name is taken."""
    schedule_id = new_id()
    row = {**_columns(draft), "id": schedule_id, "created_at": now}
    try:
        await tx.execute(insert(schedules).values(row))
    except IntegrityError as e:
        raise _name_taken(draft) from e
    await insert_version(tx, schedule_id, draft, from_at or _first(draft, now), now)
    return schedule_id


def _first(draft: Draft, now: datetime) -> datetime:
    """The first version also tells of the turns that people had before it was written down."""
    return min([now, *(layer.start_at for layer in draft.layers)])


async def update_schedule(tx: Tx, schedule_id: UUID, draft: Draft) -> None:
    """Change what has no versions. Raises Conflict when the name is taken."""
    where = schedules.c.id == schedule_id
    try:
        await tx.execute(update(schedules).where(where).values(_columns(draft)))
    except IntegrityError as e:
        raise _name_taken(draft) from e


def _columns(draft: Draft) -> dict[str, object]:
    return {
        "name": draft.name,
        "team_id": draft.team_id,
        "description": draft.description,
    }


def _name_taken(draft: Draft) -> Conflict:
    return Conflict(f"there is already a schedule named {draft.name}")


async def insert_version(
    tx: Tx, schedule_id: UUID, draft: Draft, from_at: datetime, now: datetime
) -> UUID:
    """The id of the version that holds from then on, in place of one from the same instant."""
    await tx.execute(
        delete(schedule_versions).where(
            schedule_versions.c.schedule_id == schedule_id,
            schedule_versions.c.from_at == from_at,
        )
    )
    version_id = new_id()
    await tx.execute(
        insert(schedule_versions).values(
            id=version_id,
            schedule_id=schedule_id,
            from_at=from_at,
            time_zone=draft.time_zone,
            created_at=now,
        )
    )
    rows = [_row(version_id, at, layer) for at, layer in enumerate(draft.layers)]
    await tx.execute(insert(layers), rows)
    return version_id


def _row(version_id: UUID, position: int, layer: NewLayer) -> dict[str, object]:
    return {
        "id": new_id(),
        "version_id": version_id,
        "layer_id": layer.layer_id or new_id(),
        "position": position,
        "name": layer.name,
        "start_at": layer.start_at,
        "end_at": layer.end_at,
        "unit": layer.unit.value,
        "lengths": list(layer.lengths),
        "at_once": layer.at_once,
        "time_zone": layer.time_zone,
        "restriction": msgspec.to_builtins(layer.restriction),
        "user_ids": list(layer.user_ids),
    }


async def delete_version(tx: Tx, schedule_id: UUID, version_id: UUID) -> None:
    """Delete one version of the schedule with its layers."""
    await tx.execute(
        delete(schedule_versions).where(
            schedule_versions.c.schedule_id == schedule_id,
            schedule_versions.c.id == version_id,
        )
    )


async def lock(tx: Tx, schedule_id: UUID) -> None:
    """Let nobody change, or start using, the schedule until the transaction ends."""
    query = select(schedules.c.id).where(schedules.c.id == schedule_id)
    await tx.execute(query.with_for_update())


async def exists(tx: Tx, schedule_id: UUID) -> bool:
    """Whether there is such a schedule."""
    query = select(schedules.c.id).where(schedules.c.id == schedule_id)
    return await tx.scalar(query) is not None


async def delete_schedule(tx: Tx, schedule_id: UUID) -> None:
    """Delete the schedule with all that belongs to it."""
    await tx.execute(delete(schedules).where(schedules.c.id == schedule_id))


async def list_policies_using(tx: Tx, schedule_id: UUID) -> list[str]:
    """The names of the escalation policies with a step that pages this schedule."""
    query = (
        select(escalation_policies.c.name)
        .distinct()
        .join(
            escalation_steps, escalation_steps.c.policy_id == escalation_policies.c.id
        )
        .join(escalation_targets, escalation_targets.c.step_id == escalation_steps.c.id)
        .where(
            escalation_targets.c.kind == "schedule",
            escalation_targets.c.target_id == schedule_id,
        )
        .order_by(escalation_policies.c.name)
    )
    return list(await tx.scalars(query))
