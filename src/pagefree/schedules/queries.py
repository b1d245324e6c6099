"""Every statement on schedules, their layers and the people in them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from pagefree.core.errors import Conflict
from pagefree.infra.db import Tx, driver
from pagefree.infra.ids import new_id
from pagefree.tables.escalation import (
    escalation_policies,
    escalation_steps,
    escalation_targets,
)
from pagefree.tables.schedules import layer_users, layers, schedules

SELECT = """
SELECT s.id, s.name, s.team_id, s.time_zone, l.position, l.start_at, l.turn_days,
    u.id AS user_id, u.name AS user_name, u.deactivated_at IS NULL AS active
FROM schedules AS s
JOIN layers AS l ON l.schedule_id = s.id
JOIN layer_users AS lu ON lu.layer_id = l.id
JOIN users AS u ON u.id = lu.user_id
"""
ORDER = "ORDER BY s.name, s.id, l.position, lu.position"
LIST = f"{SELECT} {ORDER}"
LIST_SOME = f"{SELECT} WHERE s.id = ANY ($1::uuid[]) {ORDER}"

Row = Mapping[str, Any]  # as asyncpg gives it


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a layer; not active: has left, and is not on call."""

    id: UUID
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class Layer:
    """People taking turns."""

    start_at: datetime  # first handoff
    turn_days: int
    users: tuple[Member, ...]  # in the order of their turns


@dataclass(frozen=True, slots=True)
class Schedule:
    """Who is on call when; exactly one layer in this release."""

    id: UUID
    name: str
    team_id: UUID
    time_zone: str  # IANA name
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class NewLayer:
    """A layer as somebody wants it."""

    start_at: datetime
    turn_days: int
    user_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A schedule as somebody wants it."""

    name: str
    team_id: UUID
    time_zone: str
    layers: tuple[NewLayer, ...]


async def list_schedules(
    tx: Tx, schedule_ids: Collection[UUID] | None = None
) -> list[Schedule]:
    """Those with these ids, or all, by name. Locks nothing.

    Asked by every sweep that pages a schedule, so without SQLAlchemy in between.
    """
    connection = await driver(tx)
    if schedule_ids is None:
        rows = await connection.fetch(LIST)
    else:
        rows = await connection.fetch(LIST_SOME, list(schedule_ids))
    return [_schedule(list(group)) for _, group in groupby(rows, lambda row: row["id"])]


def _schedule(rows: Sequence[Row]) -> Schedule:
    by_layer = groupby(rows, lambda row: row["position"])
    first = rows[0]
    return Schedule(
        id=first["id"],
        name=first["name"],
        team_id=first["team_id"],
        time_zone=first["time_zone"],
        layers=tuple(_layer(list(group)) for _, group in by_layer),
    )


def _layer(rows: Sequence[Row]) -> Layer:
    return Layer(
        start_at=rows[0]["start_at"],
        turn_days=rows[0]["turn_days"],
        users=tuple(
            Member(row["user_id"], row["user_name"], row["active"]) for row in rows
        ),
    )


async def insert_schedule(tx: Tx, draft: Draft, now: datetime) -> UUID:
    """The id of a new schedule. Raises Conflict when the name is taken."""
    schedule_id = new_id()
    row = {**_columns(draft), "id": schedule_id, "created_at": now}
    try:
        await tx.execute(insert(schedules).values(row))
    except IntegrityError as e:
        raise _name_taken(draft) from e
    await _insert_layers(tx, schedule_id, draft.layers)
    return schedule_id


async def update_schedule(tx: Tx, schedule_id: UUID, draft: Draft) -> None:
    """Make the schedule what the draft says. Raises Conflict when the name is taken."""
    where = schedules.c.id == schedule_id
    try:
        await tx.execute(update(schedules).where(where).values(_columns(draft)))
    except IntegrityError as e:
        raise _name_taken(draft) from e
    await tx.execute(delete(layers).where(layers.c.schedule_id == schedule_id))
    await _insert_layers(tx, schedule_id, draft.layers)


def _columns(draft: Draft) -> dict[str, object]:
    return {
        "name": draft.name,
        "team_id": draft.team_id,
        "time_zone": draft.time_zone,
    }


def _name_taken(draft: Draft) -> Conflict:
    return Conflict(f"there is already a schedule named {draft.name}")


async def _insert_layers(tx: Tx, schedule_id: UUID, wanted: Sequence[NewLayer]) -> None:
    ids = [new_id() for _ in wanted]
    await tx.execute(
        insert(layers),
        [
            {
                "id": layer_id,
                "schedule_id": schedule_id,
                "position": position,
                "start_at": layer.start_at,
                "turn_days": layer.turn_days,
            }
            for position, (layer_id, layer) in enumerate(zip(ids, wanted, strict=True))
        ],
    )
    await tx.execute(
        insert(layer_users),
        [
            {
                "id": new_id(),
                "layer_id": layer_id,
                "position": position,
                "user_id": user_id,
            }
            for layer_id, layer in zip(ids, wanted, strict=True)
            for position, user_id in enumerate(layer.user_ids)
        ],
    )


async def lock(tx: Tx, schedule_id: UUID) -> None:
    """Let nobody start using the schedule until the transaction ends."""
    query = select(schedules.c.id).where(schedules.c.id == schedule_id)
    await tx.execute(query.with_for_update())


async def delete_schedule(tx: Tx, schedule_id: UUID) -> None:
    """Delete the schedule with its layers."""
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
