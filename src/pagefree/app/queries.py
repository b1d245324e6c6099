"""Every statement of the composition root: idempotency keys, beats, figures for operators."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, case, delete, func, or_, select, text, union, update
from sqlalchemy.dialects.postgresql import insert

import pagefree
from pagefree.core.canary import TEAM_ID
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import (
    contact_methods,
    idempotency_keys,
    memberships,
    process_beats,
    teams,
    users,
)
from pagefree.tables.escalation import escalations
from pagefree.tables.incidents import incident_responders
from pagefree.tables.notifications import notifications
from pagefree.tables.timeline import events

LEFT_OVER = """
SELECT substring(pg_get_constraintdef(oid) FROM $of$'([0-9a-f-]{36})'$of$)::uuid
FROM pg_constraint
WHERE conrelid = to_regclass('inbound_requests')
    AND conname = 'ck_inbound_requests_before'
"""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known of an idempotency key."""

    id: UUID
    fingerprint: bytes
    status: str | None  # none: running; done: committed; else the answer's HTTP status
    response: bytes | None
    created_at: datetime


async def insert_key(
    tx: Tx, principal: str, key: str, fingerprint: bytes, now: datetime
) -> UUID | None:
    """Claim the key; its row's id, or none if it is already known."""
    claim = (
        insert(idempotency_keys)
        .values(
            id=new_id(),
            principal=principal,
            key=key,
            fingerprint=fingerprint,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["principal", "key"])
        .returning(idempotency_keys.c.id)
    )
    claimed: UUID | None = await tx.scalar(claim)
    return claimed


async def get_key(tx: Tx, principal: str, key: str) -> Remembered | None:
    """The row of a key, locked until the transaction ends."""
    query = (
        select(idempotency_keys)
        .where(idempotency_keys.c.principal == principal, idempotency_keys.c.key == key)
        .with_for_update()
    )
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        return None
    return Remembered(row.id, row.fingerprint, row.status, row.response, row.created_at)


async def update_key(
    tx: Tx, key_id: UUID, status: str | None, response: bytes | None
) -> None:
    """Store how far the request of this key has come."""
    await tx.execute(
        update(idempotency_keys)
        .where(idempotency_keys.c.id == key_id)
        .values(status=status, response=response)
    )


async def reclaim_key(tx: Tx, key_id: UUID, now: datetime) -> None:
    """Take over a key whose first request died before it did anything."""
    await tx.execute(
        update(idempotency_keys)
        .where(idempotency_keys.c.id == key_id)
        .values(created_at=now)
    )


async def delete_running_key(tx: Tx, key_id: UUID) -> None:
    """Forget a key unless its request took effect."""
    await tx.execute(
        delete(idempotency_keys).where(
            idempotency_keys.c.id == key_id, idempotency_keys.c.status.is_(None)
        )
    )


async def delete_keys_before(tx: Tx, before: datetime) -> None:
    """Forget keys made before `before`."""
    await tx.execute(
        delete(idempotency_keys).where(idempotency_keys.c.created_at < before)
    )


async def beat(
    tx: Tx, name: str, kind: str, figures: Mapping[str, object], now: datetime
) -> None:
    """Say that the process `name` is alive at `now`, what it runs and what it has counted."""
    row = insert(process_beats).values(
        name=name,
        kind=kind,
        version=pagefree.__version__,
        figures=figures,
        started_at=now,
        beat_at=now,
    )
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=["name"],
            set_={
                "beat_at": row.excluded.beat_at,
                "version": row.excluded.version,
                "figures": row.excluded.figures,
            },
        )
    )


async def delete_beat(tx: Tx, name: str) -> None:
    """The process `name` has stopped in good order."""
    await tx.execute(delete(process_beats).where(process_beats.c.name == name))


async def delete_beats_before(tx: Tx, before: datetime) -> None:
    """Forget processes that have been silent since `before`."""
    await tx.execute(delete(process_beats).where(process_beats.c.beat_at < before))


