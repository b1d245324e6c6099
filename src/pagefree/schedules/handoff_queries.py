"""Every statement on who is told of handoffs."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from pagefree.core.handovers import Moment, Wishes
from pagefree.infra.db import Tx
from pagefree.tables.accounts import users
from pagefree.tables.handovers import handoff_preferences, handoffs_told

Told = tuple[UUID, UUID, Moment, datetime]  # user, schedule, what, when it is


async def list_wishes(
    tx: Tx, user_ids: Collection[UUID] | None = None
) -> dict[UUID, Wishes]:
    """What these people, or all, want to be told of; whoever has left wants nothing."""
    c = handoff_preferences.c
    query = (
        select(handoff_preferences)
        .join(users, users.c.id == c.user_id)
        .where(users.c.deactivated_at.is_(None))
    )
    if user_ids is not None:
        query = query.where(c.user_id.in_(user_ids))
    return {
        row.user_id: Wishes(
            timedelta(seconds=row.before_s) if row.before_s is not None else None,
            row.started,
            row.ended,
        )
        for row in await tx.execute(query)
    }


async def save_wishes(tx: Tx, user_id: UUID, wishes: Wishes) -> None:
    """What this person wants to be told of from now on."""
    before = wishes.before
    new = {
        "before_s": int(before.total_seconds()) if before is not None else None,
        "started": wishes.started,
        "ended": wishes.ended,
    }
    query = upsert(handoff_preferences).values(user_id=user_id, **new)
    await tx.execute(query.on_conflict_do_update(index_elements=["user_id"], set_=new))


async def insert_told(tx: Tx, told: Sequence[Told]) -> set[Told]:
    """Write down that they are told; those that nobody was told of before.

    Waits for whoever is writing down the same.
    """
    if not told:
        return set()
    rows = [
        {"user_id": user, "schedule_id": schedule, "moment": moment.value, "at": at}
        for user, schedule, moment, at in sorted(told)
    ]
    query = (
        upsert(handoffs_told)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(handoffs_told)
    )
    return {
        (row.user_id, row.schedule_id, Moment(row.moment), row.at)
        for row in await tx.execute(query)
    }


async def delete_told_before(tx: Tx, at: datetime) -> None:
    """Forget handoffs that nobody could be told of any more."""
    await tx.execute(delete(handoffs_told).where(handoffs_told.c.at < at))
