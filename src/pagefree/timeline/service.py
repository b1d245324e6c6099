"""Recording what happened, in the same transaction as the change itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import cast
from uuid import UUID

from pagefree.core.access import Actor
from pagefree.infra import curtain
from pagefree.infra.db import Connection, Tx, driver
from pagefree.infra.writes import Write, write
from pagefree.timeline import queries
from pagefree.timeline.queries import Event


class CauseKind(StrEnum):
    """Who or what made something happen."""

    USER = "user"
    INTEGRATION = "integration"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Cause:
    """Who or what made it happen; the name is kept as it is now."""

    kind: CauseKind
    id: UUID | None
    name: str


SYSTEM = Cause(CauseKind.SYSTEM, None, "PageFree")


@dataclass(slots=True)  # not frozen: storms make many
class Entry:
    """One thing that happened."""

    kind: str  # "incident.acknowledged"
    cause: Cause
    incident_id: UUID | None = None
    team_id: UUID | None = None
    data: Mapping[str, object] = field(default_factory=dict)  # plain JSON
    seq: int | None = (
        None  # given by whoever has just inserted, or locked, the incident
    )


def by(actor: Actor) -> Cause:
    """The person behind an actor."""
    return Cause(CauseKind.USER, actor.user_id, actor.name)


async def record(tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
    """Append `entries` in order, and wake whoever follows the timeline."""
    await record_many(await driver(tx), entries, now)


async def record_many(
    connection: Connection, entries: Sequence[Entry], now: datetime
) -> None:
    """The same on the hot path, on a plain connection inside a transaction."""
    if not entries:
        return
    numbers = await queries.next_numbers(
        connection, [e.incident_id for e in entries if e.incident_id and not e.seq]
    )
    await write(connection, [_recording(entries, numbers, now)])


def recording(entries: Sequence[Entry], now: datetime) -> Write:
    """What records `entries`, all of which have their numbers or no incident."""
    return _recording(entries, {}, now)


def recording_after(
    entries: Sequence[Entry], last: Mapping[UUID, int], now: datetime
) -> list[Write]:
    """What records `entries` of locked incidents, by the `last` number of each."""
    numbers: dict[UUID, int] = {}
    for entry in entries:
        if entry.incident_id is not None:
            number = numbers.get(entry.incident_id, last[entry.incident_id]) + 1
            entry.seq = numbers[entry.incident_id] = number
    return [queries.advance(numbers), recording(entries, now)] if entries else []


def _recording(
    entries: Sequence[Entry], numbers: Mapping[UUID, Iterator[int]], now: datetime
) -> Write:
    rows = [
        (
            entry.kind,
            entry.incident_id,
            entry.seq
            or (next(numbers[entry.incident_id]) if entry.incident_id else None),
            entry.team_id,
            entry.cause.kind.value,
            entry.cause.id,
            entry.cause.name,
            entry.data,
        )
        for entry in entries
    ]
    return queries.insertion(rows, now)


async def list_of_incident(
    tx: Tx, incident_id: UUID, before: int | None, limit: int
) -> list[Event]:
    """An incident's history, newest first, continuing before the sequence number `before`."""
    found = await queries.list_of_incident(tx, incident_id, before, limit)
    told = await curtain.veiled(tx, [event.data for event in found])
    return [
        replace(event, data=data)
        for event, data in zip(
            found, cast("list[dict[str, object]]", told), strict=True
        )
    ]


async def list_of_cause(
    tx: Tx, incident_id: UUID, kind: str, actor_id: UUID, limit: int
) -> list[Event]:
    """What one person or integration did to an incident, of one kind, newest first."""
    return await queries.list_of_cause(tx, incident_id, kind, actor_id, limit)
