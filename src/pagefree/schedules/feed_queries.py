"""Every statement on the secret addresses of calendars."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import users
from pagefree.tables.calendars import calendar_feeds


@dataclass(frozen=True, slots=True)
class Subject:
    """What a calendar shows: a schedule, those of a team, or the shifts of its owner."""

    user_id: UUID  # its owner
    schedule_id: UUID | None = None
    team_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class FeedRow:
    """An address that works."""

    id: UUID
    subject: Subject
    created_at: datetime
    read_at: datetime | None


async def get(tx: Tx, subject: Subject) -> FeedRow | None:
    """The address of this calendar, if there is one."""
    return await _one(tx, _is(subject))


async def get_by_hash(tx: Tx, token_hash: bytes) -> FeedRow | None:
    """The calendar at an address; none if its owner has left."""
    return await _one(tx, calendar_feeds.c.token_hash == token_hash)


async def _one(tx: Tx, where: ColumnElement[bool]) -> FeedRow | None:
    c = calendar_feeds.c
    query = (
        select(c.id, c.user_id, c.schedule_id, c.team_id, c.created_at, c.read_at)
        .join(users, users.c.id == c.user_id)
        .where(where, users.c.deactivated_at.is_(None))
    )
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        return None
    subject = Subject(row.user_id, row.schedule_id, row.team_id)
    return FeedRow(row.id, subject, row.created_at, row.read_at)


async def save(tx: Tx, subject: Subject, token_hash: bytes, now: datetime) -> None:
    """Let the calendar be at this address, and at no other."""
    new = {"token_hash": token_hash, "created_at": now, "read_at": None}
    query = upsert(calendar_feeds).values(
        id=new_id(),
        user_id=subject.user_id,
        schedule_id=subject.schedule_id,
        team_id=subject.team_id,
        **new,
    )
    columns = ["user_id", "schedule_id", "team_id"]
    await tx.execute(query.on_conflict_do_update(index_elements=columns, set_=new))


async def update_read(tx: Tx, feed_id: UUID, now: datetime) -> None:
    """Somebody has read the calendar."""
    where = calendar_feeds.c.id == feed_id
    await tx.execute(update(calendar_feeds).where(where).values(read_at=now))


async def delete_feed(tx: Tx, subject: Subject) -> None:
    """Let the calendar be nowhere."""
    await tx.execute(delete(calendar_feeds).where(_is(subject)))


def _is(subject: Subject) -> ColumnElement[bool]:
    c = calendar_feeds.c
    return and_(
        c.user_id == subject.user_id,
        c.schedule_id.is_not_distinct_from(subject.schedule_id),
        c.team_id.is_not_distinct_from(subject.team_id),
    )
