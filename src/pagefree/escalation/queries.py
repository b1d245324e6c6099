"""Every statement on the progress of each incident's escalation."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, String, cast, select, update

from pagefree.core.escalation import Policy, Progress, State
from pagefree.core.incidents import Life, Status
from pagefree.core.routing import Urgency
from pagefree.infra.arrays import arrays, new_rows
from pagefree.infra.db import Channel, Connection, Tx
from pagefree.infra.writes import Write, write
from pagefree.tables.escalation import escalations

START = """
INSERT INTO escalations (incident_id, policy, watched, steps_done, state, due_at)
SELECT incident_id, ($3::text[])[place]::jsonb, ($4::bool[])[place], $5, $6, $7
FROM unnest($1::uuid[], $2::int[]) AS new (incident_id, place)
"""

# Locks the escalation and its incident, in this one statement and without ever waiting:
# whoever changes an incident locks the incident first, then stops its escalation.
# IS TRUE hides the second comparison from the index, which would be read whole for it.
CLAIM = """
SELECT e.incident_id, e.policy::text AS policy, e.steps_done, e.due_at, e.failures,
    e.state, e.paged_step, e.acknowledged_by, e.reminders, i.team_id, i.urgency, i.status, i.acknowledged_at, i.acknowledged_by_id,
    i.resolved_at, i.resolved_by_id, i.snoozed_until, i.merged_into_id, i.last_seq
FROM escalations AS e JOIN incidents AS i ON i.id = e.incident_id
WHERE e.incident_id = ANY (ARRAY(
        SELECT incident_id FROM escalations
        WHERE NOT only_admins AND due_at <= $1
        ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
    ) || ARRAY(
        SELECT incident_id FROM escalations
        WHERE only_admins AND due_at <= $3
        ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED
    ))
    AND (e.due_at <= $1) IS TRUE
ORDER BY e.due_at, e.incident_id
FOR UPDATE OF e, i SKIP LOCKED
"""

SAVE = f"""
UPDATE escalations AS e
SET steps_done = new.steps_done, due_at = new.due_at, state = new.state,
    paged_step = new.paged_step, reminders = new.reminders, failures = 0,
    acknowledged_by = new.acknowledged_by::uuid[]
FROM {
    new_rows(
        1,
        incident_id="uuid",
        steps_done="int",
        due_at="timestamptz",
        state="text",
        paged_step="int",
        reminders="int",
        acknowledged_by="text",
    )
}
WHERE e.incident_id = new.incident_id
"""  # noqa: S608 - nothing of it comes from outside

# the rows and the notice in one round trip
RESTART = """
WITH again AS (
    UPDATE escalations SET steps_done = $2, due_at = $3, state = $4, failures = 0,
        paged_step = NULL, acknowledged_by = '{}', reminders = 0
    WHERE incident_id = ANY ($1::uuid[])
)
SELECT pg_notify($5, '')
"""

STOP = """
UPDATE escalations SET due_at = NULL, state = 'stopped'
WHERE incident_id = ANY ($1::uuid[]) AND state <> 'stopped'
"""

# Those of which something may still be due are left as they are, and told.
ACKNOWLEDGE = """
WITH stopped AS (
    UPDATE escalations SET due_at = NULL, state = 'stopped'
    WHERE incident_id = ANY ($1::uuid[]) AND NOT watched AND state <> 'stopped'
)
SELECT incident_id, policy::text AS policy, steps_done, due_at, state, paged_step,
    acknowledged_by, reminders
FROM escalations WHERE incident_id = ANY ($1::uuid[]) AND watched
ORDER BY incident_id FOR UPDATE
"""

COLLECTING = """
SELECT incident_id, policy::text AS policy, steps_done, due_at, state, paged_step,
    acknowledged_by, reminders
