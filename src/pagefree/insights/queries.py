"""Reading what a report consists of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pagefree.core.insights import Window
from pagefree.infra.db import Connection
from pagefree.infra.ids import first_id_of

Cell = str | int | float | date | UUID | None
Row = Mapping[str, Cell]

# of the newest first, as they were counted
FACTS = """
SELECT incident_id, service_id, team_id, urgency, opened_at, acknowledged_at, resolved_at,
    reopened, steps, gave_up
FROM incident_facts
WHERE NOT merged AND opened_at >= $1 AND opened_at < $2
    AND ($3::uuid IS NULL OR team_id = $3) AND ($4::uuid IS NULL OR service_id = $4)
    AND ($5::text IS NULL OR urgency = $5)
    AND ($6::timestamptz IS NULL OR (opened_at, incident_id) < ($6, $7::uuid))
ORDER BY opened_at DESC, incident_id DESC LIMIT $8
"""
# A year of incidents is sorted in memory, not on disk; and a plan for windows of which
# nothing is known would look up each of its rows.
ROOM = "SET LOCAL work_mem = '32MB'; SET LOCAL plan_cache_mode = 'force_custom_plan'"
SCHEDULES = (
    "SELECT id FROM schedules WHERE $1::uuid IS NULL OR team_id = $1 ORDER BY id"
)
PEOPLE = "SELECT id, name, time_zone FROM users WHERE id = ANY ($1::uuid[])"


@dataclass(frozen=True, slots=True)
class Question:
    """Of which incidents, and how they are to be counted."""

    window: Window
    team_id: UUID | None = None
    service_id: UUID | None = None
    urgency: str | None = None
    zone: str = "UTC"  # of days and hours
    within_s: float = 300.0  # what is in time


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is on call."""

    id: UUID
    name: str
    time_zone: str


async def rows(
    connection: Connection, statement: str, asked: Question, now: datetime
) -> Sequence[Row]:
    """What the statement of a report gives."""
    window = asked.window
    values = (
        window.start,
        window.end,
        asked.team_id,
        asked.service_id,
        asked.urgency,
        asked.zone,
        asked.within_s,
        window.bucket.value,
        now,
        first_id_of(window.start),
        first_id_of(window.end),
    )
    await connection.execute(ROOM)
    return list(map(dict, await connection.fetch(statement, *values)))


async def list_facts(
    connection: Connection,
    asked: Question,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Row]:
    """Incidents as they were counted, newest first, continuing after one of them."""
    window = asked.window
    chosen = (asked.team_id, asked.service_id, asked.urgency)
    found = await connection.fetch(
        FACTS, window.start, window.end, *chosen, *(after or (None, None)), limit
    )
    return list(map(dict, found))


async def list_schedules(connection: Connection, team_id: UUID | None) -> list[UUID]:
    """The schedules of a team, or all."""
    return [row["id"] for row in await connection.fetch(SCHEDULES, team_id)]


async def list_people(connection: Connection, user_ids: Sequence[UUID]) -> list[Person]:
    """Names and time zones."""
    return [Person(**row) for row in await connection.fetch(PEOPLE, user_ids)]
