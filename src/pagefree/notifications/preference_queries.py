"""Statements on what people want of pages besides their rules."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from pagefree.core.quiet_hours import Quiet, Wishes
from pagefree.infra.db import Connection, Tx
from pagefree.tables.accounts import users
from pagefree.tables.channels import notification_preferences

# only of people who want something: most want nothing
WISHES = """
SELECT p.user_id, p.quiet_from, p.quiet_to, p.quiet_urgent, p.low_off_duty, u.time_zone
FROM notification_preferences AS p JOIN users AS u ON u.id = p.user_id
WHERE p.user_id = ANY ($1::uuid[]) AND (p.quiet_from IS NOT NULL OR NOT p.low_off_duty)
"""
CRITICAL = """
SELECT id FROM incidents WHERE id = ANY ($1::uuid[]) AND severity = 'critical'
"""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person wants; quiet hours are on the wall clock of their own zone."""

    language: str = "en"
    quiet_from: time | None = None
    quiet_to: time | None = None
    quiet_urgent: bool = False
    low_off_duty: bool = True
    weekly_digest: bool = True


async def list_wishes(
    connection: Connection, user_ids: Collection[UUID]
) -> dict[UUID, Wishes]:
    """What these people want, of those who want anything."""
    rows = await connection.fetch(WISHES, list(user_ids))
    return {
        row["user_id"]: Wishes(
            _quiet(
                row["time_zone"],
                row["quiet_from"],
                row["quiet_to"],
                row["quiet_urgent"],
            ),
            row["low_off_duty"],
        )
        for row in rows
    }


def _quiet(
    zone: str,
    start: time | None,
    end: time | None,
    urgent: bool,  # noqa: FBT001 - a column
) -> Quiet | None:
    if start is None or end is None:
        return None
    try:
        return Quiet(ZoneInfo(zone), start, end, urgent)
    except (ZoneInfoNotFoundError, ValueError):
        return None  # rather woken than held back by a clock that nobody knows


async def list_critical(
    connection: Connection, incident_ids: Collection[UUID]
) -> set[UUID]:
    """Those of the incidents that are critical."""
    rows = await connection.fetch(CRITICAL, list(incident_ids))
    return {row["id"] for row in rows}


async def get_preferences(tx: Tx, user_id: UUID) -> Preferences:
    """What a person wants."""
    c = notification_preferences.c
    query = select(
        c.language,
        c.quiet_from,
        c.quiet_to,
        c.quiet_urgent,
        c.low_off_duty,
        c.weekly_digest,
    ).where(c.user_id == user_id)
    row = (await tx.execute(query)).mappings().one_or_none()
    return Preferences(**row) if row else Preferences()


async def put_preferences(tx: Tx, user_id: UUID, wanted: Preferences) -> None:
    """Keep what a person wants; nothing where there is no such person."""
    values = {
        "language": wanted.language,
        "quiet_from": wanted.quiet_from,
        "quiet_to": wanted.quiet_to,
        "quiet_urgent": wanted.quiet_urgent,
        "low_off_duty": wanted.low_off_duty,
        "weekly_digest": wanted.weekly_digest,
    }
    there = select(users.c.id).where(users.c.id == user_id)
    if await tx.scalar(there) is None:
        return
    query = insert(notification_preferences).values(user_id=user_id, **values)
    await tx.execute(
        query.on_conflict_do_update(index_elements=["user_id"], set_=values)
    )