FROM escalations WHERE incident_id = ANY ($1::uuid[]) AND state = 'collecting'
ORDER BY incident_id FOR UPDATE
"""

WAKE = """
UPDATE incidents
SET status = 'triggered', snoozed_until = NULL, acknowledged_at = NULL, acknowledged_by_id = NULL
WHERE id = ANY ($1::uuid[])
"""

NEXT_DUE_AT = """
SELECT least(
    (SELECT min(due_at) FROM escalations WHERE due_at IS NOT NULL AND NOT only_admins),
    (SELECT min(due_at) FROM escalations WHERE due_at IS NOT NULL AND only_admins)
)
"""


@dataclass(slots=True)  # not frozen: storms make many
class Due:
    """An escalation that is due, with what decides about it."""

    incident_id: UUID
    policy_text: str  # the copy of the policy, as JSON
    progress: Progress
    failures: int
    team_id: UUID
    urgency: Urgency
    life: Life
    last_seq: int  # of the incident's timeline


@dataclass(frozen=True, slots=True)
class EscalationState:
    """How far the escalation of an incident has got, and by which policy."""

    incident_id: UUID
    policy: Policy
    progress: Progress


def start(escalations_of: Sequence[tuple[UUID, Policy]], progress: Progress) -> Write:
    """One row per incident, each with a copy of its policy; equal objects are encoded once."""
    place_of: dict[int, int] = {}
    texts: list[str] = []
    watched: list[bool] = []
    for _, policy in escalations_of:
        if id(policy) not in place_of:
            texts.append(encode(policy))
            watched.append(policy.watches_acknowledged)
            place_of[id(policy)] = len(texts)
    return Write(
        START,
        [
            [incident_id for incident_id, _ in escalations_of],
            [place_of[id(policy)] for _, policy in escalations_of],
            texts,
            watched,
            progress.steps_done,
            progress.state.value,
            progress.due_at,
        ],
    )


async def claim_due(
    connection: Connection, now: datetime, limit: int, told_by: datetime, most_told: int
) -> list[Due]:
    """Lock up to `limit` escalations due at `now` and their incidents, most overdue first.

    Besides, up to `most_told` due at `told_by` of policies without steps. What another
    worker holds, or somebody is just changing, is skipped, not waited for. The locks last
    until the transaction ends.
    """
    rows = await connection.fetch(CLAIM, now, limit, told_by, most_told)
    return [
        Due(
            incident_id=row["incident_id"],
            policy_text=row["policy"],
            progress=_progress(row),
            failures=row["failures"],
            last_seq=row["last_seq"],
            team_id=row["team_id"],
            urgency=Urgency(row["urgency"]),
            life=Life(
                Status(row["status"]),
                row["acknowledged_at"],
                row["acknowledged_by_id"],
                row["resolved_at"],
                row["resolved_by_id"],
                row["snoozed_until"],
                row["merged_into_id"],
            ),
        )
        for row in rows
    ]


async def save(connection: Connection, after: Sequence[tuple[UUID, Progress]]) -> None:
    """Store how far each escalation has got."""
    await write(connection, [saving(after)])


def saving(after: Sequence[tuple[UUID, Progress]]) -> Write:
    """What `save` does, to be done together with more."""
    rows = [
        (
            incident_id,
            progress.steps_done,
            progress.due_at,
            progress.state.value,
            progress.paged_step,
            progress.reminders,
            # arrays of arrays have to be of one length: these are literals
            "{" + ",".join(map(str, progress.acknowledged_by)) + "}",
        )
        for incident_id, progress in after
    ]
    return Write(SAVE, arrays(rows))


async def put_off(tx: Tx, incident_id: UUID, failures: int, until: datetime) -> None:
    """Look at an escalation that could not be advanced again at `until`."""
    await tx.execute(
        update(escalations)
        .where(escalations.c.incident_id == incident_id)
        .values(due_at=until, failures=failures)
    )


async def wake(connection: Connection, incident_ids: Sequence[UUID]) -> None:
    """Store that nobody has these incidents any more: their snooze has ended."""
    await connection.execute(WAKE, incident_ids)


async def restart(
    connection: Connection, incident_ids: Collection[UUID], progress: Progress
) -> None:
    """Store that these incidents escalate from the first step, and wake whoever pages."""
    await connection.execute(
        RESTART,
        list(incident_ids),
        progress.steps_done,
        progress.due_at,
        progress.state.value,
        Channel.DUE.value,
    )


async def acknowledge(
    connection: Connection, incident_ids: Sequence[UUID]
) -> list[EscalationState]:
    """Stop the escalations of which nothing can be due any more; the others, locked."""
    return [
        EscalationState(row["incident_id"], decode(row["policy"]), _progress(row))
        for row in await connection.fetch(ACKNOWLEDGE, incident_ids)
    ]


async def lock_collecting(
    connection: Connection, incident_ids: Sequence[UUID]
) -> list[EscalationState]:
    """Those of these escalations that want more people, locked."""
    return [
        EscalationState(row["incident_id"], decode(row["policy"]), _progress(row))
        for row in await connection.fetch(COLLECTING, incident_ids)
    ]


async def stop(connection: Connection, incident_ids: Sequence[UUID]) -> None:
    """Store that these incidents escalate no further."""
    await connection.execute(STOP, incident_ids)


async def begin_again(
    tx: Tx,
    incident_ids: Collection[UUID],
    progress: Progress,
    policy: Policy | None = None,
) -> None:
    """Store that these incidents escalate from the first step, by another policy if given."""
    values: dict[ColumnElement[Any], object] = {
        escalations.c.steps_done: progress.steps_done,
        escalations.c.due_at: progress.due_at,
        escalations.c.state: progress.state.value,
        escalations.c.paged_step: None,
        escalations.c.acknowledged_by: [],
        escalations.c.reminders: 0,
        escalations.c.failures: 0,
    }
    if policy is not None:
        values[escalations.c.policy] = msgspec.json.decode(encode(policy))
        values[escalations.c.watched] = policy.watches_acknowledged
    where = escalations.c.incident_id.in_(incident_ids)
    await tx.execute(update(escalations).where(where).values(values))


async def next_due_at(connection: Connection) -> datetime | None:
    """When the first escalation will be due, or was."""
    due_at: datetime | None = await connection.fetchval(NEXT_DUE_AT)
    return due_at


async def list_states(tx: Tx, incident_ids: Collection[UUID]) -> list[EscalationState]:
    """The escalations of these incidents."""
    query = select(
        *escalations.c["incident_id", "steps_done", "due_at", "state"],
        *escalations.c["paged_step", "acknowledged_by", "reminders"],
        cast(escalations.c.policy, String).label("policy"),
    ).where(escalations.c.incident_id.in_(incident_ids))
    return [
        EscalationState(row["incident_id"], decode(row["policy"]), _progress(dict(row)))
        for row in (await tx.execute(query)).mappings()
    ]


def _progress(row: Mapping[str, Any]) -> Progress:
    return Progress(
        row["steps_done"],
        row["due_at"],
        State(row["state"]),
        row["paged_step"],
        tuple(row["acknowledged_by"]),
        row["reminders"],
    )


@lru_cache(maxsize=1024)
def encode(policy: Policy) -> str:
    """A policy as it is kept with an incident: what is as usual is left out."""
    return msgspec.json.encode(_unusual(policy)).decode()


def _unusual(value: object) -> object:
    if isinstance(value, tuple):
        return [_unusual(item) for item in value]
    if not is_dataclass(value):
        return value
    pairs = ((field, getattr(value, field.name)) for field in fields(value))
    return {field.name: _unusual(v) for field, v in pairs if v != field.default}


@lru_cache(maxsize=1024)
def decode(text: str) -> Policy:
    """The policy in a stored copy. Equal texts are decoded once: a storm has few policies."""
    return msgspec.json.decode(text, type=Policy)