async def beats(tx: Tx) -> Mapping[str, datetime]:
    """The latest beat of each kind of process."""
    query = select(process_beats.c.kind, func.max(process_beats.c.beat_at))
    rows = await tx.execute(query.group_by(process_beats.c.kind))
    return {row[0]: row[1] for row in rows}


async def figures_of_processes(
    tx: Tx, since: datetime
) -> Mapping[str, Mapping[str, object]]:
    """What each process has told of itself that was heard of since then."""
    c = process_beats.c
    rows = await tx.execute(select(c.name, c.figures).where(c.beat_at >= since))
    return {row.name: row.figures for row in rows}


async def overdue(tx: Tx, now: datetime) -> Mapping[str, timedelta]:
    """How late the most overdue escalation and notification are."""
    found = {}
    for table in (escalations, notifications):
        due_at = await tx.scalar(select(func.min(table.c.due_at)))
        late = now - due_at if due_at else timedelta()
        found[table.name] = max(late, timedelta())
    return found


async def server_facts(tx: Tx) -> tuple[int, datetime]:
    """The server's version number (180004 is 18.4) and what its clock says."""
    query = text("SELECT current_setting('server_version_num')::int, clock_timestamp()")
    row = (await tx.execute(query)).one()
    return row[0], row[1]


async def revision(tx: Tx) -> str | None:
    """The schema's revision; none on a database that was never migrated."""
    if await tx.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    found: str | None = await tx.scalar(text("SELECT version_num FROM alembic_version"))
    return found


async def left_over(tx: Tx) -> UUID | None:
    """The first id that is refused since a migration to partitions was cut off; none: it was not."""
    found: UUID | None = await tx.scalar(text(LEFT_OVER))
    return found


@dataclass(frozen=True, slots=True)
class Mark:
    """That something happened, without what."""

    id: int
    kind: str
    incident_id: UUID | None
    hidden_team: UUID | None = None  # whose it is, if others are not to know of it


async def marks(tx: Tx, after: int, missing: Collection[int], limit: int) -> list[Mark]:
    """Events after the id `after`, and those of `missing` that have appeared; oldest first.

    Ids are given out before commit, so a smaller one may appear later. Those of the canary
    are there, because ids have to be without gaps, and say nothing.
    """
    ours = events.c.team_id == TEAM_ID
    query = (
        select(
            events.c.id,
            case((ours, "canary"), else_=events.c.kind),
            case((ours, None), else_=events.c.incident_id),
            teams.c.id,
        )
        .outerjoin(teams, and_(teams.c.id == events.c.team_id, teams.c.hidden))
        .where(or_(events.c.id > after, events.c.id.in_(missing)))
        .order_by(events.c.id)
        .limit(limit)
    )
    return [Mark(*row) for row in (await tx.execute(query))]


async def who_sees(tx: Tx, team_id: UUID) -> set[UUID]:
    """Who is told of what happens in a hidden team: its people and platform admins."""
    people = select(memberships.c.user_id).where(memberships.c.team_id == team_id)
    admins = select(users.c.id).where(users.c.platform_admin)
    return set(await tx.scalars(union(people, admins)))


async def who_is_called(tx: Tx, incident_ids: Collection[UUID]) -> set[UUID]:
    """Who was paged for one of these incidents, or added to it."""
    added, paged = incident_responders.c, notifications.c
    query = union(
        select(added.user_id).where(added.incident_id.in_(incident_ids)),
        select(paged.user_id).where(paged.incident_id.in_(incident_ids)),
    )
    return set(await tx.scalars(query))


async def newest_event(tx: Tx) -> int:
    """The id of the newest event; 0 when there is none."""
    return await tx.scalar(select(func.coalesce(func.max(events.c.id), 0))) or 0


async def sealed_secrets(tx: Tx, limit: int = 100) -> list[tuple[UUID, bytes]]:
    """Some sealed secrets of contact methods, the newest first, with whose they are."""
    columns = contact_methods.c
    query = select(columns.id, columns.secret).where(columns.secret.is_not(None))
    rows = await tx.execute(query.order_by(columns.id.desc()).limit(limit))
    return [(row.id, row.secret) for row in rows]
