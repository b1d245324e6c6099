"""Statements on the rooms of teams: contact methods that belong to a team, not to a person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from pagefree.channels import all_channels, needs_config
from pagefree.core.errors import Conflict
from pagefree.infra.db import Connection, Tx
from pagefree.tables.accounts import contact_methods
from pagefree.tables.channels import channel_configs
from pagefree.tables.escalation import (
    escalation_policies,
    escalation_steps,
    escalation_targets,
)

# A step that told only these rooms, and of them all in vain, has told nobody. What
# somebody is just changing is left alone: it goes on by itself at its time-out.
HASTEN = """
UPDATE escalations SET due_at = $3
WHERE incident_id = ANY (ARRAY(
    SELECT e.incident_id
    FROM unnest($1::uuid[], $2::timestamptz[]) AS lost (incident_id, since)
    JOIN escalations AS e ON e.incident_id = lost.incident_id
    WHERE e.state = 'running' AND e.due_at > $3 AND NOT EXISTS (
        SELECT FROM notifications AS n
        WHERE n.incident_id = lost.incident_id AND n.created_at >= lost.since
            AND (n.user_id IS DISTINCT FROM n.contact_method_id
                OR n.status IN ('planned', 'sending', 'accepted', 'delivered'))
    )
    FOR UPDATE OF e SKIP LOCKED
))
RETURNING incident_id
"""
OWNERS = """
SELECT id, team_id, label AS name FROM contact_methods WHERE id = ANY ($1::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Room:
    """Where a team reads together."""

    id: UUID
    team_id: UUID
    channel: str
    name: str
    address: dict[str, object]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None
    unverified_since: datetime | None  # whether it is the team's has yet to be proven
    proven_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A room as somebody wants it; `id` is made first because the secret is sealed for it."""

    id: UUID
    team_id: UUID
    channel: str
    name: str
    address: Mapping[str, object]
    secret: bytes | None = field(default=None, repr=False)  # sealed
    verified: bool = False


@dataclass(frozen=True, slots=True)
class RoomRef:
    """A room that can be posted to."""

    id: UUID
    name: str
    channel: str


@dataclass(frozen=True, slots=True)
class Owned:
    """Which team reads a room."""

    id: UUID
    team_id: UUID
    name: str


async def list_rooms(
    tx: Tx, ids: Collection[UUID] | None = None, team_id: UUID | None = None
) -> list[Room]:
    """Those with these ids or of this team, or all, by name."""
    c = contact_methods.c
    query = (
        select(
            *c["id", "team_id", "channel", "address", "created_at", "disabled_at"],
            *c["disabled_reason", "unverified_since", "proven_at"],
            c.label.label("name"),
        )
        .where(c.team_id.is_not(None))
        .order_by(c.label, c.id)
    )
    if ids is not None:
        query = query.where(c.id.in_(ids))
    if team_id is not None:
        query = query.where(c.team_id == team_id)
    return [Room(**row) for row in (await tx.execute(query)).mappings()]


async def list_usable(tx: Tx, ids: Collection[UUID]) -> dict[UUID, RoomRef]:
    """Those of these rooms that can be posted to now."""
    c = contact_methods.c
    needy = [kind for kind in all_channels() if needs_config(kind)]
    set_up = select(channel_configs.c.channel)
    query = select(c.id, c.label.label("name"), c.channel).where(
        c.id.in_(ids),
        c.team_id.is_not(None),
        c.disabled_at.is_(None),
        c.unverified_since.is_(None),
        c.channel.not_in(needy) | c.channel.in_(set_up),
    )
    rows = (await tx.execute(query)).mappings()
    return {row["id"]: RoomRef(**row) for row in rows}


async def list_names(tx: Tx, ids: Collection[UUID]) -> dict[UUID, str]:
    """What these rooms are called, of those that there are."""
    c = contact_methods.c
    query = select(c.id, c.label).where(c.id.in_(ids), c.team_id.is_not(None))
    return {row.id: row.label for row in await tx.execute(query)}


async def insert_room(tx: Tx, new: NewRoom, now: datetime) -> None:
    """Keep it. Raises Conflict when its team has one of that name."""
    values = {
        "id": new.id,
        "team_id": new.team_id,
        "channel": new.channel,
        "label": new.name,
        "address": dict(new.address),
        "secret": new.secret,
        "unverified_since": None if new.verified else now,
        "created_at": now,
    }
    try:
        await tx.execute(insert(contact_methods).values(**values))
    except IntegrityError as e:
        raise _name_taken(new.name) from e


async def update_room(tx: Tx, room: Room, columns: Mapping[str, object]) -> None:
    """Set these columns. Raises Conflict when its team has one of that name."""
    query = update(contact_methods).where(contact_methods.c.id == room.id)
    try:
        await tx.execute(query.values(**columns))
    except IntegrityError as e:
        raise _name_taken(str(columns.get("label"))) from e


def _name_taken(name: str) -> Conflict:
    return Conflict(f"the team has a room named {name} already")


async def lock_room(tx: Tx, room_id: UUID) -> list[str]:
    """Let no policy begin to name the room; answers the names of those that do."""
    room = select(contact_methods.c.id).where(contact_methods.c.id == room_id)
    await tx.execute(room.with_for_update())
    return await list_policies_naming(tx, room_id)


async def list_policies_naming(tx: Tx, room_id: UUID) -> list[str]:
    """The names of the policies that post to the room."""
    steps = escalation_steps.c
    query = (
        select(escalation_policies.c.name)
        .join(escalation_steps, steps.policy_id == escalation_policies.c.id)
        .join(escalation_targets, escalation_targets.c.step_id == steps.id)
        .where(
            escalation_targets.c.kind == "room",
            escalation_targets.c.target_id == room_id,
        )
        .distinct()
        .order_by(escalation_policies.c.name)
    )
    return list((await tx.execute(query)).scalars())


async def delete_room(tx: Tx, room_id: UUID) -> None:
    """Forget it."""
    await tx.execute(delete(contact_methods).where(contact_methods.c.id == room_id))


async def list_owners(connection: Connection, ids: Collection[UUID]) -> list[Owned]:
    """Which teams read these rooms."""
    return [Owned(**row) for row in await connection.fetch(OWNERS, list(ids))]


async def hasten(
    connection: Connection, lost: Sequence[tuple[UUID, datetime]], now: datetime
) -> list[UUID]:
    """Let the next step begin where (incident, since) nothing was posted and nobody paged."""
    incident_ids, since = zip(*lost, strict=True)
    rows = await connection.fetch(HASTEN, list(incident_ids), list(since), now)
    return [row["incident_id"] for row in rows]
