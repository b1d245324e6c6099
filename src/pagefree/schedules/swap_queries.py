"""Every statement on shift swaps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update

from pagefree.core.intervals import Interval
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.handovers import shift_swaps

MOST_LISTED = 100


class SwapStatus(StrEnum):
    """What became of an offer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"  # one of the shifts has begun


@dataclass(frozen=True, slots=True)
class NewSwap:
    """An offer: take my shift, and perhaps give me one of yours."""

    shift: Interval
    to_id: UUID
    in_return: Interval | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Swap:
    """An offer, and what became of it."""

    id: UUID
    schedule_id: UUID
    from_id: UUID
    new: NewSwap
    status: SwapStatus
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None


async def insert_swap(
    tx: Tx, schedule_id: UUID, from_id: UUID, new: NewSwap, now: datetime
) -> UUID:
    """Its id."""
    swap_id = new_id()
    back = new.in_return
    starts = [new.shift.start, *([back.start] if back else [])]
    await tx.execute(
        insert(shift_swaps).values(
            id=swap_id,
            schedule_id=schedule_id,
            from_id=from_id,
            to_id=new.to_id,
            start_at=new.shift.start,
            end_at=new.shift.end,
            return_start_at=back.start if back else None,
            return_end_at=back.end if back else None,
            reason=new.reason,
            status=SwapStatus.OPEN.value,
            created_at=now,
            expires_at=min(starts),
        )
    )
    return swap_id


async def get(tx: Tx, swap_id: UUID, *, lock: bool = False) -> Swap | None:
    """The offer; `lock` keeps anybody else from deciding it until the transaction ends."""
    query = select(shift_swaps).where(shift_swaps.c.id == swap_id)
    found = await tx.execute(query.with_for_update() if lock else query)
    row = found.mappings().one_or_none()
    return _swap(row) if row else None


async def list_of(tx: Tx, user_id: UUID, since: datetime) -> list[Swap]:
    """Offers by and to this person, newest first; those that ended before `since` are left out."""
    c = shift_swaps.c
    query = (
        select(shift_swaps)
        .where(
            or_(c.from_id == user_id, c.to_id == user_id),
            or_(c.status == SwapStatus.OPEN.value, c.decided_at >= since),
        )
        .order_by(c.id.desc())
        .limit(MOST_LISTED)
    )
    return [_swap(row) for row in (await tx.execute(query)).mappings()]


async def decide(tx: Tx, swap_id: UUID, status: SwapStatus, now: datetime) -> None:
    """End the offer like this."""
    query = update(shift_swaps).where(shift_swaps.c.id == swap_id)
    await tx.execute(query.values(status=status.value, decided_at=now))


async def expire(tx: Tx, now: datetime) -> list[Swap]:
    """End the offers whose time has come; returns them."""
    c = shift_swaps.c
    query = (
        update(shift_swaps)
        .where(c.status == SwapStatus.OPEN.value, c.expires_at <= now)
        .values(status=SwapStatus.EXPIRED.value, decided_at=now)
        .returning(shift_swaps)
    )
    return [_swap(row) for row in (await tx.execute(query)).mappings()]


def _swap(row: Mapping[Any, Any]) -> Swap:
    start, end = row["return_start_at"], row["return_end_at"]
    new = NewSwap(
        Interval(row["start_at"], row["end_at"]),
        row["to_id"],
        Interval(start, end) if start else None,
        row["reason"],
    )
    return Swap(
        row["id"],
        row["schedule_id"],
        row["from_id"],
        new,
        SwapStatus(row["status"]),
        row["created_at"],
        row["expires_at"],
        row["decided_at"],
    )
