"""Every statement on requests for cover."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, insert, or_, select, update

from pagefree.core.intervals import Interval
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.handovers import cover_requests

MOST_LISTED = 100


class CoverStatus(StrEnum):
    """What became of a request."""

    OPEN = "open"
    COVERED = "covered"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"  # the shift has begun


@dataclass(frozen=True, slots=True)
class NewCover:
    """Whoever can: take my shift."""

    shift: Interval
    reason: str | None = None
    from_time_off: bool = False  # opened because of a calendar


@dataclass(frozen=True, slots=True)
class Cover:
    """A request, and who has taken the shift."""

    id: UUID
    schedule_id: UUID
    user_id: UUID
    new: NewCover
    status: CoverStatus
    covered_by: UUID | None
    created_at: datetime
    decided_at: datetime | None


async def insert_cover(
    tx: Tx, schedule_id: UUID, user_id: UUID, new: NewCover, now: datetime
) -> UUID:
    """Its id."""
    cover_id = new_id()
    await tx.execute(
        insert(cover_requests).values(
            id=cover_id,
            schedule_id=schedule_id,
            user_id=user_id,
            start_at=new.shift.start,
            end_at=new.shift.end,
            reason=new.reason,
            from_time_off=new.from_time_off,
            status=CoverStatus.OPEN.value,
            created_at=now,
        )
    )
    return cover_id


async def get(tx: Tx, cover_id: UUID, *, lock: bool = False) -> Cover | None:
    """The request; `lock` keeps anybody else from deciding it until the transaction ends."""
    query = select(cover_requests).where(cover_requests.c.id == cover_id)
    found = await tx.execute(query.with_for_update() if lock else query)
    row = found.mappings().one_or_none()
    return _cover(row) if row else None


async def list_for(
    tx: Tx, user_id: UUID, schedule_ids: Collection[UUID], since: datetime
) -> list[Cover]:
    """Those of this person, those they took, and the open ones of these schedules, newest first.

    What ended before `since` is left out.
    """
    c = cover_requests.c
    is_open = c.status == CoverStatus.OPEN.value
    theirs = or_(c.user_id == user_id, c.covered_by == user_id)
    query = (
        select(cover_requests)
        .where(
            or_(
                and_(theirs, or_(is_open, c.decided_at >= since)),
                and_(c.schedule_id.in_(schedule_ids), is_open),
            )
        )
        .order_by(c.id.desc())
        .limit(MOST_LISTED)
    )
    return [_cover(row) for row in (await tx.execute(query)).mappings()]


async def asked_already(
    tx: Tx, schedule_id: UUID, user_id: UUID, shift: Interval
) -> bool:
    """Whether cover was ever asked for any part of this time, whatever became of it."""
    c = cover_requests.c
    query = select(
        exists().where(
            c.schedule_id == schedule_id,
            c.user_id == user_id,
            c.start_at < shift.end,
            c.end_at > shift.start,
        )
    )
    return bool(await tx.scalar(query))


async def decide(
    tx: Tx, cover_id: UUID, status: CoverStatus, by: UUID | None, now: datetime
) -> None:
    """End the request like this; `by` has taken the shift."""
    query = update(cover_requests).where(cover_requests.c.id == cover_id)
    new = {"status": status.value, "covered_by": by, "decided_at": now}
    await tx.execute(query.values(new))


async def expire(tx: Tx, now: datetime) -> list[Cover]:
    """End the requests for shifts that have begun; returns them."""
    c = cover_requests.c
    query = (
        update(cover_requests)
        .where(c.status == CoverStatus.OPEN.value, c.start_at <= now)
        .values(status=CoverStatus.EXPIRED.value, decided_at=now)
        .returning(cover_requests)
    )
    return [_cover(row) for row in (await tx.execute(query)).mappings()]


def _cover(row: Mapping[Any, Any]) -> Cover:
    shift = Interval(row["start_at"], row["end_at"])
    return Cover(
        row["id"],
        row["schedule_id"],
        row["user_id"],
        NewCover(shift, row["reason"], row["from_time_off"]),
        CoverStatus(row["status"]),
        row["covered_by"],
        row["created_at"],
        row["decided_at"],
    )
