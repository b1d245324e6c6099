"""Every statement on calendars that say when people are away."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select, union_all, update

from pagefree.core.intervals import Interval
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import users
from pagefree.tables.calendars import time_off, time_off_calendars


@dataclass(frozen=True, slots=True)
class NewCalendar:
    """A calendar that says when somebody is away."""

    id: UUID
    user_id: UUID
    host: str
    url: bytes  # sealed


@dataclass(frozen=True, slots=True)
class TimeOffCalendar:
    """A calendar, and what it said when it was last read with success."""

    id: UUID
    host: str
    created_at: datetime
    read_at: datetime | None
    error: str | None  # of the last time
    away: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A calendar that is to be read."""

    id: UUID
    user_id: UUID
    time_zone: str  # of the person
    url: bytes  # sealed


async def count_of(tx: Tx, user_id: UUID) -> int:
    """How many this person has."""
    where = time_off_calendars.c.user_id == user_id
    query = select(func.count()).select_from(time_off_calendars).where(where)
    return int(await tx.scalar(query) or 0)


async def insert_calendar(tx: Tx, new: NewCalendar, now: datetime) -> None:
    """To be read at once."""
    await tx.execute(
        insert(time_off_calendars).values(
            id=new.id,
            user_id=new.user_id,
            host=new.host,
            url=new.url,
            created_at=now,
            due_at=now,
        )
    )


async def list_of(tx: Tx, user_id: UUID) -> list[TimeOffCalendar]:
    """Those of this person, in the order in which they were added."""
    c = time_off_calendars.c
    query = select(time_off_calendars).where(c.user_id == user_id).order_by(c.id)
    rows = (await tx.execute(query)).all()
    away: dict[UUID, list[Interval]] = {}
    times = (
        select(time_off)
        .where(time_off.c.calendar_id.in_([row.id for row in rows]))
        .order_by(time_off.c.start_at)
    )
    for row in await tx.execute(times):
        away.setdefault(row.calendar_id, []).append(Interval(row.start_at, row.end_at))
    return [
        TimeOffCalendar(
            row.id,
            row.host,
            row.created_at,
            row.read_at,
            row.error,
            tuple(away.get(row.id, ())),
        )
        for row in rows
    ]


async def delete_calendar(tx: Tx, user_id: UUID, calendar_id: UUID) -> None:
    """Delete one of this person's with what it said."""
    c = time_off_calendars.c
    await tx.execute(
        delete(time_off_calendars).where(c.user_id == user_id, c.id == calendar_id)
    )


async def claim_due(tx: Tx, again_at: datetime, limit: int, now: datetime) -> list[Due]:
    """Those to read now; nobody else reads them until `again_at`.

    Rows held by another worker are skipped, not waited for. Whoever has left is not read.
    """
    c = time_off_calendars.c
    query = (
        select(c.id, c.user_id, users.c.time_zone, c.url)
        .join(users, users.c.id == c.user_id)
        .where(c.due_at <= now, users.c.deactivated_at.is_(None))
        .order_by(c.due_at)
        .limit(limit)
        .with_for_update(of=time_off_calendars, skip_locked=True)
    )
    due = [Due(*row) for row in await tx.execute(query)]
    claimed = c.id.in_([one.id for one in due])
    await tx.execute(update(time_off_calendars).where(claimed).values(due_at=again_at))
    return due


async def lock(tx: Tx, calendar_id: UUID) -> bool:
    """Whether it is still there; then nobody changes it until the transaction ends."""
    c = time_off_calendars.c
    query = select(c.id).where(c.id == calendar_id).with_for_update()
    return await tx.scalar(query) is not None


async def save_away(
    tx: Tx, calendar_id: UUID, away: Sequence[Interval], now: datetime
) -> None:
    """What the calendar said, in place of what it said before."""
    await tx.execute(delete(time_off).where(time_off.c.calendar_id == calendar_id))
    rows = [
        {
            "id": new_id(),
            "calendar_id": calendar_id,
            "start_at": one.start,
            "end_at": one.end,
        }
        for one in away
    ]
    if rows:
        await tx.execute(insert(time_off), rows)
    await _update(tx, calendar_id, read_at=now, error=None)


async def save_error(tx: Tx, calendar_id: UUID, error: str) -> None:
    """Why it could not be read; what it said before stays."""
    await _update(tx, calendar_id, error=error)


async def _update(tx: Tx, calendar_id: UUID, **columns: object) -> None:
    where = time_off_calendars.c.id == calendar_id
    await tx.execute(update(time_off_calendars).where(where).values(columns))


async def list_away(tx: Tx, shift: Interval) -> set[UUID]:
    """Who is away at any time of the shift, as far as they or their calendars say."""
    said = select(users.c.id).where(
        users.c.away_from < shift.end, users.c.away_until > shift.start
    )
    query = (
        select(time_off_calendars.c.user_id)
        .join(time_off, time_off.c.calendar_id == time_off_calendars.c.id)
        .where(time_off.c.start_at < shift.end, time_off.c.end_at > shift.start)
    )
    return set(await tx.scalars(query.union_all(said)))


async def list_absences(
    tx: Tx, user_ids: Collection[UUID], within: Interval
) -> dict[UUID, list[Interval]]:
    """When these people are away, as they and their calendars say, by user."""
    calendars = time_off_calendars.c
    told = (
        select(calendars.user_id, time_off.c.start_at, time_off.c.end_at)
        .join(time_off, time_off.c.calendar_id == calendars.id)
        .where(
            calendars.user_id.in_(user_ids),
            time_off.c.start_at < within.end,
            time_off.c.end_at > within.start,
        )
    )
    said = select(users.c.id, users.c.away_from, users.c.away_until).where(
        users.c.id.in_(user_ids),
        users.c.away_from < within.end,
        users.c.away_until > within.start,
    )
    found: dict[UUID, list[Interval]] = {}
    for user_id, start, end in await tx.execute(union_all(told, said)):
        found.setdefault(user_id, []).append(Interval(start, end))
    return found
